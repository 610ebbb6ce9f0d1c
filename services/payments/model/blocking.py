"""What stands in the way of a payment, and who may clear it.

Each reason is cleared by itself, by a second person and in a text; some cannot be cleared at all:
a payment that was already made is not made again, and a reference that its own check digit refutes
reaches nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.payments.commands import ClearBlock
from services.payments.events.order import (
    BlockCleared,
    PaymentEvent,
    PaymentReady,
)
from services.payments.model.order import Payment
from services.payments.model.recurring import is_next_of_a_month
from services.payments.values import Invoice
from shared.calendar import LAST_YEAR
from shared.contracts.values import Fault
from shared.decider import Rejected
from shared.money import Money

MAY_CLEAR = frozenset({"approver", "bookkeeper"})
CLEARABLE = frozenset(
    {
        "account_differs",
        "already_paid",
        "credit_note_arrived",
        "direct_debit",
        "duplicate_soft",
        "externally_exported",
        "several_means",
    }
)
"""The rest is mended where it is wrong: in the ledger, on the invoice, by the calendar."""
EXPORTED = Fault("externally_exported", "invoice")
_SAME_AMOUNT_DAYS = 45
_AMOUNT_ALONE = [("duplicate_soft", "amount")]


@dataclass(frozen=True, slots=True)
class Earlier:
    """Another order that is live or paid, as far as telling duplicates apart needs it."""

    payment_id: UUID
    party_id: UUID
    number: str
    issued_on: date
    gross: Money
    account: str | None = None
    reference: str | None = None
    document: str | None = None
    approved: bool = False
    """Whether people have said yes to it: what only came in proves no series."""


@dataclass(frozen=True, slots=True)
class Supplier:
    """What was paid to a supplier before: account fingerprints, the last first; the largest sum."""

    accounts: tuple[str, ...] = ()
    largest: Money | None = None


def normalised(number: str) -> str:
    """An invoice number as it is compared: capitals and digits only."""
    return re.sub(r"[^0-9A-ZÆØÅÄÖ]", "", number.upper())


def likened(number: str) -> str:
    """What is left of a number when prefixes, leading zeros and O for 0 do not count."""
    digits = re.sub(r"[^0-9]", "", normalised(number).replace("O", "0"))
    return digits.lstrip("0") or normalised(number)


def reasons(
    invoice: Invoice,
    *,
    faults: Sequence[Fault] = (),
    exported: bool = False,
    earlier: Iterable[Earlier] = (),
    supplier: Supplier | None = None,
    open_credit_notes: Iterable[UUID] = (),
    home_currency: str = "",
) -> tuple[Fault, ...]:
    """All that stands in the way of paying an invoice, `faults` that came with it first."""
    found = [Fault(fault.code, fault.field, fault.expected) for fault in faults]
    if invoice.account is None and not found:
        found.append(Fault("missing_details", "account"))
    if home_currency and invoice.gross.currency != home_currency:
        found.append(Fault("foreign_currency", "gross", home_currency))
    if invoice.due_on.year > LAST_YEAR:
        found.append(Fault("due_date_unknown", "due_on", str(LAST_YEAR)))
    if exported:
        found.append(EXPORTED)
    if supplier and supplier.accounts and invoice.account is not None:
        last = supplier.accounts[0]
        if invoice.account.fingerprint != last:
            found.append(Fault("account_differs", "account"))
    found += duplicates(invoice, earlier)
    found += [Fault("credit_note_arrived", str(note)) for note in open_credit_notes]
    return tuple(dict.fromkeys(found))


def duplicates(invoice: Invoice, earlier: Iterable[Earlier]) -> list[Fault]:
    """Orders that this one may be a second time; `expected` names the other order.

    The amount alone says nothing where it recurs every month.
    """
    others = list(earlier)
    recurs = _recurs(invoice, others)
    return [
        Fault(code, field, str(other.payment_id))
        for other in others
        for likeness in [list(_likeness(invoice, other))]
        if likeness != _AMOUNT_ALONE or not recurs
        for code, field in likeness
    ]


def _recurs(invoice: Invoice, others: Iterable[Earlier]) -> bool:
    alike = [
        one for one in others if (one.party_id, one.gross) == (invoice.party_id, invoice.gross)
    ]
    return is_next_of_a_month(
        invoice.issued_on,
        approved=[one.issued_on for one in alike if one.approved],
        others=[one.issued_on for one in alike if not one.approved],
    )


def _likeness(invoice: Invoice, other: Earlier) -> Iterator[tuple[str, str]]:
    """The hard rule, or else every soft one that holds."""
    account = invoice.account
    same_party = invoice.party_id == other.party_id
    same_gross = invoice.gross == other.gross
    if same_party and same_gross and normalised(invoice.number) == normalised(other.number):
        yield "duplicate_hard", "number"
        return
    if same_party and likened(invoice.number) == likened(other.number):
        yield "duplicate_soft", "number"
    days = abs((invoice.issued_on - other.issued_on).days)
    if same_party and same_gross and days <= _SAME_AMOUNT_DAYS:
        yield "duplicate_soft", "amount"
    if account and account.fingerprint == other.account:
        if account.reference_fingerprint and account.reference_fingerprint == other.reference:
            yield "duplicate_soft", "reference"
        if not same_party:
            yield "duplicate_soft", "account"
    if invoice.copy_of is not None and invoice.copy_of.sha256 == other.document:
        yield "duplicate_soft", "document"


def clear(command: ClearBlock, payment: Payment) -> Sequence[PaymentEvent]:
    if command.reason not in payment.reasons:
        raise Rejected("this reason does not stand", code="no_such_reason", field="reason")
    second_person(command.reason, command.cleared_by, command.roles, payment)
    if command.text is None:
        raise Rejected("say why it may be paid all the same", code="text_missing", field="text")
    cleared = BlockCleared(command.reason, command.cleared_by, command.text)
    last = len(payment.reasons) == 1
    return [cleared, PaymentReady()] if last else [cleared]


def second_person(reason: Fault, person: UUID, roles: frozenset[str], payment: Payment) -> None:
    """Refuse whoever may not take the responsibility for a reason; a few nobody may."""
    if reason.code not in CLEARABLE:
        raise Rejected(
            f"{reason.code} cannot be overruled, only mended", code="not_clearable", field="reason"
        )
    if person in {payment.prepared_by, payment.asked_by}:
        raise Rejected("it takes a second person", code="same_person", field="cleared_by")
    if not roles & MAY_CLEAR:
        raise Rejected("this takes an approver or a bookkeeper", code="role_missing")


def warnings(invoice: Invoice, amount: Money, supplier: Supplier) -> tuple[str, ...]:
    """What an approver should look at twice, as codes."""
    found = []
    account = invoice.account.fingerprint if invoice.account else None
    if not supplier.accounts:
        found.append("first_payment")
    elif account not in supplier.accounts:
        found.append("new_account")
    if supplier.accounts and account != supplier.accounts[0]:
        found.append("account_differs")
    if is_unusual(amount, supplier.largest):
        found.append("amount_unusual")
    return tuple(found)


def is_unusual(amount: Money, largest: Money | None) -> bool:
    """More than forty per cent above the largest amount paid before."""
    return (
        largest is not None
        and largest.currency == amount.currency
        and amount.minor * 100 > largest.minor * 140
    )
