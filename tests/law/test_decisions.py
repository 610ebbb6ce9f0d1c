"""What the house has decided where the sources leave a choice, one worksheet or more for each."""

from __future__ import annotations

import pytest

from tests.law.sheet import asked, reckons

# ----- interest -----------------------------------------------------------------------------------


def test_a_payment_that_settles_interest_ends_a_window_and_each_window_is_rounded_once() -> None:
    """100.00 at 10.75 %: 0.3239 to the 13th, and on what is left 0.3238 and 0.3237."""
    reckons("""
        claim          | DK company 100.00 DKK due 2025-01-02
        payment        | 0.35 on 2025-01-13
        payment        | 0.35 on 2025-01-24
        policy         | allocation=costs_first
        as of          | 2025-02-04
        ---
        interest       | 0.96
        open principal | 99.94
        open interest  | 0.32
    """)
    # The same days in one window: 0.9719 and so one øre more.
    reckons("""
        claim          | DK company 100.00 DKK due 2025-01-02
        as of          | 2025-02-04
        ---
        interest       | 0.97
    """)


def test_due_on_a_closed_day_and_paid_on_the_next_banking_day_there_is_no_interest() -> None:
    saturday = "claim | DK consumer 1000.00 DKK due 2025-03-01"
    reckons(f"""{saturday}
        payment  | 1000.00 on 2025-03-03
        as of    | 2025-03-03
        ---
        interest | 0.00
        total    | 0.00
    """)


@pytest.mark.parametrize(
    ("payment", "interest"), [("1000.00 on 2025-03-04", "0.88"), ("999.99 on 2025-03-03", "0.59")]
)
def test_paid_a_day_later_or_not_wholly_interest_counts_from_the_nominal_due_date(
    payment: str, interest: str
) -> None:
    day = payment.rsplit(maxsplit=1)[-1]
    reckons(f"""
        claim    | DK consumer 1000.00 DKK due 2025-03-01
        payment  | {payment}
        policy   | allocation=principal_first
        as of    | {day}
        ---
        interest | {interest}
    """)


def test_waiting_times_count_from_the_nominal_due_date_too() -> None:
    """Due Saturday 16 May 2026, and Sunday 17 May is no banking day either."""
    reckons("""
        claim    | NO consumer 3000.00 NOK due 2026-05-16
        reminder | 2026-05-30
        as of    | 2026-05-30
        ---
        fees     | 38.00
    """)


def test_a_missing_rate_leaves_no_partial_interest_and_no_total() -> None:
    reckons("""
        claim          | DK consumer 1000.00 DKK due 2026-06-15
        reminder       | 2026-06-29
        payment        | 400.00 on 2026-07-10
        policy         | allocation=principal_first
        as of          | 2026-07-20
        ---
        fees           | 100.00
        refused        | RULE_MISSING
        law            | renteloven § 5
        interest       | None
        open principal | 600.00
        open costs     | 100.00
        total          | None
    """)


def test_where_interest_comes_first_and_is_unknown_nobody_can_tell_what_a_payment_settled() -> None:
    reckons("""
        claim          | DK consumer 1000.00 DKK due 2026-06-15
        payment        | 400.00 on 2026-07-10
        policy         | allocation=costs_first
        as of          | 2026-07-20
        ---
        open principal | None
        open costs     | 0.00
        total          | None
    """)


def test_until_the_day_before_the_missing_rate_all_is_known() -> None:
    reckons("""
        claim    | DK consumer 1000.00 DKK due 2026-06-15
        as of    | 2026-06-30
        ---
        interest | 4.01
        total    | 1004.01
    """)


def test_thirty_day_months_end_half_years_on_their_thirtieth_day() -> None:
    """From 15 December to 31 January the months are 15 + 30 days, and the year changes between."""
    reckons("""
        claim    | DK consumer 10000.00 DKK due 2024-12-15
        policy   | day_count=30/360
        as of    | 2025-01-31
        ---
        rates    | 15 d at 11.50 %, 30 d at 10.75 %
        interest | 137.50
    """)


def test_the_actual_year_of_each_day_counts_over_a_new_year() -> None:
    """17 days of 2024 over 366 and 14 of 2025 over 365."""
    reckons("""
        claim    | SE company 10000.00 SEK due 2024-12-14
        policy   | interest=contract contract_rate=12.00 day_count=act/act
        as of    | 2025-01-14
        ---
        rates    | 17 d at 12.00 %, 14 d at 12.00 %
        interest | 101.77
    """)


def test_counting_the_due_date_adds_a_day() -> None:
    reckons("""
        claim    | DK consumer 10000.00 DKK due 2025-03-03
        policy   | count_due_date=yes
        as of    | 2025-04-02
        ---
        rates    | 31 d at 10.75 %
    """)


def test_a_consumers_rate_above_the_law_is_refused_and_not_lowered() -> None:
    reckons("""
        claim    | DK consumer 10000.00 DKK due 2025-06-20
        policy   | interest=contract contract_rate=10.00
        as of    | 2025-07-10
        ---
        refused  | RATE_ABOVE_LEGAL
        law      | renteloven § 5
        interest | 0.00
        total    | 10000.00
    """)


def test_a_lower_rate_is_a_consumers_and_a_higher_one_a_companys() -> None:
    for who, rate, interest in (("consumer", "6.00", "49.32"), ("company", "24.00", "197.26")):
        reckons(f"""
            claim    | DK {who} 10000.00 DKK due 2025-03-03
            policy   | interest=contract contract_rate={rate}
            as of    | 2025-04-02
            ---
            refused  | nothing
            interest | {interest}
        """)


def test_an_agreed_rate_needs_no_reference_row_and_says_that_it_was_not_compared() -> None:
    told = """
        policy     | interest=contract contract_rate=5.00
        as of      | 2026-08-14
        ---
        refused    | nothing
        interest   | 8.22
    """
    reckons(f"""
        claim      | DK company 2000.00 DKK due 2026-07-15
        {told}
        unverified | nothing
    """)
    reckons(f"""
        claim      | DK consumer 2000.00 DKK due 2026-07-15
        {told}
        unverified | interest
    """)


@pytest.mark.parametrize("country", ["DK DKK", "SE SEK", "NO NOK", "FI EUR"])
@pytest.mark.parametrize("kind", ["consumer", "company"])
def test_a_due_date_that_only_the_seller_printed_leaves_thirty_days_from_sending(
    country: str, kind: str
) -> None:
    code, currency = country.split()
    reckons(f"""
        claim        | {code} {kind} 1000.00 {currency} due 2025-03-10 sent 2025-03-01
        due basis    | unilateral
        as of        | 2025-03-31
        ---
        free through | 2025-03-31
        interest     | 0.00
    """)


def test_a_printed_date_later_than_that_is_kept() -> None:
    reckons("""
        claim        | SE consumer 1000.00 SEK due 2025-05-15 sent 2025-03-01
        due basis    | unilateral
        as of        | 2025-05-15
        ---
        free through | 2025-05-15
    """)


def test_on_the_day_of_a_payment_the_old_base_still_bears_interest() -> None:
    """Ten days on 1000.00 and ten on 400.00, whether paid or given."""
    for kind in ("payment", "goodwill"):
        reckons(f"""
            claim    | DK company 1000.00 DKK due 2025-02-28
            {kind}   | 600.00 on 2025-03-10
            policy   | allocation=principal_first
            as of    | 2025-03-20
            ---
            rates    | 10 d at 10.75 %, 10 d at 10.75 %
            interest | 4.12
        """)


def test_a_correcting_note_takes_back_what_it_never_owed_from_the_beginning() -> None:
    reckons("""
        claim      | DK company 1000.00 DKK due 2025-02-28
        correction | 600.00 on 2025-03-10
        as of      | 2025-03-20
        ---
        rates      | 20 d at 10.75 %
        interest   | 2.36
        total      | 402.36
    """)


# ----- compensation -------------------------------------------------------------------------------


def test_a_norwegian_half_year_without_a_compensation_row_is_refused() -> None:
    reckons("""
        claim                | NO company 8000.00 NOK due 2025-09-15
        compensation claimed | 2025-10-15
        as of                | 2025-10-15
        ---
        refused  | RULE_MISSING
        costs    | 0.00
        interest | 80.55
    """)


def test_the_due_date_chooses_the_norwegian_row_and_not_the_day_of_the_claim() -> None:
    reckons("""
        claim                | NO company 8000.00 NOK due 2026-06-30
        compensation claimed | 2026-07-15
        as of                | 2026-07-15
        ---
        compensation | 460.00
    """)


def test_norwegian_compensation_takes_in_reminder_and_warning_and_not_the_own_demand() -> None:
    reckons("""
        claim                | NO company 8000.00 NOK due 2026-02-02
        reminder             | 2026-02-20
        warning              | 2026-03-10
        demand               | 2026-03-26
        compensation claimed | 2026-03-26
        as of                | 2026-03-26
        ---
        fees         | 38.00 38.00 113.00
        compensation | 460.00
        absorbed     | -76.00
        costs        | 573.00
        unverified   | absorbed
    """)


def test_compensation_is_charged_only_when_it_is_claimed() -> None:
    reckons("""
        claim | DK company 8000.00 DKK due 2025-02-03
        as of | 2025-03-03
        ---
        costs | 0.00
    """)


def test_compensation_can_be_claimed_after_the_principal_was_paid_late() -> None:
    reckons("""
        claim                | DK company 8000.00 DKK due 2025-02-03
        payment              | 8000.00 on 2025-02-10
        compensation claimed | 2025-02-17
        policy               | allocation=principal_first
        as of                | 2025-02-17
        ---
        compensation | 310.00
        total        | 326.49
    """)


def test_compensation_is_not_owed_where_it_was_paid_in_time() -> None:
    reckons("""
        claim                | DK company 8000.00 DKK due 2025-02-01
        payment              | 8000.00 on 2025-02-03
        compensation claimed | 2025-02-17
        as of                | 2025-02-17
        ---
        refused | NOT_OVERDUE
        total   | 0.00
    """)


def test_where_costs_come_first_compensation_ranks_from_the_day_it_is_claimed() -> None:
    told = """
        claim                | DK company 8000.00 DKK due 2025-02-03
        payment              | 310.00 on 2025-02-10
        policy               | allocation=costs_first interest=none
    """
    for claimed_on, open_principal in (("2025-02-10", "8000.00"), ("2025-02-11", "7690.00")):
        reckons(f"""{told}
            compensation claimed | {claimed_on}
            as of                | 2025-02-17
            ---
            open principal | {open_principal}
            total          | 8000.00
        """)


def test_neither_compensation_nor_fee_in_foreign_currency() -> None:
    reckons("""
        claim                | DK company 8000.00 EUR due 2025-02-03
        reminder             | 2025-02-20
        compensation claimed | 2025-02-20
        as of                | 2025-03-05
        ---
        refused  | FOREIGN_CURRENCY FOREIGN_CURRENCY
        interest | 70.68
        costs    | 0.00
    """)


def test_danish_compensation_is_owed_once_in_unbroken_arrears() -> None:
    request = """
        claim                  | DK company 8000.00 DKK due 2025-02-03
        compensation claimed   | 2025-02-20
        compensated in arrears | yes
        as of                  | 2025-02-20
        ---
        refused | COUNT
        costs   | 0.00
    """
    reckons(request)


def test_a_consumer_owes_no_compensation() -> None:
    reckons("""
        claim                | DK consumer 8000.00 DKK due 2025-02-03
        compensation claimed | 2025-02-20
        as of                | 2025-02-20
        ---
        refused | CONSUMER
        law     | renteloven § 9 a, stk. 3
        costs   | 0.00
    """)


# ----- fees ---------------------------------------------------------------------------------------


def test_a_second_norwegian_fee_needs_a_letter_after_the_firsts_deadline() -> None:
    for second, fees in (("2026-03-06", "38.00 0.00"), ("2026-03-07", "38.00 38.00")):
        reckons(f"""
            claim    | NO consumer 3000.00 NOK due 2026-02-02
            reminder | 2026-02-20
            reminder | {second}
            as of    | {second}
            ---
            fees     | {fees}
        """)


def test_a_norwegian_letter_without_a_fee_sets_no_deadline_for_the_next_fee() -> None:
    reckons("""
        claim    | NO consumer 3000.00 NOK due 2026-02-02
        reminder | 2026-02-14 no fee
        reminder | 2026-02-16
        as of    | 2026-02-16
        ---
        fees     | 0.00 38.00
    """)


def test_a_deadline_that_the_letter_itself_set_counts() -> None:
    reckons("""
        claim    | NO consumer 3000.00 NOK due 2026-02-02
        reminder | 2026-02-20 pay by 2026-03-20
        reminder | 2026-03-20
        as of    | 2026-03-20
        ---
        fees     | 38.00 0.00
        refused  | DEADLINE_RUNS
    """)


def test_norway_knows_two_fees_before_the_demand_and_one_of_a_warning() -> None:
    reckons("""
        claim    | NO consumer 3000.00 NOK due 2026-02-02
        reminder | 2026-02-20
        reminder | 2026-03-10
        warning  | 2026-03-31
        as of    | 2026-03-31
        ---
        fees     | 38.00 38.00 0.00
        refused  | COUNT
    """)
    reckons("""
        claim    | NO consumer 3000.00 NOK due 2026-02-02
        warning  | 2026-02-20
        warning  | 2026-03-10
        reminder | 2026-03-31
        as of    | 2026-03-31
        ---
        fees     | 38.00 0.00 38.00
        refused  | COUNT
    """)


@pytest.mark.parametrize(
    ("before", "refused"),
    [("reminder | 2026-02-20", "NO_WARNING"), ("warning | 2026-03-02", "DEADLINE_RUNS")],
)
def test_an_own_norwegian_demand_follows_a_warning_whose_deadline_has_passed(
    before: str, refused: str
) -> None:
    reckons(f"""
        claim    | NO consumer 3000.00 NOK due 2026-02-02
        {before}
        demand   | 2026-03-16
        as of    | 2026-03-16
        ---
        fees     | 38.00 0.00
        refused  | {refused}
    """)


def test_sweden_knows_one_fee_of_a_reminder_and_one_of_a_demand() -> None:
    reckons("""
        claim    | SE consumer 3000.00 SEK due 2026-02-02
        reminder | 2026-02-12
        reminder | 2026-02-23
        warning  | 2026-03-05
        demand   | 2026-03-16
        policy   | fee_clause=yes
        as of    | 2026-03-16
        ---
        fees     | 60.00 0.00 180.00 0.00
        refused  | COUNT COUNT
    """)


def test_a_swedish_demand_bears_its_fee_without_a_clause() -> None:
    reckons("""
        claim   | SE consumer 3000.00 SEK due 2026-02-02
        warning | 2026-03-05
        as of   | 2026-03-05
        ---
        fees    | 180.00
    """)


def test_a_swedish_agency_charges_its_demand_unless_the_creditor_has() -> None:
    told = "claim | SE consumer 3000.00 SEK due 2026-02-02"
    for letter, costs in (("", "180.00"), ("warning | 2026-03-05", "180.00")):
        reckons(f"""{told}
            {letter}
            handed over | 2026-03-20
            as of       | 2026-03-20
            ---
            costs       | {costs}
        """)


def test_a_finnish_warning_has_no_fee_of_its_own() -> None:
    reckons("""
        claim   | FI consumer 500.00 EUR due 2026-02-02
        warning | 2026-03-05
        as of   | 2026-03-05
        ---
        fees    | 0.00
        refused | NO_FEE
    """)


def test_a_finnish_demand_goes_by_the_principal_of_its_day_and_a_later_one_is_half() -> None:
    """1050.00 is of the highest tier, what is left of it on the day of the second of the middle one."""
    reckons("""
        claim      | FI consumer 1050.00 EUR due 2026-02-02
        demand     | 2026-03-05
        payment    | 100.00 on 2026-03-12
        demand     | 2026-03-25
        demand     | 2026-04-15
        policy     | allocation=principal_first
        as of      | 2026-04-15
        ---
        fees       | 50.00 12.00 0.00
        refused    | COUNT
        unverified | fee fee
    """)


def test_a_payment_that_nobody_knew_of_does_not_change_the_tier_of_a_demand_that_has_left() -> None:
    for known, fee in (("", "24.00"), ("known 2026-03-09", "50.00")):
        reckons(f"""
            claim   | FI consumer 1050.00 EUR due 2026-02-02
            payment | 100.00 on 2026-03-04 {known}
            demand  | 2026-03-05
            as of   | 2026-03-10
            ---
            fees    | {fee}
        """)


def test_all_costs_of_a_finnish_consumer_together_have_a_cap() -> None:
    """Sixty euro for a hundred: after eleven reminders of five there are five left for the twelfth."""
    days = ["02-16", "03-02", "03-16", "03-30", "04-13", "04-27", "05-11", "05-25", "06-08",
            "06-22", "07-06", "07-20", "08-03"]  # fmt: skip
    letters = "\n".join(f"reminder | 2026-{day}" for day in days)
    reckons(f"""
        claim   | FI consumer 100.00 EUR due 2026-02-02
        {letters}
        as of   | 2026-08-03
        ---
        fees    | {" ".join(["5.00"] * 12)} 0.00
        refused | TOTAL_CAP
        costs   | 60.00
    """)


def test_a_wanted_fee_above_the_cap_is_lowered_and_said() -> None:
    told = """
        claim    | DK consumer 1000.00 DKK due 2025-02-03
        reminder | 2025-02-20
        policy   | fees=own fee_wanted=150.00
        as of    | 2025-02-20
    """
    reckons(f"""{told}
        ---
        fees     | 100.00
        refused  | ABOVE_CAP
        law      | renteloven § 9 b
    """)
    assert asked(told)["refused"][0]["amount"] == "50.00"


def test_the_danish_gap_counts_from_the_last_letter_of_any_kind() -> None:
    reckons("""
        claim    | DK consumer 1000.00 DKK due 2025-05-01
        reminder | 2025-06-02
        reminder | 2025-06-11
        reminder | 2025-06-14
        as of    | 2025-06-14
        ---
        fees     | 100.00 0.00 0.00
        refused  | GAP GAP
    """)
    reckons("""
        claim     | DK consumer 1000.00 DKK due 2025-05-01
        reminder  | 2025-06-02 no fee
        statement | 2025-06-10
        reminder  | 2025-06-12
        as of     | 2025-06-12
        ---
        fees      | 0.00 100.00
    """)


def test_an_old_norwegian_claim_has_the_old_reminder_fee_and_no_other() -> None:
    reckons("""
        claim    | NO consumer 3000.00 NOK due 2020-09-14
        reminder | 2020-10-05
        warning  | 2020-11-02
        as of    | 2020-11-02
        ---
        fees     | 70.00 0.00
        refused  | RULE_MISSING
        interest | 32.22
    """)


def test_a_payment_on_the_day_of_a_letter_counts_before_it() -> None:
    reckons("""
        claim          | DK company 1000.00 DKK due 2025-02-03
        payment        | 100.00 on 2025-02-20
        reminder       | 2025-02-20
        policy         | allocation=costs_first interest=none
        as of          | 2025-02-20
        ---
        open principal | 900.00
        open costs     | 100.00
    """)


def test_what_comes_in_beyond_the_claim_is_the_debtors_credit_and_no_negative_charge() -> None:
    reckons("""
        claim    | DK company 1000.00 DKK due 2025-02-03
        payment  | 1500.00 on 2025-02-03
        reminder | 2025-02-20
        as of    | 2025-03-03
        ---
        interest | 0.00
        fees     | 0.00
        total    | 0.00
        overpaid | 500.00
    """)
