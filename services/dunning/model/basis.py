"""What a step of a timeline rests on in the law of its country, for whoever sets it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from services.dunning.model.deadlines import deadline_of
from services.dunning.model.facts import LegalKind
from services.dunning.model.fees import RULES
from services.dunning.model.interest import percent, statutory_rule
from services.dunning.model.law.book import Days, Found, LawBook, RuleMissing
from services.dunning.values import Country, Step
from shared.money import Money


@dataclass(frozen=True, slots=True)
class Basis:
    """One rule: the most that a fee may be, the yearly rate in percent, or the days of a deadline.

    `law` is its paragraph; `unverified` says that nobody has checked the row against its source, `is_ours`
    that the law leaves it open and the house has chosen.
    """

    what: Literal["fee", "rate", "days"]
    law: str
    rule_id: str
    amount: Money | None = None
    number: str = ""
    unverified: bool = False
    is_ours: bool = False


def of_step(
    step: Step, country: Country, debtor_kind: LegalKind, on: date, law: LawBook
) -> tuple[Basis, ...]:
    """A rule that has no row for the day is left out: pricing a letter then says so."""
    if step.kind.value == "statement":
        return ()
    return tuple(_of_step(step, country, debtor_kind, on, law))


def _of_step(
    step: Step, country: Country, debtor_kind: LegalKind, on: date, law: LawBook
) -> Iterator[Basis]:
    days = Days(notice_sent=on, due_date=on, accrual_day=on)
    if step.charged:
        rule_id = RULES[country].get(step.kind.value)
        if rule_id and law.governs(rule_id, debtor_kind):
            yield from _fee(rule_id, debtor_kind, days, law)
        if rate := rate_of(country, debtor_kind, on, law):
            yield rate
    deadline = deadline_of(country, step.kind.value, debtor_kind, on, law)
    row = deadline.row
    yield Basis(
        "days",
        row.law,
        row.rule_id,
        number=str(deadline.days),
        unverified=row.is_unverified,
        is_ours=row.kind == "default",
    )


def _fee(rule_id: str, debtor_kind: LegalKind, days: Days, law: LawBook) -> Iterator[Basis]:
    try:
        # Where the most goes by the principal, the least of it is shown.
        row = law.chosen(rule_id, debtor_kind, days)
        currency = row.currency
        found = law.find(rule_id, debtor_kind, days, Money.zero(currency) if currency else None)
    except RuleMissing:
        return
    yield _basis("fee", found, amount=found.money)


def rate_of(country: Country, debtor_kind: LegalKind, on: date, law: LawBook) -> Basis | None:
    """The interest that the law allows on a day; None where its row is not known."""
    days = Days(accrual_day=on, due_date=on, notice_sent=on)
    try:
        found = law.find(statutory_rule(country), debtor_kind, days)
    except RuleMissing:
        return None
    return _basis("rate", found, number=percent(Fraction(found.value)))


def fee_cap(country: Country, debtor_kind: LegalKind, on: date, law: LawBook) -> Basis | None:
    """The most that a reminder may cost; None where the country knows none."""
    rule_id = RULES[country]["reminder"]
    if not law.governs(rule_id, debtor_kind):
        return None
    days = Days(notice_sent=on, due_date=on, accrual_day=on)
    return next(_fee(rule_id, debtor_kind, days, law), None)


def _basis(
    what: Literal["fee", "rate", "days"],
    found: Found,
    amount: Money | None = None,
    number: str = "",
) -> Basis:
    row = found.row
    return Basis(what, row.law, row.rule_id, amount, number, found.is_unverified)
