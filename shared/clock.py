"""The two clocks.

The business clock says which day it is for invoices and banks; in a demonstration it can be moved.
The wall clock measures leases, tokens and retries; nobody moves it. Rules see neither: commands
carry dates (`_on`) and instants (`_at`).
"""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    def now(self) -> datetime:
        """This instant, in UTC."""
        ...


class WallClock:
    """The machine's clock: the only place in the house that reads it."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds since some moment, for measuring how long something took."""
        return time.monotonic()


class SettableClock:
    """A clock that stands still until it is moved: tests and journeys."""

    def __init__(self, now: datetime) -> None:
        self._now = now.astimezone(UTC)

    def now(self) -> datetime:
        return self._now

    def move_to(self, instant: datetime) -> None:
        """Move forward; a business day never comes back."""
        assert instant >= self._now, "the clock does not run backwards"
        self._now = instant.astimezone(UTC)

    def advance(self, **units: int) -> None:
        self.move_to(self._now + timedelta(**units))


def day_of(instant: datetime, zone: ZoneInfo) -> date:
    """The tenant's calendar day at an instant: its time zone makes the date."""
    return instant.astimezone(zone).date()
