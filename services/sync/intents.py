"""What intents carry to their performers."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

import msgspec

from services.sync.events import PostingLine
from shared.contracts.values import SealedAccount
from shared.money import Money


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
