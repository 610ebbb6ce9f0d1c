"""What the ledger tells, brought into the form that the rules want, with what is known of it here."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID, uuid5

from services.payments import queries
from services.payments.commands import DraftPayment, NoteInvoice, SchedulePayment
from services.payments.model import blocking, planning
from services.payments.model.blocking import EXPORTED
from services.payments.model.order import Payment
from services.payments.model.payer import PAYER, Payer, payer_id_of
from services.payments.model.payment import PAYMENT
from services.payments.queries import Payable
from services.payments.values import Invoice, Plan
from shared.contracts.values import Fault
from shared.work import Work


def payment_id_of(tenant_id: UUID, invoice_id: UUID, attempt: int) -> UUID:
    """The id of the attempt-th order for an invoice: two writers cannot make two of them."""
    return uuid5(tenant_id, f"{invoice_id}:{attempt}")


def payer_of(work: Work) -> Payer:
    return work.load(PAYER, payer_id_of(work.tenant_id)).state


def attempts(work: Work, invoice_id: UUID) -> Sequence[Payable]:
    return queries.attempts(work.sql, work.tenant_id, invoice_id)


def take_in(work: Work, invoice: Invoice, faults: Sequence[Fault], *, exported: bool) -> None:
    """Draft the first order of an invoice, or let the last one know what the ledger tells."""
    found = reasons(work, invoice, faults, exported=exported)
    plan = plan_for(work, invoice)
    known = attempts(work, invoice.invoice_id)
    if not known:
        draft(work, DraftPayment(1, invoice, plan, found))
    else:
        told = (*faults, *((EXPORTED,) if exported else ()))
        note = NoteInvoice(invoice, plan, found, told)
        work.execute(PAYMENT, known[-1].payment_id, note)


def draft(work: Work, command: DraftPayment) -> UUID:
    payment_id = payment_id_of(work.tenant_id, command.invoice.invoice_id, command.attempt)
    work.execute(PAYMENT, payment_id, command)
    return payment_id


def plan_for(work: Work, invoice: Invoice) -> Plan:
    payer = payer_of(work)
    route = planning.route_of(payer, invoice.account, invoice.gross.currency, work.now)
    return planning.for_due_date(route, payer, invoice.due_on, work.now)


def schedule_of(work: Work, payment: Payment) -> SchedulePayment:
    """The day of an order that may go on from now."""
    payer, invoice = payer_of(work), payment.invoice
    route = planning.route_of(payer, invoice.account, invoice.gross.currency, work.now)
    return planning.schedule(route, payment.plan.pay_on, work.now)


def reasons(
    work: Work, invoice: Invoice, faults: Sequence[Fault], *, exported: bool
) -> tuple[Fault, ...]:
    """What stands in the way, by everything that was learnt so far."""
    sql, tenant_id = work.sql, work.tenant_id
    return blocking.reasons(
        invoice,
        faults=faults,
        exported=exported,
        earlier=queries.earlier(
            sql,
            tenant_id,
            invoice.invoice_id,
            invoice.party_id,
            invoice.account.fingerprint if invoice.account else None,
            invoice.copy_of.sha256 if invoice.copy_of else None,
        ),
        supplier=queries.supplier(sql, tenant_id, invoice.party_id),
        open_credit_notes=queries.open_credit_notes(sql, tenant_id, invoice.party_id),
        home_currency=payer_of(work).currency,
    )
