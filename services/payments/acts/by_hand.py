"""What people ask for, in words of this service; pages and the HTTP interface only call these.

Each function answers one request inside one transaction. Who asks is given by the signed-in session
and never by the request's body; the roles are looked up here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from services.payments import queries
from services.payments.acts import intake
from services.payments.acts.releasing import Releaser
from services.payments.commands import (
    AskApproval,
    ClearBlock,
    DraftPayment,
    ReleaseHold,
    ReportBankWord,
    RequestCancel,
    RevisePayment,
    WithdrawPayment,
)
from services.payments.events.beside import ApprovalRequested
from services.payments.events.order import InvoiceRetold
from services.payments.gateways.opening import Opener
from services.payments.model import planning
from services.payments.model.batch import BATCH, AskCancel
from services.payments.model.blocking import warnings
from services.payments.model.drafting import NOTHING_LEFT
from services.payments.model.payer import PAYER, SetUpPayer, payer_id_of
from services.payments.model.payment import PAYMENT
from services.payments.model.people import MAY_PREPARE
from services.payments.model.records import REQUEST
from services.payments.model.timing import DueDateRoll
from services.payments.registers import accounts
from services.payments.values import CANCELLABLE, OVER, PAID, Invoice, RequestedOrder
from shared.contracts.values import Fault
from shared.decider import Rejected
from shared.money import Money
from shared.references.check_digits import is_digits
from shared.references.iban import iban_faults
from shared.sealed import Sealed
from shared.work import Work


def roles(work: Work, person: UUID) -> frozenset[str]:
    return queries.roles_of(work.sql, work.tenant_id, person)


def _may_prepare(work: Work, person: UUID) -> None:
    if not roles(work, person) & MAY_PREPARE:
        raise Rejected("this takes a role at the client", code="role_missing")


def set_up_payer(
    work: Work,
    opener: Opener,
    person: UUID,
    debtor_account: str,
    *,
    roll: DueDateRoll = DueDateRoll.PRECEDING,
    in_transit: bool = False,
) -> None:
    """Say which account is paid from (IBAN or BBAN), and how."""
    payer_id = payer_id_of(work.tenant_id)
    compact = _readable("".join(debtor_account.split()).upper())
    command = SetUpPayer(
        debtor_account=opener.vault.seal(work.tenant_id, payer_id, compact),
        fingerprint=opener.vault.fingerprint(work.tenant_id, compact),
        last4=compact[-4:],
        set_up_by=person,
        roles=roles(work, person),
        roll=roll,
        in_transit=in_transit,
    )
    work.execute(PAYER, payer_id, command)
    accounts.take(work, opener.vault, compact)


def _readable(account: str) -> str:
    """An account that can be one: an IBAN proves itself, a domestic number is digits."""
    is_iban = account[:2].isalpha()
    for fault in iban_faults(account) if is_iban else ():
        raise Rejected(fault.text, code=fault.code.value, field="debtor_account")
    if not is_iban and not is_digits(account):
        text = "a domestic account number has digits only"
        raise Rejected(text, code="account_characters", field="debtor_account")
    return account


def ask_approval(
    work: Work, opener: Opener, request_id: UUID, person: UUID, payment_ids: Sequence[UUID]
) -> None:
    """Put orders to the approvers, together, each with its digest. All of them, or none."""
    _may_prepare(work, person)
    if not payment_ids:
        raise Rejected("choose at least one payment", code="nothing_chosen", field="payments")
    orders = tuple(
        _ask(work, opener, request_id, person, payment_id)
        for payment_id in sorted(set(payment_ids))
    )
    work.execute(REQUEST, request_id, ApprovalRequested(orders, person, work.now))


def was_asked(work: Work, request_id: UUID) -> bool:
    """Whether this very request was made before: the same form sent twice is sent once."""
    return work.load(REQUEST, request_id).version > 0


def _ask(
    work: Work, opener: Opener, request_id: UUID, person: UUID, payment_id: UUID
) -> RequestedOrder:
    payment = work.load(PAYMENT, payment_id).state
    invoice = payment.invoice
    if invoice.account is None:
        raise Rejected("there is no account to pay to", code="missing_details")
    digest = opener.digest(work.tenant_id, payment_id, payment, intake.payer_of(work))
    known = queries.supplier(work.sql, work.tenant_id, invoice.party_id)
    found = warnings(invoice, payment.amount, known)
    work.execute(PAYMENT, payment_id, AskApproval(request_id, digest, person, work.now, found))
    return RequestedOrder(
        payment_id=payment_id,
        revision=payment.revision,
        digest=digest,
        amount=payment.amount,
        payee_id=invoice.party_id,
        payee_name=invoice.party_name,
        account=invoice.account,
        invoice_id=invoice.invoice_id,
        invoice_number=invoice.number,
        due_on=invoice.due_on,
        pay_on=payment.plan.pay_on,
        latest_approval_at=payment.plan.latest_approval_at,
        warnings=found,
        copy_of=invoice.copy_of,
    )


def revise(
    work: Work,
    person: UUID,
    payment_id: UUID,
    *,
    amount: Money | None = None,
    pay_on: date | None = None,
) -> None:
    """Another amount, another day, or both."""
    _may_prepare(work, person)
    payment = work.load(PAYMENT, payment_id).state
    invoice, payer = payment.invoice, intake.payer_of(work)
    plan = payment.plan
    if pay_on is not None:
        route = planning.route_of(payer, invoice.account, invoice.gross.currency, work.now)
        plan = planning.for_choice(route, payer, pay_on, work.now)
    wanted = payment.amount if amount is None else amount
    work.execute(PAYMENT, payment_id, RevisePayment(wanted, plan, revised_by=person))


def clear_block(
    work: Work, opener: Opener, person: UUID, payment_id: UUID, reason: Fault, text: str
) -> None:
    """Take the responsibility for one reason, in words."""
    work.execute(
        PAYMENT,
        payment_id,
        ClearBlock(reason, person, roles(work, person), _sealed(work, opener, person, text)),
    )


def _sealed(work: Work, opener: Opener, person: UUID, text: str) -> Sealed | None:
    words = text.strip()
    return opener.vault.seal(work.tenant_id, person, words) if words else None


def release_hold(
    work: Work, opener: Opener, releaser: Releaser, person: UUID, payment_id: UUID, text: str = ""
) -> None:
    """Let a held order go on, on the first day that the bank can."""
    work.execute(
        PAYMENT,
        payment_id,
        ReleaseHold(
            released_by=person,
            roles=roles(work, person),
            recheck=releaser.recheck(work, payment_id),
            text=_sealed(work, opener, person, text),
        ),
    )
    payment = work.load(PAYMENT, payment_id).state
    work.execute(PAYMENT, payment_id, intake.schedule_of(work, payment))


def withdraw(work: Work, person: UUID, payment_id: UUID) -> None:
    """Take an order back before it leaves."""
    _may_prepare(work, person)
    work.execute(PAYMENT, payment_id, WithdrawPayment("withdrawn", person))


def pay_again(work: Work, person: UUID, invoice_id: UUID) -> UUID:
    """A new order for an invoice whose last one came to nothing, or paid a part of it."""
    _may_prepare(work, person)
    attempts = intake.attempts(work, invoice_id)
    if not attempts:
        raise Rejected("there is no such invoice", code="unknown_invoice", field="invoice_id")
    last = attempts[-1]
    if last.state not in OVER | PAID:
        raise Rejected("there is a live order already", code=f"not_when_{last.state}")
    payment = work.load(PAYMENT, last.payment_id).state
    told = payment.retold or InvoiceRetold(payment.invoice, payment.reasons)
    standing = tuple(reason for reason in told.reasons if reason != NOTHING_LEFT)
    latest = replace(told.invoice, remaining=payment.invoice.remaining)
    invoice = replace(latest, remaining=_left(work, latest, attempts))
    if invoice.remaining.minor <= 0:
        raise Rejected("nothing remains to be paid", code="nothing_left")
    return intake.draft(
        work,
        DraftPayment(
            attempt=last.attempt + 1,
            invoice=invoice,
            plan=intake.plan_for(work, invoice),
            reasons=intake.reasons(work, invoice, standing, exported=False),
            prepared_by=person,
        ),
    )


def left_to_pay(work: Work, invoice_id: UUID) -> Money | None:
    """What a new order for an invoice would pay; None while a live order stands for it."""
    attempts = intake.attempts(work, invoice_id)
    if not attempts or attempts[-1].state not in OVER | PAID:
        return None
    last = work.load(PAYMENT, attempts[-1].payment_id).state
    told = last.retold.invoice if last.retold else last.invoice
    return _left(work, replace(told, remaining=last.invoice.remaining), attempts)


def _left(work: Work, invoice: Invoice, attempts: Sequence[queries.Payable]) -> Money:
    """What may still be paid, by the ledger and by what our own orders have moved, whichever is less.

    The ledger may not have matched our last payment yet.
    """
    paid = Money.zero(invoice.gross.currency)
    for attempt in attempts:
        order = work.load(PAYMENT, attempt.payment_id).state
        # What came back came back in full for the payee's part: what was kept on the way is a cost.
        if order.executed is not None and order.returned is None:
            paid = paid + order.executed
    return min(invoice.remaining, invoice.gross - paid)


def report_bank_word(work: Work, person: UUID, payment_id: UUID, *, received: bool) -> None:
    """Say what the bank said about an order of unknown outcome; the second person decides it."""
    payment = work.load(PAYMENT, payment_id).state
    batch = work.load(BATCH, payment.batch_id).state if payment.batch_id else None
    sha256 = batch.sealed.sha256 if batch and batch.sealed else ""
    work.execute(
        PAYMENT,
        payment_id,
        ReportBankWord(received, person, roles(work, person), bytes_sha256=sha256),
    )


def request_cancel(
    work: Work, person: UUID, payment_id: UUID, *, whole_batch: bool = False
) -> None:
    """Ask the bank not to execute what has left. A bank cancels a message, so all orders of it."""
    _may_prepare(work, person)
    payment = work.load(PAYMENT, payment_id).state
    # Asked of this order, whatever may still be stopped of the message that it left in.
    if payment.state not in CANCELLABLE or payment.batch_id is None:
        raise Rejected("the bank is not asked to stop it", code=f"not_when_{payment.state}")
    batch = work.load(BATCH, payment.batch_id).state
    assert batch.sealed is not None, "an order leaves in a sealed batch"
    members = sorted(order.payment_id for order in batch.sealed.orders)
    live = [one for one in members if work.load(PAYMENT, one).state.state in CANCELLABLE]
    if len(live) > 1 and not whole_batch:
        raise Rejected(
            f"this would stop {len(live)} payments that left together",
            code="cancels_whole_batch",
            field="whole_batch",
        )
    for one in live:
        work.execute(PAYMENT, one, RequestCancel(person))
    work.execute(BATCH, payment.batch_id, AskCancel())
