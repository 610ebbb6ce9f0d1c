"""A move of the business clock that is under way: begun by a click, watched on a page, left at will."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from forfald.demo.time_travel import NotQuiet, TimeTravel

TONIGHT: Final = "tonight"
BANKING_DAY: Final = "banking-day"
FIFTEEN_DAYS: Final = "fifteen-days"
_DAYS: Final = 15


@dataclass(frozen=True, slots=True)
class Progress:
    """`share` of the way is behind, in hundredths; `is_stuck` when somebody did not come to rest."""

    start: datetime
    now: datetime
    target: datetime
    is_moving: bool
    is_stuck: bool

    @property
    def share(self) -> int:
        whole = (self.target - self.start).total_seconds()
        return (
            min(100, int(100 * (self.now - self.start).total_seconds() / whole)) if whole else 100
        )


class Move:
    """At most one at a time: a second click joins the first."""

    def __init__(self, travel: TimeTravel) -> None:
        self._travel = travel
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._is_stuck = False
        self._start = self._target = travel.now()

    def begin(self, step: str) -> None:
        """Start on the way; `step` is a value of the clock bar, anything else a KeyError."""
        with self._lock:
            target = {
                TONIGHT: self._travel.tonight(),
                BANKING_DAY: self._travel.next_banking_day(),
                FIFTEEN_DAYS: self._travel.days_on(_DAYS),
            }[step]
            if self._is_moving():
                return
            self._start, self._target = self._travel.now(), target
            self._is_stuck = False
            self._thread = threading.Thread(target=self._go, name="clock", daemon=True)
            self._thread.start()

    def _go(self) -> None:
        try:
            self._travel.to(self._target)
        except NotQuiet:
            self._is_stuck = True

    def _is_moving(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def progress(self) -> Progress:
        with self._lock:
            return Progress(
                self._start, self._travel.now(), self._target, self._is_moving(), self._is_stuck
            )
