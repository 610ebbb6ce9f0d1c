"""Named places at which a test may kill the process: before and after every commit and every call.

In production each is a look at one variable. With `FORFALD_CRASH_AT=<name>#<nth>` the process ends
there by SIGKILL, as a power cut would end it; with `FORFALD_CRASH_LOG=<file>` the names passed are
written down, so that a test enumerates them before it kills at each.
"""

from __future__ import annotations

import os
import signal
from collections import Counter
from pathlib import Path

_at = os.environ.get("FORFALD_CRASH_AT", "")
_log = os.environ.get("FORFALD_CRASH_LOG", "")
_passed: Counter[str] = Counter()


def crash_point(name: str) -> None:
    """A place where the process may die without a word."""
    if not (_at or _log):
        return
    _passed[name] += 1
    place = f"{name}#{_passed[name]}"
    if _log:
        with Path(_log).open("a", encoding="utf-8") as log:
            log.write(place + "\n")
    if place == _at:
        os.kill(os.getpid(), signal.SIGKILL)
