"""What intents and due work are called, and what they carry to those who perform them."""

from __future__ import annotations

from datetime import date
from typing import Final, Literal
from uuid import UUID

import msgspec

from services.sync.values import PostingLine
from shared.contracts.values import SealedAccount
from shared.money import Money

READ: Final = "ledger.read"
COPY: Final = "ledger.copy"
POST: Final = "ledger.post"
BOOK: Final = "ledger.book_invoice"
CHECK: Final = "ledger.check"

RUN: Final = "sync.run"


class ReadStep(msgspec.Struct, frozen=True):
    """One step of a run: a page after the cursor, or the whole open set."""

    run_id: UUID
    step: Literal["suppliers", "customers", "entries", "open_set"]
    cursor: str | None = None
    since: str | None = None


class FetchCopy(msgspec.Struct, frozen=True):
    """The document of a voucher, or of a customer's invoice by its number."""

    year: str
    voucher: int
    invoice_number: int | None = None


class CheckItems(msgspec.Struct, frozen=True):
    check_id: UUID
    customer_number: str


class PostVoucher(msgspec.Struct, frozen=True):
    token: str
    attempt: int
    voucher_on: date
    lines: tuple[PostingLine, ...]
    after_entry: int


class BookDocument(msgspec.Struct, frozen=True):
    token: str
    attempt: int
    voucher_on: date
    supplier_number: int
    invoice_number: str
    amount: Money
    due_on: date | None
    contra_account: int
    vat_code: str | None
    account: SealedAccount | None
    after_entry: int
