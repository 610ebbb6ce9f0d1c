"""Values that commands and events carry."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

import msgspec

from shared.contracts.values import Fault, SealedAccount, SealedReference
from shared.money import Money
from shared.sealed import Sealed

Asker = Literal["consent", "schedule", "person", "booking"]
EntryKind = Literal["invoice", "credit_note", "payment", "other", "charge"]
Side = Literal["payable", "receivable"]
ReferenceKind = Literal["case", "registration", "order", "contact"]


class PayTo(msgspec.Struct, frozen=True):
    """Where a client's customers pay what they owe in one currency, and under which reference.

    `kind` is a `shared.references.InstructionKind`. The reference is made from the invoice's number:
    padded to `digits` where the client has agreed that with its bank, `length_digit` with the
    number of its digits before the check digit, which is one of modulus 10 or 11.
    """

    kind: str
    currency: str
    account: Sealed
    bic: str | None = None
    digits: int | None = None
    length_digit: bool = False
    check: Literal["mod10", "mod11"] = "mod10"


class Receivables(msgspec.Struct, frozen=True):
    """What a client chose for its customers' ledger.

    `accounts` are its control accounts. What was entered before `followed_from` is history, from which
    no reminder starts; without it, what was entered before the day of the first consent is. `country` is taken
    for customers whose card names none. `other_reference` is what an other reference without a
    word before it is, `layouts` the language of each layout that customers' invoices are made with.
    """

    accounts: tuple[int, ...]
    pay_to: tuple[PayTo, ...] = ()
    followed_from: date | None = None
    country: str = "DK"
    other_reference: ReferenceKind = "case"
    layouts: dict[str, str] = {}


class Settings(msgspec.Struct, frozen=True):
    """What a client chose in its ledger at consent: our own journal, and accounts by their role.

    Without `receivables` its customers' ledger is not read.
    """

    journal: int
    payables_accounts: tuple[int, ...]
    accounts: dict[str, int]
    expense_account: int
    vat_code: str | None = None
    receivables: Receivables | None = None


class Entry(msgspec.Struct, frozen=True):
    """One entry of a party's ledger. What is owed, by us or by a customer, is positive.

    `print` changes when any of it does, sealed values included; `remaining` stands beside it. On the
    customers' side `account` is where they pay, `token` of a charge that of its line, and
    `historical` says that it was entered before the day from which the client wants them followed up
    (of suppliers: that it was settled when first seen), and `documented` that it was made out as an
    invoice, and not typed into a journal.
    """

    number: int
    kind: EntryKind
    party_id: UUID
    party_name: Sealed
    party_number: str
    invoice_number: str
    year: str
    voucher: int
    issued_on: date
    due_on: date
    gross: Money
    account: SealedAccount | None
    faults: tuple[Fault, ...]
    exported_to_bank: bool
    historical: bool
    token: str | None
    print: str
    side: Side = "payable"
    entered_on: date | None = None
    gross_in_base: Money | None = None
    due_basis: Literal["agreed", "statutory"] = "agreed"
    references: tuple[SealedReference, ...] = ()
    corrects: UUID | None = None
    documented: bool = True

    @property
    def voucher_shown(self) -> str:
        """A voucher's number is unique within its accounting year only."""
        return f"{self.year}-{self.voucher}"


class ControlTotal(msgspec.Struct, frozen=True):
    """What a side's control account said, and what its open items added up to."""

    side: Side
    ledger: Money
    mirror: Money


class RoleLine(msgspec.Struct, frozen=True):
    """A line as asked for, debit positive, on an account by its role.

    `settles` is the entry of the invoice that the line pays.
    """

    role: str
    amount: Money
    supplier_number: str | None = None
    invoice_number: str | None = None
    settles: int | None = None


class AskedCharge(msgspec.Struct, frozen=True):
    """A charge on a customer's account, negative to give one up; `income` is an account's role.

    `settles` is the mark (token and ordinal) of the line that it gives up.
    """

    income: str
    amount: Money
    settles: str | None = None


class AskedCharges(msgspec.Struct, frozen=True):
    """Charges of one customer's invoice, as dunning asks for them."""

    invoice_id: UUID
    customer_number: str
    invoice_number: str
    due_on: date
    lines: tuple[AskedCharge, ...]


class AskedVoucher(msgspec.Struct, frozen=True):
    """A voucher as it is asked for, before it is known which accounts it moves.

    For a payment it has lines in roles, for charges what dunning says of them.
    """

    payment_id: UUID | None
    token: str
    voucher_on: date
    lines: tuple[RoleLine, ...]
    charges: AskedCharges | None = None


class PostingLine(msgspec.Struct, frozen=True):
    """A line that balances by itself: debited to the party or account, credited to the contra.

    `settles` is the entry that it is set off against; `gives_up`, of a charge, the mark of the line
    whose entry that is.
    """

    contra_account: int
    amount: Money
    text: str
    account: int | None = None
    supplier_number: int | None = None
    invoice_number: str | None = None
    settles: int | None = None
    customer_number: int | None = None
    due_on: date | None = None
    gives_up: str | None = None


class Reading(msgspec.Struct, frozen=True):
    """What a document was read to say. `confidence` is that of its least sure field."""

    kind: Literal["invoice", "credit_note"]
    number: str
    sender: Sealed
    issued_on: date | None
    due_on: date | None
    payable: Money | None
    confidence: str
    taxed: bool
    account: SealedAccount | None
    faults: tuple[Fault, ...]
    supplier_number: int | None
