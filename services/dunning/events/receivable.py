"""What can have happened to a customer's invoice, in the order of its life."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from services.dunning.values import (
    Charge,
    Claimed,
    DebtorKind,
    Invoice,
    Movement,
    NoticeKind,
    Plan,
    WriteOff,
)
from shared.contracts.values import Copy
from shared.eventstore.events import Event
from shared.money import Money
from shared.sealed import Sealed


class ReceivableOpened(Event, frozen=True, tag="dunning.ReceivableOpened.v1"):
    """An invoice stands in the ledger; `remaining` of it, before any match is told."""

    invoice: Invoice
    remaining: Money


class ReceivableRestated(Event, frozen=True, tag="dunning.ReceivableRestated.v1"):
    """The ledger says something else of it."""

    invoice: Invoice


class CopyNoted(Event, frozen=True, tag="dunning.CopyNoted.v1"):
    copy_of: Copy


class InvoiceCopySought(Event, frozen=True, tag="dunning.InvoiceCopySought.v1"):
    """The debtor wants a copy that is not kept yet. Recorded once a day."""

    sought_on: date


class InvoiceCopyDownloaded(Event, frozen=True, tag="dunning.InvoiceCopyDownloaded.v1"):
    """The debtor has fetched this very document, by the link in the letter `link`."""

    sha256: str
    link: UUID


class PrincipalMoved(Event, frozen=True, tag="dunning.PrincipalMoved.v1"):
    """What remains of its principal, and all movements that stand now."""

    remaining: Money
    movements: tuple[Movement, ...]


class ReceivableSettled(Event, frozen=True, tag="dunning.ReceivableSettled.v1"):
    """No principal is owed any more, from this day."""

    settled_on: date


class ReceivableReopened(Event, frozen=True, tag="dunning.ReceivableReopened.v1"):
    principal: Money


class ReceivableWithdrawn(Event, frozen=True, tag="dunning.ReceivableWithdrawn.v1"):
    """It is gone from the ledger."""


class StepPlanned(Event, frozen=True, tag="dunning.StepPlanned.v1"):
    """The next letter and its day, by its facts and the calendar; None where there is none."""

    plan: Plan | None


class StepListed(Event, frozen=True, tag="dunning.StepListed.v1"):
    """Its day has come: it stands on the list of this day."""

    step: int
    kind: NoticeKind
    level: int
    planned_on: date
    listed_on: date


class StepSkipped(Event, frozen=True, tag="dunning.StepSkipped.v1"):
    """Its day has come and it is not on the list; recorded when the reason is another one."""

    code: str
    skipped_on: date


class LetterIssued(Event, frozen=True, tag="dunning.LetterIssued.v1"):
    """It stands in a letter that is on its way."""

    notice_id: UUID
    step: int | None
    kind: NoticeKind
    level: int
    issued_on: date


class LetterCounted(Event, frozen=True, tag="dunning.LetterCounted.v1"):
    """The letter counts as sent, on this day in law; its step is done. `principal` was open then.

    `deadline_on` is what a reminder or warning sets. `delivery` counts from one.
    """

    notice_id: UUID
    step: int | None
    kind: NoticeKind
    level: int
    charged: bool
    sent_on: date
    deadline_on: date | None
    principal: Money
    channel: str


class LetterFell(Event, frozen=True, tag="dunning.LetterFell.v1"):
    """The letter did not go, or came back: its step stands as before and nothing was charged by it."""

    notice_id: UUID
    code: str


class ChargeAdded(Event, frozen=True, tag="dunning.ChargeAdded.v1"):
    """`level` and `category` are those of the letter that made it.

    On `ages_on` what is open of it is given up, by the rule of the day on which it was made.
    """

    charge: Charge
    charged_on: date
    notice_id: UUID | None = None
    level: int | None = None
    category: NoticeKind | None = None
    ages_on: date | None = None


class ChargeEntryNoted(Event, frozen=True, tag="dunning.ChargeEntryNoted.v1"):
    """The charge stands in the ledger as this entry: what is matched with it pays the charge."""

    charge_id: UUID
    entry_id: UUID


class ChargePaid(Event, frozen=True, tag="dunning.ChargePaid.v1"):
    """All that is paid of a charge by now, and what was paid last on `value_on`."""

    charge_id: UUID
    paid: Money
    value_on: date


class ChargesWrittenOff(Event, frozen=True, tag="dunning.ChargesWrittenOff.v1"):
    """Given up in the books; the debtor still owes them unless `claim_waived`."""

    amounts: tuple[Claimed, ...]
    code: WriteOff
    claim_waived: bool
    written_off_on: date
    written_off_by: UUID | None = None
    text: Sealed | None = None


class ChargesReversed(Event, frozen=True, tag="dunning.ChargesReversed.v1"):
    """They were wrong or became so: taken back in a new line."""

    amounts: tuple[Claimed, ...]
    code: str
    reversed_on: date


class PostingSought(Event, frozen=True, tag="dunning.PostingSought.v1"):
    """A voucher is to be bookkept, one line per charge: positive is charged, negative given up.

    Its token follows from the place of this event in the invoice's history (`model/naming.py`), and so
    does the line of each charge.
    """

    voucher_on: date
    amounts: tuple[Claimed, ...]


class PostingDone(Event, frozen=True, tag="dunning.PostingDone.v1"):
    """`posting` is the version of the event that sought it."""

    posting: int
    voucher: str
    posted_on: date


class PostingFailed(Event, frozen=True, tag="dunning.PostingFailed.v1"):
    posting: int
    code: str


class InvoicePaused(Event, frozen=True, tag="dunning.InvoicePaused.v1"):
    """`until_on` counts as paused; None until somebody says so. `from_on` is the first day of it."""

    code: str
    from_on: date
    until_on: date | None
    paused_by: UUID


class InvoiceResumed(Event, frozen=True, tag="dunning.InvoiceResumed.v1"):
    """`resumed_by` is None where its day has come by itself."""

    resumed_on: date
    resumed_by: UUID | None


class InvoiceDisputed(Event, frozen=True, tag="dunning.InvoiceDisputed.v1"):
    code: str
    disputed_on: date
    noted_by: UUID
    text: Sealed | None = None


class DisputeSettled(Event, frozen=True, tag="dunning.DisputeSettled.v1"):
    """`upheld` says that the debtor was right."""

    upheld: bool
    settled_on: date
    settled_by: UUID


class HistoryIncluded(Event, frozen=True, tag="dunning.HistoryIncluded.v1"):
    """Booked before the ledger was connected, and followed up from now on because somebody says so."""

    included_by: UUID


class CommentAdded(Event, frozen=True, tag="dunning.CommentAdded.v1"):
    """A word among colleagues, never shown to the debtor; `mentions` are told of it."""

    text: Sealed
    written_by: UUID
    mentions: tuple[UUID, ...] = ()


class BecameReady(Event, frozen=True, tag="dunning.BecameReady.v1"):
    """Warned, its deadline passed, principal open. `interest` has accrued beyond the charges made."""

    ready_on: date
    warned_on: date
    deadline_on: date
    principal: Money
    charges: Money
    interest: Money
    debtor_kind: DebtorKind
    country: str


class HeldFromCollection(Event, frozen=True, tag="dunning.HeldFromCollection.v1"):
    """It would be ready and is not. `blocking` is what an unmatched item amounts to."""

    code: str
    principal: Money
    blocking: Money | None = None


class HandedOver(Event, frozen=True, tag="dunning.HandedOver.v1"):
    """With an agency: no letter of ours goes any more. `interest` was told to it and is not posted."""

    case_id: UUID
    agency: str
    handed_over_on: date
    principal: Money
    charges: Money
    interest: Money
    ages_on: date | None = None


class TakenBack(Event, frozen=True, tag="dunning.TakenBack.v1"):
    """Ours again: recalled by the creditor, refused by the agency, or the case is closed unpaid."""

    case_id: UUID
    code: str
    taken_back_on: date


ReceivableEvent = (
    ReceivableOpened
    | ReceivableRestated
    | CopyNoted
    | InvoiceCopySought
    | InvoiceCopyDownloaded
    | PrincipalMoved
    | ReceivableSettled
    | ReceivableReopened
    | ReceivableWithdrawn
    | StepPlanned
    | StepListed
    | StepSkipped
    | LetterIssued
    | LetterCounted
    | LetterFell
    | ChargeAdded
    | ChargeEntryNoted
    | ChargePaid
    | ChargesWrittenOff
    | ChargesReversed
    | PostingSought
    | PostingDone
    | PostingFailed
    | InvoicePaused
    | InvoiceResumed
    | InvoiceDisputed
    | DisputeSettled
    | HistoryIncluded
    | CommentAdded
    | BecameReady
    | HeldFromCollection
    | HandedOver
    | TakenBack
)
