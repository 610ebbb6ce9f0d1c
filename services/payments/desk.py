"""Where signed-in people are served, on pages and by the HTTP interface alike.

Who is let in stands here; what they may do beyond that is for the rules to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, TypeVar
from uuid import UUID

import sqlalchemy as sa
from fastapi import Depends

from services.payments import queries
from services.payments.opening import Opener
from services.payments.queries import Payable
from services.payments.releasing import Releaser
from shared.runtime import Runtime
from shared.web.frame import ADMINISTRATOR, APPROVER, BOOKKEEPER, OPERATIONS
from shared.web.problem import not_found
from shared.web.scope import TenantScope, tenant_scope
from shared.work import Work

T = TypeVar("T")

PREPARERS = frozenset({BOOKKEEPER, ADMINISTRATOR})
"""Who changes orders and sends them to approval. The rest who work for the client may look, and be
the second person where the rules ask for one."""
Sees = Annotated[TenantScope, Depends(tenant_scope(*PREPARERS, APPROVER, OPERATIONS))]
Prepares = Annotated[TenantScope, Depends(tenant_scope(*PREPARERS))]


@dataclass(frozen=True, slots=True)
class Desk:
    runtime: Runtime
    opener: Opener
    releaser: Releaser

    def now(self) -> datetime:
        return self.runtime.clock.now()

    @contextmanager
    def reading(self, scope: TenantScope) -> Iterator[sa.Connection]:
        with self.runtime.app.transaction([scope.tenant_id]) as transaction:
            yield transaction.sql

    def ask(self, scope: TenantScope, command: Callable[[Work, UUID], T]) -> T:
        """Do it in one transaction, as the person whose session this is."""
        person = scope.identity.user_id
        answer: T = self.runtime.work(
            scope.tenant_id, f"user:{person}", lambda work: command(work, person)
        )
        return answer


def existing(work: Work, payment_id: UUID) -> Payable:
    """The order, or 404: an id of another company looks like one that does not exist."""
    found = queries.payable(work.sql, work.tenant_id, payment_id)
    if found is None:
        raise not_found()
    return found
