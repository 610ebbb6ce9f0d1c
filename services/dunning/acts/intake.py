"""What the ledger tells, brought into the form that the rules want."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from services.dunning.acts import changing, statements
from services.dunning.acts.gathering import debtor_of, terms_of
from services.dunning.commands.debtor import NoteCredit, NoteCreditRemaining
from services.dunning.commands.receivable import NoteChargePaid, NoteInvoice, NoteMovements
from services.dunning.events.receivable import PrincipalMoved
from services.dunning.model import pricing
from services.dunning.model.debtor import DEBTOR
from services.dunning.model.following import RECEIVABLE
from services.dunning.model.receivable import evolve
from services.dunning.queries import standing as queries
from services.dunning.values import Credit, Invoice, Movement
from shared.contracts.sync import Allocation
from shared.money import Money
from shared.work import Work


def take_in(work: Work, invoice_id: UUID, invoice: Invoice, remaining: Money) -> None:
    terms = terms_of(work, invoice.debtor_id)
    known = work.load(RECEIVABLE, invoice_id).state.told is not None
    work.execute(RECEIVABLE, invoice_id, NoteInvoice(invoice, remaining, terms))
    if known:
        changing.after_change(work, invoice.debtor_id, [invoice_id])
    else:
        statements.plan(work, invoice.debtor_id, terms)


def take_in_credit(
    work: Work, debtor_id: UUID, credit: Credit, in_base: Money | None = None
) -> None:
    """Something in a debtor's favour: who is reminded and what is ready may change with it."""
    if work.execute(DEBTOR, debtor_id, NoteCredit(credit, in_base)):
        _after_credit(work, debtor_id)


def _after_credit(work: Work, debtor_id: UUID) -> None:
    rows = queries.of_debtor(work.sql, work.tenant_id, debtor_id)
    changing.after_change(work, debtor_id, [row.invoice_id for row in rows if row.is_waited_for])


def take_in_match(
    work: Work,
    item_id: UUID,
    debtor_id: UUID,
    remaining: Money,
    allocations: Iterable[Allocation],
    matched_on: date | None,
) -> None:
    """The item is an invoice, a credit or a charge of ours; of what is none of these nothing is known."""
    if queries.receivable(work.sql, work.tenant_id, item_id) is not None:
        _move(work, item_id, debtor_id, remaining, allocations)
    elif queries.credit_debtor(work.sql, work.tenant_id, item_id) is not None:
        command = NoteCreditRemaining(item_id, remaining, matched_on)
        if work.execute(DEBTOR, debtor_id, command):
            _after_credit(work, debtor_id)
    elif (entry := queries.charge_entry(work.sql, work.tenant_id, item_id)) is not None:
        _pay_charge(work, entry, allocations)


def _move(
    work: Work, invoice_id: UUID, debtor_id: UUID, remaining: Money, told: Iterable[Allocation]
) -> None:
    terms, credits_ = terms_of(work, debtor_id), debtor_of(work, debtor_id).credits
    movements = []
    for one in told:
        credit = credits_.get(one.entry_id)
        movements.append(
            Movement(
                entry_id=one.entry_id,
                kind=one.kind,
                amount=one.amount,
                value_on=one.value_on,
                matched_on=one.matched_on,
                correction=credit is not None and credit.corrects == invoice_id,
            )
        )
    before = work.load(RECEIVABLE, invoice_id).state
    after = evolve(before, PrincipalMoved(remaining, tuple(movements)))
    wrong = pricing.unlawful(after, terms, before)
    command = NoteMovements(remaining, tuple(movements), terms, wrong)
    work.execute(RECEIVABLE, invoice_id, command)
    changing.after_change(work, debtor_id, [invoice_id])


def _pay_charge(work: Work, entry: queries.ChargeEntry, told: Iterable[Allocation]) -> None:
    """What else stands against a charge's entry, such as our own giving it up, is no payment."""
    payments = [one for one in told if one.kind in {"payment", "credit_note"}]
    receivable = work.load(RECEIVABLE, entry.invoice_id).state
    paid = Money.zero(receivable.invoice.gross.currency)
    for one in payments:
        paid += one.amount
    value_on = max((one.value_on for one in payments), default=receivable.invoice.due_on)
    work.execute(RECEIVABLE, entry.invoice_id, NoteChargePaid(entry.charge_id, paid, value_on))
