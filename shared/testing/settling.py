"""Steps services in turn until none of them has anything left to do."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from shared.runtime import FEED, Runtime

_ROUNDS_MAX = 500


def settle(runtimes: Mapping[str, Runtime], is_over: Callable[[], bool] = lambda: True) -> None:
    """Return when nobody moved in a round of all, and it is over.

    Between two rounds of all, only those are stepped that moved or listen to one that did.
    """
    moved = everybody = frozenset(runtimes)
    for _ in range(_ROUNDS_MAX):
        before, moved = moved or everybody, frozenset()
        for name, one in runtimes.items():
            told = (before | moved) & set(one.service.subscriptions.sources)
            if (name in before or told) and _steps(one, told):
                moved |= {name}
        if not moved and before == everybody and is_over():
            return
    raise AssertionError("the house does not come to rest")


def _steps(runtime: Runtime, told: Collection[str]) -> bool:
    """Whether any part did something; the feed looks only at those who may have told something."""
    for source in told:
        runtime.feed.heard(source)
    parts = [part for part in runtime.parts if part.name != FEED or told]
    return sum(part.step() for part in parts) > 0
