"""What the API and the pages stand on: the runtime, the signer, the vault and the links."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

import sqlalchemy as sa

from services.approvals import answering
from services.approvals.answering import Answered, Seen
from services.approvals.links import Lead, Links
from services.approvals.signing import Signer
from shared.decider import Rejected
from shared.web.problem import not_found
from shared.web.scope import TenantScope
from shared.work import Work

if TYPE_CHECKING:
    from shared.runtime import Runtime

T = TypeVar("T")
METHOD = "session"
"""How a person proves who they are: by a session or an assertion made from one. Identities do not
yet say whether a passkey opened it."""


@dataclass(frozen=True, slots=True)
class Office:
    runtime: Runtime
    signer: Signer
    links: Links

    def now(self) -> datetime:
        return self.runtime.clock.now()

    @contextmanager
    def reading(self, *tenants: UUID) -> Iterator[sa.Connection]:
        with self.runtime.app.transaction(tenants) as transaction:
            yield transaction.sql

    def work(self, scope: TenantScope, command: Callable[[Work], T]) -> T:
        actor = f"user:{scope.identity.user_id}"
        answer: T = self.runtime.work(scope.tenant_id, actor, command)
        return answer

    def approve(
        self, work: Work, request_id: UUID, person_id: UUID, seen: Sequence[Seen]
    ) -> list[Answered]:
        with _nothing_there():
            return answering.approve(work, self.signer, request_id, person_id, METHOD, seen)

    def reject(
        self, work: Work, request_id: UUID, person_id: UUID, payments: Sequence[UUID], reason: str
    ) -> list[Answered]:
        with _nothing_there():
            return answering.reject(work, self.links.vault, request_id, person_id, payments, reason)

    def lead(self, token: str, person_id: UUID, tenants: Sequence[UUID]) -> Lead | None:
        """Where a mailed link leads this person. Changes nothing."""
        with self.runtime.app.transaction(tenants) as transaction:
            return self.links.find(transaction.raw, token, person_id)


@contextmanager
def _nothing_there() -> Iterator[None]:
    """What is not there and what is another client's get the same answer."""
    try:
        yield
    except Rejected as rejected:
        if rejected.code in {"unknown_request", "unknown_payment"}:
            raise not_found() from rejected
        raise
