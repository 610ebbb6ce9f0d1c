"""When approvers are reminded, and when a payment leaves that is approved late."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from services.approvals.model.dates import calendar_for, pays_on, reminders
from services.payments.model.timing import (
    execution_on,
    latest_approval_at,
    planned_for_choice,
    route_of,
)
from shared.references.instruction import InstructionKind

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
DK = calendar_for("DK", "DKK")
MONDAY_11 = datetime(2026, 3, 9, 10, tzinfo=UTC) - datetime.resolution


@pytest.mark.capability("F8")
def test_approvers_are_reminded_three_and_one_banking_days_and_four_hours_before() -> None:
    sought_at = datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert reminders(MONDAY_11, sought_at, DK, COPENHAGEN) == (
        datetime(2026, 3, 4, 10, tzinfo=UTC) - datetime.resolution,
        datetime(2026, 3, 6, 10, tzinfo=UTC) - datetime.resolution,
        datetime(2026, 3, 9, 6, tzinfo=UTC) - datetime.resolution,
    )


def test_nobody_is_reminded_before_or_while_being_asked() -> None:
    asked_late = MONDAY_11 - timedelta(hours=5)
    assert reminders(MONDAY_11, asked_late, DK, COPENHAGEN) == (MONDAY_11 - timedelta(hours=4),)
    assert reminders(MONDAY_11, MONDAY_11, DK, COPENHAGEN) == ()


def test_a_reminder_comes_at_the_same_hour_of_the_day_across_summer_time() -> None:
    # Tuesday 31 March 2026 at eleven; the clocks went forward on Sunday the 29th.
    latest = datetime(2026, 3, 31, 11, tzinfo=COPENHAGEN).astimezone(UTC)
    first, *_ = reminders(latest, datetime(2026, 3, 2, tzinfo=UTC), DK, COPENHAGEN)
    assert first.astimezone(COPENHAGEN) == datetime(2026, 3, 26, 11, tzinfo=COPENHAGEN)


@pytest.mark.parametrize(
    ("yes_at", "day"),
    [
        (MONDAY_11, date(2026, 3, 9)),
        (MONDAY_11 + datetime.resolution, date(2026, 3, 10)),
        (datetime(2026, 3, 14, 9, tzinfo=UTC), date(2026, 3, 16)),
    ],
)
def test_a_late_yes_moves_the_payment_to_the_next_day_the_bank_can(yes_at, day) -> None:
    assert pays_on(date(2026, 3, 9), MONDAY_11, yes_at, DK, COPENHAGEN) == day


@pytest.mark.parametrize("kind", [InstructionKind.DK_ACCOUNT, InstructionKind.FIK71])
@pytest.mark.parametrize("hours", range(0, 24 * 12, 7))
def test_the_moved_date_is_the_one_that_payments_will_choose(kind, hours) -> None:
    on = date(2026, 12, 21)
    route = route_of(kind, "DKK", on=on, zone=COPENHAGEN)
    planned = planned_for_choice(route, on)
    latest = latest_approval_at(route, planned)
    yes_at = latest + timedelta(hours=hours)
    assert pays_on(planned, latest, yes_at, DK, COPENHAGEN) == execution_on(route, planned, yes_at)


def test_an_unknown_country_or_currency_counts_the_euros_banking_days() -> None:
    assert calendar_for("ZZ", "USD").code == "TARGET"
    assert calendar_for("DK", "USD").code == "DK"
    assert calendar_for("DK", "EUR").code == "DK+TARGET"
