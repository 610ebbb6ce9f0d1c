"""What can be asked of an invoice, in the order of its life.

`Note…` commands carry what others said or did; the rest are asked by a person or by our own clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from services.dunning.commands.notice import NoteDownload
from services.dunning.values import (
    Charge,
    Claimed,
    Invoice,
    Movement,
    NoticeKind,
    Terms,
)
from shared.contracts.values import Copy
from shared.money import Money
from shared.sealed import Sealed


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
class TakeBackCharges:
    """Something became known by which these were never owed: who the debtor is, or a payment before."""

    unlawful: tuple[Claimed, ...]
    terms: Terms


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
    """Its deadline has passed, what held it has changed, or what was told of it has grown old."""

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
    | TakeBackCharges
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
