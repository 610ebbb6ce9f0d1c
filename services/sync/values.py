"""Values that commands and events carry."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

import msgspec

from shared.contracts.values import Fault, SealedAccount
from shared.money import Money
from shared.sealed import Sealed

Asker = Literal["consent", "schedule", "person", "booking"]
EntryKind = Literal["invoice", "credit_note", "payment", "other"]


class Settings(msgspec.Struct, frozen=True):
    """What a client chose in its ledger at consent: our own journal, and accounts by their role."""

    journal: int
    payables_accounts: tuple[int, ...]
    accounts: dict[str, int]
    expense_account: int
    vat_code: str | None = None


class Entry(msgspec.Struct, frozen=True):
    """One entry of the payables ledger. What is owed to the supplier is positive.

    `print` changes when any of it does, sealed values included; `remaining` stands beside it.
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

    @property
    def voucher_shown(self) -> str:
        """A voucher's number is unique within its accounting year only."""
        return f"{self.year}-{self.voucher}"


class RoleLine(msgspec.Struct, frozen=True):
    """A line as asked for, debit positive, on an account by its role.

    `settles` is the entry of the invoice that the line pays.
    """

    role: str
    amount: Money
    supplier_number: str | None = None
    invoice_number: str | None = None
    settles: int | None = None


class AskedVoucher(msgspec.Struct, frozen=True):
    """A voucher as payments asks for it, before it is known which accounts it moves."""

    payment_id: UUID
    token: str
    voucher_on: date
    lines: tuple[RoleLine, ...]


class PostingLine(msgspec.Struct, frozen=True):
    """A line that balances by itself: debited to the supplier or account, credited to the contra."""

    contra_account: int
    amount: Money
    text: str
    account: int | None = None
    supplier_number: int | None = None
    invoice_number: str | None = None
    settles: int | None = None


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
