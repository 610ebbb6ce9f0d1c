"""A clock that several processes share and that stands still until one of them moves it: a file."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from shared.clock import SettableClock


class StandingClock(SettableClock):
    """Reads its file each time it is asked. A process that dies while moving it leaves it whole."""

    def __init__(self, path: Path, start: datetime | None = None) -> None:
        self._path = path
        if start is not None:
            self._write(start)
        super().__init__(self.now())

    def now(self) -> datetime:
        return datetime.fromisoformat(self._path.read_text(encoding="ascii"))

    def move_to(self, instant: datetime) -> None:
        assert instant >= self.now(), "the clock does not run backwards"
        self._write(instant)

    def _write(self, instant: datetime) -> None:
        fresh = self._path.with_suffix(".new")
        fresh.write_text(instant.isoformat(), encoding="ascii")
        fresh.replace(self._path)
