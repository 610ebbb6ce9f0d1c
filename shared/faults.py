"""Named places at which a test may kill the process: before and after every commit and every call.

In production each is a look at one variable. With `FORFALD_CRASH_AT=<name>#<nth>` the process ends
there by SIGKILL, as a power cut would end it; with `FORFALD_CRASH_LOG=<file>` the names passed are
written down, so that a test enumerates them before it kills at each.

A name says who does what: `payments:command:before-commit`, `bank.send_batch:after`,
`POST /*/payments:before`. What differs from run to run (ids in a path) is a star.
"""

from __future__ import annotations

import os
import re
import signal
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

_CHANGING: Final = re.compile(r"/[^/:]*\d[^/:]*")


@dataclass(frozen=True, slots=True)
class _Plan:
    at: Collection[str]
    log: str
    passed: Counter[str] = field(default_factory=Counter)


_plan: _Plan | None = None


def arm(*, at: Collection[str] = (), log: str = "") -> None:
    """Die at the first of these places, and write all places passed to the file `log`; nothing of
    both disarms.
    """
    global _plan  # noqa: PLW0603  one process dies once
    _plan = _Plan(at, log) if at or log else None


def crash_point(name: str) -> None:
    """A place where the process may die without a word."""
    if _plan is None:
        return
    name = _CHANGING.sub("/*", name)
    _plan.passed[name] += 1
    place = f"{name}#{_plan.passed[name]}"
    if _plan.log:
        with Path(_plan.log).open("a", encoding="utf-8") as log:
            log.write(place + "\n")
    if place in _plan.at:
        os.kill(os.getpid(), signal.SIGKILL)


if {"FORFALD_CRASH_AT", "FORFALD_CRASH_LOG"} & os.environ.keys():
    arm(at=[os.environ.get("FORFALD_CRASH_AT", "")], log=os.environ.get("FORFALD_CRASH_LOG", ""))
