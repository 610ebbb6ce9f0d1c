"""A doorbell between processes of one machine: "something was committed here, look now".

Nothing rests on it: who misses the bell polls a moment later. A datagram on loopback carries no
content, so it can neither be forged into anything nor leak anything.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterable


class Bell:
    """Listens on `own` and rings `others` (ports on loopback)."""

    def __init__(self, own: int, others: Iterable[int], on_ring: Callable[[], None]) -> None:
        self._others = [("127.0.0.1", port) for port in others]
        self._on_ring = on_ring
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", own))
        threading.Thread(target=self._listen, name="bell", daemon=True).start()

    def ring(self) -> None:
        ring(self._socket, self._others)

    def _listen(self) -> None:
        while True:
            try:
                self._socket.recv(1)
            except OSError:
                return  # closed
            self._on_ring()

    def close(self) -> None:
        self._socket.close()


def ring(sender: socket.socket, addresses: Iterable[tuple[str, int]]) -> None:
    for address in addresses:
        try:
            sender.sendto(b"!", address)
        except OSError:
            continue  # nobody is at home just now: they look by themselves when they are back
