"""Steps services in turn until none of them has anything left to do."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from shared.runtime import Runtime

_ROUNDS_MAX = 500


def settle(runtimes: Mapping[str, Runtime], is_over: Callable[[], bool] = lambda: True) -> None:
    """Return when nobody moved in a round of all, and it is over.

    Between two rounds of all, only those are stepped that moved or listen to one that did.
    """
    everybody = restless = set(runtimes)
    for _ in range(_ROUNDS_MAX):
        moved = {name for name, one in runtimes.items() if name in restless and one.step()}
        if not moved and restless == everybody and is_over():
            return
        restless = moved | _listeners(runtimes, moved) if moved else everybody
    raise AssertionError("the house does not come to rest")


def _listeners(runtimes: Mapping[str, Runtime], moved: Collection[str]) -> set[str]:
    return {
        name
        for name, one in runtimes.items()
        if not set(one.service.subscriptions.sources).isdisjoint(moved)
    }
