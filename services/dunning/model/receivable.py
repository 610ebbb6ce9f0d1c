"""What the history of one customer's invoice adds up to.

    open --StepListed--> on the list --LetterIssued--> letter on its way --LetterCounted--> open, next step
      |                     |  ^                            |
      |          StepSkipped'--' again, when it may         '--LetterFell--> open, same step
      |--PrincipalMoved to nothing--> settled --ReceivableReopened--> open, where it was
      |--BecameReady--> ready --HandedOver--> with an agency --TakenBack--> open
      '--ReceivableWithdrawn--> gone

Paused and disputed stand beside these: they move or stop the next step and change nothing that was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Final, assert_never
from uuid import UUID

import msgspec

from services.dunning.events import receivable as e
from services.dunning.values import Charge, Invoice, Movement, NoticeKind, Plan, WriteOff
from shared.decider import Rejected
from shared.money import Money

POSTED: Final = "posted"


class State(StrEnum):
    NEW = "new"
    OPEN = "open"
    SETTLED = "settled"
    AT_AGENCY = "at_agency"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Charged:
    """A charge as it stands. `line` is where it is bookkept: the posting's version, and its number."""

    charge: Charge
    charged_on: date
    paid: Money
    written_off: Money
    reversed: Money
    waived: bool = False
    written_off_as: WriteOff | None = None
    line: tuple[int, int] | None = None
    notice_id: UUID | None = None
    ages_on: date | None = None
    entry_id: UUID | None = None

    @property
    def lawful(self) -> Money:
        """What it came to once corrected."""
        return self.charge.amount - self.reversed

    @property
    def open(self) -> Money:
        """What is open of it in the books."""
        return self.lawful - self.paid - self.written_off


@dataclass(frozen=True, slots=True)
class Sent:
    """A letter that counts."""

    notice_id: UUID
    kind: NoticeKind
    step: int | None
    level: int
    charged: bool
    sent_on: date
    deadline_on: date | None


UPHELD: Final = "upheld"
"""A pause after a dispute in which the debtor was right, until people have seen to what is owed."""


@dataclass(frozen=True, slots=True)
class Pause:
    code: str
    until_on: date | None


@dataclass(frozen=True, slots=True)
class Receivable:
    """An invoice as it is now. `told` is there from the first event on.

    `under_way` is the letter that it stands in and that has not been sent yet; `skipped` why it is
    not on the list although its day has come; `resumed_on` the first day after its last pause.
    """

    state: State = State.NEW
    told: Invoice | None = None
    remaining: Money | None = None
    movements: tuple[Movement, ...] = ()
    plan: Plan | None = None
    listed_on: date | None = None
    skipped: str | None = None
    under_way: e.LetterIssued | None = None
    sent: tuple[Sent, ...] = ()
    charges: Mapping[UUID, Charged] = field(default_factory=dict)
    postings: Mapping[int, str | None] = field(default_factory=dict)
    """By the version of the event that sought each: None while asked for, then `posted` or its fault."""
    pause: Pause | None = None
    resumed_on: date | None = None
    disputed: str | None = None
    taken_back: str | None = None
    """Why it came back from an agency; it rests until a person lets it go on."""
    included: bool = False
    ready: e.BecameReady | None = None
    held: str | None = None
    case: e.HandedOver | None = None
    copy_sought_on: date | None = None
    version: int = 0
    """How many events there have been."""

    @property
    def invoice(self) -> Invoice:
        if self.told is None:
            raise Rejected("there is no such invoice", code="unknown_invoice")
        return self.told

    @property
    def principal(self) -> Money:
        """What is open of the invoice itself."""
        return Money.zero(self.invoice.gross.currency) if self.remaining is None else self.remaining

    @property
    def open_charges(self) -> Money:
        total = Money.zero(self.invoice.gross.currency)
        for charged in self.charges.values():
            total += charged.open
        return total

    @property
    def letters(self) -> tuple[Sent, ...]:
        """Those that are steps of a timeline: statements are not."""
        return tuple(one for one in self.sent if one.step is not None)

    @property
    def warning(self) -> Sent | None:
        """The last letter, where that warned of collection."""
        return self.letters[-1] if self.letters and self.letters[-1].kind == "warning" else None

    @property
    def is_followed(self) -> bool:
        """Whether reminders go at all: it is open, ours, and nobody else's business."""
        invoice = self.invoice
        return (
            self.state is State.OPEN
            and not invoice.dunned_elsewhere
            and (not invoice.historical or self.included)
        )


def evolve(before: Receivable, event: e.ReceivableEvent) -> Receivable:
    """The invoice after an event. What is recorded has happened: nothing is refused here."""
    return replace(_evolve(before, event), version=before.version + 1)


def _evolve(  # noqa: C901, PLR0912, PLR0915  a closed union
    before: Receivable, event: e.ReceivableEvent
) -> Receivable:
    match event:
        case e.ReceivableOpened():
            state = State.OPEN if event.remaining.minor > 0 else State.SETTLED
            return replace(before, state=state, told=event.invoice, remaining=event.remaining)
        case e.ReceivableRestated():
            return replace(before, told=event.invoice)
        case e.CopyNoted():
            told = _with_copy(before.invoice, event)
            return replace(before, told=told)
        case e.InvoiceCopySought():
            return replace(before, copy_sought_on=event.sought_on)
        case e.InvoiceCopyDownloaded():
            return before
        case e.PrincipalMoved():
            return replace(before, remaining=event.remaining, movements=event.movements)
        case e.ReceivableSettled():
            return _off_the_list(replace(before, state=State.SETTLED, ready=None, held=None))
        case e.ReceivableReopened():
            return replace(before, state=State.OPEN)
        case e.ReceivableWithdrawn():
            return _off_the_list(replace(before, state=State.WITHDRAWN, ready=None, held=None))
        case e.StepPlanned():
            return replace(_off_the_list(before), plan=event.plan)
        case e.StepListed():
            return replace(before, listed_on=event.listed_on, skipped=None)
        case e.StepSkipped():
            return replace(before, listed_on=None, skipped=event.code)
        case e.LetterIssued():
            return replace(before, under_way=event, listed_on=None)
        case e.LetterCounted():
            sent = Sent(
                event.notice_id,
                event.kind,
                event.step,
                event.level,
                event.charged,
                event.sent_on,
                event.deadline_on,
            )
            return replace(before, under_way=None, sent=(*before.sent, sent))
        case e.LetterFell():
            sent_ = tuple(one for one in before.sent if one.notice_id != event.notice_id)
            fell = before.under_way is not None and before.under_way.notice_id == event.notice_id
            return replace(before, under_way=None if fell else before.under_way, sent=sent_)
        case e.ChargeAdded():
            zero = Money.zero(event.charge.amount.currency)
            charged = Charged(
                event.charge,
                event.charged_on,
                zero,
                zero,
                zero,
                notice_id=event.notice_id,
                ages_on=event.ages_on,
            )
            return _with_charge(before, charged)
        case e.ChargeEntryNoted():
            one = before.charges[event.charge_id]
            return _with_charge(before, replace(one, entry_id=event.entry_id))
        case e.ChargePaid():
            return _with_charge(before, replace(before.charges[event.charge_id], paid=event.paid))
        case e.ChargesWrittenOff():
            after = before
            for claimed in event.amounts:
                one = after.charges[claimed.charge_id]
                waived = one.waived or event.claim_waived
                given_up = replace(
                    one,
                    written_off=one.written_off + claimed.amount,
                    waived=waived,
                    written_off_as=event.code,
                )
                after = _with_charge(after, given_up)
            return after
        case e.ChargesReversed():
            after = before
            for claimed in event.amounts:
                one = after.charges[claimed.charge_id]
                after = _with_charge(after, replace(one, reversed=one.reversed + claimed.amount))
            return after
        case e.PostingSought():
            after, posting = before, before.version + 1
            for number, claimed in enumerate(event.amounts, start=1):
                one = after.charges[claimed.charge_id]
                if one.line is None:
                    after = _with_charge(after, replace(one, line=(posting, number)))
            return replace(after, postings={**before.postings, posting: None})
        case e.PostingDone():
            return replace(before, postings={**before.postings, event.posting: POSTED})
        case e.PostingFailed():
            return replace(before, postings={**before.postings, event.posting: event.code})
        case e.InvoicePaused():
            pause = Pause(event.code, event.until_on)
            return replace(before, pause=pause)
        case e.InvoiceResumed():
            return replace(before, pause=None, taken_back=None, resumed_on=event.resumed_on)
        case e.InvoiceDisputed():
            return replace(before, disputed=event.code)
        case e.DisputeSettled():
            before = replace(before, disputed=None, resumed_on=event.settled_on)
            # The credit note is still to come: people see to it before anything goes on.
            return replace(before, pause=Pause(UPHELD, None)) if event.upheld else before
        case e.HistoryIncluded():
            return replace(before, included=True)
        case e.CommentAdded():
            return before
        case e.BecameReady():
            return replace(before, ready=event, held=None)
        case e.HeldFromCollection():
            return replace(before, ready=None, held=event.code)
        case e.HandedOver():
            before = replace(before, state=State.AT_AGENCY, case=event, taken_back=None)
            return replace(_off_the_list(before), ready=None, held=None)
        case e.TakenBack():
            # Whether it is owed is said by what follows; what is gone from the ledger stays gone.
            gone = before.state is State.WITHDRAWN
            state = State.WITHDRAWN if gone else State.OPEN
            return replace(before, state=state, case=None, taken_back=event.code)
        case _:
            assert_never(event)


def _off_the_list(before: Receivable) -> Receivable:
    return replace(before, listed_on=None, skipped=None)


def _with_copy(invoice: Invoice, event: e.CopyNoted) -> Invoice:
    return msgspec.structs.replace(invoice, copy_of=event.copy_of)


def _with_charge(before: Receivable, charged: Charged) -> Receivable:
    return replace(before, charges={**before.charges, charged.charge.charge_id: charged})
