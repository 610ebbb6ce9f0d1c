"""What a creditor has who has chosen nothing: lawful timelines and the policies of the country."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final, Literal, cast

from services.dunning.model.facts import LegalKind
from services.dunning.model.law.book import LawBook
from services.dunning.model.policy import Allocation, Policy
from services.dunning.values import ChargePolicy, NoticeKind, Step, Timeline
from shared.decider import Rejected

_SOFT, _FEE = Step(NoticeKind.REMINDER, 5), Step(NoticeKind.REMINDER, 20, charged=True)
TIMELINES: Final[dict[str, Timeline]] = {
    # Eleven days between letters: whether ten clear days are meant is open (renteloven § 9 b).
    "DK": Timeline("main", (_SOFT, _FEE, Step(NoticeKind.WARNING, 35, charged=True)), gap_days=11),
    # Without a clause a reminder bears no fee; the inkassokrav needs none.
    "SE": Timeline("main", (_SOFT, Step(NoticeKind.WARNING, 20, charged=True)), gap_days=10),
    # A second fee comes after the first one's deadline of fourteen days, moved over closed days.
    "NO": Timeline("main", (_SOFT, _FEE, Step(NoticeKind.WARNING, 40, charged=True)), gap_days=19),
    "FI": Timeline("main", (_SOFT, _FEE, Step(NoticeKind.WARNING, 36, charged=True)), gap_days=14),
}
"""One lawful timeline per country: a friendly word, then charges, then the warning."""


_INTEREST: Final[dict[str, Literal["legal", "contract", "none"]]] = {
    "legal": "legal",
    "own": "contract",
    "none": "none",
}


def default_policy(country: str, debtor_kind: LegalKind, on: date, law: LawBook) -> Policy:
    """All that the law allows, allocated as the country's law has it."""
    named = law.named(f"{country.lower()}.allocation", debtor_kind, on)
    return replace(Policy(), allocation=cast("Allocation", named))


def resolved(
    chosen: ChargePolicy, country: str, debtor_kind: LegalKind, on: date, law: LawBook
) -> Policy:
    """A creditor's own choice as the engine takes it. Raises `Rejected` naming the field."""
    base = default_policy(country, debtor_kind, on, law)
    allocation = base.allocation if chosen.allocation == "country" else chosen.allocation
    if allocation not in {"costs_first", "interest_first", "principal_first"}:
        raise Rejected(f"{allocation!r} is no order", code="unknown_allocation", field="allocation")
    rate = _rate(chosen)
    return replace(
        base,
        interest=_INTEREST[chosen.interest],
        contract_rate=rate,
        fees=chosen.fees,
        tiers=chosen.tiers,
        fee_clause=chosen.fee_clause,
        compensation=chosen.compensation and debtor_kind != "consumer",
        allocation=cast("Allocation", allocation),
        day_count=chosen.day_count,
        count_due_date=chosen.count_due_date,
    )


def _rate(chosen: ChargePolicy) -> Decimal | None:
    if chosen.interest != "own":
        return None
    try:
        rate = Decimal(chosen.rate or "")
    except InvalidOperation as error:
        text = "an own rate is a number, such as 6.50"
        raise Rejected(text, code="rate_missing", field="rate") from error
    if not rate.is_finite():
        raise Rejected("an own rate is a number", code="rate_missing", field="rate")
    return rate
