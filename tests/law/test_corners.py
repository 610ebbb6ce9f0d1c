"""Corner cases that a good tester tries, as far as the law decides them."""

from __future__ import annotations

from datetime import date

import pytest

from services.dunning.model.facts import Booked, ClaimFacts
from services.dunning.model.law.packs import law_book
from services.dunning.model.letter_charges import letter_charges
from services.dunning.model.policy import Policy
from shared.money import Money
from tests.law.sheet import reckons


def test_after_a_partial_payment_interest_splits_and_the_next_fee_goes_by_what_is_left() -> None:
    reckons("""
        claim    | DK consumer 1200.00 DKK due 2025-02-03
        reminder | 2025-02-13
        payment  | 900.00 on 2025-02-20
        reminder | 2025-03-05
        policy   | allocation=principal_first
        tiers    | 0.00:0.00 250.00:50.00 1000.00:100.00
        as of    | 2025-03-05
        ---
        fees     | 100.00 50.00
        rates    | 17 d at 10.75 %, 13 d at 10.75 %
        interest | 7.16
    """)


def test_when_only_charges_are_left_nothing_is_listed() -> None:
    reckons("""
        claim    | DK consumer 1200.00 DKK due 2025-02-03
        reminder | 2025-02-13
        payment  | 1200.00 on 2025-02-20
        policy   | allocation=principal_first
        as of    | 2025-03-05
        ---
        listed   | no
        total    | 106.01
    """)


@pytest.mark.parametrize(
    ("earlier", "fees", "refused"),
    [
        ("0", "100.00 100.00", "nothing"),
        ("2", "100.00 0.00", "COUNT"),
        ("3", "0.00 0.00", "COUNT COUNT"),
    ],
)
def test_danish_fees_of_the_same_unbroken_arrears_count_together(
    earlier: str, fees: str, refused: str
) -> None:
    reckons(f"""
        claim        | DK consumer 1200.00 DKK due 2025-02-03
        reminder     | 2025-02-13
        reminder     | 2025-02-27
        earlier fees | {earlier}
        as of        | 2025-02-27
        ---
        fees         | {fees}
        refused      | {refused}
    """)


@pytest.mark.parametrize(
    ("on", "rates"),
    [
        ("2025-06-30", "10 d at 10.75 %"),
        ("2025-07-01", "10 d at 10.75 %, 1 d at 9.75 %"),
    ],
)
def test_the_last_day_of_a_half_year_is_its_own(on: str, rates: str) -> None:
    reckons(f"""
        claim | DK company 1000.00 DKK due 2025-06-20
        as of | {on}
        ---
        rates | {rates}
    """)


def test_over_a_new_year_each_day_has_its_own_rate() -> None:
    reckons("""
        claim | NO company 1000.00 NOK due 2025-12-30
        as of | 2026-01-02
        ---
        rates | 1 d at 12.25 %, 2 d at 12.00 %
    """)


def test_a_leap_day_is_a_day_like_any_other() -> None:
    reckons("""
        claim | DK company 1000.00 DKK due 2024-02-28
        as of | 2024-03-01
        ---
        rates | 2 d at 11.75 %
    """)


def test_due_on_a_holiday_it_is_not_late_until_the_next_banking_day_has_gone() -> None:
    """Maundy Thursday 2026: it can be paid through the Tuesday after Easter."""
    for day, refused, listed in (
        ("2026-04-07", "NOT_OVERDUE", "no"),
        ("2026-04-08", "nothing", "yes"),
    ):
        reckons(f"""
            claim    | DK consumer 1000.00 DKK due 2026-04-02
            reminder | {day}
            as of    | {day}
            ---
            listed   | {listed}
            refused  | {refused}
        """)


def test_with_an_agency_the_creditors_letters_bear_nothing_more() -> None:
    reckons("""
        claim       | DK consumer 1000.00 DKK due 2025-02-03
        reminder    | 2025-02-13
        handed over | 2025-03-03
        reminder    | 2025-03-10
        as of       | 2025-03-10
        ---
        fees        | 100.00 0.00
        refused     | TRANSFERRED
        costs       | 200.00
    """)


def test_norway_and_finland_add_nothing_of_ours_at_hand_over() -> None:
    for claim in ("NO company 1000.00 NOK", "FI company 1000.00 EUR"):
        reckons(f"""
            claim       | {claim} due 2025-02-03
            handed over | 2025-03-03
            as of       | 2025-03-03
            ---
            costs       | 0.00
        """)


def test_a_finnish_invoice_that_came_late_gives_no_fee() -> None:
    reckons("""
        claim    | FI consumer 500.00 EUR due 2026-03-02 sent 2026-02-17
        reminder | 2026-03-20
        as of    | 2026-03-20
        ---
        fees     | 0.00
        refused  | INVOICE_TOO_LATE
    """)


def test_finnish_consumers_reminders_are_fourteen_days_apart_and_companies_demands_ten() -> None:
    reckons("""
        claim    | FI consumer 500.00 EUR due 2026-03-02
        reminder | 2026-03-16
        reminder | 2026-03-29
        as of    | 2026-03-30
        ---
        fees     | 5.00 0.00
        refused  | GAP
    """)
    reckons("""
        claim    | FI company 500.00 EUR due 2026-03-02
        reminder | 2026-03-16
        demand   | 2026-03-25
        demand   | 2026-04-04
        as of    | 2026-04-04
        ---
        fees     | 12.00 0.00 50.00
        refused  | GAP
    """)


def test_finnish_company_fees_before_may_2022_have_not_been_looked_up() -> None:
    reckons("""
        claim    | FI company 500.00 EUR due 2022-03-01
        reminder | 2022-04-29
        as of    | 2022-04-29
        ---
        fees     | 0.00
        refused  | RULE_MISSING
    """)


def test_an_authority_is_charged_as_a_company_is() -> None:
    reckons("""
        claim                | FI authority 12000.00 EUR due 2025-06-13
        reminder             | 2025-07-01
        compensation claimed | 2025-07-01
        as of                | 2025-07-13
        ---
        interest | 109.15
        costs    | 40.00
    """)


def test_a_creditor_who_charges_nothing_charges_nothing() -> None:
    reckons("""
        claim    | DK consumer 1000.00 DKK due 2025-02-03
        reminder | 2025-02-13
        policy   | interest=none fees=none
        as of    | 2025-03-05
        ---
        fees     | 0.00
        refused  | nothing
        total    | 1000.00
    """)


def test_a_lower_fee_of_ones_own_is_what_is_charged() -> None:
    reckons("""
        claim    | DK consumer 1000.00 DKK due 2025-02-03
        reminder | 2025-02-13
        policy   | fees=own fee_wanted=75.00
        as of    | 2025-02-13
        ---
        fees     | 75.00
        refused  | nothing
    """)


def test_before_it_is_due_a_claim_carries_nothing() -> None:
    reckons("""
        claim    | DK consumer 1000.00 DKK due 2025-02-03
        as of    | 2025-01-15
        ---
        interest | 0.00
        listed   | no
        total    | 1000.00
    """)


def test_a_correction_larger_than_what_is_left_makes_the_payment_a_credit() -> None:
    reckons("""
        claim      | DK consumer 1000.00 DKK due 2025-02-03
        payment    | 800.00 on 2025-01-20
        correction | 500.00 on 2025-03-01
        as of      | 2025-03-05
        ---
        interest   | 0.00
        total      | 0.00
        overpaid   | 300.00
    """)


def test_from_the_next_banking_day_on_is_a_policy_kinder_to_the_debtor() -> None:
    reckons("""
        claim        | DK consumer 1000.00 DKK due 2025-03-01
        policy       | interest_from=next_banking_day
        as of        | 2025-03-05
        ---
        free through | 2025-03-03
        rates        | 2 d at 10.75 %
    """)


def test_what_rests_on_a_remembered_rate_is_marked() -> None:
    reckons("""
        claim      | SE company 1000.00 SEK due 2025-08-01
        warning    | 2025-08-20
        as of      | 2025-09-01
        ---
        unverified | interest
    """)


def test_three_decimals_and_none_are_rounded_at_their_own_unit() -> None:
    reckons("""
        claim    | DK company 1000 JPY due 2025-03-03
        as of    | 2025-04-02
        ---
        interest | 9
    """)


def test_a_claim_of_a_time_that_no_row_covers_is_answered_and_charged_nothing() -> None:
    reckons("""
        claim          | FI consumer 500.00 EUR sent 2012-03-01
        reminder       | 2012-06-01
        payment        | 100.00 on 2012-05-02
        as of          | 2012-06-01
        ---
        refused        | RULE_MISSING
        law            | korkolaki 5–6 §
        open principal | 400.00
        interest       | None
        total          | None
    """)


def test_an_invoice_older_than_the_bank_calendars_waits_for_its_rates_too() -> None:
    facts = ClaimFacts("DK", "company", Money(1000_00, "DKK"), date(2008, 3, 1))
    found = letter_charges(
        facts, Policy(), date(2026, 3, 2), "reminder", law_book(), Booked.nothing("DKK")
    )
    assert [one.kind for one in found.added] == ["fee"]
    assert [one.rule_id for one in found.missing] == ["dk.interest.statutory"]
