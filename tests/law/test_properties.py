"""What holds for every claim, whatever happened to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from services.dunning.model.bookings import bookings
from services.dunning.model.claim import Claim, claim_on
from services.dunning.model.facts import (
    HOME,
    Booked,
    ClaimFacts,
    LegalKind,
    LetterKind,
    LetterSent,
    Reduction,
    ReductionKind,
)
from services.dunning.model.law.packs import law_book
from services.dunning.model.letter_charges import letter_charges
from services.dunning.model.policy import Allocation, Policy
from services.dunning.values import Country
from shared.calendar import calendar_of
from shared.money import Money
from tests.law import pencil

LAW = law_book()
CAPS = {"DK": 100_00, "SE": 180_00, "NO": 113_00, "FI": 110_00}
DAY = timedelta(days=1)
QUIET = settings(derandomize=True, deadline=None, max_examples=60)

countries: st.SearchStrategy[Country] = st.sampled_from(["DK", "SE", "NO", "FI"])
kinds: st.SearchStrategy[LegalKind] = st.sampled_from(["consumer", "company", "authority"])
letter_kinds: st.SearchStrategy[LetterKind] = st.sampled_from(["reminder", "warning", "demand"])
reduction_kinds: st.SearchStrategy[ReductionKind] = st.sampled_from(
    ["payment", "goodwill", "correction"]
)
orders: st.SearchStrategy[Allocation] = st.sampled_from(
    ["costs_first", "interest_first", "principal_first"]
)
due_days = st.dates(date(2022, 6, 1), date(2025, 12, 1))
offsets = st.integers(-5, 180)


@st.composite
def claims(draw: st.DrawFn) -> tuple[ClaimFacts, date]:
    """A claim with anything that can happen to it, and a day to look at it."""
    country, due_on = draw(countries), draw(due_days)
    currency = draw(st.sampled_from([HOME[country], HOME[country], "USD"]))
    amounts = st.integers(1, 3_000_00)

    def day() -> date:
        return due_on + draw(offsets) * DAY

    reductions = [
        Reduction(draw(reduction_kinds), Money(draw(amounts), currency), day())
        for _ in range(draw(st.integers(0, 4)))
    ]
    letters = [
        LetterSent(draw(letter_kinds), due_on + draw(st.integers(1, 180)) * DAY)
        for _ in range(draw(st.integers(0, 6)))
    ]
    facts = ClaimFacts(
        country,
        draw(kinds),
        Money(draw(st.integers(1, 9_000_00)), currency),
        due_on,
        reductions=tuple(reductions),
        letters=tuple(letters),
        compensation_claimed_on=draw(st.none() | st.just(due_on + 30 * DAY)),
    )
    return facts, due_on + draw(st.integers(0, 200)) * DAY


policies = st.builds(Policy, allocation=orders, fee_clause=st.booleans())


def fees(claim: Claim) -> list[tuple[date, int]]:
    return [(one.sent.sent_on, one.fee) for one in claim.letters if one.fee]


@QUIET
@given(claims())
def test_interest_is_what_a_pencil_says_day_by_day(told: tuple[ClaimFacts, date]) -> None:
    facts, on = told
    assert facts.due_on is not None
    claim = claim_on(facts, Policy(allocation="principal_first"), on, LAW)
    closed = calendar_of(facts.country).on_or_after(facts.due_on)
    in_time = sum(
        one.amount.minor
        for one in facts.reductions
        if one.kind == "correction" or one.value_on <= closed
    )
    if in_time >= facts.principal.minor:
        assert claim.interest == Money(0, facts.currency)
    elif _settled_interest(facts):
        # What is paid beyond the principal settles interest, and ends a window: see the next test.
        assert claim.interest is not None
        assert abs(claim.interest.minor - pencil.interest(facts, on)) <= len(facts.reductions)
    else:
        assert claim.interest == Money(pencil.interest(facts, on), facts.currency)


def _settled_interest(facts: ClaimFacts) -> bool:
    return sum(one.amount.minor for one in facts.reductions) > facts.principal.minor


@QUIET
@given(claims(), policies)
def test_what_was_charged_is_open_or_was_settled(
    told: tuple[ClaimFacts, date], policy: Policy
) -> None:
    """Principal and charges less payments is what is open, to the minor unit, in every order."""
    facts, on = told
    claim = claim_on(facts, policy, on, LAW)
    assert claim.total is not None
    came = sum(
        one.amount.minor
        for one in facts.reductions
        if one.kind != "correction" and one.value_on <= on
    )
    charged = sum(one.amount.minor for one in claim.charges)
    assert facts.corrected.minor + charged - came == claim.total.minor - claim.overpaid.minor


@QUIET
@given(claims(), policies)
def test_nothing_is_ever_negative(told: tuple[ClaimFacts, date], policy: Policy) -> None:
    facts, on = told
    claim = claim_on(facts, policy, on, LAW)
    parts = claim.outstanding
    for amount in (claim.interest, claim.total, parts.principal, parts.interest, parts.costs):
        assert amount is not None
        assert amount.minor >= 0
    assert claim.overpaid.minor >= 0
    costs = [claim.sum_of(kind).minor for kind in ("fee", "compensation", "absorbed")]
    assert sum(costs) >= max(costs[0], costs[1])
    assert all(span.days > 0 for one in claim.charges for span in one.spans)


@QUIET
@given(claims(), policies)
def test_caps_counts_and_gaps_are_kept(told: tuple[ClaimFacts, date], policy: Policy) -> None:
    facts, on = told
    claim = claim_on(facts, policy, on, LAW)
    charged = fees(claim)
    if facts.currency != HOME[facts.country]:
        assert charged == []
    assert all(0 < fee <= CAPS[facts.country] for _, fee in charged)
    assert all(sent_on > claim.due.effective for sent_on, _ in charged)
    if facts.country == "DK":
        assert len(charged) <= 3
        sent = [one.sent.sent_on for one in claim.letters]
        for index, one in enumerate(claim.letters):
            if one.fee and index:
                assert (sent[index] - sent[index - 1]).days >= 10
    if facts.country == "SE":
        assert len(charged) <= 2
        assert not any(fee == 60_00 for _, fee in charged) or policy.fee_clause
    if facts.country == "NO":
        assert len(charged) <= 3
        first = [sent_on for sent_on, fee in charged if fee < 100_00][:1]
        assert all((sent_on - claim.due.nominal).days >= 14 for sent_on in first)
    if (facts.country, facts.debtor_kind) == ("FI", "consumer"):
        assert sum(fee for _, fee in charged) <= 210_00


@QUIET
@given(claims(), policies)
def test_what_letters_book_adds_up_to_the_interest_of_the_last(
    told: tuple[ClaimFacts, date], policy: Policy
) -> None:
    facts, on = told
    claim = claim_on(facts, policy, on, LAW)
    made = bookings(facts, policy, claim, LAW)
    if made:
        until = claim_on(facts, policy, made[-1].letter.sent.sent_on, LAW)
        booked = sum(one.interest.minor for one in made if one.interest)
        assert until.interest == Money(booked, facts.currency)


@QUIET
@given(claims(), policies, st.randoms(use_true_random=False))
def test_the_order_in_which_facts_are_told_says_nothing(
    told: tuple[ClaimFacts, date], policy: Policy, chance: object
) -> None:
    """The same facts are the same claim: payments of one day, imported in whichever order."""
    facts, on = told
    shuffled = list(facts.reductions)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis' own kind of Random
    one = claim_on(facts, policy, on, LAW)
    assert claim_on(replace(facts, reductions=tuple(shuffled)), policy, on, LAW) == one


@QUIET
@given(claims(), policies)
def test_two_payments_of_a_day_are_one(told: tuple[ClaimFacts, date], policy: Policy) -> None:
    facts, on = told
    day = facts.due_on
    assert day is not None
    paid = [Reduction("payment", Money(minor, facts.currency), day) for minor in (3, 4, 7)]
    apart = replace(facts, reductions=(*facts.reductions, *paid[:2]))
    together = replace(facts, reductions=(*facts.reductions, paid[2]))
    assert claim_on(apart, policy, on, LAW) == claim_on(together, policy, on, LAW)


@QUIET
@given(claims(), policies)
def test_a_claim_replays_to_the_same_minor_unit(
    told: tuple[ClaimFacts, date], policy: Policy
) -> None:
    facts, on = told
    book = law_book().as_known(max(row.recorded_at for row in LAW.rows))
    assert claim_on(facts, policy, on, book) == claim_on(facts, policy, on, LAW)


@QUIET
@given(claims(), st.lists(st.integers(1, 30), min_size=1, max_size=6))
def test_letter_after_letter_what_is_booked_is_what_is_lawful(
    told: tuple[ClaimFacts, date], gaps: list[int]
) -> None:
    """A run of letters, each booked as it says: never below nothing, in the end the lawful sum."""
    facts = replace(told[0], letters=(), compensation_claimed_on=None)
    assert facts.due_on is not None
    policy = Policy(allocation="principal_first", fee_clause=True)
    sums = dict.fromkeys(("fee", "interest", "compensation", "absorbed"), 0)
    on: date = facts.due_on + 5 * DAY
    for gap in gaps:
        on += gap * DAY
        booked = Booked(*(Money(minor, facts.currency) for minor in sums.values()))
        found = letter_charges(facts, policy, on, "reminder", LAW, booked)
        own = Money(0, facts.currency)
        for line in found.added:
            sums[line.kind] += line.amount.minor
            if line.kind == "fee" and line.amount.minor > 0:
                own = line.amount
        letter = LetterSent("reminder", on, pay_by_on=found.pay_by_on, fee=own)
        facts = replace(facts, letters=(*facts.letters, letter))
        assert min(sums["fee"], sums["interest"]) >= 0
    lawful = claim_on(facts, policy, on, LAW)
    assert Money(sums["interest"], facts.currency) == lawful.interest
    assert Money(sums["fee"], facts.currency) == lawful.sum_of("fee")
