"""Stop asking a side that keeps failing."""

from __future__ import annotations

from threading import Lock


class Circuit:
    """Open after so many failures in a row; then one call at a time may try whether it is better.

    Moments are monotonic seconds, given by the caller.
    """

    def __init__(self, failures_to_open: int, open_for: float) -> None:
        self._failures_to_open = failures_to_open
        self._open_for = open_for
        self._failures = 0
        self._shut_until = 0.0
        self._lock = Lock()

    def admits(self, at: float) -> bool:
        """Whether a call may go at this moment."""
        with self._lock:
            if self._failures < self._failures_to_open:
                return True
            if at < self._shut_until:
                return False
            # This call is the probe; until it has reported, the others keep waiting.
            self._shut_until = at + self._open_for
            return True

    def report(self, *, ok: bool, at: float) -> None:
        """What became of an admitted call."""
        with self._lock:
            self._failures = 0 if ok else self._failures + 1
            if not ok:
                self._shut_until = at + self._open_for
