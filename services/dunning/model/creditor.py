"""A creditor: where it is at home, what it has set, and how its ledger stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, assert_never
from zoneinfo import ZoneInfo

from services.dunning import commands as c
from services.dunning.events import creditor as e
from services.dunning.model.facts import HOME
from services.dunning.values import ChargePolicy, Country, ReminderRules, Timeline, WriteOffRules
from shared.contracts.values import Fault
from shared.decider import Decider, Rejected

MAIN: Final = "main"
"""The name of the timeline that every creditor begins with."""


class Unlawful(Rejected):
    """What the law has against a setting. The first of the faults is told as any refusal is."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        first = faults[0]
        super().__init__(first.expected or first.code, code=first.code, field=first.field)
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Creditor:
    """A client. Until tenants has told of it, it is taken to be at home in Denmark.

    `versions` count what was defined under a name, and what was set of each kind.
    """

    country: Country = "DK"
    time_zone: str = "Europe/Copenhagen"
    language: str = "da"
    name: str = ""
    timelines: Mapping[str, Timeline] = field(default_factory=dict)
    main: str = MAIN
    policy: ChargePolicy = field(default_factory=ChargePolicy)
    rules: ReminderRules = field(default_factory=ReminderRules)
    write_offs: WriteOffRules = field(default_factory=WriteOffRules)
    versions: Mapping[str, int] = field(default_factory=dict)
    drift: bool = False

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def home_currency(self) -> str:
        return HOME[self.country]

    def timeline_of(self, name: str | None) -> Timeline | None:
        """The named one, or the main one; None before any is defined."""
        return self.timelines.get(name or self.main) or self.timelines.get(self.main)


def decide(  # noqa: C901  a closed union
    command: c.CreditorCommand, creditor: Creditor
) -> Sequence[e.CreditorEvent]:
    match command:
        case c.LearnCreditor():
            return learn(command, creditor)
        case c.DefineTimeline():
            return define_timeline(command, creditor)
        case c.ChooseMainTimeline():
            if command.name not in creditor.timelines:
                raise Rejected("there is no such timeline", code="unknown_timeline", field="name")
            if command.name == creditor.main:
                return []
            return [e.MainTimelineChosen(command.name, command.chosen_by)]
        case c.SetChargePolicy():
            _refuse(command.faults)
            if command.policy == creditor.policy:
                return []
            version = _next(creditor, "charges")
            return [e.ChargePolicySet(command.policy, version, command.set_by)]
        case c.SetReminderRules():
            return set_rules(command, creditor)
        case c.SetWriteOffRules():
            if command.rules == creditor.write_offs:
                return []
            version = _next(creditor, "write_offs")
            return [e.WriteOffRulesSet(command.rules, version, command.set_by)]
        case c.NoteDrift():
            return note_drift(command, creditor)
        case _:
            assert_never(command)


def learn(command: c.LearnCreditor, creditor: Creditor) -> Sequence[e.CreditorEvent]:
    """One who has set nothing begins with the lawful defaults of its country."""
    events: list[e.CreditorEvent] = []
    told = (command.country, command.time_zone, command.language, command.name)
    if not creditor.timelines or told != (
        creditor.country,
        creditor.time_zone,
        creditor.language,
        creditor.name,
    ):
        events.append(e.CreditorLearnt(*told))
    if not creditor.timelines:
        events.append(e.TimelineDefined(command.timeline, 1))
        events.append(e.MainTimelineChosen(command.timeline.name))
        events.append(e.ChargePolicySet(command.policy, 1))
    return events


def define_timeline(command: c.DefineTimeline, creditor: Creditor) -> Sequence[e.CreditorEvent]:
    """Under a name that is there it replaces that one, from each debtor's next step on."""
    _refuse(command.faults)
    timeline = command.timeline
    if not timeline.name or not timeline.steps or not timeline.list_days:
        field_ = "name" if not timeline.name else "steps" if not timeline.steps else "list_days"
        raise Rejected("a timeline has a name, steps and days", code="incomplete", field=field_)
    days = [step.after_days for step in timeline.steps]
    if days != sorted(set(days)):
        raise Rejected("each step comes after the one before", code="out_of_order", field="steps")
    if creditor.timelines.get(timeline.name) == timeline:
        return []
    version = _next(creditor, f"timeline:{timeline.name}")
    return [e.TimelineDefined(timeline, version, command.defined_by)]


def set_rules(command: c.SetReminderRules, creditor: Creditor) -> Sequence[e.CreditorEvent]:
    currencies = [one.currency for one in command.rules.minimum]
    if len(currencies) != len(set(currencies)):
        raise Rejected("one minimum per currency", code="currency_twice", field="minimum")
    if any(one.minor < 0 for one in command.rules.minimum):
        raise Rejected("a minimum is not negative", code="negative", field="minimum")
    if command.rules == creditor.rules:
        return []
    return [e.ReminderRulesSet(command.rules, _next(creditor, "rules"), command.set_by)]


def note_drift(command: c.NoteDrift, creditor: Creditor) -> Sequence[e.CreditorEvent]:
    if command.ledger_total is None or command.mirror_total is None:
        return [e.DriftGone()] if creditor.drift else []
    return [] if creditor.drift else [e.DriftNoted(command.ledger_total, command.mirror_total)]


def _refuse(faults: Sequence[Fault]) -> None:
    if faults:
        raise Unlawful(faults)


def _next(creditor: Creditor, what: str) -> int:
    return creditor.versions.get(what, 0) + 1


def evolve(creditor: Creditor, event: e.CreditorEvent) -> Creditor:
    match event:
        case e.CreditorLearnt():
            return replace(
                creditor,
                country=event.country,
                time_zone=event.time_zone,
                language=event.language,
                name=event.name,
            )
        case e.TimelineDefined():
            name = event.timeline.name
            timelines = {**creditor.timelines, name: event.timeline}
            return _set(replace(creditor, timelines=timelines), f"timeline:{name}", event.version)
        case e.MainTimelineChosen():
            return replace(creditor, main=event.name)
        case e.ChargePolicySet():
            return _set(replace(creditor, policy=event.policy), "charges", event.version)
        case e.ReminderRulesSet():
            return _set(replace(creditor, rules=event.rules), "rules", event.version)
        case e.WriteOffRulesSet():
            return _set(replace(creditor, write_offs=event.rules), "write_offs", event.version)
        case e.DriftNoted():
            return replace(creditor, drift=True)
        case e.DriftGone():
            return replace(creditor, drift=False)
        case _:
            assert_never(event)


def _set(creditor: Creditor, what: str, version: int) -> Creditor:
    return replace(creditor, versions={**creditor.versions, what: version})


CREDITOR: Decider[c.CreditorCommand, Creditor, e.CreditorEvent] = Decider(
    decide, evolve, Creditor()
)
