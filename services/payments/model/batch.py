"""A batch: the exact bytes of one message to the bank, and what became of them.

    (none) ─▶ sealed ─▶ delivered
                 ├────▶ unknown ─▶ delivered
                 ├────▶ not_sent      (given up before a byte left)
                 └────▶ refused

What it adds up to is checked before it is sealed, against the bytes themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import assert_never
from uuid import UUID, uuid5

from services.payments.events.beside import (
    BatchCancelAsked,
    BatchDelivered,
    BatchEvent,
    BatchNotSent,
    BatchOutcomeUnknown,
    BatchRefused,
    BatchSealed,
)
from services.payments.values import BatchOrder
from shared.decider import Decider, Rejected
from shared.money import Money, sums
from shared.sealed import Sealed


class BatchState(StrEnum):
    NONE = "none"
    SEALED = "sealed"
    DELIVERED = "delivered"
    NOT_SENT = "not_sent"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Batch:
    state: BatchState = BatchState.NONE
    sealed: BatchSealed | None = None
    bank_payment_id: str | None = None
    cancels_asked: int = 0


@dataclass(frozen=True, slots=True)
class SealBatch:
    """Seal orders into bytes. `asked` is what the bytes ask for: amounts by end-to-end id, parsed back."""

    message_id: str
    debtor_account: Sealed
    debtor_fingerprint: str
    rail: str
    execute_on: date
    orders: tuple[BatchOrder, ...]
    asked: tuple[tuple[str, Money], ...]
    digests: tuple[str, ...]
    sha256: str
    body: Sealed


@dataclass(frozen=True, slots=True)
class NoteDelivered:
    bank_payment_id: str


@dataclass(frozen=True, slots=True)
class NoteGivenUp:
    pass


@dataclass(frozen=True, slots=True)
class NoteRefused:
    code: str


@dataclass(frozen=True, slots=True)
class NoteUnknown:
    at: datetime


@dataclass(frozen=True, slots=True)
class AskCancel:
    pass


BatchCommand = SealBatch | NoteDelivered | NoteGivenUp | NoteRefused | NoteUnknown | AskCancel


def batch_id_of(tenant_id: UUID, orders: Sequence[tuple[UUID, int, int]]) -> UUID:
    """The id of the batch of these (payment, revision, release): the same for the same."""
    members = ",".join(f"{payment}:{revision}:{release}" for payment, revision, release in orders)
    return uuid5(tenant_id, f"batch:{members}")


def decide(command: BatchCommand, batch: Batch) -> Sequence[BatchEvent]:
    match command:
        case SealBatch():
            return seal(command, batch)
        case NoteDelivered():
            known = batch.bank_payment_id is not None
            return [] if known else [BatchDelivered(command.bank_payment_id)]
        case NoteGivenUp():
            return [BatchNotSent()] if batch.state is BatchState.SEALED else []
        case NoteRefused():
            open_ = batch.state in {BatchState.SEALED, BatchState.UNKNOWN}
            return [BatchRefused(command.code)] if open_ else []
        case NoteUnknown():
            return [BatchOutcomeUnknown(command.at)] if batch.state is BatchState.SEALED else []
        case AskCancel():
            return ask_cancel(batch)
        case _:
            assert_never(command)


def seal(command: SealBatch, batch: Batch) -> Sequence[BatchEvent]:
    """Sealed only if the bytes ask for exactly these orders, amounts and digests, and nothing else."""
    if batch.sealed is not None:
        raise Rejected("these orders are sealed already", code="already_sealed")
    wanted = tuple((order.end_to_end_id, order.amount) for order in command.orders)
    if command.asked != wanted:
        raise Rejected("the bytes ask for other orders or amounts", code="bytes_differ")
    if command.digests != tuple(order.digest for order in command.orders):
        raise Rejected("the bytes are not what was approved", code="digest_differs")
    totals = sums(order.amount for order in command.orders)
    if len(totals) != 1:
        raise Rejected("a batch has one currency", code="mixed_currencies")
    (control_sum,) = totals.values()
    if control_sum.minor <= 0:
        raise Rejected("a batch pays more than nothing", code="amount_not_positive")
    return [
        BatchSealed(
            message_id=command.message_id,
            debtor_account=command.debtor_account,
            debtor_fingerprint=command.debtor_fingerprint,
            rail=command.rail,
            execute_on=command.execute_on,
            orders=command.orders,
            count=len(command.orders),
            control_sum=control_sum,
            sha256=command.sha256,
            body=command.body,
        )
    ]


def ask_cancel(batch: Batch) -> Sequence[BatchEvent]:
    if batch.bank_payment_id is None:
        raise Rejected("the bank has not named this batch yet", code="no_bank_payment_id")
    return [BatchCancelAsked(batch.cancels_asked + 1, batch.bank_payment_id)]


def evolve(batch: Batch, event: BatchEvent) -> Batch:
    match event:
        case BatchSealed():
            return replace(batch, state=BatchState.SEALED, sealed=event)
        case BatchDelivered():
            return replace(batch, state=BatchState.DELIVERED, bank_payment_id=event.bank_payment_id)
        case BatchNotSent():
            return replace(batch, state=BatchState.NOT_SENT)
        case BatchRefused():
            return replace(batch, state=BatchState.REFUSED)
        case BatchOutcomeUnknown():
            return replace(batch, state=BatchState.UNKNOWN)
        case BatchCancelAsked():
            return replace(batch, cancels_asked=event.number)
        case _:
            assert_never(event)


BATCH: Decider[BatchCommand, Batch, BatchEvent] = Decider(decide, evolve, Batch())
