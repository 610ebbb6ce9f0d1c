"""What can go wrong with a push, on demand."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from simulators.passing import Passing

ANY_DEVICE = "*"


class FaultKind(StrEnum):
    GONE = "gone"
    """The browser has withdrawn its subscription: 410."""
    BUSY = "busy"
    """Too many requests: 429, with Retry-After where `retry_after` is given."""
    BROKEN = "broken"
    """The push service's own fault: 500."""
    FORBIDDEN = "forbidden"
    """The subscription was made with another key: 403."""
    LOST_KEPT = "lost-kept"
    """Keep the message, and break off within the answer."""


class Fault(Passing):
    """A fault that meets the next messages to a device."""

    kind: FaultKind
    device: str = Field(default=ANY_DEVICE, description="the end of one endpoint, or * for any")
    retry_after: int | None = Field(default=None, ge=0, description="busy: seconds to wait")

    def meets(self, device: str) -> bool:
        return self.device in {ANY_DEVICE, device}
