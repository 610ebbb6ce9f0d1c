"""An order comes to be, and follows its invoice for as long as nothing has been sealed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce

from services.payments.commands import (
    DraftPayment,
    NoteCopy,
    NoteInvoice,
    NoteRemaining,
    RevisePayment,
    WithdrawPayment,
)
from services.payments.events.order import (
    BlockLifted,
    InvoiceCopyNoted,
    InvoiceRetold,
    InvoiceRevised,
    PaymentBlocked,
    PaymentDrafted,
    PaymentEvent,
    PaymentHeld,
    PaymentReady,
    PaymentRevised,
    PaymentWithdrawn,
    RemainingChanged,
)
from services.payments.model.concerns import (
    BANK_HAS_IT,
    draft_again,
    lasting,
    note_told,
)
from services.payments.model.order import Payment, evolve
from services.payments.values import BEFORE_RELEASE, Invoice, State
from shared.contracts.values import Fault
from shared.decider import Rejected
from shared.money import Money

NOTHING_LEFT = Fault("nothing_left", "remaining")
ALREADY_PAID = Fault("already_paid", "remaining")
PARTLY_SETTLED = Fault("amount_above_remaining", "amount")


def draft(command: DraftPayment) -> Sequence[PaymentEvent]:
    drafted = PaymentDrafted(
        command.attempt,
        command.invoice,
        command.invoice.remaining,
        command.plan,
        command.prepared_by,
    )
    reasons = command.reasons + _left(command.invoice.remaining)
    return [drafted, PaymentBlocked(reasons) if reasons else PaymentReady()]


def _left(remaining: Money) -> tuple[Fault, ...]:
    return () if remaining.minor > 0 else (NOTHING_LEFT,)


def note_invoice(command: NoteInvoice, payment: Payment) -> Sequence[PaymentEvent]:
    """A changed invoice is a new draft: whatever was cleared or approved was so for the old one."""
    if payment.state not in BEFORE_RELEASE:
        return _retell(command, payment)
    if _same(command.invoice, payment.invoice):
        noted = note_remaining(NoteRemaining(command.invoice.remaining), payment)
        after = reduce(evolve, noted, payment)
        return [*noted, *note_told(command.told, after)]
    remaining = command.invoice.remaining
    found = dict.fromkeys(command.reasons + _left(remaining) + lasting(payment))
    reasons = tuple(found)
    revised = InvoiceRevised(
        payment.revision + 1, command.invoice, remaining, command.plan, reasons
    )
    return [revised, PaymentBlocked(reasons) if reasons else PaymentReady()]


def _retell(command: NoteInvoice, payment: Payment) -> Sequence[PaymentEvent]:
    """Nothing changes for what has left. A new order would be for the invoice as it is now."""
    known = payment.retold or InvoiceRetold(payment.invoice, ())
    is_news = not _same(command.invoice, known.invoice) or (set(command.told) - set(known.reasons))
    retold = [InvoiceRetold(command.invoice, command.reasons)] if is_news else []
    return [*retold, *note_remaining(NoteRemaining(command.invoice.remaining), payment)]


def _same(told: Invoice, known: Invoice) -> bool:
    """Whether the ledger tells the same but for what remains.

    Sealed values differ in every telling; the account is compared by its fingerprints.
    """
    return _comparable(told) == _comparable(known)


def _comparable(invoice: Invoice) -> tuple[object, ...]:
    account = invoice.account
    bare = replace(invoice, party_name=None, account=None, remaining=invoice.gross, copy_of=None)  # type: ignore[arg-type]  # a copy without its sealed name, to compare and throw away
    keys = account and (account.kind, account.fingerprint, account.reference_fingerprint)
    return bare, keys


def note_copy(command: NoteCopy, payment: Payment) -> Sequence[PaymentEvent]:
    known = command.copy_of == payment.invoice.copy_of
    return [] if known else [InvoiceCopyNoted(command.copy_of)]


def note_remaining(command: NoteRemaining, payment: Payment) -> Sequence[PaymentEvent]:
    """The ledger allocated something. What was not approved yet follows; what was, is held."""
    if command.remaining == payment.invoice.remaining:
        return []
    changed = RemainingChanged(command.remaining)
    if payment.state not in BEFORE_RELEASE:
        return [changed]
    return [changed, *_follow(command.remaining, payment)]


def _follow(remaining: Money, payment: Payment) -> Sequence[PaymentEvent]:
    if payment.state in {State.SCHEDULED, State.HELD}:
        fault = ALREADY_PAID if remaining.minor <= 0 else PARTLY_SETTLED
        is_held_for_it = payment.held == fault
        return [] if payment.amount <= remaining or is_held_for_it else [PaymentHeld(fault)]
    if remaining.minor <= 0:
        return _block_for_nothing_left(payment)
    lifted: list[PaymentEvent] = []
    if NOTHING_LEFT in payment.reasons:
        lifted.append(BlockLifted(NOTHING_LEFT))
    if payment.amount > remaining or payment.amount == payment.invoice.remaining:
        lifted += draft_again(_revised(payment, remaining, "remaining_changed"), payment)
    if payment.state is State.BLOCKED and payment.reasons == (NOTHING_LEFT,):
        lifted.append(PaymentReady())
    return lifted


def _block_for_nothing_left(payment: Payment) -> Sequence[PaymentEvent]:
    if NOTHING_LEFT in payment.reasons:
        return []
    asked = payment.state in {State.AWAITING_APPROVAL, State.APPROVED}
    void = [_revised(payment, payment.amount, "nothing_left")] if asked else []
    return [*void, PaymentBlocked((*payment.concerns, NOTHING_LEFT))]


def _revised(payment: Payment, amount: Money, because: str) -> PaymentRevised:
    return PaymentRevised(payment.revision + 1, amount, payment.plan, because)


def revise(command: RevisePayment, payment: Payment) -> Sequence[PaymentEvent]:
    """Another amount or day. A part of what remains may be paid; more than that never is."""
    if command.amount.currency != payment.amount.currency:
        raise Rejected("an invoice is paid in its own currency", code="currency", field="amount")
    if command.amount.minor <= 0:
        raise Rejected("pay more than nothing", code="amount_not_positive", field="amount")
    if command.amount > payment.invoice.remaining:
        raise Rejected(
            f"only {payment.invoice.remaining} remain to be paid",
            code="amount_above_remaining",
            field="amount",
        )
    if command.amount == payment.amount and command.plan.pay_on == payment.plan.pay_on:
        return []
    revised = PaymentRevised(
        payment.revision + 1, command.amount, command.plan, "edited", command.revised_by
    )
    return draft_again(revised, payment)


def withdraw(command: WithdrawPayment, payment: Payment) -> Sequence[PaymentEvent]:
    """Taken back, so that the invoice may be paid by another order: never while the bank has this one."""
    if BANK_HAS_IT not in lasting(payment):
        return [PaymentWithdrawn(command.because, command.withdrawn_by)]
    if command.withdrawn_by is None:
        return []
    raise Rejected("the bank has it: it would be paid twice", code=BANK_HAS_IT.code)
