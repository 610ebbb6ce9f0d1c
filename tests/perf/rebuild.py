"""An aggregate of a thousand events from the store: `Work.load`."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from typing import Any
from uuid import uuid4

from shared.clock import WallClock
from shared.testing.world import World
from tests.perf.append import TENANT
from tests.shared.toy import PURSE, FillPurse

EVENTS = 1000
_ROUNDS = 15


def milliseconds(*acts: Callable[[], Any]) -> list[float]:
    """The median of some rounds of each, in turn, after one that fills the caches."""
    clock = WallClock()
    times: list[list[float]] = [[] for _ in acts]
    for act in acts:
        act()
    for _ in range(_ROUNDS):
        for act, spent in zip(acts, times, strict=True):
            before = clock.monotonic()
            act()
            spent.append((clock.monotonic() - before) * 1000)
    return [median(spent) for spent in times]


def ours(world: World) -> Callable[[], Any]:
    purse = uuid4()

    def fill(work: Any) -> None:
        for _ in range(EVENTS):
            work.execute(PURSE, purse, FillPurse(1))

    world.work("purse", TENANT, fill)

    def load() -> None:
        coins = world.work("purse", TENANT, lambda work: work.load(PURSE, purse).state.coins)
        assert coins == EVENTS

    return load
