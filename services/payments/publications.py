"""Own events in the public language. Pure: what is told follows from the event and the state after it."""

from __future__ import annotations

from collections.abc import Iterable

from services.payments.events import beside as f
from services.payments.events import order as e
from services.payments.model import posting
from services.payments.model.naming import posting_id_of, token_of
from services.payments.model.order import Payment
from services.payments.model.posting import Line, Voucher
from shared.after import After
from shared.contracts import payments as told
from shared.contracts.base import Contract
from shared.eventstore.events import Recorded
from shared.stream.outbox import Outgoing, Telling

publications: After[Telling] = After()


def _posting(recorded: Recorded[object], voucher: Voucher | None) -> Iterable[Telling]:
    if voucher is None:
        return
    contract = told.PaymentPostingSought(
        posting_id=posting_id_of(recorded.event_id),
        payment_id=recorded.aggregate_id,
        token=token_of(recorded.aggregate_id, recorded.version),
        voucher_on=voucher.on,
        text=voucher.text,
        lines=tuple(_line(line) for line in voucher.lines),
    )
    yield Outgoing(contract, effective_on=voucher.on)


def _line(line: Line) -> told.VoucherLine:
    return told.VoucherLine(
        account=line.account,
        amount=line.amount,
        supplier_number=line.supplier_number,
        invoice_number=line.invoice_number,
        invoice_id=line.invoice_id,
    )


@publications.after(e.PaymentReady)
def after_payment_ready(recorded: Recorded[e.PaymentReady], payment: Payment) -> Iterable[Telling]:
    yield told.PaymentReady(
        payment_id=recorded.aggregate_id,
        invoice_id=payment.invoice.invoice_id,
        revision=payment.revision,
        amount=payment.amount,
        due_on=payment.invoice.due_on,
        pay_on=payment.plan.pay_on,
    )


@publications.after(e.PaymentBlocked)
def after_payment_blocked(
    recorded: Recorded[e.PaymentBlocked], payment: Payment
) -> Iterable[Telling]:
    yield told.PaymentBlocked(
        payment_id=recorded.aggregate_id,
        invoice_id=payment.invoice.invoice_id,
        revision=payment.revision,
        amount=payment.amount,
        reasons=recorded.event.reasons,
    )


@publications.after(e.BlockCleared)
def after_block_cleared(recorded: Recorded[e.BlockCleared], _: Payment) -> Iterable[Telling]:
    yield told.PaymentUnblocked(
        payment_id=recorded.aggregate_id,
        reason=recorded.event.reason.code,
        cleared_by=recorded.event.cleared_by,
    )


def _revised(recorded: Recorded[object], payment: Payment, because: str) -> Contract:
    return told.PaymentRevised(
        payment_id=recorded.aggregate_id,
        revision=payment.revision,
        amount=payment.amount,
        pay_on=payment.plan.pay_on,
        because=because,
    )


@publications.after(e.PaymentRevised)
def after_payment_revised(
    recorded: Recorded[e.PaymentRevised], payment: Payment
) -> Iterable[Telling]:
    yield _revised(recorded, payment, recorded.event.because)


@publications.after(e.InvoiceRevised)
def after_invoice_revised(
    recorded: Recorded[e.InvoiceRevised], payment: Payment
) -> Iterable[Telling]:
    yield _revised(recorded, payment, "invoice_changed")


@publications.after(f.ApprovalRequested)
def after_approval_requested(
    recorded: Recorded[f.ApprovalRequested], _: object
) -> Iterable[Telling]:
    event = recorded.event
    orders = tuple(
        told.OrderToApprove(**{name: getattr(order, name) for name in order.__slots__})
        for order in event.orders
    )
    yield told.ApprovalSought(
        request_id=recorded.aggregate_id,
        orders=orders,
        sought_by=event.sought_by,
        sought_at=event.sought_at,
    )


@publications.after(e.PaymentScheduled)
def after_payment_scheduled(
    recorded: Recorded[e.PaymentScheduled], payment: Payment
) -> Iterable[Telling]:
    contract = told.PaymentScheduled(
        payment_id=recorded.aggregate_id,
        revision=payment.revision,
        execute_on=recorded.event.execute_on,
    )
    yield Outgoing(contract, effective_on=recorded.event.execute_on)


@publications.after(e.PaymentHeld)
def after_payment_held(recorded: Recorded[e.PaymentHeld], payment: Payment) -> Iterable[Telling]:
    yield told.PaymentHeld(
        payment_id=recorded.aggregate_id,
        revision=payment.revision,
        reason=recorded.event.reason.code,
    )


@publications.after(e.PaymentWithdrawn)
def after_payment_withdrawn(
    recorded: Recorded[e.PaymentWithdrawn], payment: Payment
) -> Iterable[Telling]:
    yield _cancelled(recorded, payment, recorded.event.because)


def _cancelled(recorded: Recorded[object], payment: Payment, because: str) -> Contract:
    return told.PaymentCancelled(
        payment_id=recorded.aggregate_id, revision=payment.revision, because=because
    )


@publications.after(e.CancelConfirmed)
def after_cancel_confirmed(
    recorded: Recorded[e.CancelConfirmed], payment: Payment
) -> Iterable[Telling]:
    yield _cancelled(recorded, payment, "cancelled_at_bank")
    yield from _posting(recorded, posting.taken_back(payment, recorded.meta.recorded_at.date()))


@publications.after(e.PaymentSubmitted)
def after_payment_submitted(
    recorded: Recorded[e.PaymentSubmitted], payment: Payment
) -> Iterable[Telling]:
    event = recorded.event
    yield told.PaymentSubmitted(
        payment_id=recorded.aggregate_id,
        revision=payment.revision,
        batch_id=event.batch_id,
        end_to_end_id=payment.end_to_end_ids[-1],
        bytes_sha256=event.bytes_sha256,
    )
    on = payment.execute_on or recorded.meta.recorded_at.date()
    yield from _posting(recorded, posting.submitted(payment, on))


@publications.after(e.PaymentOutcomeUnknown)
def after_payment_outcome_unknown(
    recorded: Recorded[e.PaymentOutcomeUnknown], _: Payment
) -> Iterable[Telling]:
    event = recorded.event
    yield told.PaymentOutcomeUnknown(
        payment_id=recorded.aggregate_id, batch_id=event.batch_id, since_at=event.since_at
    )


@publications.after(e.PaymentRefusedByBank)
def after_payment_refused_by_bank(
    recorded: Recorded[e.PaymentRefusedByBank], payment: Payment
) -> Iterable[Telling]:
    yield told.PaymentFailed(
        payment_id=recorded.aggregate_id,
        invoice_id=payment.invoice.invoice_id,
        code=recorded.event.code,
    )
    yield from _posting(recorded, posting.taken_back(payment, recorded.meta.recorded_at.date()))


@publications.after(e.PaymentExecuted)
def after_payment_executed(
    recorded: Recorded[e.PaymentExecuted], payment: Payment
) -> Iterable[Telling]:
    event = recorded.event
    contract = told.PaymentExecuted(
        payment_id=recorded.aggregate_id,
        invoice_id=payment.invoice.invoice_id,
        amount=event.amount,
        fee=event.fee,
        executed_on=event.executed_on,
        bank_reference=event.bank_reference,
    )
    yield Outgoing(contract, effective_on=event.executed_on)
    voucher = posting.executed(
        payment, event.amount, event.fee, event.executed_on, pooled=event.pooled
    )
    yield from _posting(recorded, voucher)


@publications.after(e.PaymentFeeTaken)
def after_payment_fee_taken(recorded: Recorded[e.PaymentFeeTaken], _: Payment) -> Iterable[Telling]:
    yield from _posting(recorded, posting.fee(recorded.event.fee, recorded.event.taken_on))


@publications.after(e.PaymentReturned)
def after_payment_returned(
    recorded: Recorded[e.PaymentReturned], payment: Payment
) -> Iterable[Telling]:
    event = recorded.event
    contract = told.PaymentReturned(
        payment_id=recorded.aggregate_id,
        invoice_id=payment.invoice.invoice_id,
        amount=event.amount,
        code=event.code,
        returned_on=event.returned_on,
    )
    yield Outgoing(contract, effective_on=event.returned_on)
    yield from _posting(recorded, posting.returned(payment, event.amount, event.returned_on))


@publications.after(f.StatementLineBooked)
def after_statement_line_booked(
    recorded: Recorded[f.StatementLineBooked], _: object
) -> Iterable[Telling]:
    """A pooled line is bookkept once for all its orders; the line stands where an order would."""
    if recorded.event.in_transit is not None:
        voucher = posting.pool(recorded.event.in_transit, recorded.event.booked_on)
        yield from _posting(recorded, voucher)
