"""When a timeline's next letter comes, whatever happened in between."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.dunning.model.periods import months_after
from services.dunning.model.steps import next_step_on

days = st.dates(date(2020, 1, 1), date(2030, 12, 31))
weekdays = st.sets(st.integers(0, 6), min_size=1)


def test_a_step_comes_on_its_planned_day_when_nothing_stands_in_the_way() -> None:
    step = next_step_on(date(2025, 10, 6), gap_days=15)
    assert (step.on, step.because) == (date(2025, 10, 6), "due_date")


def test_the_gap_counts_from_the_letter_that_was_sent_and_not_from_the_one_planned() -> None:
    step = next_step_on(date(2025, 10, 21), gap_days=15, last_sent_on=date(2025, 10, 9))
    assert (step.on, step.because) == (date(2025, 10, 24), "gap")


def test_a_saturday_waits_for_the_next_list_day() -> None:
    step = next_step_on(date(2025, 10, 11), list_days={0, 3})
    assert (step.on, step.because) == (date(2025, 10, 13), "list_day")


def test_a_list_that_is_shown_on_no_day_has_no_next_step() -> None:
    with pytest.raises(ValueError, match="at least one weekday"):
        next_step_on(date(2025, 10, 11), list_days=())


@given(days, st.integers(0, 60), st.none() | days, st.none() | days, weekdays)
def test_a_step_is_never_early_and_never_later_than_it_must(
    planned: date, gap: int, sent: date | None, resume: date | None, shown: set[int]
) -> None:
    step = next_step_on(planned, gap_days=gap, last_sent_on=sent, resume_on=resume, list_days=shown)
    earliest = [planned]
    earliest += [sent + timedelta(days=gap)] if sent else []
    earliest += [resume] if resume else []
    assert step.on >= max(earliest)
    assert step.on - max(earliest) < timedelta(days=7)
    assert step.on.weekday() in shown


@given(days, st.integers(1, 40), st.integers(1, 40))
def test_months_can_be_counted_in_one_go_and_end_in_the_month_that_is_meant(
    day: date, months: int, more: int
) -> None:
    later = months_after(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day <= day.day
    assert months_after(day, months + more) >= later
