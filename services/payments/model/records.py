"""Small streams that hold one fact each: a request to the approvers, a credit note, a statement line."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID, uuid5

from services.payments.events.beside import ApprovalRequested, CreditNoteLearnt, StatementLineBooked
from shared.decider import Decider


def line_id_of(tenant_id: UUID, fingerprint: str, bank_reference: str) -> UUID:
    """A line of an account has one stream, so that it takes effect once."""
    return uuid5(tenant_id, f"line:{fingerprint}:{bank_reference}")


def _once(told: StatementLineBooked, known: bool) -> Sequence[StatementLineBooked]:
    return [] if known else [told]


LINE: Decider[StatementLineBooked, bool, StatementLineBooked] = Decider(
    _once, lambda _known, _event: True, initial=False
)


def _ask(asked: ApprovalRequested, known: ApprovalRequested | None) -> Sequence[ApprovalRequested]:
    return [asked] if known is None else []


REQUEST: Decider[ApprovalRequested, ApprovalRequested | None, ApprovalRequested] = Decider(
    _ask, lambda _known, event: event, initial=None
)


def _learn(told: CreditNoteLearnt, known: CreditNoteLearnt | None) -> Sequence[CreditNoteLearnt]:
    return [] if told == known else [told]


CREDIT_NOTE: Decider[CreditNoteLearnt, CreditNoteLearnt | None, CreditNoteLearnt] = Decider(
    _learn, lambda _known, event: event, initial=None
)
