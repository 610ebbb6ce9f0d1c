"""What the law of a creditor's country has against what it wants to set, in words with the paragraph.

A setting holds for all debtors, so it has to be lawful towards consumers and companies alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Final

from services.dunning.model.charge import Refusal
from services.dunning.model.checking import check_policy, check_timeline
from services.dunning.model.defaults import resolved
from services.dunning.model.facts import HOME, LegalKind
from services.dunning.model.law.book import LawBook
from services.dunning.values import (
    ChargePolicy,
    Country,
    ReminderRules,
    Timeline,
    WriteOffRules,
)
from shared.contracts.values import Fault

_KINDS: Final[tuple[LegalKind, ...]] = ("consumer", "company")
_NAME_LONGEST: Final = 40
_TIERS_MOST: Final = 10
_RATE_MOST: Final = 100
_MONTHS_MOST: Final = 120
_DAYS_MOST: Final = 3650
_IN_HOME: Final = "fees are in {home}, since the law states them so"


def against_timeline(
    timeline: Timeline, policy: ChargePolicy, country: Country, on: date, law: LawBook
) -> tuple[Fault, ...]:
    """Why this timeline may not be set, under what the creditor charges."""
    if not 1 <= len(timeline.name) <= _NAME_LONGEST or timeline.name != timeline.name.strip():
        return (Fault("NAME", "name", f"a name has 1 to {_NAME_LONGEST} characters"),)
    if timeline.is_statement and timeline.steps[0].charged:
        return (Fault("STATEMENT", "steps.0.charged", "a statement charges nothing"),)
    return _faults(
        refusal
        for kind in _KINDS
        for refusal in check_timeline(
            timeline, resolved(policy, country, kind, on, law), country, kind, on, law
        )
    )


def against_policy(
    policy: ChargePolicy,
    timelines: Mapping[str, Timeline],
    country: Country,
    on: date,
    law: LawBook,
) -> tuple[Fault, ...]:
    """Why this may not be charged; a timeline that rests on what is given up is named with it."""
    if shape := tuple(_shape(policy, HOME[country])):
        return shape
    own = _faults(
        refusal
        for kind in _KINDS
        for refusal in check_policy(
            resolved(policy, country, kind, on, law), country, kind, on, law
        )
    )
    below = [
        replace(fault, field=f"timelines.{name}.{fault.field}")
        for name, timeline in sorted(timelines.items())
        for fault in against_timeline(timeline, policy, country, on, law)
    ]
    return (*own, *below)


def _shape(policy: ChargePolicy, home: str) -> Iterator[Fault]:
    """What no law needs to forbid: a rate that is no number, tiers that overlap."""
    if policy.interest == "own":
        rate = _decimal(policy.rate)
        if rate is None or not 0 <= rate <= _RATE_MOST:
            yield Fault("RATE", "rate", f"an own rate is a number from 0 to {_RATE_MOST}")
    if policy.fees == "own":
        yield from _shape_of_tiers(policy, home)


def _shape_of_tiers(policy: ChargePolicy, home: str) -> Iterator[Fault]:
    if not 1 <= len(policy.tiers) <= _TIERS_MOST:
        yield Fault("TIERS", "tiers", f"own fees are 1 to {_TIERS_MOST} amounts")
        return
    foreign = [
        Fault("FOREIGN_CURRENCY", f"tiers.{number}.{field}", _IN_HOME.format(home=home))
        for number, tier in enumerate(policy.tiers)
        for field, amount in (("from_principal", tier.from_principal), ("fee", tier.fee))
        if amount.currency != home
    ]
    if foreign:
        yield from foreign
        return
    for number, tier in enumerate(policy.tiers):
        if tier.from_principal.minor < 0:
            text = "a tier begins at nothing or above"
            yield Fault("NEGATIVE", f"tiers.{number}.from_principal", text)
    for number, (before, tier) in enumerate(pairwise(policy.tiers), start=1):
        if tier.from_principal <= before.from_principal:
            text = "each tier begins above the one before"
            yield Fault("ORDER", f"tiers.{number}.from_principal", text)


def _decimal(text: str | None) -> Decimal | None:
    try:
        found = Decimal(text or "")
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def against_rules(rules: ReminderRules) -> tuple[Fault, ...]:
    """Minimums are one amount of each currency, not negative."""
    currencies = [one.currency for one in rules.minimum]
    for number, one in enumerate(rules.minimum):
        if one.minor < 0:
            return (Fault("NEGATIVE", f"minimum.{number}", "a minimum is not negative"),)
        if currencies.index(one.currency) != number:
            return (Fault("CURRENCY_TWICE", f"minimum.{number}", "one minimum per currency"),)
    return ()


def against_write_offs(rules: WriteOffRules) -> tuple[Fault, ...]:
    faults = []
    if rules.months is not None and not 1 <= rules.months <= _MONTHS_MOST:
        text = f"charges are given up after 1 to {_MONTHS_MOST} months, or never"
        faults.append(Fault("MONTHS", "months", text))
    days = rules.days_after_hand_over
    if days is not None and not 0 <= days <= _DAYS_MOST:
        text = f"charges are given up 0 to {_DAYS_MOST} days after they were handed over, or never"
        faults.append(Fault("DAYS", "days_after_hand_over", text))
    return tuple(faults)


def _faults(refusals: Iterable[Refusal]) -> tuple[Fault, ...]:
    """Each once: what is forbidden towards consumers and companies alike is told in one sentence."""
    told: dict[tuple[str, str], Fault] = {}
    for one in refusals:
        sentence = f"{one.text} ({one.law})" if one.law else one.text
        field = one.field or ""
        told.setdefault((one.code, field), Fault(one.code, field, sentence))
    return tuple(told.values())
