"""The twenty acceptance cases of dunning law, as worksheets that a bookkeeper can check with a pencil.

Interest is simple, over 365 days a year, on the principal alone, and rounded once.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from services.dunning.model.checking import check_policy
from services.dunning.model.deadlines import deadline_of, transfer_from
from services.dunning.model.law.packs import law_book
from services.dunning.model.periods import days_after, months_after
from services.dunning.model.planning import list_day
from services.dunning.model.policy import Policy
from services.dunning.values import FeeTier, NoticeKind
from shared.money import Money
from tests.law.planned import Planned
from tests.law.sheet import Json, ask, reckons


@pytest.mark.case("law", 1)
def test_1_a_danish_consumer_pays_thirty_days_of_interest_and_one_fee() -> None:
    reckons("""
        claim    | DK consumer 10000.00 DKK due 2025-03-03
        reminder | 2025-03-14
        as of    | 2025-04-02
        ---
        rates    | 30 d at 10.75 %
        interest | 88.36
        costs    | 100.00
        total    | 10188.36
    """)


@pytest.mark.case("law", 2)
def test_2_danish_compensation_stands_beside_two_fees_and_interest_changes_with_the_half_year() -> (
    None
):
    reckons("""
        claim                | DK company 25000.00 DKK due 2025-05-30
        reminder             | 2025-06-16
        reminder             | 2025-07-01
        compensation claimed | 2025-07-01
        as of                | 2025-07-31
        ---
        rates        | 31 d at 10.75 %, 31 d at 9.75 %
        interest     | 435.27
        fees         | 100.00 100.00
        compensation | 310.00
        total        | 25945.27
    """)


@pytest.mark.case("law", 3)
def test_3_without_an_agreed_due_date_thirty_days_from_sending_are_free() -> None:
    claim = "claim | DK consumer 5000.00 DKK sent 2025-01-10"
    reckons(f"""
        {claim}
        as of        | 2025-02-09
        ---
        free through | 2025-02-09
        interest     | 0.00
    """)
    reckons(f"""
        {claim}
        payment  | 5000.00 on 2025-03-11
        as of    | 2025-03-11
        ---
        rates    | 30 d at 10.75 %
        interest | 44.18
    """)


@pytest.mark.case("law", 4)
def test_4_a_negative_reference_rate_lowers_the_rate_below_eight_percent() -> None:
    reckons("""
        claim    | DK company 10000.00 DKK due 2022-01-31
        payment  | 10000.00 on 2022-03-02
        as of    | 2022-03-02
        ---
        rates    | 30 d at 7.55 %
        interest | 62.05
    """)


@pytest.mark.case("law", 5)
def test_5_danish_fees_keep_ten_days_between_letters_and_end_with_the_third() -> None:
    letters = """
        claim       | DK consumer 1000.00 DKK due 2025-05-20
        reminder    | 2025-06-02
        reminder    | 2025-06-11
        reminder    | 2025-06-23
        reminder    | 2025-07-03
        reminder    | 2025-07-14
    """
    reckons(f"""{letters}
        as of       | 2025-07-14
        ---
        fees        | 100.00 0.00 100.00 100.00 0.00
        refused     | GAP COUNT
        law         | renteloven § 9 b
        costs       | 300.00
    """)
    reckons(f"""{letters}
        handed over | 2025-07-28
        as of       | 2025-07-28
        ---
        costs       | 400.00
    """)


@pytest.mark.case("law", 6)
@pytest.mark.parametrize(
    ("sent_on", "deadline_on", "hand_over_from"),
    [("2025-12-15", "2025-12-29", "2025-12-30"), ("2025-12-12", "2025-12-22", "2025-12-23")],
)
def test_6_a_danish_warning_leaves_ten_days_and_ends_on_a_banking_day(
    sent_on: str, deadline_on: str, hand_over_from: str
) -> None:
    reckons(f"""
        claim          | DK company 1000.00 DKK due 2025-11-03
        warning        | {sent_on}
        as of          | {sent_on}
        ---
        deadline       | {deadline_on}
        hand over from | {hand_over_from}
    """)


@pytest.mark.case("law", 7)
def test_7_swedish_compensation_takes_in_reminder_and_demand() -> None:
    reckons("""
        claim                | SE company 50000.00 SEK due 2026-02-02
        reminder             | 2026-02-11
        warning              | 2026-02-20
        compensation claimed | 2026-02-20
        policy               | fee_clause=yes
        as of                | 2026-03-04
        ---
        rates        | 30 d at 10.00 %
        interest     | 410.96
        fees         | 60.00 180.00
        compensation | 450.00
        absorbed     | -240.00
        costs        | 450.00
        total        | 50860.96
    """)


@pytest.mark.case("law", 8)
@pytest.mark.parametrize(
    ("clause", "fee", "refused", "total"),
    [("no", "0.00", "CONTRACT_CLAUSE", "1008.60"), ("yes", "60.00", "nothing", "1068.60")],
)
def test_8_a_swedish_reminder_fee_needs_a_clause(
    clause: str, fee: str, refused: str, total: str
) -> None:
    reckons(f"""
        claim    | SE consumer 1000.00 SEK due 2025-06-16
        reminder | 2025-06-27
        policy   | fee_clause={clause}
        as of    | 2025-07-16
        ---
        rates    | 14 d at 11.00 %, 16 d at 10.00 %
        interest | 8.60
        fees     | {fee}
        refused  | {refused}
        total    | {total}
    """)


@pytest.mark.case("law", 9)
@pytest.mark.parametrize(
    ("sent_on", "fee", "refused", "total"),
    [("2026-05-28", "0.00", "TOO_EARLY", "3060.47"), ("2026-05-29", "38.00", "nothing", "3098.47")],
)
def test_9_a_norwegian_fee_waits_fourteen_days_after_the_due_date(
    sent_on: str, fee: str, refused: str, total: str
) -> None:
    reckons(f"""
        claim    | NO consumer 3000.00 NOK due 2026-05-15
        reminder | {sent_on}
        as of    | 2026-07-15
        ---
        rates    | 46 d at 12.00 %, 15 d at 12.25 %
        interest | 60.47
        fees     | {fee}
        refused  | {refused}
        total    | {total}
    """)


@pytest.mark.case("law", 10)
@pytest.mark.parametrize(
    ("second", "absorbed", "extra"), [("", "-38.00", "422"), ("2026-03-16", "-76.00", "384")]
)
def test_10_norwegian_compensation_is_less_what_reminders_have_charged(
    second: str, absorbed: str, extra: str
) -> None:
    again = f"reminder | {second}" if second else ""
    reckons(f"""
        claim                | NO company 8000.00 NOK due 2026-02-02
        reminder             | 2026-02-20
        {again}
        compensation claimed | 2026-03-20
        as of                | 2026-03-20
        ---
        compensation | 460.00
        absorbed     | {absorbed}
        costs        | 460.00
    """)
    assert 460 + Decimal(absorbed) == Decimal(extra)


@pytest.mark.case("law", 11)
@pytest.mark.parametrize(
    ("sent_on", "fee", "refused", "total"),
    [("2026-03-15", "0.00", "TOO_EARLY", "503.90"), ("2026-03-16", "5.00", "nothing", "508.90")],
)
def test_11_a_finnish_consumer_has_fourteen_days_before_a_fee(
    sent_on: str, fee: str, refused: str, total: str
) -> None:
    reckons(f"""
        claim    | FI consumer 500.00 EUR due 2026-03-02 sent 2026-02-16
        reminder | {sent_on}
        as of    | 2026-04-01
        ---
        rates    | 30 d at 9.50 %
        interest | 3.90
        fees     | {fee}
        refused  | {refused}
        total    | {total}
    """)


@pytest.mark.case("law", 12)
def test_12_finnish_compensation_takes_in_fees_up_to_its_own_amount() -> None:
    until_then = """
        claim                | FI company 12000.00 EUR due 2025-06-13
        reminder             | 2025-07-01
        compensation claimed | 2025-07-01
        as of                | 2025-07-13
    """
    reckons(f"""{until_then}
        ---
        rates      | 17 d at 11.50 %, 13 d at 10.50 %
        interest   | 109.15
        absorbed   | -12.00
        costs      | 40.00
        total      | 12149.15
        unverified | absorbed
    """)
    reckons(f"""{until_then}
        demand     | 2025-07-13
        ---
        fees       | 12.00 110.00
        absorbed   | -40.00
        costs      | 122.00
        total      | 12231.15
    """)


@pytest.mark.case("law", 13)
@pytest.mark.parametrize(
    ("day_count", "days", "interest"),
    [("act/365", "30", "96.58"), ("act/act", "30", "96.31"), ("30/360", "31", "101.18")],
)
def test_13_how_days_are_counted_is_a_policy_that_a_leap_day_shows(
    day_count: str, days: str, interest: str
) -> None:
    reckons(f"""
        claim    | DK consumer 10000.00 DKK due 2024-02-15
        payment  | 10000.00 on 2024-03-16
        policy   | day_count={day_count}
        as of    | 2024-03-16
        ---
        rates    | {days} d at 11.75 %
        interest | {interest}
    """)


@pytest.mark.case("law", 14)
def test_14_what_a_payment_settles_first_changes_what_bears_interest_afterwards() -> None:
    told = """
        claim    | DK company 10000.00 DKK due 2025-01-02
        reminder | 2025-01-14
        payment  | 4000.00 on 2025-02-01
        as of    | 2025-03-03
    """
    reckons(f"""{told}
        policy         | allocation=principal_first
        ---
        rates          | 30 d at 10.75 %, 30 d at 10.75 %
        interest       | 141.37
        open principal | 6000.00
        total          | 6241.37
    """)
    reckons(f"""{told}
        policy         | allocation=costs_first
        ---
        open principal | 6188.36
        open interest  | 54.68
        open costs     | 0.00
        total          | 6243.04
    """)


_BILLED = """
        claim    | DK company 5000.00 DKK due 2025-08-01
        reminder | 2025-08-12 carried 100.00 and 14.69
"""


@pytest.mark.case("law", 15)
def test_15_a_correcting_credit_note_takes_back_interest_that_was_never_owed() -> None:
    reckons(f"""{_BILLED}
        correction  | 2000.00 on 2025-08-20
        as of       | 2025-09-01
        ---
        corrections | interest -5.87
        interest    | 24.84
        costs       | 100.00
        total       | 3124.84
    """)


@pytest.mark.case("law", 15)
def test_15_a_goodwill_credit_note_counts_from_its_own_day() -> None:
    reckons(f"""{_BILLED}
        goodwill    | 2000.00 on 2025-08-20
        as of       | 2025-09-01
        ---
        corrections | none
        interest    | 34.99
        total       | 3134.99
    """)


@pytest.mark.case("law", 15)
def test_15_an_invoice_that_was_wrong_altogether_leaves_no_charge() -> None:
    reckons(f"""{_BILLED}
        correction  | 5000.00 on 2025-08-20
        as of       | 2025-09-01
        ---
        corrections | fee -100.00, interest -14.69
        refused     | NOTHING_OWED
        interest    | 0.00
        costs       | 0.00
        total       | 0.00
    """)


@pytest.mark.case("law", 16)
def test_16_paid_on_the_day_of_the_letter_there_is_no_fee_and_the_interest_stays() -> None:
    paid = """
        claim   | DK consumer 2500.00 DKK due 2025-08-29
        payment | 2500.00 on 2025-09-10
        policy  | allocation=principal_first
        as of   | 2025-09-10
    """
    recalled = f"""{paid}
        ---
        rates    | 12 d at 9.75 %
        interest | 8.01
        costs    | 0.00
        total    | 8.01
        listed   | no
    """
    reckons(recalled)
    # Had it gone out all the same, the payment comes before it.
    reckons(f"""{paid}
        reminder | 2025-09-10
        ---
        fees     | 0.00
        refused  | NOTHING_OWED
        total    | 8.01
    """)


@pytest.mark.case("law", 17)
def test_17_a_pause_moves_the_steps_and_drops_none() -> None:
    invoice = Planned(
        due_on=date(2025, 10, 1),
        steps=((NoticeKind.REMINDER, 5), (NoticeKind.REMINDER, 20), (NoticeKind.WARNING, 35)),
        gap_days=15,
        list_days=(0, 1, 2, 3, 4),
    )
    first = invoice.next_letter()
    invoice.is_sent(first.planned_on)
    invoice.is_paused(until_on=date(2025, 11, 1))
    second = invoice.next_letter()
    invoice.goes_on(date(2025, 11, 2))
    assert invoice.next_letter() == second
    invoice.is_sent(second.planned_on)
    warning = invoice.next_letter()
    assert [first.planned_on, second.planned_on, warning.planned_on] == [
        date(2025, 10, 6),
        date(2025, 11, 3),
        date(2025, 11, 18),
    ]
    assert [first.because, second.because, warning.because] == ["due_date", "list_day", "gap"]
    deadline = deadline_of("DK", "warning", "consumer", warning.planned_on, law_book()).on
    assert deadline == date(2025, 11, 28)
    # Saturday: it is ready, and goes with the next list.
    assert list_day(transfer_from(deadline), (0, 1, 2, 3, 4)) == date(2025, 12, 1)


@pytest.mark.case("law", 18)
@pytest.mark.parametrize(
    ("principal", "listed", "fee"),
    [
        ("49.99", "no", "0.00"),
        ("50.00", "yes", "0.00"),
        ("249.99", "yes", "0.00"),
        ("250.00", "yes", "50.00"),
        ("999.99", "yes", "50.00"),
        ("1000.00", "yes", "100.00"),
    ],
)
def test_18_a_small_invoice_bears_a_small_fee_and_a_smaller_one_is_not_listed(
    principal: str, listed: str, fee: str
) -> None:
    reckons(f"""
        claim    | DK consumer {principal} DKK due 2025-09-01
        reminder | 2025-09-15
        policy   | minimum=50.00
        tiers    | 0.00:0.00 250.00:50.00 1000.00:100.00
        as of    | 2025-09-15
        ---
        listed   | {listed}
        fees     | {fee}
    """)


@pytest.mark.case("law", 18)
def test_18_a_fee_above_the_cap_cannot_be_set() -> None:
    tiers = (FeeTier(Money(0, "DKK"), Money(15_000, "DKK")),)
    policy = Policy(fees="own", tiers=tiers)
    (refusal,) = check_policy(policy, "DK", "consumer", date(2025, 9, 15), law_book())
    assert (refusal.code, refusal.law) == ("ABOVE_CAP", "renteloven § 9 b")
    assert (refusal.field, refusal.amount) == ("tiers.0.fee", Money(5_000, "DKK"))


@pytest.mark.case("law", 19)
def test_19_a_collective_letter_bears_one_fee_and_one_in_euro_bears_none() -> None:
    answer = ask(
        {
            "kind": "reminder",
            "sent_on": "2025-10-16",
            "claims": [
                danish("a", "4000.00", "DKK", "2025-09-01"),
                danish("b", "1500.00", "DKK", "2025-09-15"),
                danish("c", "1000.00", "EUR", "2025-09-01"),
            ],
        }
    )
    in_kroner, in_euro = answer["letters"]
    assert added(in_kroner) == {
        "a": [("fee", "100.00"), ("interest", "48.08")],
        "b": [("interest", "12.42")],
    }
    assert (in_kroner["currency"], in_kroner["total"]) == ("DKK", "5660.50")
    assert added(in_euro) == {"c": [("interest", "12.02")]}
    assert (in_euro["currency"], in_euro["total"]) == ("EUR", "1012.02")
    assert [one["code"] for one in in_euro["refused"]["c"]] == ["FOREIGN_CURRENCY"]


def danish(key: str, principal: str, currency: str, due_on: str) -> Json:
    return {
        "key": key,
        "country": "DK",
        "debtor_kind": "consumer",
        "currency": currency,
        "principal": principal,
        "due_on": due_on,
    }


def added(letter: Json) -> dict[str, list[tuple[str, str]]]:
    return {
        key: [(one["kind"], one["amount"]) for one in charges]
        for key, charges in letter["added"].items()
    }


@pytest.mark.case("law", 20)
def test_20_what_letters_book_adds_up_to_interest_that_was_rounded_once() -> None:
    reckons("""
        claim               | DK consumer 123.45 DKK due 2025-01-31
        reminder            | 2025-02-10
        reminder            | 2025-02-24
        reminder            | 2025-03-17
        as of               | 2025-03-17
        ---
        interest of letters | 0.36 0.51 0.77
        interest            | 1.64
    """)


# ----- clocks and dates ---------------------------------------------------------------------------


def test_a_payment_counts_on_the_date_that_it_was_in_the_creditors_country() -> None:
    paid_at = datetime(2025, 6, 30, 21, 30, tzinfo=UTC)
    in_helsinki = paid_at.astimezone(ZoneInfo("Europe/Helsinki")).date()
    for value_on, interest in ((in_helsinki, "412.00"), (paid_at.date(), "391.00")):
        reckons(f"""
            claim    | FI company 73000.00 EUR due 2025-06-13
            payment  | 73000.00 on {value_on}
            as of    | {value_on}
            ---
            interest | {interest}
        """)


@pytest.mark.parametrize(
    ("day", "later"), [("2025-11-30", "2026-02-28"), ("2027-11-30", "2028-02-29")]
)
def test_three_months_later_a_month_without_such_a_day_has_its_last(day: str, later: str) -> None:
    assert months_after(date.fromisoformat(day), 3) == date.fromisoformat(later)


def test_thirty_days_after_a_hand_over_are_thirty_dates_on() -> None:
    assert days_after(date(2026, 2, 10), 30) == date(2026, 3, 12)


@pytest.mark.parametrize(
    ("due_on", "in_time_through_on"),
    [
        ("2026-04-02", "2026-04-07"),
        ("2026-05-14", "2026-05-18"),
        ("2026-06-05", "2026-06-08"),
        ("2026-12-24", "2026-12-28"),
    ],
)
def test_a_due_date_on_which_danish_banks_are_closed_can_be_met_on_the_next_banking_day(
    due_on: str, in_time_through_on: str
) -> None:
    reckons(f"""
        claim           | DK company 1000.00 DKK due {due_on}
        payment         | 1000.00 on {in_time_through_on}
        as of           | {in_time_through_on}
        ---
        in time through | {in_time_through_on}
        interest        | 0.00
        total           | 0.00
    """)


def test_a_letter_in_a_half_year_without_a_rate_waits_and_its_fee_is_still_shown() -> None:
    reckons("""
        claim    | DK consumer 1000.00 DKK due 2026-06-15
        reminder | 2026-07-20
        as of    | 2026-07-20
        ---
        fees     | 100.00
        refused  | RULE_MISSING
        interest | None
        total    | None
    """)
