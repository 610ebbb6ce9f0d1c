"""What can have happened to a creditor: what it has set, and how its ledger stands."""

from __future__ import annotations

from uuid import UUID

from services.dunning.values import ChargePolicy, Country, ReminderRules, Timeline, WriteOffRules
from shared.eventstore.events import Event
from shared.money import Money


class CreditorLearnt(Event, frozen=True, tag="dunning.CreditorLearnt.v1"):
    """`name` is what debtors know the company by."""

    country: Country
    time_zone: str
    language: str
    name: str = ""


class TimelineDefined(Event, frozen=True, tag="dunning.TimelineDefined.v1"):
    """`version` counts the definitions of one name; letters already sent keep what they were."""

    timeline: Timeline
    version: int
    defined_by: UUID | None = None


class MainTimelineChosen(Event, frozen=True, tag="dunning.MainTimelineChosen.v1"):
    name: str
    chosen_by: UUID | None = None


class ChargePolicySet(Event, frozen=True, tag="dunning.ChargePolicySet.v1"):
    policy: ChargePolicy
    version: int
    set_by: UUID | None = None


class ReminderRulesSet(Event, frozen=True, tag="dunning.ReminderRulesSet.v1"):
    rules: ReminderRules
    version: int
    set_by: UUID | None = None


class WriteOffRulesSet(Event, frozen=True, tag="dunning.WriteOffRulesSet.v1"):
    rules: WriteOffRules
    version: int
    set_by: UUID | None = None


class DriftNoted(Event, frozen=True, tag="dunning.DriftNoted.v1"):
    """Mirror and ledger disagree: nothing is sent until they agree again."""

    ledger_total: Money
    mirror_total: Money


class DriftGone(Event, frozen=True, tag="dunning.DriftGone.v1"):
    pass


CreditorEvent = (
    CreditorLearnt
    | TimelineDefined
    | MainTimelineChosen
    | ChargePolicySet
    | ReminderRulesSet
    | WriteOffRulesSet
    | DriftNoted
    | DriftGone
)
