"""What can be asked of a day of a creditor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from shared.money import Money


@dataclass(frozen=True, slots=True)
class NoteRun:
    """A run of sync that began then has read the whole ledger."""

    as_of_at: datetime


@dataclass(frozen=True, slots=True)
class NoteControlTotal:
    ledger_total: Money
    mirror_total: Money
    read_on: date


@dataclass(frozen=True, slots=True)
class PublishList:
    listed_on: date
    invoices: int
    debtors: int
    principal: tuple[Money, ...]
    goes_at: datetime | None


DailyCommand = NoteRun | NoteControlTotal | PublishList
