"""A doorbell between processes of one machine: "something was told here", or "time has passed".

Nothing rests on it: who misses the bell polls a moment later. A datagram on loopback carries which of
the two it is and nothing more, so it can neither be forged into anything nor leak anything.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterable
from typing import Final

TOLD: Final = b"."
"""Whoever listens to the one who rings has something to hear."""
TIME: Final = b"!"
"""The clock was moved, or somebody else has written: everything may be due."""


class Bell:
    """Listens on `own` and rings `others` (ports on loopback)."""

    def __init__(self, own: int, others: Iterable[int], on_ring: Callable[[bytes], None]) -> None:
        self._others = [("127.0.0.1", port) for port in others]
        self._on_ring = on_ring
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", own))
        threading.Thread(target=self._listen, name="bell", daemon=True).start()

    def ring(self) -> None:
        ring(self._socket, self._others, TOLD)

    def _listen(self) -> None:
        while True:
            try:
                rung = self._socket.recv(1)
            except OSError:
                return  # closed
            self._on_ring(rung)

    def close(self) -> None:
        self._socket.close()


def ring(sender: socket.socket, addresses: Iterable[tuple[str, int]], what: bytes) -> None:
    for address in addresses:
        try:
            sender.sendto(what, address)
        except OSError:
            continue  # nobody is at home just now: they look by themselves when they are back
