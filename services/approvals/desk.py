"""What the API and the pages stand on: the runtime, the signer, the vault and the links."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from services.approvals.acts import answering
from services.approvals.acts.answering import Answered, Seen
from services.approvals.gateways.signing import Signer
from services.approvals.registers.links import Lead, Links
from shared.decider import Rejected
from shared.web import desk
from shared.web.problem import not_found
from shared.work import Work

METHOD = "session"
"""How a person proves who they are: by a session or an assertion made from one. Identities do not
yet say whether a passkey opened it."""


@dataclass(frozen=True, slots=True)
class Desk(desk.Desk):
    signer: Signer
    links: Links

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
        with self.transaction(*tenants) as transaction:
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
