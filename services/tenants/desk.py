"""What the API and the pages are made of, put together in `app.py`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from services.tenants.acts.administering import Administration
from services.tenants.acts.identifying import Identities
from services.tenants.gateways.fragments import Fragments
from services.tenants.queries import Directory
from services.tenants.registers.sessions import SessionBook
from shared.web.mesh import Network


@dataclass(frozen=True, slots=True)
class Desk:
    """`published_keys` is the JWKS of assertions. Without a `registration_secret` nobody registers
    an agency. `mesh` are the networks that services speak in. Only with `personas` can somebody
    sign in as one of the demonstration's cast.
    """

    administration: Administration
    directory: Directory
    sessions: SessionBook
    identities: Identities
    fragments: Fragments
    published_keys: str
    registration_secret: str
    mesh: Sequence[Network]
    personas: bool
    https: bool


def desk(request: Request) -> Desk:
    found: Desk = request.app.state.desk
    return found


Here = Annotated[Desk, Depends(desk)]
