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

from services.dunning.commands import debtor as c
from services.dunning.events import debtor as e
from services.dunning.values import Channel, Contact, Credit, NoticeKind, Terms
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
    statement_on: date | None = None
    """The day of its next statement; beside it where that stands on the list, or why not."""
    statement_listed_on: date | None = None
    statement_skipped: str | None = None
    statements_under_way: frozenset[UUID] = frozenset()

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

    @property
    def last_statement_on(self) -> date | None:
        sent = [one.sent_on for one in self.letters if one.kind is NoticeKind.STATEMENT]
        return max(sent, default=None)

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
            if not debtor.excluded:
                return []
            return [e.DebtorIncluded(command.included_by, command.included_on)]
        case c.FreezeDebtor():
            if debtor.frozen == command.code:
                return []
            return [e.DebtorFrozen(command.code, command.frozen_on, command.frozen_by)]
        case c.UnfreezeDebtor():
            if not debtor.frozen:
                return []
            return [e.DebtorUnfrozen(command.unfrozen_by, command.unfrozen_on)]
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
        case c.PlanStatement() | c.ListStatement() | c.TakeStatement() | c.DropLetterSent():
            return _decide_statement(command, debtor)
        case _:
            assert_never(command)


def _decide_statement(
    command: c.PlanStatement | c.ListStatement | c.TakeStatement | c.DropLetterSent, debtor: Debtor
) -> Sequence[e.DebtorEvent]:
    match command:
        case c.PlanStatement():
            if debtor.statement_on == command.planned_on:
                return []
            return [e.StatementPlanned(command.planned_on)]
        case c.ListStatement():
            return list_statement(command, debtor)
        case c.TakeStatement():
            if debtor.statement_listed_on is None:
                raise Rejected("no statement is on the list", code="not_listed")
            return [e.StatementComposed(command.notices, command.issued_on)]
        case c.DropLetterSent():
            if all(one.notice_id != command.notice_id for one in debtor.letters) and (
                command.notice_id not in debtor.statements_under_way
            ):
                return []
            return [e.DebtorLetterFell(command.notice_id, command.code)]
        case _:
            assert_never(command)


def list_statement(command: c.ListStatement, debtor: Debtor) -> Sequence[e.DebtorEvent]:
    """Told once, as a step of an invoice is: on the list, or the one reason why not."""
    terms, planned_on = command.terms, debtor.statement_on
    if planned_on is None or planned_on > terms.today_on or debtor.statements_under_way:
        return []
    if terms.today_on.weekday() not in terms.timeline.list_days:
        return []
    code = why_no_statement(terms)
    if code is not None:
        return (
            [] if debtor.statement_skipped == code else [e.StatementSkipped(code, terms.today_on)]
        )
    if debtor.statement_listed_on is not None:
        return []
    return [e.StatementListed(planned_on, terms.today_on)]


def why_no_statement(terms: Terms) -> str | None:
    """A statement says what stands in the books, so only what concerns the debtor holds it back."""
    if terms.frozen is not None:
        return terms.frozen
    if terms.excluded is not None:
        return "excluded"
    if not terms.channels:
        return "no_address"
    return "ledger_drifts" if terms.drift else None


def assign_timeline(command: c.AssignTimeline, debtor: Debtor) -> Sequence[e.DebtorEvent]:
    if command.name is not None and command.name not in command.known:
        raise Rejected(
            "there is no timeline of this name", code="unknown_timeline", field="timeline"
        )
    if debtor.timeline == command.name:
        return []
    return [
        e.TimelineAssigned(command.name, command.code, command.assigned_by, command.assigned_on)
    ]


def exclude(command: c.ExcludeDebtor, debtor: Debtor) -> Sequence[e.DebtorEvent]:
    if command.until_on is not None and command.until_on < command.today_on:
        raise Rejected("this day is over", code="in_the_past", field="until_on")
    now = debtor.excluded
    if now is not None and (now.code, now.until_on) == (command.code, command.until_on):
        return []
    return [e.DebtorExcluded(command.code, command.until_on, command.excluded_by, command.today_on)]


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
            on_its_way = debtor.statements_under_way - {event.notice_id}
            letters = (*debtor.letters, event)
            return replace(debtor, letters=letters, statements_under_way=on_its_way)
        case e.CheckSought():
            return replace(debtor, check=event)
        case e.CheckAnswered():
            at = event.checked_at if event.complete else debtor.checked_at
            return replace(debtor, check=None, checked_at=at)
        case e.StatementPlanned():
            return replace(_off_the_list(debtor), statement_on=event.planned_on)
        case e.StatementListed():
            return replace(debtor, statement_listed_on=event.listed_on, statement_skipped=None)
        case e.StatementSkipped():
            return replace(debtor, statement_listed_on=None, statement_skipped=event.code)
        case e.StatementComposed():
            on_its_way = frozenset(event.notices)
            return replace(_off_the_list(debtor), statements_under_way=on_its_way)
        case e.DebtorLetterFell():
            kept = tuple(one for one in debtor.letters if one.notice_id != event.notice_id)
            on_its_way = debtor.statements_under_way - {event.notice_id}
            return replace(debtor, letters=kept, statements_under_way=on_its_way)
        case _:
            assert_never(event)


def _off_the_list(debtor: Debtor) -> Debtor:
    return replace(debtor, statement_listed_on=None, statement_skipped=None)


def _with_credit(debtor: Debtor, credit: Credit) -> Debtor:
    return replace(debtor, credits={**debtor.credits, credit.item_id: credit})


DEBTOR: Decider[c.DebtorCommand, Debtor, e.DebtorEvent] = Decider(decide, evolve, Debtor())
