"""Where signed-in people are served, on pages and by the HTTP interface alike.

Who is let in stands here; what they may do beyond that is for the rules to say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends

from services.payments import queries
from services.payments.acts.releasing import Releaser
from services.payments.gateways.opening import Opener
from services.payments.queries import Payable
from shared.web import desk
from shared.web.frame import ADMINISTRATOR, APPROVER, BOOKKEEPER, OPERATIONS
from shared.web.problem import not_found
from shared.web.scope import TenantScope, tenant_scope
from shared.work import Work

PREPARERS = frozenset({BOOKKEEPER, ADMINISTRATOR})
"""Who changes orders and sends them to approval. The rest who work for the client may look, and be
the second person where the rules ask for one."""
Sees = Annotated[TenantScope, Depends(tenant_scope(*PREPARERS, APPROVER, OPERATIONS))]
Prepares = Annotated[TenantScope, Depends(tenant_scope(*PREPARERS))]


@dataclass(frozen=True, slots=True)
class Desk(desk.Desk):
    opener: Opener
    releaser: Releaser


def existing(work: Work, payment_id: UUID) -> Payable:
    """The order, or 404: an id of another company looks like one that does not exist."""
    found = queries.payable(work.sql, work.tenant_id, payment_id)
    if found is None:
        raise not_found()
    return found
