"""When a timeline's next letter comes, whatever happened in between."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.dunning.model.periods import months_after
from services.dunning.values import NoticeKind
from tests.law.planned import Planned

days = st.dates(date(2020, 1, 1), date(2030, 12, 31))
weekdays = st.sets(st.integers(0, 6), min_size=1)
REMINDER = NoticeKind.REMINDER
MONDAY = date(2025, 10, 6)


def test_a_step_comes_on_its_planned_day_when_nothing_stands_in_the_way() -> None:
    plan = Planned(MONDAY - timedelta(days=5), [(REMINDER, 5)], gap_days=15).next_letter()
    assert (plan.planned_on, plan.because) == (MONDAY, "due_date")


def test_the_gap_counts_from_the_letter_that_was_sent_and_not_from_the_one_planned() -> None:
    invoice = Planned(MONDAY, [(REMINDER, 0), (REMINDER, 15)], gap_days=15)
    invoice.is_sent(MONDAY + timedelta(days=3))
    plan = invoice.next_letter()
    assert (plan.planned_on, plan.because) == (MONDAY + timedelta(days=18), "gap")


def test_a_saturday_waits_for_the_next_list_day() -> None:
    plan = Planned(MONDAY, [(REMINDER, 5)], list_days={0, 3}).next_letter()
    assert (plan.planned_on, plan.because) == (MONDAY + timedelta(days=7), "list_day")


@given(days, st.integers(0, 60), st.none() | days, st.none() | days, weekdays)
def test_a_step_is_never_early_and_never_later_than_it_must(
    due_on: date, gap: int, sent_on: date | None, resumed_on: date | None, shown: set[int]
) -> None:
    invoice = Planned(due_on, [(REMINDER, 3), (REMINDER, 9)], gap, shown)
    earliest = [due_on + timedelta(days=3)]
    if sent_on is not None:
        invoice.is_sent(sent_on)
        earliest = [due_on + timedelta(days=9), sent_on + timedelta(days=gap)]
    if resumed_on is not None:
        invoice.goes_on(resumed_on)
        earliest.append(resumed_on)
    planned_on = invoice.next_letter().planned_on
    assert planned_on >= max(earliest)
    assert planned_on - max(earliest) < timedelta(days=7)
    assert planned_on.weekday() in shown


@given(days, st.integers(1, 40), st.integers(1, 40))
def test_months_can_be_counted_in_one_go_and_end_in_the_month_that_is_meant(
    day: date, months: int, more: int
) -> None:
    later = months_after(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day <= day.day
    assert months_after(day, months + more) >= later
