"""A service that was killed, and how long it took to come back."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from forfald.demo.supervisor import Supervisor
from shared.clock import WallClock

_LOOK_EVERY_S: Final = 0.05


@dataclass(frozen=True, slots=True)
class Died:
    """`seconds` until it answered again; None while it does not."""

    name: str
    pid: int
    seconds: float | None = None


class Death:
    """Kills one service and watches until it answers again, which each in `alive` says of itself."""

    def __init__(self, supervisor: Supervisor, alive: Mapping[str, Callable[[], bool]]) -> None:
        self._supervisor = supervisor
        self._alive = dict(alive)
        self._wall = WallClock()
        self._last: Died | None = None

    @property
    def services(self) -> Sequence[str]:
        return list(self._alive)

    def of(self, name: str = "") -> Died:
        """End a service without a word; anyone's turn without a name, a KeyError for no service."""
        chosen = name or self._supervisor.anyone(list(self._alive))
        answers = self._alive[chosen]
        self._last = died = Died(chosen, int(self._supervisor.state()[chosen]["pid"]))
        self._supervisor.kill(chosen)
        threading.Thread(
            target=self._watch, args=(died, answers), name="death", daemon=True
        ).start()
        return died

    def last(self) -> Died | None:
        return self._last

    def _watch(self, died: Died, answers: Callable[[], bool]) -> None:
        began = self._wall.monotonic()
        while self._supervisor.state()[died.name]["pid"] == died.pid or not answers():
            time.sleep(_LOOK_EVERY_S)
        if self._last is died:
            self._last = replace(died, seconds=self._wall.monotonic() - began)
