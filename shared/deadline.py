"""The moment by which a whole exchange must be over, whatever the other side is at.

Time-outs of a connection are those of one read each: a side that sends a byte now and then keeps to
them for days. So the connection is shut from here, which ends any reading at once.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

_CONNECTED = {"connection.connect_tcp.complete", "connection.start_tls.complete"}


class Deadline:
    """`extensions` go with the request of httpx; after the block, `passed` says whether it was cut."""

    def __init__(self, seconds: float) -> None:
        self.passed = False
        self.extensions = {"trace": self._trace}
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True
        self._connection: socket.socket | None = None

    @contextmanager
    def kept(self) -> Iterator[None]:
        self._timer.start()
        try:
            yield
        finally:
            self._timer.cancel()

    def _trace(self, event: str, info: Mapping[str, Any]) -> None:
        if event in _CONNECTED:
            self._connection = info["return_value"].get_extra_info("socket")
            if self.passed:
                self._shut()

    def _cut(self) -> None:
        self.passed = True
        self._shut()

    def _shut(self) -> None:
        if self._connection is not None:
            with suppress(OSError):  # it has ended by itself
                # Closing would give its number to another connection, while somebody reads from it.
                self._connection.shutdown(socket.SHUT_RDWR)
