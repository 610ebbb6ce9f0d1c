"""What services say among themselves: an assertion for a session. No ingress passes this on."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_address, ip_network

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from services.tenants.desk import Here, Network
from shared.web.problem import not_found, not_signed_in


def networks(setting: str) -> tuple[Network, ...]:
    """From a list with commas: `127.0.0.0/8,::1/128`."""
    return tuple(ip_network(part.strip()) for part in setting.split(",") if part.strip())


def from_the_mesh(request: Request, here: Here) -> None:
    """Nobody but services finds this door."""
    if request.client is None or not _is_in(request.client.host, here.mesh):
        raise not_found()


def _is_in(host: str, mesh: Sequence[Network]) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return any(address in network for network in mesh)


class AssertionSought(BaseModel):
    """`audience` is the name of the service that will let the session's holder in."""

    session: str = Field(max_length=256)
    audience: str = Field(pattern="^[a-z]{1,32}$")


class Assertion(BaseModel):
    assertion: str


router = APIRouter(dependencies=[Depends(from_the_mesh)])


@router.post("/tenants/internal/assertions")
def assertion(sought: AssertionSought, here: Here) -> Assertion:
    token = here.identities.assertion(sought.session, sought.audience)
    if token is None:
        raise not_signed_in()
    return Assertion(assertion=token)
