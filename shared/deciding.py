"""Writing without locks: whoever finds that another was quicker decides anew on what is there now."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Final, TypeVar

from shared.clock import WallClock
from shared.database import is_overtaken

T = TypeVar("T")
_PATIENCE_S: Final = 5.0
_FIRST_PAUSE_S: Final = 0.002
_LONGEST_PAUSE_S: Final = 0.05


def decided_anew(act: Callable[[], T]) -> T:
    """What the act answers, at once or after it was overtaken, for as long as people wait.

    Many who want the same stream go apart by pauses of their own.
    """
    clock = WallClock()
    deadline = clock.monotonic() + _PATIENCE_S
    pause = _FIRST_PAUSE_S
    while True:
        try:
            return act()
        except Exception as error:
            if clock.monotonic() > deadline or not is_overtaken(error):
                raise
        time.sleep(random.uniform(0, pause))  # noqa: S311  hides nothing
        pause = min(2 * pause, _LONGEST_PAUSE_S)
