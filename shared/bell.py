"""A doorbell between processes of one machine: "this service has told something", "time has passed".

Nothing rests on it: who misses the bell polls a moment later. A datagram on loopback carries a service's
name or TIME and nothing more, so it can neither be forged into anything nor leak anything.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterable
from typing import Final

TIME: Final = "!"
"""The clock was moved, or somebody else has written: everything may be due."""
_LONGEST = 64  # bytes of a service's name


class Bell:
    """Rings for a service: listens on `own`, and rings `others` (ports on loopback)."""

    def __init__(
        self, service: str, own: int, others: Iterable[int], on_ring: Callable[[str], None]
    ) -> None:
        """`on_ring` is given the name of the service that has told something, or TIME."""
        self._service = service
        self._others = [("127.0.0.1", port) for port in others]
        self._on_ring = on_ring
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", own))
        threading.Thread(target=self._listen, name="bell", daemon=True).start()

    def ring(self) -> None:
        """Tell the others that this service has told something."""
        ring(self._socket, self._others, self._service)

    def _listen(self) -> None:
        while True:
            try:
                rung = self._socket.recv(_LONGEST)
            except OSError:
                return  # closed
            self._on_ring(rung.decode("utf-8", "replace"))

    def close(self) -> None:
        self._socket.close()


def ring(sender: socket.socket, addresses: Iterable[tuple[str, int]], what: str) -> None:
    for address in addresses:
        try:
            sender.sendto(what.encode(), address)
        except OSError:
            continue  # nobody is at home just now: they look by themselves when they are back
