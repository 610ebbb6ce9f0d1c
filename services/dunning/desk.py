"""Where signed-in people are served, on pages and by the HTTP interface alike.

Who is let in stands here; what they may do beyond that is for the rules to say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends

from services.dunning.queries import standing as queries
from services.dunning.queries.standing import Row
from services.dunning.registers.portal_links import PortalLinks
from shared.copies import Copies
from shared.vault import Vault
from shared.web import desk
from shared.web.frame import ADMINISTRATOR, BOOKKEEPER, OPERATIONS
from shared.web.problem import not_found
from shared.web.scope import TenantScope, tenant_scope
from shared.work import Work

FOLLOWERS = frozenset({BOOKKEEPER, ADMINISTRATOR})
"""Who changes what is sent, and sends it. The rest who work for the client may look."""
Sees = Annotated[TenantScope, Depends(tenant_scope(*FOLLOWERS, OPERATIONS))]
Follows = Annotated[TenantScope, Depends(tenant_scope(*FOLLOWERS))]
Administers = Annotated[TenantScope, Depends(tenant_scope(ADMINISTRATOR))]


@dataclass(frozen=True, slots=True)
class Kept:
    """Where documents for debtors are had; None where they cannot be."""

    invoices: Copies | None = None
    letters: Copies | None = None


@dataclass(frozen=True, slots=True)
class Desk(desk.Desk):
    vault: Vault
    portal: PortalLinks
    copies: Kept = Kept()


def existing(work: Work, invoice_id: UUID) -> Row:
    """The invoice, or 404: an id of another company looks like one that does not exist."""
    found = queries.receivable(work.sql, work.tenant_id, invoice_id)
    if found is None:
        raise not_found()
    return found
