"""A journey that goes on from whatever is there: services are stepped, and time moves when all rest.

Every person's act is done only where it is not done yet, as people would see on their pages. So the
same script begins a journey and finishes one that was cut off anywhere.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from shared.clock import SettableClock
from shared.runtime import Runtime
from shared.testing.settling import settle

_LATER = """
    select min(due_at) from (
        select due_at from due where done_at is null
        union all
        select due_at from effect where state in ('intended', 'attempted', 'unknown')) later
    where due_at > %s
"""
_SAFE = """
    select (select case when is_called then last_value else 0 end from log_position)
         = (select safe from watermark)
"""


class Journey(ABC):
    """`patience` is how long the end may be in coming, `stride` how long people look elsewhere."""

    patience: timedelta
    stride: timedelta

    def __init__(self, runtimes: Mapping[str, Runtime]) -> None:
        self.runtimes = runtimes
        clock = runtimes["tenants"].surroundings.clock
        assert isinstance(clock, SettableClock)
        self.clock = clock
        self.settings = runtimes["tenants"].surroundings.settings

    @abstractmethod
    def play(self) -> None:
        """To the end."""

    def let_time_pass(
        self, done: Callable[[], bool], lend_a_hand: Callable[[], None], about: Callable[[], Any]
    ) -> None:
        """From one due instant to the next until it is done; people see to things each time.

        `about` says how things stand, for whoever reads that it never came to be.
        """
        self.settle()
        latest = self.clock.now() + self.patience
        while not done():
            later = [instant for instant in map(self._later, self.runtimes) if instant]
            assert later, f"nothing will ever happen again: {about()}"
            assert min(later) < latest, f"{self.patience} later: {about()}"
            self.clock.move_to(max(min(later), self.clock.now() + self.stride))
            self.settle()
            lend_a_hand()

    def settle(self) -> None:
        """Until all that was appended is in everybody's sight, too."""
        settle(self.runtimes, lambda: all(map(self._is_safe, self.runtimes)))

    def _later(self, service: str) -> datetime | None:
        found: datetime | None = self._one(service, _LATER, self.clock.now())
        return found

    def _is_safe(self, service: str) -> bool:
        return bool(self._one(service, _SAFE))

    def _one(self, service: str, query: str, *values: Any) -> Any:
        with self.runtimes[service].reader.connection() as transaction:
            row = transaction.raw.execute(query.encode(), values).fetchone()
        assert row is not None
        return row[0]
