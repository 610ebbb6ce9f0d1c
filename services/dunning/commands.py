"""What can be asked of the rules, in the order of an invoice's life.

`Note…` commands carry what others said or did; the rest are asked by a person or by our own clock.
Everything that a rule needs to know arrives in the command: what is set and how the debtor stands
comes as `Terms`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from services.dunning.values import (
    Channel,
    Charge,
    ChargePolicy,
    Claimed,
    Contact,
    Country,
    Credit,
    Invoice,
    Letter,
    Movement,
    NoticeKind,
    ReminderRules,
    Terms,
    Timeline,
    WriteOffRules,
)
from shared.contracts.values import Copy, Fault
from shared.money import Money
from shared.sealed import Sealed

# ----- an invoice ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NoteInvoice:
    """The ledger tells an invoice, for the first time or again."""

    invoice: Invoice
    remaining: Money
    terms: Terms


@dataclass(frozen=True, slots=True)
class NoteCopy:
    copy_of: Copy


@dataclass(frozen=True, slots=True)
class SeekCopy:
    """The debtor asks for a copy."""

    today_on: date


@dataclass(frozen=True, slots=True)
class NoteDownload:
    """A copy of the invoice or the letter was given to the debtor, by the link in the letter `link`."""

    sha256: str
    link: UUID


@dataclass(frozen=True, slots=True)
class NoteMovements:
    """The ledger allocates: what remains, and all that stands against the invoice now.

    `unlawful` is what has been charged and, on what is known now, was never owed.
    """

    remaining: Money
    movements: tuple[Movement, ...]
    terms: Terms
    unlawful: tuple[Claimed, ...] = ()


@dataclass(frozen=True, slots=True)
class NoteWithdrawal:
    """It is gone from the ledger."""

    terms: Terms


@dataclass(frozen=True, slots=True)
class Replan:
    """Something that decides about it has changed: settings, debtor, calendar."""

    terms: Terms


@dataclass(frozen=True, slots=True)
class ListStep:
    """Its day has come: does it stand on today's list, or why not?

    `overdue` is the overdue principal of the debtor in the invoice's currency, after its credits;
    `priced` is what shows against its letter when that is priced.
    """

    terms: Terms
    overdue: Money
    priced: str | None = None


@dataclass(frozen=True, slots=True)
class IssueLetter:
    """It stands in a letter that is composed now; `step` is None on a statement."""

    notice_id: UUID
    step: int | None
    kind: NoticeKind
    level: int
    terms: Terms


@dataclass(frozen=True, slots=True)
class CountLetter:
    """The letter has left: it counts from this day, with what it charged this invoice."""

    notice_id: UUID
    charged: bool
    sent_on: date
    deadline_on: date | None
    channel: str
    added: tuple[Charge, ...]
    terms: Terms


@dataclass(frozen=True, slots=True)
class DropLetter:
    """The letter did not go, or came back with no other way to go."""

    notice_id: UUID
    code: str
    terms: Terms


@dataclass(frozen=True, slots=True)
class NoteChargeEntry:
    """The line of a posting stands in the ledger as this entry."""

    posting: int
    number: int
    entry_id: UUID


@dataclass(frozen=True, slots=True)
class SkipStep:
    """No letter can be written now, by what only shows when it is priced."""

    code: str
    terms: Terms


@dataclass(frozen=True, slots=True)
class NoteChargePaid:
    """All that has been paid of a charge, by the matches of its entry in the ledger."""

    charge_id: UUID
    paid: Money
    value_on: date


@dataclass(frozen=True, slots=True)
class WriteOffCharges:
    """Give up what is open of the charges; where time does (`aged`), of those that are old enough."""

    code: Literal["manual", "aged", "handed_over"]
    claim_waived: bool
    terms: Terms
    written_off_by: UUID | None = None
    text: Sealed | None = None


@dataclass(frozen=True, slots=True)
class NotePosted:
    """`posting` is the version of the event that sought the voucher."""

    posting: int
    voucher: str
    posted_on: date


@dataclass(frozen=True, slots=True)
class NotePostingRefused:
    posting: int
    code: str


@dataclass(frozen=True, slots=True)
class PauseInvoice:
    code: str
    until_on: date | None
    paused_by: UUID
    terms: Terms


@dataclass(frozen=True, slots=True)
class ResumeInvoice:
    resumed_by: UUID | None
    terms: Terms


@dataclass(frozen=True, slots=True)
class DisputeInvoice:
    code: str
    noted_by: UUID
    terms: Terms
    text: Sealed | None = None


@dataclass(frozen=True, slots=True)
class SettleDispute:
    upheld: bool
    settled_by: UUID
    terms: Terms


@dataclass(frozen=True, slots=True)
class IncludeHistory:
    included_by: UUID
    terms: Terms


@dataclass(frozen=True, slots=True)
class AddComment:
    text: Sealed
    written_by: UUID
    mentions: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class ConsiderCollection:
    """Its deadline has passed, or what held it has changed. `interest` has accrued beyond charges."""

    interest: Money
    terms: Terms


@dataclass(frozen=True, slots=True)
class NoteHandOver:
    case_id: UUID
    agency: str
    handed_over_on: date
    principal: Money
    charges: Money
    interest: Money
    terms: Terms


@dataclass(frozen=True, slots=True)
class NoteTakenBack:
    case_id: UUID
    code: str
    terms: Terms


ReceivableCommand = (
    NoteInvoice
    | NoteCopy
    | SeekCopy
    | NoteDownload
    | NoteMovements
    | NoteWithdrawal
    | Replan
    | ListStep
    | SkipStep
    | IssueLetter
    | CountLetter
    | DropLetter
    | NoteChargeEntry
    | NoteChargePaid
    | WriteOffCharges
    | NotePosted
    | NotePostingRefused
    | PauseInvoice
    | ResumeInvoice
    | DisputeInvoice
    | SettleDispute
    | IncludeHistory
    | AddComment
    | ConsiderCollection
    | NoteHandOver
    | NoteTakenBack
)

# ----- a letter -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ComposeNotice:
    letter: Letter
    composed_by: UUID | None = None


@dataclass(frozen=True, slots=True)
class NoteRendered:
    copy_of: Copy
    pages: int


@dataclass(frozen=True, slots=True)
class NoteSent:
    channel: str
    sent_at: datetime
    delivery: int


@dataclass(frozen=True, slots=True)
class RecallNotice:
    code: str


@dataclass(frozen=True, slots=True)
class NoteWithheld:
    pass


@dataclass(frozen=True, slots=True)
class NoteFailed:
    code: str
    was_sent: bool


NoticeCommand = (
    ComposeNotice
    | NoteRendered
    | NoteSent
    | RecallNotice
    | NoteWithheld
    | NoteFailed
    | NoteDownload
)

# ----- a debtor -----------------------------------------------------------------------------------


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
class DropStatement:
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
    | DropStatement
)

# ----- a creditor ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LearnCreditor:
    """`timeline` and `policy` are the country's lawful defaults, for one who has set nothing."""

    country: Country
    time_zone: str
    language: str
    timeline: Timeline
    policy: ChargePolicy
    name: str = ""


@dataclass(frozen=True, slots=True)
class DefineTimeline:
    """`faults` are what the law of the country has against it, each with its paragraph."""

    timeline: Timeline
    defined_by: UUID
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class ChooseMainTimeline:
    name: str
    chosen_by: UUID


@dataclass(frozen=True, slots=True)
class SetChargePolicy:
    policy: ChargePolicy
    set_by: UUID
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class SetReminderRules:
    rules: ReminderRules
    set_by: UUID


@dataclass(frozen=True, slots=True)
class SetWriteOffRules:
    rules: WriteOffRules
    set_by: UUID


@dataclass(frozen=True, slots=True)
class NoteDrift:
    """None, None where mirror and ledger agree again."""

    ledger_total: Money | None
    mirror_total: Money | None


CreditorCommand = (
    LearnCreditor
    | DefineTimeline
    | ChooseMainTimeline
    | SetChargePolicy
    | SetReminderRules
    | SetWriteOffRules
    | NoteDrift
)


# ----- a pack of reports --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FreezeReport:
    kind: Literal["quality", "month_end"]
    period: str
    known_at: datetime
    copy_of: Copy


ReportCommand = FreezeReport

# ----- a creditor's days --------------------------------------------------------------------------


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
