"""What a payment settles: interest window by window, costs, principal, in the order of a named policy.

One walk over the days of a claim. It knows three sums: what has been charged, what has been settled
and what is still exact and not yet rounded.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Final, Literal

from services.dunning.model.due import Due, is_paid_in_time
from services.dunning.model.facts import ClaimFacts
from services.dunning.model.interest import Stretch, half_up, stretches
from services.dunning.model.law.book import LawBook, RuleMissing
from services.dunning.model.policy import Allocation, Policy

Part = Literal["costs", "interest", "principal"]
ORDERS: Final[dict[Allocation, tuple[Part, ...]]] = {
    "costs_first": ("costs", "interest", "principal"),
    "interest_first": ("interest", "principal", "costs"),
    "principal_first": ("principal", "costs", "interest"),
}


@dataclass(slots=True)
class Ledger:
    """A claim while its days go by, in minor units. `missing` stops its interest for good."""

    principal: int | None
    windows: list[int] = field(default_factory=list)
    """Interest that is rounded: each window ended when a payment settled some of it."""
    running: Fraction = Fraction(0)
    interest_paid: int = 0
    costs_paid: int | None = 0
    overpaid: int = 0
    stretches: list[Stretch] = field(default_factory=list)
    missing: RuleMissing | None = None

    @property
    def interest(self) -> int | None:
        """All interest so far, paid or not: the windows that have ended and the running one."""
        return None if self.missing else sum(self.windows) + half_up(self.running)


def walked(
    facts: ClaimFacts,
    policy: Policy,
    law: LawBook,
    due: Due,
    on: date,
    costs_on: Callable[[date], int],
) -> Ledger:
    """The claim at the end of a day. `costs_on` says what costs a payment of a day finds.

    On the day of a payment the old base still bears interest. Payments of one day are one:
    their order says nothing. A correction counts from the beginning, whenever it came.
    """
    ledger = Ledger(facts.corrected.minor)
    after = due.free_through_on
    if policy.count_due_date:
        after = date.fromordinal(after.toordinal() - 1)
    bears = not is_paid_in_time(facts, due)
    days = sorted(
        {
            one.value_on
            for one in facts.reductions
            if one.value_on <= on and one.kind != "correction"
        }
    )
    for day in days:
        if bears:
            after = _accrued(ledger, facts, policy, law, due, after, day)
        _credited(ledger, _sum(facts, "goodwill", day))
        _paid(ledger, policy, _sum(facts, "payment", day), costs_on(day))
    if bears:
        _accrued(ledger, facts, policy, law, due, after, on)
    return ledger


def _accrued(
    ledger: Ledger,
    facts: ClaimFacts,
    policy: Policy,
    law: LawBook,
    due: Due,
    after: date,
    through: date,
) -> date:
    """Interest of the days up to one, on the base as it stands; returns where the next begins."""
    if through <= after or ledger.missing or not ledger.principal:
        return max(after, through)
    try:
        for stretch in stretches(facts, policy, law, due.nominal, after, through, ledger.principal):
            ledger.stretches.append(stretch)
            ledger.running += stretch.exact
    except RuleMissing as missing:
        ledger.missing = missing
    return through


def _credited(ledger: Ledger, amount: int) -> None:
    if ledger.principal is None:
        return
    taken = min(amount, ledger.principal)
    ledger.principal -= taken
    ledger.overpaid += amount - taken


def _paid(ledger: Ledger, policy: Policy, amount: int, costs: int) -> None:
    left: int | None = amount
    for part in ORDERS[policy.allocation]:
        if not left:
            # None: some of it went to interest that nobody can tell, and so the rest cannot either.
            if left is None:
                _unknown(ledger, part)
            continue
        match part:
            case "costs":
                left = _settled_costs(ledger, left, costs)
            case "interest":
                left = _settled_interest(ledger, left)
            case "principal":
                left = _settled_principal(ledger, left)
    ledger.overpaid += left or 0


def _unknown(ledger: Ledger, part: Part) -> None:
    if part == "principal":
        ledger.principal = None
    elif part == "costs":
        ledger.costs_paid = None


def _settled_costs(ledger: Ledger, left: int, costs: int) -> int | None:
    if ledger.costs_paid is None:
        return None
    taken = min(left, max(costs - ledger.costs_paid, 0))
    ledger.costs_paid += taken
    return left - taken


def _settled_interest(ledger: Ledger, left: int) -> int | None:
    if ledger.missing:
        return None
    taken = min(left, sum(ledger.windows) + half_up(ledger.running) - ledger.interest_paid)
    if taken:
        ledger.windows.append(half_up(ledger.running))
        ledger.running = Fraction(0)
        ledger.interest_paid += taken
    return left - taken


def _settled_principal(ledger: Ledger, left: int) -> int | None:
    if ledger.principal is None:
        return None
    taken = min(left, ledger.principal)
    ledger.principal -= taken
    return left - taken


def _sum(facts: ClaimFacts, kind: str, day: date) -> int:
    return sum(
        one.amount.minor for one in facts.reductions if one.kind == kind and one.value_on == day
    )
