"""What a letter adds to what is booked, what is taken back, and how long it may be sent as it stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from services.dunning.model.charge import Priced
from services.dunning.model.claim import claim_on, lawful_interest
from services.dunning.model.collective import Part, collective_charges
from services.dunning.model.deadlines import transfer_from
from services.dunning.model.defaults import default_policy, resolved
from services.dunning.model.facts import (
    Booked,
    ClaimFacts,
    LegalKind,
    LetterKind,
    LetterSent,
    Reduction,
)
from services.dunning.model.law.packs import law_book
from services.dunning.model.letter_charges import LetterCharges, corrections, letter_charges
from services.dunning.model.policy import Policy
from services.dunning.values import ChargePolicy, FeeTier
from shared.decider import Rejected
from shared.money import Money

LAW = law_book()
POLICY = Policy(allocation="principal_first")


def kroner(amount: str) -> Money:
    return Money.of(amount, "DKK")


NOTHING = Booked.nothing("DKK")
CLAIM = ClaimFacts("DK", "company", kroner("5000.00"), date(2025, 8, 1))
BILLED_ON = date(2025, 8, 12)
BILLED = replace(
    CLAIM,
    letters=(LetterSent("reminder", BILLED_ON, fee=kroner("100.00"), interest=kroner("14.69")),),
)
BOOKED = replace(NOTHING, fees=kroner("100.00"), interest=kroner("14.69"))
NOTE_ON = date(2025, 8, 20)


def told(lines: tuple[Priced, ...]) -> list[tuple[str, str]]:
    return [(one.kind, str(one.amount.decimal)) for one in lines]


def letter(
    facts: ClaimFacts, on: date, booked: Booked = NOTHING, policy: Policy = POLICY
) -> LetterCharges:
    return letter_charges(facts, policy, on, "reminder", LAW, booked)


def test_a_first_letter_adds_its_fee_and_all_interest_so_far() -> None:
    assert told(letter(CLAIM, BILLED_ON).added) == [("fee", "100.00"), ("interest", "14.69")]


def test_a_later_letter_adds_what_has_come_since() -> None:
    added = letter(BILLED, date(2025, 9, 1), BOOKED).added
    assert told(added) == [("fee", "100.00"), ("interest", "26.71")]
    interest = added[-1]
    assert interest.inputs["lawful"] == "41.40"
    assert interest.inputs["booked"] == "14.69"
    assert [(span.days, span.rate) for span in interest.spans] == [(31, "9.75")]


@pytest.mark.parametrize("kind", ["reminder", "warning", "statement"])
def test_a_letter_without_charges_adds_nothing_and_still_sets_a_deadline(kind: LetterKind) -> None:
    found = letter_charges(CLAIM, POLICY, BILLED_ON, kind, LAW, NOTHING, charged=False)
    assert (found.added, found.refused) == ((), ())
    assert found.pay_by_on == date(2025, 8, 22)


def test_a_refused_fee_says_why_and_interest_is_charged_all_the_same() -> None:
    found = letter(BILLED, date(2025, 8, 21), BOOKED)
    assert told(found.added) == [("interest", "12.02")]
    assert [(one.code, one.law) for one in found.refused] == [("GAP", "renteloven § 9 b")]
    assert found.missing == ()


def test_a_letter_whose_rate_is_missing_must_wait() -> None:
    late = replace(CLAIM, due_on=date(2026, 6, 15))
    found = letter(late, date(2026, 7, 20))
    assert [one.rule_id for one in found.missing] == ["dk.interest.reference"]


@pytest.mark.case("law", 15)
def test_a_correcting_note_takes_back_from_the_last_letter_and_the_next_one_goes_on_from_there() -> (
    None
):
    corrected = replace(BILLED, reductions=(Reduction("correction", kroner("2000.00"), NOTE_ON),))
    (line,) = corrections(corrected, POLICY, BILLED_ON, LAW, BOOKED)
    assert (line.kind, line.amount) == ("interest", kroner("-5.87"))
    righted = replace(BOOKED, interest=kroner("8.82"))
    assert corrections(corrected, POLICY, BILLED_ON, LAW, righted) == ()
    assert told(letter(corrected, date(2025, 9, 1), righted).added)[-1] == ("interest", "16.02")


def test_a_letter_before_the_correction_was_booked_carries_the_negative_line_itself() -> None:
    corrected = replace(BILLED, reductions=(Reduction("correction", kroner("4900.00"), NOTE_ON),))
    added = told(letter(corrected, date(2025, 8, 23), BOOKED).added)
    assert added == [("fee", "100.00"), ("interest", "-14.10")]


def test_a_payment_that_came_late_into_the_books_lowers_what_was_billed() -> None:
    """Paid on the 5th, told on the 20th: eight of the eleven days were on 1000.00 only."""
    paid = Reduction("payment", kroner("4000.00"), date(2025, 8, 5), known_on=NOTE_ON)
    lines = corrections(replace(BILLED, reductions=(paid,)), POLICY, BILLED_ON, LAW, BOOKED)
    assert told(lines) == [("interest", "-7.48")]


def test_a_fee_falls_when_all_was_paid_before_the_letter_and_stays_when_it_came_later() -> None:
    def of(value_on: date) -> list[tuple[str, str]]:
        paid = Reduction("payment", kroner("5000.00"), value_on, known_on=NOTE_ON)
        facts = replace(BILLED, reductions=(paid,))
        return told(corrections(facts, POLICY, BILLED_ON, LAW, BOOKED))

    assert of(date(2025, 8, 12)) == [("fee", "-100.00")]
    assert of(date(2025, 8, 13)) == []


def test_a_finnish_consumers_fee_stays_when_it_was_paid_less_than_four_days_before() -> None:
    sent_on, fee = date(2026, 3, 18), Money(5_00, "EUR")
    letters = (LetterSent("reminder", sent_on, fee=fee, interest=Money(0, "EUR")),)
    claim = ClaimFacts("FI", "consumer", Money(500_00, "EUR"), date(2026, 3, 2), letters=letters)
    booked = replace(Booked.nothing("EUR"), fees=fee)

    def of(value_on: date) -> list[tuple[str, str]]:
        paid = Reduction("payment", Money(500_00, "EUR"), value_on, known_on=date(2026, 3, 20))
        lines = corrections(replace(claim, reductions=(paid,)), POLICY, sent_on, LAW, booked)
        return [line for line in told(lines) if line[0] == "fee"]

    assert of(date(2026, 3, 14)) == [("fee", "-5.00")]
    assert of(date(2026, 3, 15)) == []


def test_what_compensation_had_absorbed_comes_back_with_the_fee_and_never_more() -> None:
    sent_on = date(2026, 2, 20)
    fee = Money(60_00, "SEK")
    facts = ClaimFacts(
        "SE",
        "company",
        Money(50_000_00, "SEK"),
        date(2026, 2, 2),
        letters=(LetterSent("reminder", sent_on, fee=fee),),
        reductions=(Reduction("correction", Money(50_000_00, "SEK"), date(2026, 3, 1)),),
    )
    zero = Money(0, "SEK")
    booked = Booked(fee, zero, Money(450_00, "SEK"), -fee)
    policy = replace(POLICY, fee_clause=True)
    lines = told(corrections(facts, policy, sent_on, LAW, booked))
    assert lines == [("fee", "-60.00"), ("compensation", "-450.00"), ("absorbed", "60.00")]


def test_when_the_debtor_proves_to_be_a_consumer_what_is_above_their_cap_is_taken_back() -> None:
    sent_on, fee = date(2026, 3, 18), Money(12_00, "EUR")
    letters = (LetterSent("reminder", sent_on, fee=fee),)
    claim = ClaimFacts("FI", "company", Money(500_00, "EUR"), date(2026, 3, 2), letters=letters)
    booked = replace(Booked.nothing("EUR"), fees=fee)
    assert corrections(claim, POLICY, sent_on, LAW, booked) == ()
    as_consumer = replace(claim, debtor_kind="consumer")
    assert told(corrections(as_consumer, POLICY, sent_on, LAW, booked)) == [("fee", "-7.00")]


def test_a_creditor_who_stops_charging_keeps_what_was_lawful_when_it_was_charged() -> None:
    stopped = replace(POLICY, interest="none", fees="none")
    assert corrections(BILLED, stopped, BILLED_ON, LAW, BOOKED) == ()
    assert told(letter(BILLED, date(2025, 9, 1), BOOKED, stopped).added) == []
    note = Reduction("correction", kroner("2000.00"), NOTE_ON)
    corrected = replace(BILLED, reductions=(note,))
    assert told(corrections(corrected, stopped, BILLED_ON, LAW, BOOKED)) == [("interest", "-5.87")]


def test_a_creditor_who_lowers_the_rate_keeps_what_was_lawful_when_it_was_charged() -> None:
    lowered = replace(POLICY, interest="contract", contract_rate=Decimal("4.00"))
    assert told(letter(BILLED, date(2025, 8, 23), BOOKED, lowered).added) == [("fee", "100.00")]
    assert told(letter(BILLED, date(2025, 9, 30), BOOKED, lowered).added) == [
        ("fee", "100.00"),
        ("interest", "18.19"),
    ]
    # A correction takes back what it never owed at the rate of now, and what law and contract forbid.
    note = Reduction("correction", kroner("1000.00"), NOTE_ON)
    lines = corrections(
        replace(BILLED, reductions=(note,)), lowered, BILLED_ON, LAW, BOOKED, before=BILLED
    )
    assert told(lines) == [("interest", "-2.94")]


def test_a_creditor_with_a_low_rate_takes_back_at_that_rate() -> None:
    low = replace(POLICY, interest="contract", contract_rate=Decimal("4.00"))
    booked = replace(BOOKED, interest=kroner("6.03"))
    note = Reduction("correction", kroner("2000.00"), NOTE_ON)
    corrected = replace(BILLED, reductions=(note,))
    for before in (BILLED, None):
        lines = corrections(corrected, low, BILLED_ON, LAW, booked, before=before)
        assert told(lines) == [("interest", "-2.41")]


def test_a_note_that_leaves_less_than_is_reminded_of_takes_the_fee_back() -> None:
    minimum = replace(POLICY, minimum=kroner("500.00"))
    note = Reduction("correction", kroner("4600.00"), NOTE_ON)
    lines = corrections(replace(BILLED, reductions=(note,)), minimum, BILLED_ON, LAW, BOOKED)
    assert ("fee", "-100.00") in told(lines)
    assert (
        corrections(BILLED, replace(POLICY, minimum=kroner("9000.00")), BILLED_ON, LAW, BOOKED)
        == ()
    )


# ----- compensation, collective letters -----------------------------------------------------------


def test_the_first_letter_with_charges_claims_compensation_and_the_next_does_not_again() -> None:
    policy = replace(POLICY, compensation=True)
    first = letter(CLAIM, BILLED_ON, NOTHING, policy)
    assert told(first.added) == [
        ("fee", "100.00"),
        ("compensation", "310.00"),
        ("interest", "14.69"),
    ]
    booked = replace(BOOKED, compensation=kroner("310.00"))
    second = letter(BILLED, date(2025, 9, 1), booked, policy)
    assert told(second.added) == [("fee", "100.00"), ("interest", "26.71")]


def test_swedish_compensation_absorbs_each_fee_as_it_comes() -> None:
    policy = replace(POLICY, compensation=True, fee_clause=True)
    claim = ClaimFacts("SE", "company", Money(50_000_00, "SEK"), date(2026, 2, 2))
    first_on = date(2026, 2, 12)
    first = letter_charges(claim, policy, first_on, "reminder", LAW, Booked.nothing("SEK"))
    assert told(first.added)[:3] == [
        ("fee", "60.00"), ("compensation", "450.00"), ("absorbed", "-60.00"),
    ]  # fmt: skip
    booked = Booked(
        Money(60_00, "SEK"), first.added[-1].amount, Money(450_00, "SEK"), Money(-60_00, "SEK")
    )
    sent = LetterSent("reminder", first_on, fee=Money(60_00, "SEK"))
    after = replace(claim, letters=(sent,), compensation_claimed_on=first_on)
    second = letter_charges(after, policy, date(2026, 2, 23), "warning", LAW, booked)
    assert told(second.added)[:2] == [("fee", "180.00"), ("absorbed", "-180.00")]


def test_the_fee_of_a_collective_letter_goes_by_all_of_it_and_stands_on_the_first_that_may_bear_it() -> (
    None
):
    tiers = (FeeTier(kroner("0"), kroner("0")), FeeTier(kroner("1000.00"), kroner("50.00")))
    policy = replace(POLICY, fees="own", tiers=tiers, interest="none")
    small = replace(CLAIM, principal=kroner("600.00"))
    lately = LetterSent("reminder", date(2025, 8, 10), charged=False)
    parts = {
        "written to lately": Part(replace(small, letters=(lately,)), NOTHING),
        "free to bear it": Part(small, NOTHING),
        "another": Part(small, NOTHING),
    }
    found = collective_charges(parts, policy, BILLED_ON, "reminder", LAW)
    assert {key: told(one.added) for key, one in found.items()} == {
        "written to lately": [],
        "free to bear it": [("fee", "50.00")],
        "another": [],
    }


def test_one_arrears_bears_the_flat_compensation_once_however_many_invoices_its_letters_name() -> (
    None
):
    policy = replace(POLICY, fees="none", interest="none", compensation=True)
    parts = {name: Part(CLAIM, NOTHING) for name in ("first", "second")}
    found = collective_charges(parts, policy, BILLED_ON, "reminder", LAW)
    assert {key: told(one.added) for key, one in found.items()} == {
        "first": [("compensation", "310.00")],
        "second": [],
    }
    assert [one.code for one in found["second"].refused] == ["COUNT"]
    borne = replace(NOTHING, compensation=kroner("310.00"))
    again = {"new": Part(CLAIM, NOTHING), "bears it": Part(CLAIM, borne)}
    later = collective_charges(again, policy, BILLED_ON, "reminder", LAW)
    assert {key: told(one.added) for key, one in later.items()} == {"new": [], "bears it": []}


# ----- until when ---------------------------------------------------------------------------------


def test_a_letter_with_interest_may_leave_on_its_day_only() -> None:
    assert letter(CLAIM, BILLED_ON).valid_through_on == BILLED_ON


def test_a_warning_without_interest_may_leave_as_long_as_its_deadline_stays_lawful() -> None:
    """Ten days from Monday 15 December are Christmas Day; the deadline is the 29th."""
    policy = replace(POLICY, interest="none")
    found = letter_charges(CLAIM, policy, date(2025, 12, 15), "warning", LAW, NOTHING)
    assert (found.pay_by_on, found.valid_through_on) == (date(2025, 12, 29), date(2025, 12, 19))


def test_a_letter_may_not_leave_under_the_fee_of_last_year() -> None:
    policy = replace(POLICY, interest="none")
    claim = ClaimFacts("NO", "consumer", Money(3_000_00, "NOK"), date(2025, 12, 1))
    found = letter_charges(
        claim, policy, date(2025, 12, 30), "reminder", LAW, Booked.nothing("NOK")
    )
    assert told(found.added) == [("fee", "35.00")]
    assert found.valid_through_on == date(2025, 12, 31)


def test_a_case_is_handed_over_when_its_deadline_has_strictly_passed() -> None:
    assert transfer_from(date(2025, 12, 22)) == date(2025, 12, 23)


# ----- policies -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("country", "kind", "allocation"),
    [
        ("DK", "consumer", "costs_first"),
        ("SE", "company", "interest_first"),
        ("NO", "company", "costs_first"),
        ("FI", "consumer", "interest_first"),
        ("FI", "company", "costs_first"),
    ],
)
def test_what_a_payment_settles_first_is_the_countrys_unless_chosen(
    country: str, kind: LegalKind, allocation: str
) -> None:
    found = default_policy(country, kind, date(2026, 1, 1), LAW)
    assert found.allocation == allocation


def test_a_creditors_choice_is_what_the_engine_takes() -> None:
    chosen = ChargePolicy(
        interest="own", rate="6.5", fees="none", compensation=True, day_count="30/360"
    )
    policy = resolved(chosen, "DK", "company", date(2026, 1, 1), LAW)
    assert (policy.interest, policy.contract_rate) == ("contract", Decimal("6.5"))
    assert (policy.fees, policy.compensation, policy.day_count) == ("none", True, "30/360")
    assert not resolved(chosen, "DK", "consumer", date(2026, 1, 1), LAW).compensation


@pytest.mark.parametrize(
    ("chosen", "field"),
    [
        (ChargePolicy(allocation="last"), "allocation"),
        (ChargePolicy(interest="own"), "rate"),
        (ChargePolicy(interest="own", rate="much"), "rate"),
        (ChargePolicy(interest="own", rate="NaN"), "rate"),
    ],
)
def test_a_choice_that_is_none_is_refused_by_its_field(chosen: ChargePolicy, field: str) -> None:
    with pytest.raises(Rejected) as rejected:
        resolved(chosen, "DK", "company", date(2026, 1, 1), LAW)
    assert rejected.value.field == field


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"due_on": None}, "due_on"),
        ({"due_basis": "unilateral"}, "sent_on"),
        ({"principal": kroner("-1.00")}, "principal"),
        ({"reductions": (Reduction("payment", Money(100, "EUR"), BILLED_ON),)}, "reductions"),
    ],
)
def test_facts_that_are_none_are_refused_by_their_field(
    facts: dict[str, object], field: str
) -> None:
    with pytest.raises(Rejected) as rejected:
        replace(CLAIM, **facts)  # type: ignore[arg-type]
    assert rejected.value.field == field


def test_an_answer_cites_the_book_and_the_rows_that_it_rests_on() -> None:
    claim = claim_on(BILLED, POLICY, date(2025, 9, 1), LAW)
    assert claim.law_version == LAW.version
    for charge in claim.charges:
        for cited in charge.version.split():
            rule_id, _, version = cited.partition("@")
            assert any((row.rule_id, row.version) == (rule_id, version) for row in LAW.rows), cited


def test_lawful_interest_is_nothing_that_can_be_told_without_a_rate() -> None:
    late = replace(CLAIM, due_on=date(2026, 6, 15))
    assert lawful_interest(late, POLICY, date(2026, 6, 30), LAW) == kroner("20.03")
    assert lawful_interest(late, POLICY, date(2026, 7, 1), LAW) is None
