"""A debtor is treated otherwise from a day on, and every event of that says which."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from services.dunning.commands import (
    AssignTimeline,
    ExcludeDebtor,
    IncludeDebtor,
    UnfreezeDebtor,
)
from services.dunning.events import debtor as e
from services.dunning.model.debtor import DEBTOR
from services.dunning.model.listing_hours import first_packs
from shared.testing.spec import given

ANNA = UUID("7e0a0000-0000-4000-8000-0000000000aa")
TODAY, BEFORE = date(2026, 3, 20), date(2026, 3, 2)
COPENHAGEN = ZoneInfo("Europe/Copenhagen")


@pytest.mark.parametrize(
    ("history", "command", "event"),
    [
        ((), AssignTimeline("Slow", "chosen", ANNA, TODAY, frozenset({"Slow"})),
         e.TimelineAssigned("Slow", "chosen", ANNA, TODAY)),
        ((), ExcludeDebtor("agreed", None, ANNA, TODAY),
         e.DebtorExcluded("agreed", None, ANNA, TODAY)),
        ((e.DebtorExcluded("agreed", None, ANNA, BEFORE),), IncludeDebtor(ANNA, TODAY),
         e.DebtorIncluded(ANNA, TODAY)),
        ((e.DebtorFrozen("insolvent", BEFORE, ANNA),), UnfreezeDebtor(ANNA, TODAY),
         e.DebtorUnfrozen(ANNA, TODAY)),
    ],
)  # fmt: skip
def test_what_is_decided_about_a_debtor_says_from_which_day(
    history: tuple[Any, ...], command: Any, event: Any
) -> None:
    given(DEBTOR, *history).when(command).then(event)


@pytest.mark.parametrize(
    ("after", "due"),
    [
        (datetime(2026, 1, 31, 23, 30, tzinfo=UTC), datetime(2026, 2, 1, 4, tzinfo=UTC)),
        (datetime(2026, 2, 1, 4, tzinfo=UTC), datetime(2026, 3, 1, 4, tzinfo=UTC)),
        (datetime(2026, 3, 31, 21, 59, tzinfo=UTC), datetime(2026, 4, 1, 3, tzinfo=UTC)),
        (datetime(2026, 12, 15, tzinfo=UTC), datetime(2027, 1, 1, 4, tzinfo=UTC)),
    ],
)
def test_a_month_is_frozen_at_five_of_the_creditors_first_day(
    after: datetime, due: datetime
) -> None:
    assert first_packs(after, COPENHAGEN) == due
