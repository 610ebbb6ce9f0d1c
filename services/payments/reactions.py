"""Own events become intents of effects and due work. Pure, and inside the append's transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

import msgspec

from services.payments import events as e
from services.payments import facts as f
from services.payments.model.batch import Batch
from services.payments.model.order import Payment
from shared.after import After
from shared.effects.intents import Due, Intent, Reaction
from shared.eventstore.events import Recorded
from shared.sealed import Sealed

reactions: After[Reaction] = After()

RELEASE = "payments.release"
POLL_STATUS = "payments.poll_status"
READ_STATEMENT = "payments.read_statement"
ALERT = "payments.alert_unknown"
ALERT_AFTER = timedelta(hours=2)
RETRY_AFTER = timedelta(minutes=15)
FIRST_HOUR, LAST_HOUR = 6, 21
FIRST_POLL = timedelta(minutes=5)


class BatchToSend(msgspec.Struct, frozen=True):
    """The sealed bytes and their hash. The message id is the effect's key."""

    body: Sealed
    sha256: str
    debtor_fingerprint: str


class BatchAtBank(msgspec.Struct, frozen=True):
    bank_payment_id: str


class StatementToRead(msgspec.Struct, frozen=True):
    """Which account, from which day to which, both included."""

    account: Sealed
    fingerprint: str
    from_on: date
    to_on: date


def on_the_hour(instant: datetime) -> datetime:
    """The next full hour of the working day (UTC), so that several who want a look want the same one.

    Nothing is booked at night, so the next look then is in the morning.
    """
    hour = instant.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    if FIRST_HOUR <= hour.hour <= LAST_HOUR and hour.date() == instant.date():
        return hour
    return next_morning(instant)


def next_morning(instant: datetime) -> datetime:
    morning = instant.replace(hour=FIRST_HOUR, minute=0, second=0, microsecond=0)
    return morning if morning > instant else morning + timedelta(days=1)


@reactions.after(e.PaymentScheduled)
def after_payment_scheduled(
    recorded: Recorded[e.PaymentScheduled], payment: Payment
) -> Iterable[Reaction]:
    yield Due(RELEASE, key=payment.plan.rail, due_at=recorded.event.release_at)


@reactions.after(e.PaymentNotSent)
def after_payment_not_sent(
    recorded: Recorded[e.PaymentNotSent], payment: Payment
) -> Iterable[Reaction]:
    """The bank could not be reached for a while; another batch is tried a little later."""
    at = recorded.meta.recorded_at + RETRY_AFTER
    yield Due(RELEASE, key=payment.plan.rail, due_at=at)


@reactions.after(e.OutcomeProved)
def after_outcome_proved(
    recorded: Recorded[e.OutcomeProved], payment: Payment
) -> Iterable[Reaction]:
    if not recorded.event.received:
        yield Due(RELEASE, key=payment.plan.rail, due_at=recorded.meta.recorded_at)


@reactions.after(f.BatchSealed)
def after_batch_sealed(recorded: Recorded[f.BatchSealed], _: Batch) -> Iterable[Reaction]:
    event = recorded.event
    body = BatchToSend(event.body, event.sha256, event.debtor_fingerprint)
    yield Intent("bank.send_batch", key=str(recorded.aggregate_id), body=body)
    at = on_the_hour(recorded.meta.recorded_at)
    yield Due(READ_STATEMENT, key="statement", due_at=at)


@reactions.after(f.BatchDelivered)
def after_batch_delivered(recorded: Recorded[f.BatchDelivered], _: Batch) -> Iterable[Reaction]:
    at = recorded.meta.recorded_at + FIRST_POLL
    yield Due(POLL_STATUS, key=str(recorded.aggregate_id), due_at=at)


@reactions.after(f.BatchOutcomeUnknown)
def after_batch_outcome_unknown(
    recorded: Recorded[f.BatchOutcomeUnknown], _: Batch
) -> Iterable[Reaction]:
    at = recorded.event.since_at + ALERT_AFTER
    yield Due(ALERT, key=str(recorded.aggregate_id), due_at=at)


@reactions.after(f.BatchCancelAsked)
def after_batch_cancel_asked(
    recorded: Recorded[f.BatchCancelAsked], _: Batch
) -> Iterable[Reaction]:
    event = recorded.event
    key = f"{recorded.aggregate_id}:{event.number}"
    yield Intent("bank.cancel_batch", key=key, body=BatchAtBank(event.bank_payment_id))
    at = recorded.meta.recorded_at + FIRST_POLL
    yield Due(POLL_STATUS, key=str(recorded.aggregate_id), due_at=at)


@reactions.after(f.PayerSetUp)
def after_payer_set_up(recorded: Recorded[f.PayerSetUp], _: object) -> Iterable[Reaction]:
    at = on_the_hour(recorded.meta.recorded_at)
    yield Due(READ_STATEMENT, key="statement", due_at=at)


def batch_of(key: str) -> UUID:
    """The batch that an effect's key or a due key speaks of."""
    return UUID(key.partition(":")[0])
