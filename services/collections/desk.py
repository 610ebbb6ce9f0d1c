"""Where signed-in people are served, on pages and by the HTTP interface alike.

Who is let in stands here; what they may do beyond that is for the rules to say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends

from services.collections import queries
from services.collections.acts.by_hand import Person
from services.collections.acts.transferring import Transferrer
from services.collections.gateways.agencies import Agencies
from services.collections.gateways.opening import Opener
from services.collections.queries import CaseRow
from shared.web import desk
from shared.web.frame import ADMINISTRATOR, APPROVER, BOOKKEEPER, OPERATIONS
from shared.web.problem import not_found
from shared.web.scope import TenantScope, tenant_scope
from shared.work import Work

PREPARERS = frozenset({BOOKKEEPER, ADMINISTRATOR})
"""Who sends, stops and takes back. The rest who work for the client may look."""
Sees = Annotated[TenantScope, Depends(tenant_scope(*PREPARERS, APPROVER, OPERATIONS))]
Prepares = Annotated[TenantScope, Depends(tenant_scope(*PREPARERS))]


@dataclass(frozen=True, slots=True)
class Desk(desk.Desk):
    opener: Opener
    agencies: Agencies
    transferrer: Transferrer


def person(scope: TenantScope) -> Person:
    return Person(scope.identity.user_id, scope.roles)


def existing(work: Work, case_id: UUID) -> CaseRow:
    """The case, or 404: an id of another company looks like one that does not exist."""
    found = queries.case(work.sql, work.tenant_id, case_id)
    if found is None:
        raise not_found()
    return found
