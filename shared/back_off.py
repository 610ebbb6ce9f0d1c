"""How long to wait before something that has failed is tried again."""

from __future__ import annotations

from typing import Final

# Doubled without a limit, the wait is no float any more after a night of failures.
_DOUBLINGS_MAX: Final = 30


def wait_after(failures: int, first_s: float, longest_s: float) -> float:
    """In seconds: doubled with each failure in a row, up to the longest."""
    return min(first_s * 2.0 ** min(failures, _DOUBLINGS_MAX), longest_s)
