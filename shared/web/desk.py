"""Where signed-in people are served, on pages and by the HTTP interface alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

import sqlalchemy as sa

from shared.database import Transaction
from shared.runtime import Runtime
from shared.web.scope import TenantScope
from shared.work import Work

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Desk:
    """Each service adds what its own people need; who is let in stands in the service's `desk.py`."""

    runtime: Runtime

    def now(self) -> datetime:
        """The business clock's time."""
        return self.runtime.clock.now()

    def transaction(self, *tenants: UUID) -> AbstractContextManager[Transaction]:
        """Row security shows these tenants and no others."""
        return self.runtime.app.transaction(tenants)

    @contextmanager
    def reading(self, *tenants: UUID) -> Iterator[sa.Connection]:
        """What `queries` are asked on."""
        with self.transaction(*tenants) as transaction:
            yield transaction.sql

    def work(self, scope: TenantScope, command: Callable[[Work], T]) -> T:
        """Do it in one transaction, as the person whose session this is, who sees it on the next page."""
        person = f"user:{scope.identity.user_id}"
        answer: T = self.runtime.work(scope.tenant_id, person, command, shown=True)
        return answer
