"""What can be asked of a debtor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from services.dunning.values import (
    Channel,
    Contact,
    Credit,
    NoticeKind,
    Terms,
)
from shared.contracts.values import Fault
from shared.money import Money


@dataclass(frozen=True, slots=True)
class LearnDebtor:
    contact: Contact


@dataclass(frozen=True, slots=True)
class LearnChannels:
    channels: tuple[Channel, ...]
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class AssignTimeline:
    """`known` are the names that the creditor has defined."""

    name: str | None
    code: str
    assigned_by: UUID
    assigned_on: date
    known: frozenset[str]


@dataclass(frozen=True, slots=True)
class ChangeGrouping:
    collective: bool
    changed_by: UUID


@dataclass(frozen=True, slots=True)
class ExcludeDebtor:
    code: str
    until_on: date | None
    excluded_by: UUID
    today_on: date


@dataclass(frozen=True, slots=True)
class IncludeDebtor:
    included_by: UUID | None
    included_on: date


@dataclass(frozen=True, slots=True)
class FreezeDebtor:
    code: Literal["insolvent", "deceased"]
    frozen_on: date
    frozen_by: UUID


@dataclass(frozen=True, slots=True)
class UnfreezeDebtor:
    unfrozen_by: UUID
    unfrozen_on: date


@dataclass(frozen=True, slots=True)
class NoteCredit:
    credit: Credit
    gross_in_base: Money | None = None


@dataclass(frozen=True, slots=True)
class NoteCreditRemaining:
    item_id: UUID
    remaining: Money
    matched_on: date | None


@dataclass(frozen=True, slots=True)
class NoteLetterSent:
    notice_id: UUID
    kind: NoticeKind
    fee: Money
    sent_on: date


@dataclass(frozen=True, slots=True)
class SeekCheck:
    check_id: UUID
    sought_at: datetime
    invoices: tuple[UUID, ...]
    asked_by: UUID | None


@dataclass(frozen=True, slots=True)
class NoteChecked:
    check_id: UUID
    complete: bool
    checked_at: datetime


@dataclass(frozen=True, slots=True)
class PlanStatement:
    """None where nothing is open, or where reminders are sent instead."""

    planned_on: date | None


@dataclass(frozen=True, slots=True)
class ListStatement:
    """Its day has come: does it stand on today's list, or why not?"""

    terms: Terms


@dataclass(frozen=True, slots=True)
class TakeStatement:
    """It goes, in these letters."""

    notices: tuple[UUID, ...]
    issued_on: date


@dataclass(frozen=True, slots=True)
class DropLetterSent:
    notice_id: UUID
    code: str


DebtorCommand = (
    LearnDebtor
    | LearnChannels
    | AssignTimeline
    | ChangeGrouping
    | ExcludeDebtor
    | IncludeDebtor
    | FreezeDebtor
    | UnfreezeDebtor
    | NoteCredit
    | NoteCreditRemaining
    | NoteLetterSent
    | SeekCheck
    | NoteChecked
    | PlanStatement
    | ListStatement
    | TakeStatement
    | DropLetterSent
)
