"""What is tried: a change of settings, and the facts that it is tried on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, time, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from services.dunning.commands import creditor as c
from services.dunning.events import debtor as d
from services.dunning.events import receivable as e
from services.dunning.model.creditor import CREDITOR, Creditor, Unlawful
from services.dunning.model.judging import against_policy, against_rules, against_timeline
from services.dunning.model.law.book import LawBook
from services.dunning.model.trial import FACTS, Fact
from services.dunning.values import ChargePolicy, ReminderRules, Timeline
from shared.eventstore.events import Recorded

_GOES_AT: Final = time(9)
"""What is known by nine in the morning decides about the letters of that day."""
_DAY: Final = timedelta(days=1)
_LATE: Final = timedelta(days=7)
_ALWAYS: Final = date(1970, 1, 1)


class Change(msgspec.Struct, frozen=True):
    """Another timeline (under its name), another main one, other charges, other rules: what is None
    stays.
    """

    timeline: Timeline | None = None
    main: str | None = None
    charges: ChargePolicy | None = None
    reminders: ReminderRules | None = None


def changed(creditor: Creditor, change: Change, by: UUID, on: date, law: LawBook) -> Creditor:
    """The creditor as it would be. Raises what setting it would raise."""
    after = creditor
    for command in commands_of(creditor, change, by, on, law):
        after = CREDITOR.fold(CREDITOR.decide(command, after), after)
    return after


def commands_of(
    creditor: Creditor, change: Change, by: UUID, on: date, law: LawBook
) -> Sequence[c.CreditorCommand]:
    """What sets it. A timeline is judged under the charges that are set with it, and they by it."""
    policy = change.charges or creditor.policy
    commands: list[c.CreditorCommand] = []
    timelines = dict(creditor.timelines)
    if change.timeline is not None:
        timelines[change.timeline.name] = change.timeline
    if change.charges is not None:
        faults = against_policy(policy, timelines, creditor.country, on, law)
        commands.append(c.SetChargePolicy(policy, by, faults))
    if change.timeline is not None:
        faults = against_timeline(change.timeline, policy, creditor.country, on, law)
        commands.append(c.DefineTimeline(change.timeline, by, faults))
    if change.main is not None:
        commands.append(c.ChooseMainTimeline(change.main, by))
    if change.reminders is not None:
        if faults := against_rules(change.reminders):
            raise Unlawful(faults)
        commands.append(c.SetReminderRules(change.reminders, by))
    return commands


def facts_of(histories: Iterable[Sequence[Recorded[Any]]], zone: ZoneInfo) -> list[Fact]:
    """What happened to a debtor and its invoices, in order, each from the first list that it counts on.

    An invoice, a match and a credit count from the day after their own where the ledger told them
    more than a week later: otherwise a ledger that was connected last week would have no last year.
    For the same reason a debtor was always what it was when it was first told of.
    """
    facts: list[tuple[int, Fact]] = []
    for history in histories:
        before, told = _ALWAYS, set[type]()
        for recorded in history:
            event: Any = recorded.event
            if type(event) not in FACTS:
                continue
            if isinstance(event, (d.DebtorLearnt, d.ChannelsLearnt)) and type(event) not in told:
                told.add(type(event))
                facts.append((recorded.position, Fact(_ALWAYS, recorded.aggregate_id, event)))
                continue
            # Within one history nothing overtakes what went before it.
            before = max(before, _counts_on(recorded, zone))
            fact = Fact(before, recorded.aggregate_id, event)
            facts.append((recorded.position, fact))
    return [fact for _, fact in sorted(facts, key=lambda one: (one[1].on, one[0]))]


def _counts_on(recorded: Recorded[Any], zone: ZoneInfo) -> date:
    told_at = recorded.meta.recorded_at.astimezone(zone)
    told_on = told_at.date() + (_DAY if told_at.time() >= _GOES_AT else timedelta())
    match recorded.event:
        case e.ReceivableOpened(invoice=invoice):
            happened_on = invoice.issued_on
        case e.PrincipalMoved(movements=movements) if movements:
            happened_on = max(one.matched_on for one in movements)
        case d.CreditSeen(credit=credit):
            happened_on = credit.dated_on
        case d.CreditMatched(matched_on=matched_on) if matched_on is not None:
            happened_on = matched_on
        case _:
            return told_on
    return happened_on + _DAY if told_on > happened_on + _LATE else told_on
