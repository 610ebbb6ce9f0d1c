"""What can have happened to a debtor: who it is, how it is reached, what stands open in its favour."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from services.dunning.values import Channel, Contact, Credit, NoticeKind
from shared.contracts.values import Fault
from shared.eventstore.events import Event
from shared.money import Money


class DebtorLearnt(Event, frozen=True, tag="dunning.DebtorLearnt.v1"):
    contact: Contact


class ChannelsLearnt(Event, frozen=True, tag="dunning.ChannelsLearnt.v1"):
    channels: tuple[Channel, ...]
    faults: tuple[Fault, ...] = ()


class TimelineAssigned(Event, frozen=True, tag="dunning.TimelineAssigned.v1"):
    """Another timeline than the main one from the next step on; None is the main one again.

    Without `assigned_on` it holds from the day on which it was recorded.
    """

    name: str | None
    code: str
    assigned_by: UUID
    assigned_on: date | None = None


class GroupingChanged(Event, frozen=True, tag="dunning.GroupingChanged.v1"):
    collective: bool
    changed_by: UUID


class DebtorExcluded(Event, frozen=True, tag="dunning.DebtorExcluded.v1"):
    """Not reminded until and with a day, or until somebody says so.

    Without `from_on` it holds from the day on which it was recorded.
    """

    code: str
    until_on: date | None
    excluded_by: UUID
    from_on: date | None = None


class DebtorIncluded(Event, frozen=True, tag="dunning.DebtorIncluded.v1"):
    """`included_by` is None where the day has come by itself; `included_on` is the first day again."""

    included_by: UUID | None
    included_on: date | None = None


class DebtorFrozen(Event, frozen=True, tag="dunning.DebtorFrozen.v1"):
    code: Literal["insolvent", "deceased"]
    frozen_on: date
    frozen_by: UUID


class DebtorUnfrozen(Event, frozen=True, tag="dunning.DebtorUnfrozen.v1"):
    unfrozen_by: UUID
    unfrozen_on: date | None = None


class CreditSeen(Event, frozen=True, tag="dunning.CreditSeen.v1"):
    """A payment, credit note or other entry in the debtor's favour, matched or not."""

    credit: Credit
    gross_in_base: Money | None = None


class CreditMatched(Event, frozen=True, tag="dunning.CreditMatched.v1"):
    """So much of it is matched with nothing now; `matched_on` is None where a match was undone."""

    item_id: UUID
    remaining: Money
    matched_on: date | None


class LetterSent(Event, frozen=True, tag="dunning.LetterSent.v1"):
    """A letter counts as sent: gaps and the number of fees are counted from these."""

    notice_id: UUID
    kind: NoticeKind
    fee: Money
    sent_on: date


class CheckSought(Event, frozen=True, tag="dunning.CheckSought.v1"):
    """The open items are to be read again, and then letters go for these invoices.

    `asked_by` is None where they go by themselves.
    """

    check_id: UUID
    sought_at: datetime
    invoices: tuple[UUID, ...]
    asked_by: UUID | None = None


class CheckAnswered(Event, frozen=True, tag="dunning.CheckAnswered.v1"):
    check_id: UUID
    complete: bool
    checked_at: datetime


class StatementPlanned(Event, frozen=True, tag="dunning.StatementPlanned.v1"):
    """The day of the next statement; None where nothing is open, or reminders are sent instead."""

    planned_on: date | None


class StatementListed(Event, frozen=True, tag="dunning.StatementListed.v1"):
    """Its day has come: it stands on the list of this day."""

    planned_on: date
    listed_on: date


class StatementSkipped(Event, frozen=True, tag="dunning.StatementSkipped.v1"):
    """Its day has come and it is not on the list; recorded when the reason is another one."""

    code: str
    skipped_on: date


class StatementComposed(Event, frozen=True, tag="dunning.StatementComposed.v1"):
    """It is on its way: one letter per currency."""

    notices: tuple[UUID, ...]
    issued_on: date


class DebtorLetterFell(Event, frozen=True, tag="dunning.DebtorLetterFell.v1"):
    """A letter did not go, or came back: it does not count."""

    notice_id: UUID
    code: str


DebtorEvent = (
    DebtorLearnt
    | ChannelsLearnt
    | TimelineAssigned
    | GroupingChanged
    | DebtorExcluded
    | DebtorIncluded
    | DebtorFrozen
    | DebtorUnfrozen
    | CreditSeen
    | CreditMatched
    | LetterSent
    | CheckSought
    | CheckAnswered
    | StatementPlanned
    | StatementListed
    | StatementSkipped
    | StatementComposed
    | DebtorLetterFell
)
