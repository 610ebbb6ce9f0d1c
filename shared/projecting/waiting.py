"""Waiting for a position: whoever has just changed something sees it on the next page.

Who waits lends a hand, and does what the watermark and the projector of its service would do a
moment later. It waits no longer than people do, and fails for no reason: what it waits for has been
recorded in any case.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import structlog

from shared.clock import WallClock
from shared.projecting.runner import Projector

_log = structlog.get_logger(__name__)
_PATIENCE_S = 2.0
_GLANCE_S = 0.02


def wait_for(position: int, projector: Projector, advance_watermark: Callable[[], bool]) -> None:
    """Return when followed read tables show what was recorded up to a position, or a bit later."""
    clock = WallClock()
    deadline = clock.monotonic() + _PATIENCE_S
    try:
        while projector.place() < position:
            if clock.monotonic() > deadline:
                _log.warning("not shown yet", position=position)
                return
            if not advance_watermark() | projector.step():
                time.sleep(_GLANCE_S)  # a transaction is open, or another one is projecting
    except Exception:  # noqa: BLE001  the projector meets it too, and tries again
        _log.exception("not shown yet", position=position)
