"""A debtor: who owes, how it is reached, how it wants to be treated, and what stands in its favour.

Also the one stream that all letters to a debtor pass, so that two of them cannot be counted at once.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import assert_never
from uuid import UUID

import msgspec

from services.dunning import commands as c
from services.dunning.events import debtor as e
from services.dunning.values import Channel, Contact, Credit
from shared.contracts.values import Fault
from shared.decider import Decider, Rejected
from shared.money import Money


@dataclass(frozen=True, slots=True)
class Debtor:
    """`credits` are the postings that are not fully matched; `check` is asked for and not answered.

    Until notifications has said how it is reached, it is believed to be reachable by mail and post.
    """

    contact: Contact | None = None
    channels: tuple[Channel, ...] = ("mail", "letter")
    timeline: str | None = None
    collective: bool | None = None
    excluded: e.DebtorExcluded | None = None
    frozen: str | None = None
    credits: Mapping[UUID, Credit] = field(default_factory=dict)
    letters: tuple[e.LetterSent, ...] = ()
    check: e.CheckSought | None = None
    checked_at: datetime | None = None
    faults: tuple[Fault, ...] = ()

    @property
    def known(self) -> Contact:
        if self.contact is None:
            raise Rejected("there is no such debtor", code="unknown_debtor")
        return self.contact

    def credit_sums(self) -> dict[str, Money]:
        sums: dict[str, Money] = {}
        for credit in self.credits.values():
            if credit.remaining.minor > 0:
                currency = credit.remaining.currency
                sums[currency] = sums.get(currency, Money.zero(currency)) + credit.remaining
        return sums

    def fee_letters_since(self, day: date, apart_from: Collection[UUID]) -> int:
        """How many letters with a fee were sent on a day or later, apart from some."""
        return sum(
            one.sent_on >= day and bool(one.fee) and one.notice_id not in apart_from
            for one in self.letters
        )


def decide(command: c.DebtorCommand, debtor: Debtor) -> Sequence[e.DebtorEvent]:  # noqa: C901, PLR0912  a closed union
    """Answer a command with the events it causes; none if it changes nothing."""
    match command:
        case c.LearnDebtor():
            if debtor.contact == command.contact:
                return []
            return [e.DebtorLearnt(command.contact)]
        case c.LearnChannels():
            if (debtor.channels, debtor.faults) == (command.channels, command.faults):
                return []
            return [e.ChannelsLearnt(command.channels, command.faults)]
        case c.AssignTimeline():
            return assign_timeline(command, debtor)
        case c.ChangeGrouping():
            if debtor.collective == command.collective:
                return []
            return [e.GroupingChanged(command.collective, command.changed_by)]
        case c.ExcludeDebtor():
            return exclude(command, debtor)
        case c.IncludeDebtor():
            return [e.DebtorIncluded(command.included_by)] if debtor.excluded else []
        case c.FreezeDebtor():
            if debtor.frozen == command.code:
                return []
            return [e.DebtorFrozen(command.code, command.frozen_on, command.frozen_by)]
        case c.UnfreezeDebtor():
            return [e.DebtorUnfrozen(command.unfrozen_by)] if debtor.frozen else []
        case c.NoteCredit():
            return note_credit(command, debtor)
        case c.NoteCreditRemaining():
            known = debtor.credits.get(command.item_id)
            if known is None or known.remaining == command.remaining:
                return []
            return [e.CreditMatched(command.item_id, command.remaining, command.matched_on)]
        case c.NoteLetterSent():
            if any(one.notice_id == command.notice_id for one in debtor.letters):
                return []
            return [e.LetterSent(command.notice_id, command.kind, command.fee, command.sent_on)]
        case c.SeekCheck():
            return seek_check(command, debtor)
        case c.NoteChecked():
            if debtor.check is None or debtor.check.check_id != command.check_id:
                return []
            return [e.CheckAnswered(command.check_id, command.complete, command.checked_at)]
        case _:
            assert_never(command)


def assign_timeline(command: c.AssignTimeline, debtor: Debtor) -> Sequence[e.DebtorEvent]:
    if command.name is not None and command.name not in command.known:
        raise Rejected(
            "there is no timeline of this name", code="unknown_timeline", field="timeline"
        )
    if debtor.timeline == command.name:
        return []
    return [e.TimelineAssigned(command.name, command.code, command.assigned_by)]


def exclude(command: c.ExcludeDebtor, debtor: Debtor) -> Sequence[e.DebtorEvent]:
    if command.until_on is not None and command.until_on < command.today_on:
        raise Rejected("this day is over", code="in_the_past", field="until_on")
    now = debtor.excluded
    if now is not None and (now.code, now.until_on) == (command.code, command.until_on):
        return []
    return [e.DebtorExcluded(command.code, command.until_on, command.excluded_by)]


def note_credit(command: c.NoteCredit, debtor: Debtor) -> Sequence[e.DebtorEvent]:
    """Told again, a credit may have changed; what remains of it comes with the matches."""
    if command.credit.item_id in debtor.credits:
        remaining = c.NoteCreditRemaining(command.credit.item_id, command.credit.remaining, None)
        return decide(remaining, debtor)
    return [e.CreditSeen(command.credit, command.gross_in_base)]


def seek_check(command: c.SeekCheck, debtor: Debtor) -> Sequence[e.DebtorEvent]:
    """One at a time: who asks for more letters meanwhile asks again with all of them."""
    pending = debtor.check
    if pending is not None and set(command.invoices) <= set(pending.invoices):
        return []
    invoices = tuple(sorted({*command.invoices, *(pending.invoices if pending else ())}))
    return [e.CheckSought(command.check_id, command.sought_at, invoices, command.asked_by)]


def evolve(debtor: Debtor, event: e.DebtorEvent) -> Debtor:  # noqa: C901, PLR0912  a closed union
    match event:
        case e.DebtorLearnt():
            return replace(debtor, contact=event.contact)
        case e.ChannelsLearnt():
            return replace(debtor, channels=event.channels, faults=event.faults)
        case e.TimelineAssigned():
            return replace(debtor, timeline=event.name)
        case e.GroupingChanged():
            return replace(debtor, collective=event.collective)
        case e.DebtorExcluded():
            return replace(debtor, excluded=event)
        case e.DebtorIncluded():
            return replace(debtor, excluded=None)
        case e.DebtorFrozen():
            return replace(debtor, frozen=event.code)
        case e.DebtorUnfrozen():
            return replace(debtor, frozen=None)
        case e.CreditSeen():
            return _with_credit(debtor, event.credit)
        case e.CreditMatched():
            known = debtor.credits[event.item_id]
            return _with_credit(debtor, msgspec.structs.replace(known, remaining=event.remaining))
        case e.LetterSent():
            return replace(debtor, letters=(*debtor.letters, event))
        case e.CheckSought():
            return replace(debtor, check=event)
        case e.CheckAnswered():
            at = event.checked_at if event.complete else debtor.checked_at
            return replace(debtor, check=None, checked_at=at)
        case _:
            assert_never(event)


def _with_credit(debtor: Debtor, credit: Credit) -> Debtor:
    return replace(debtor, credits={**debtor.credits, credit.item_id: credit})


DEBTOR: Decider[c.DebtorCommand, Debtor, e.DebtorEvent] = Decider(decide, evolve, Debtor())
