"""What may not be set: a fee or a rate above the law, and a timeline that the law of its country forbids.

Each refusal cites the paragraph. A setting is judged by the law of the day it is made on; what a letter
may bear is judged again on the letter's own day.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from itertools import pairwise

from services.dunning.model.charge import RULE_MISSING, Refusal
from services.dunning.model.facts import HOME, LegalKind
from services.dunning.model.fees import RULES
from services.dunning.model.interest import percent, statutory_rule
from services.dunning.model.law.book import Days, Found, LawBook, RuleMissing
from services.dunning.model.policy import Policy
from services.dunning.values import NoticeKind, Step, Timeline
from shared.money import Money

_LETTERS_MOST = 20
_DAYS_MOST = 1000


def check_policy(
    policy: Policy, country: str, debtor_kind: LegalKind, on: date, law: LawBook
) -> tuple[Refusal, ...]:
    """Why a policy may not be set: fees above the reminder's cap, a consumer's rate above the law."""
    return (
        *_fees(policy, country, debtor_kind, on, law),
        *_rate(policy, country, debtor_kind, on, law),
        *_compensation(policy, country, debtor_kind, on, law),
    )


def _fees(
    policy: Policy, country: str, debtor_kind: LegalKind, on: date, law: LawBook
) -> Iterator[Refusal]:
    if policy.fees != "own":
        return
    rule_id = RULES[country]["reminder"]
    wanted = [(f"tiers.{number}.fee", tier.fee) for number, tier in enumerate(policy.tiers)]
    if policy.fee_wanted is not None:
        wanted.append(("fee_wanted", policy.fee_wanted))
    try:
        found = law.find(rule_id, debtor_kind, Days(notice_sent=on, due_date=on))
    except RuleMissing as missing:
        yield _missing(missing, "fees")
        return
    row, home = found.row, HOME[country]
    for field, fee in wanted:
        if fee.currency != home:
            text = f"fees are in {home}, since the law states them so"
            yield Refusal("FOREIGN_CURRENCY", rule_id, row.law, text, on=on, field=field)
        elif fee > found.money:
            text = f"{fee} is more than the {found.money} that a {debtor_kind} can be asked for"
            excess = fee - found.money
            yield Refusal("ABOVE_CAP", rule_id, row.law, text, on=on, amount=excess, field=field)
        elif fee.minor < 0:
            yield Refusal("NEGATIVE", rule_id, row.law, "a fee is not negative", on=on, field=field)


def _rate(
    policy: Policy, country: str, debtor_kind: LegalKind, on: date, law: LawBook
) -> Iterator[Refusal]:
    if policy.interest != "contract" or policy.contract_rate is None:
        return
    rate = Fraction(policy.contract_rate)
    rule_id = statutory_rule(country)
    if rate < 0:
        yield Refusal("NEGATIVE", rule_id, "", "a rate is not negative", on=on, field="rate")
    if debtor_kind != "consumer":
        return
    try:
        found = law.find(rule_id, debtor_kind, Days(accrual_day=on, due_date=on))
    except RuleMissing as missing:
        yield _missing(missing, "rate")
        return
    if rate > found.value:
        text = (
            f"{policy.contract_rate} % a year is more than the {percent(found.value)} % "
            "that a consumer can be asked for"
        )
        yield Refusal("RATE_ABOVE_LEGAL", rule_id, found.row.law, text, on=on, field="rate")


def _compensation(
    policy: Policy, country: str, debtor_kind: LegalKind, on: date, law: LawBook
) -> Iterator[Refusal]:
    rule_id = f"{country.lower()}.compensation"
    if policy.compensation and not law.governs(rule_id, debtor_kind):
        text = "flat compensation is owed between businesses only"
        cited = law.cited(rule_id)
        yield Refusal("CONSUMER", rule_id, cited, text, on=on, field="compensation")


def check_timeline(
    timeline: Timeline, policy: Policy, country: str, debtor_kind: LegalKind, on: date, law: LawBook
) -> tuple[Refusal, ...]:
    """Why a timeline may not be set. `field` is the path into it: `steps.1.after_days`, `gap_days`.

    A warning bears charges, and so counts as a letter with a fee where its country gives it one.
    """
    found = [*_shape(timeline)]
    if found or timeline.is_statement:
        return tuple(found)
    charged = [
        (number, step)
        for number, step in enumerate(timeline.steps)
        if policy.fees != "none" and step.charged and step.kind.value in RULES[country]
    ]
    try:
        found += _too_early(charged, country, debtor_kind, on, law)
        found += _too_close(timeline, charged, country, debtor_kind, on, law)
        found += _too_many(charged, country, debtor_kind, on, law)
        found += _without_clause(charged, policy, country, debtor_kind, on, law)
    except RuleMissing as missing:
        found.append(_missing(missing, "steps"))
    return tuple(found)


_Charged = list[tuple[int, Step]]


def _shape(timeline: Timeline) -> Iterator[Refusal]:
    """What no country forbids and nobody can follow."""
    if not 1 <= len(timeline.steps) <= _LETTERS_MOST:
        yield _unfit("STEPS", "steps", f"a timeline has 1 to {_LETTERS_MOST} letters")
    if not timeline.list_days or not set(timeline.list_days) <= set(range(7)):
        yield _unfit("LIST_DAYS", "list_days", "the list is shown on at least one weekday, 0 to 6")
    if not 0 <= timeline.gap_days <= _DAYS_MOST:
        yield _unfit("GAP", "gap_days", f"a gap has 0 to {_DAYS_MOST} days")
    for number, step in enumerate(timeline.steps):
        yield from _shape_of_step(timeline, number, step)
    for number, (before, step) in enumerate(pairwise(timeline.steps), start=1):
        if step.after_days <= before.after_days:
            text = "each letter comes later than the one before"
            yield _unfit("ORDER", f"steps.{number}.after_days", text)


def _shape_of_step(timeline: Timeline, number: int, step: Step) -> Iterator[Refusal]:
    if not 1 <= step.after_days <= _DAYS_MOST:
        text = f"a letter comes 1 to {_DAYS_MOST} days after the due date"
        yield _unfit("DAYS", f"steps.{number}.after_days", text)
    if step.kind is NoticeKind.STATEMENT and len(timeline.steps) > 1:
        text = "statements are a timeline of their own"
        yield _unfit("STATEMENT", f"steps.{number}.kind", text)
    if step.kind is NoticeKind.WARNING and number + 1 < len(timeline.steps):
        text = "the warning is the last letter: after it comes collection"
        yield _unfit("WARNING_LAST", f"steps.{number}.kind", text)


def _unfit(code: str, field: str, text: str) -> Refusal:
    return Refusal(code, "timeline", "", text, field=field)


def _rule(
    law: LawBook, country: str, step: Step, parameter: str, debtor_kind: LegalKind, on: date
) -> Found | None:
    """The number of a condition of a parameter that the fee of a step rests on."""
    for found in _rules(law, country, step, parameter, debtor_kind, on):
        return found
    return None


def _rules(
    law: LawBook, country: str, step: Step, parameter: str, debtor_kind: LegalKind, on: date
) -> Iterator[Found]:
    days = Days(notice_sent=on, due_date=on)
    row = law.chosen(RULES[country][step.kind.value], debtor_kind, days)
    for name in row.requires:
        if law.governs(name, debtor_kind):
            condition = law.chosen(name, debtor_kind, days)
            if condition.parameter.startswith(parameter):
                yield law.find(name, debtor_kind, days)


def _too_early(
    charged: _Charged, country: str, debtor_kind: LegalKind, on: date, law: LawBook
) -> Iterator[Refusal]:
    for number, step in charged:
        least = _rule(law, country, step, "min_days_after_due", debtor_kind, on)
        if least and step.after_days < least.number:
            text = f"a fee is owed {least.number} days after the due date at the earliest"
            field = f"steps.{number}.after_days"
            yield Refusal("TOO_EARLY", least.row.rule_id, least.row.law, text, on=on, field=field)


def _too_close(
    timeline: Timeline,
    charged: _Charged,
    country: str,
    debtor_kind: LegalKind,
    on: date,
    law: LawBook,
) -> Iterator[Refusal]:
    """The gap holds whatever pauses do to the days: that is what must not be shorter than the law's."""
    for number, step in charged:
        if number == 0:
            continue
        least = _rule(law, country, step, "min_gap_days", debtor_kind, on)
        if least and timeline.gap_days < least.number:
            text = f"a letter with a fee comes {least.number} days after the one before"
            yield Refusal("GAP", least.row.rule_id, least.row.law, text, on=on, field="gap_days")
            return
    for (_, before), (_, step) in pairwise(charged):
        days = Days(notice_sent=on, due_date=on)
        row = law.chosen(RULES[country][step.kind.value], debtor_kind, days)
        if "missed_deadline" not in row.requires:
            continue
        deadline = law.find(f"{country.lower()}.deadline.{before.kind.value}", debtor_kind, days)
        if timeline.gap_days <= deadline.number:
            text = f"a second fee comes after the first one's deadline of {deadline.number} days"
            yield Refusal("DEADLINE_RUNS", row.rule_id, row.law, text, on=on, field="gap_days")
            return


def _too_many(
    charged: _Charged, country: str, debtor_kind: LegalKind, on: date, law: LawBook
) -> Iterator[Refusal]:
    counted: dict[str, int] = {}
    for number, step in charged:
        for most in _rules(law, country, step, "max_count", debtor_kind, on):
            rule_id = most.row.rule_id
            counted[rule_id] = counted.get(rule_id, 0) + 1
            if counted[rule_id] == most.number + 1:
                text = f"no more than {most.number} letters may bear this fee"
                field = f"steps.{number}.charged"
                yield Refusal("COUNT", rule_id, most.row.law, text, on=on, field=field)


def _without_clause(
    charged: _Charged, policy: Policy, country: str, debtor_kind: LegalKind, on: date, law: LawBook
) -> Iterator[Refusal]:
    for number, step in charged:
        days = Days(notice_sent=on, due_date=on)
        row = law.chosen(RULES[country][step.kind.value], debtor_kind, days)
        if "contract_clause" in row.requires and not policy.fee_clause:
            text = "this fee is owed only where it was agreed at the latest when the debt arose"
            field = f"steps.{number}.charged"
            yield Refusal("CONTRACT_CLAUSE", row.rule_id, row.law, text, on=on, field=field)
            return


def is_listed(overdue: Money, policy: Policy) -> bool:
    """Whether overdue principal is enough to remind of; charges alone never are."""
    least = policy.minimum.minor if policy.minimum else 1
    return overdue.minor >= max(least, 1)


def _missing(missing: RuleMissing, field: str) -> Refusal:
    return Refusal(
        RULE_MISSING, missing.rule_id, missing.law, str(missing), on=missing.on, field=field
    )
