"""Writing without locks: whoever finds that another was quicker decides anew on what is there now."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from itertools import count
from typing import Final, TypeVar

from shared.clock import WallClock
from shared.database import is_overtaken

T = TypeVar("T")
_PATIENCE_S: Final = 5.0
_FIRST_S, _LONGEST_S = 0.002, 0.05


def decided_anew(act: Callable[[], T]) -> T:
    """What the act answers, at once or after it was overtaken, for as long as people wait.

    Many who want the same stream go apart by pauses of their own.
    """
    clock = WallClock()
    deadline = clock.monotonic() + _PATIENCE_S
    for number in count():
        try:
            return act()
        except Exception as error:
            if clock.monotonic() > deadline or not is_overtaken(error):
                raise
        time.sleep(random.uniform(0, min(_FIRST_S * 2**number, _LONGEST_S)))  # noqa: S311  hides nothing
    raise AssertionError("counting never ends")
