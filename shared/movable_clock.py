"""The demonstration's business clock: one row that everybody reads and one person moves.

Between moves it runs with the wall clock, so that a demonstration feels alive.
"""

from __future__ import annotations

import threading
import time
from datetime import datetime, timedelta
from typing import Any

import psycopg

from shared.clock import Clock, WallClock

SCHEMA = """
create table if not exists business_clock (
    one boolean primary key default true check (one),
    at timestamptz not null,
    moved_at timestamptz not null
)
"""
_READ = "select at, moved_at from business_clock"
_MOVE = """
    insert into business_clock (at, moved_at) values (%(at)s, %(wall)s)
    on conflict (one) do update set moved_at = %(wall)s, at = greatest(
        %(at)s, business_clock.at + (%(wall)s - business_clock.moved_at))
"""
_FRESH = timedelta(milliseconds=20)


class MovableClock:
    """Reads the row at most fifty times a second. One per process; safe for threads."""

    def __init__(self, dsn: str, wall: Clock | None = None) -> None:
        self._dsn = dsn
        self._wall = wall or WallClock()
        self._lock = threading.Lock()
        self._connection: psycopg.Connection[Any] | None = None
        self._row: tuple[datetime, datetime] | None = None
        self._read_at: datetime | None = None

    def now(self) -> datetime:
        wall = self._wall.now()
        with self._lock:
            if self._read_at is None or wall - self._read_at > _FRESH:
                self._row = self._execute(_READ)
                self._read_at = wall
            assert self._row is not None, "the clock has not been set"
            at, moved_at = self._row
            return at + (wall - moved_at)

    def move_to(self, instant: datetime) -> None:
        """Set it; an instant before the present one is the present one.

        Returns when nobody holds an older reading: who is told to look now finds what is due now.
        """
        with self._lock:
            self._execute(_MOVE, at=instant, wall=self._wall.now())
            self._read_at = None
        time.sleep(_FRESH.total_seconds())

    def _execute(self, query: str, **values: Any) -> Any:
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(self._dsn, autocommit=True)
        cursor = self._connection.execute(query, values)
        return cursor.fetchone() if cursor.description else None

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
