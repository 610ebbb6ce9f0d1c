"""When a claim falls due, by when it can be paid in time, and the last day without interest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from services.dunning.model.facts import ClaimFacts
from services.dunning.model.law.book import Days, LawBook
from services.dunning.model.policy import Policy
from shared.calendar import FIRST_YEAR, calendar_of


@dataclass(frozen=True, slots=True)
class Due:
    """`nominal` chooses rules and starts waiting times; paid through `effective` is paid in time.

    Interest counts from the day after `free_through_on`.
    """

    nominal: date
    effective: date
    free_through_on: date


def due_of(facts: ClaimFacts, policy: Policy, law: LawBook) -> Due:
    """The three dates of a claim.

    An agreed due date binds at once. A date that the seller alone has printed, or none, leaves the
    debtor so many days from sending as the law says (renteloven § 3, räntelagen 4 §,
    forsinkelsesrenteloven § 2, korkolaki 5–6 §).
    """
    if facts.due_basis == "agreed":
        assert facts.due_on is not None
        nominal = free = facts.due_on
    else:
        statutory = _after_sending(facts, law)
        nominal = facts.due_on if facts.due_on and facts.due_basis == "unilateral" else statutory
        free = max(nominal, statutory)
    if policy.interest_from == "next_banking_day":
        free = _banking_day(facts.country, free)
    return Due(nominal, _banking_day(facts.country, nominal), free)


def unpaid_on(facts: ClaimFacts, on: date) -> int:
    """What of the corrected principal had not come in at the end of a day, in minor units."""
    came = sum(
        one.amount.minor
        for one in facts.reductions
        if one.kind != "correction" and one.value_on <= on
    )
    return max(facts.corrected.minor - came, 0)


def unpaid_as_known_on(facts: ClaimFacts, on: date) -> int:
    """What of the principal seemed open on a day, to whoever knew what was known then."""
    came = sum(one.amount.minor for one in facts.reductions if one.seen_on <= on)
    return max(facts.principal.minor - came, 0)


def is_paid_in_time(facts: ClaimFacts, due: Due) -> bool:
    """Whether all of it came in by the banking day that a closed due date leaves."""
    return unpaid_on(facts, due.effective) == 0


def _banking_day(country: str, day: date) -> date:
    """The day itself or the next on which banks are open.

    Before the years that the calendar vouches for it is the day itself: no rate is known of then, so
    nothing is charged on the strength of it.
    """
    return day if day.year < FIRST_YEAR else calendar_of(country).on_or_after(day)


def _after_sending(facts: ClaimFacts, law: LawBook) -> date:
    assert facts.sent_on is not None
    rule_id = f"{facts.country.lower()}.interest.free_days"
    found = law.find(rule_id, facts.debtor_kind, Days(measure_date=facts.sent_on))
    return facts.sent_on + timedelta(days=found.number)
