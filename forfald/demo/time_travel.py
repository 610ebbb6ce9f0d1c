"""Moves the business clock as days would pass: from one due instant to the next, waiting for quiet.

Nothing that would have happened on the way is skipped: before each step everybody has come to rest.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from forfald.demo.quiet import Onlooker
from shared.calendar import calendar_of
from shared.clock import WallClock, day_of
from shared.movable_clock import MovableClock

ZONE: Final = ZoneInfo("Europe/Copenhagen")
_MORNING: Final = (8, 40)
_EVENING: Final = (23, 55)
_LOOK_EVERY_S: Final = 0.05
_PATIENCE_S: Final = 300  # of a machine that does much else
# Instants closer than this are reached in one step: a person does not see the difference, and it is
# less than the half hour that lies between a release and the last moment for it.
TOGETHER: Final = timedelta(minutes=20)


class NotQuiet(Exception):
    """Somebody was still busy when patience ran out; the clock stands where it was."""


class TimeTravel:
    def __init__(
        self, clock: MovableClock, onlooker: Onlooker, ring: Callable[[], None] = lambda: None
    ) -> None:
        """`ring` tells everybody that the clock has moved, or that something was asked of them."""
        self._clock = clock
        self._ring = ring
        self._onlooker = onlooker
        self._wall = WallClock()

    def now(self) -> datetime:
        return self._clock.now()

    def next_banking_day(self) -> datetime:
        """The morning that the bar's first step leads to."""
        return _morning_of(calendar_of("DK").add(day_of(self._clock.now(), ZONE), 1))

    def tonight(self) -> datetime:
        """Just before midnight, when what is paid tomorrow has left for the bank."""
        now = self._clock.now().astimezone(ZONE)
        evening = now.replace(hour=_EVENING[0], minute=_EVENING[1], second=0, microsecond=0)
        return evening if now < evening else evening + timedelta(days=1)

    def days_on(self, number: int) -> datetime:
        return _morning_of(day_of(self._clock.now(), ZONE) + timedelta(days=number))

    def to_next_banking_day(self) -> datetime:
        return self.to(self.next_banking_day())

    def days(self, number: int) -> datetime:
        return self.to(self.days_on(number))

    def to(self, target: datetime) -> datetime:
        """Let time pass up to an instant; returns the new present."""
        self.wait_for_quiet()
        while (now := self._clock.now()) < target:
            due = self._onlooker.next_due(now)
            step = target if due is None or due >= target else min(due + TOGETHER, target)
            self._clock.move_to(step)
            self.wait_for_quiet()
        return self._clock.now()

    def wait_for_quiet(self) -> None:
        self._ring()
        self._wait(lambda: self._onlooker.is_quiet(self._clock.now()))

    def _wait(self, done: Callable[[], bool]) -> None:
        began = self._wall.monotonic()
        while not done():
            if self._wall.monotonic() - began > _PATIENCE_S:
                raise NotQuiet("the services have not come to rest within five minutes")
            time.sleep(_LOOK_EVERY_S)


def _morning_of(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, *_MORNING, tzinfo=ZONE)
