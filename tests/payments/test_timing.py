"""When payments are executed and until when they can be approved."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.payments.model.timing import (
    DueDateRoll,
    NoTerms,
    Rail,
    Route,
    arrives_on,
    earliest_execution_on,
    execution_on,
    latest_approval_at,
    planned_for_choice,
    planned_for_due,
    rail_of,
    rolled,
    route_of,
    terms_of,
)
from shared.references.instruction import InstructionKind

K = InstructionKind
COPENHAGEN = ZoneInfo("Europe/Copenhagen")
HELSINKI = ZoneInfo("Europe/Helsinki")
TODAY = date(2026, 11, 21)

TRANSFER = route_of(K.DK_ACCOUNT, "DKK", on=TODAY, zone=COPENHAGEN)
FORM = route_of(K.FIK71, "DKK", on=TODAY, zone=COPENHAGEN)
SEPA = route_of(K.IBAN, "EUR", on=TODAY, zone=COPENHAGEN)
BANKGIRO = route_of(K.BANKGIRO, "SEK", on=TODAY, zone=COPENHAGEN)
DOLLARS = route_of(K.IBAN, "USD", on=TODAY, zone=COPENHAGEN)

routes = st.sampled_from([TRANSFER, FORM, SEPA, BANKGIRO, DOLLARS])
days = st.dates(date(2024, 1, 1), date(2040, 1, 1))
instants = st.datetimes(datetime(2024, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  given its zone by the strategy


def at(day: date, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """An instant by the clock of Copenhagen."""
    return datetime.combine(day, time(hour, minute, second), COPENHAGEN)


@pytest.mark.case("rails", 11)
def test_a_transfer_granted_before_eleven_is_executed_the_same_day() -> None:
    tuesday = planned_for_choice(TRANSFER, date(2026, 12, 1))
    assert execution_on(TRANSFER, tuesday, at(tuesday, 10, 59, 59)) == date(2026, 12, 1)


@pytest.mark.case("rails", 11)
def test_a_transfer_granted_at_eleven_is_executed_the_day_after() -> None:
    tuesday = planned_for_choice(TRANSFER, date(2026, 12, 1))
    assert execution_on(TRANSFER, tuesday, at(tuesday, 11, 0, 0)) == date(2026, 12, 2)


@pytest.mark.case("rails", 12)
def test_a_form_due_to_arrive_on_tuesday_is_executed_on_friday_and_approved_by_thursday() -> None:
    planned_on = planned_for_due(FORM, date(2026, 12, 8))
    assert planned_on == date(2026, 12, 4)
    assert arrives_on(FORM, planned_on) == date(2026, 12, 8)
    end_of_thursday = at(date(2026, 12, 4), 0)
    latest = latest_approval_at(FORM, planned_on)
    assert latest.astimezone(COPENHAGEN).date() == date(2026, 12, 3)
    assert latest + datetime.resolution == end_of_thursday


@pytest.mark.case("rails", 13)
def test_a_due_date_on_the_danish_closing_day_rolls_by_the_client_s_policy() -> None:
    due_on = date(2027, 5, 7)
    assert rolled(due_on, DueDateRoll.PRECEDING, TRANSFER.calendar) == date(2027, 5, 5)
    assert rolled(due_on, DueDateRoll.FOLLOWING, TRANSFER.calendar) == date(2027, 5, 10)
    assert planned_for_choice(TRANSFER, due_on) == date(2027, 5, 5)
    assert planned_for_choice(TRANSFER, due_on, DueDateRoll.FOLLOWING) == date(2027, 5, 10)
    assert planned_for_due(TRANSFER, due_on) == date(2027, 5, 4)
    assert planned_for_due(TRANSFER, due_on, DueDateRoll.FOLLOWING) == date(2027, 5, 5)


@pytest.mark.case("rails", 13)
def test_euros_do_not_move_on_the_first_of_may_and_kroner_do() -> None:
    due_on = date(2028, 5, 1)
    assert rolled(due_on, DueDateRoll.PRECEDING, SEPA.calendar) == date(2028, 4, 28)
    assert rolled(due_on, DueDateRoll.PRECEDING, TRANSFER.calendar) == date(2028, 5, 1)


@pytest.mark.parametrize(
    ("route", "approved_at", "earliest_on"),
    [
        (TRANSFER, at(date(2026, 12, 4), 10, 59), date(2026, 12, 4)),
        (TRANSFER, at(date(2026, 12, 4), 11), date(2026, 12, 7)),  # Friday past the cut-off
        (TRANSFER, at(date(2026, 12, 5), 9), date(2026, 12, 7)),  # Saturday morning
        (TRANSFER, at(date(2026, 12, 5), 15), date(2026, 12, 7)),  # Saturday afternoon
        (TRANSFER, at(date(2026, 12, 23), 11), date(2026, 12, 28)),  # Christmas
        (FORM, at(date(2026, 12, 3), 23, 59, 59), date(2026, 12, 4)),
        (FORM, at(date(2026, 12, 4), 0), date(2026, 12, 7)),
        (FORM, at(date(2026, 12, 5), 9), date(2026, 12, 8)),  # deemed received on Monday
        (SEPA, at(date(2028, 4, 28), 12), date(2028, 5, 2)),
        (DOLLARS, at(date(2026, 12, 3), 12), date(2026, 12, 4)),
    ],
)
def test_the_earliest_execution_counts_from_the_banking_day_of_the_approval(
    route: Route, approved_at: datetime, earliest_on: date
) -> None:
    assert earliest_execution_on(route, approved_at) == earliest_on


def test_an_approval_in_good_time_keeps_the_planned_date() -> None:
    planned_on = date(2026, 12, 8)
    assert execution_on(TRANSFER, planned_on, at(date(2026, 12, 1), 9)) == planned_on


@pytest.mark.parametrize(
    ("day", "utc_hour"), [(date(2026, 3, 27), 10), (date(2026, 3, 30), 9), (date(2026, 10, 26), 10)]
)
def test_the_cut_off_follows_summer_time(day: date, utc_hour: int) -> None:
    cut_off = datetime.combine(day, time(utc_hour), UTC)
    assert latest_approval_at(TRANSFER, day) == cut_off - datetime.resolution
    assert earliest_execution_on(TRANSFER, cut_off - datetime.resolution) == day
    assert earliest_execution_on(TRANSFER, cut_off) > day


def test_the_end_of_the_day_before_the_clocks_change_is_an_hour_nobody_loses() -> None:
    """Approved by the end of Friday 27 March 2026 or deemed received on Monday, in summer time."""
    monday = date(2026, 3, 30)
    latest = latest_approval_at(FORM, monday)
    assert latest + datetime.resolution == datetime(2026, 3, 27, 23, tzinfo=UTC)
    assert latest_approval_at(FORM, date(2026, 3, 31)) + datetime.resolution == datetime(
        2026, 3, 30, 22, tzinfo=UTC
    )


def test_the_cut_off_is_told_by_the_clock_of_its_zone() -> None:
    elsewhere = route_of(K.DK_ACCOUNT, "DKK", on=TODAY, zone=HELSINKI)
    granted_at = at(date(2026, 12, 1), 10, 30)
    assert earliest_execution_on(TRANSFER, granted_at) == date(2026, 12, 1)
    assert earliest_execution_on(elsewhere, granted_at) == date(2026, 12, 2)


def test_an_early_closing_of_either_bank_brings_the_cut_off_forward() -> None:
    swedish = route_of(
        K.DK_ACCOUNT, "DKK", on=TODAY, zone=ZoneInfo("Europe/Stockholm"), payer_country="SE"
    )
    walpurgis_eve = date(2027, 4, 30)
    latest = latest_approval_at(swedish, walpurgis_eve)
    assert latest + datetime.resolution == at(walpurgis_eve, 10)
    assert latest_approval_at(TRANSFER, walpurgis_eve) + datetime.resolution == at(
        walpurgis_eve, 11
    )


@pytest.mark.parametrize(
    ("kind", "currency", "rail"),
    [
        (K.FIK71, "DKK", Rail.DANISH_FORM),
        (K.GIRO01, "DKK", Rail.DANISH_FORM),
        (K.DK_ACCOUNT, "DKK", Rail.DANISH_TRANSFER),
        (K.DK_ACCOUNT, "EUR", Rail.OTHER),
        (K.IBAN, "EUR", Rail.SEPA),
        (K.IBAN, "USD", Rail.OTHER),
        (K.BANKGIRO, "SEK", Rail.OTHER),
        (K.NO_ACCOUNT, "NOK", Rail.OTHER),
    ],
)
def test_the_instruction_and_the_currency_choose_the_rail(
    kind: InstructionKind, currency: str, rail: Rail
) -> None:
    assert rail_of(kind, currency) is rail


@pytest.mark.parametrize("rail", Rail)
def test_every_rail_has_terms_from_the_institute_s_first_day(rail: Rail) -> None:
    assert terms_of(rail, date(2023, 12, 12)).rail is rail
    with pytest.raises(NoTerms, match="2023-12-11"):
        terms_of(rail, date(2023, 12, 11))


@pytest.mark.property_("P24")
def test_a_route_says_which_calendars_its_dates_rest_on() -> None:
    assert TRANSFER.calendar.version.startswith("DK.")
    assert SEPA.calendar.version.startswith("DK.")
    assert "+TARGET." in SEPA.calendar.version
    assert DOLLARS.calendar.version == TRANSFER.calendar.version


@given(routes, days, st.sampled_from(DueDateRoll))
def test_an_approval_at_the_last_instant_is_in_time_and_the_next_is_late(
    route: Route, due_on: date, roll: DueDateRoll
) -> None:
    planned_on = planned_for_due(route, due_on, roll)
    latest = latest_approval_at(route, planned_on)
    assert execution_on(route, planned_on, latest) == planned_on
    assert execution_on(route, planned_on, latest + datetime.resolution) > planned_on


@given(routes, days, instants)
def test_a_payment_is_executed_on_a_banking_day_never_before_it_is_approved(
    route: Route, due_on: date, granted_at: datetime
) -> None:
    execute_on = execution_on(route, planned_for_due(route, due_on), granted_at)
    assert route.calendar.is_banking_day(execute_on)
    assert execute_on >= granted_at.astimezone(route.zone).date()


@given(routes, days)
def test_rolled_back_the_money_is_there_by_the_due_date(route: Route, due_on: date) -> None:
    planned_on = planned_for_due(route, due_on, DueDateRoll.PRECEDING)
    assert arrives_on(route, planned_on) <= due_on


@given(routes, instants, st.integers(0, 500_000))
def test_a_later_approval_never_pays_earlier(route: Route, at_: datetime, seconds: int) -> None:
    later = at_ + timedelta(seconds=seconds)
    assert earliest_execution_on(route, at_) <= earliest_execution_on(route, later)
