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

RUN: Final = "sync.run"


class ReadStep(msgspec.Struct, frozen=True):
    """One step of a run: a page after the cursor, or the whole open set."""

    run_id: UUID
    step: Literal["suppliers", "entries", "open_set"]
    cursor: str | None = None


class FetchCopy(msgspec.Struct, frozen=True):
    year: str
    voucher: int


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
