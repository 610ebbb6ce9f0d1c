"""Own events become intents of effects and due work. Pure, and inside the append's transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from services.payments.events import beside as f
from services.payments.events import order as e
from services.payments.intents import (
    ALERT,
    CANCEL_BATCH,
    POLL_STATUS,
    READ_STATEMENT,
    RELEASE,
    SEND_BATCH,
    BatchAtBank,
    BatchToSend,
)
from services.payments.model.batch import Batch
from services.payments.model.order import Payment
from services.payments.model.timing import on_the_hour
from shared.after import After
from shared.effects.intents import Due, Intent, Reaction
from shared.eventstore.events import Recorded

reactions: After[Reaction] = After()

ALERT_AFTER = timedelta(hours=2)
RETRY_AFTER = timedelta(minutes=15)
FIRST_POLL = timedelta(minutes=5)


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
    yield Intent(SEND_BATCH, key=str(recorded.aggregate_id), body=body)
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
    yield Intent(CANCEL_BATCH, key=key, body=BatchAtBank(event.bank_payment_id))
    at = recorded.meta.recorded_at + FIRST_POLL
    yield Due(POLL_STATUS, key=str(recorded.aggregate_id), due_at=at)


@reactions.after(f.PayerSetUp)
def after_payer_set_up(recorded: Recorded[f.PayerSetUp], _: object) -> Iterable[Reaction]:
    at = on_the_hour(recorded.meta.recorded_at)
    yield Due(READ_STATEMENT, key="statement", due_at=at)
