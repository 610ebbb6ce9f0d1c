"""What can be asked of a creditor."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.dunning.values import (
    ChargePolicy,
    Country,
    ReminderRules,
    Timeline,
    WriteOffRules,
)
from shared.contracts.values import Fault
from shared.money import Money


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
