"""What can go wrong with a printed letter, on demand."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from simulators.passing import Passing

ANY_LETTER = "*"


class FaultKind(StrEnum):
    BROKEN = "broken"
    """The partner's own fault: 500 at whatever comes next."""
    REJECTED = "rejected"
    """The letter cannot be printed: 422."""
    UNFIT = "unfit"
    """Make the letter, and find when looking through it that it cannot be printed."""
    LOST_CREATED = "lost-created"
    """Make the letter, and break off within the answer."""
    LOST_SENT = "lost-sent"
    """Take the letter for printing, and break off within the answer."""
    UNDELIVERABLE = "undeliverable"
    """Take it, and have it come back `after_days` later."""


class Fault(Passing):
    """A fault that meets the next letters of a name."""

    kind: FaultKind
    name: str = Field(default=ANY_LETTER, description="a file name, or * for any")
    after_days: int = Field(default=4, ge=0, le=60)

    def meets(self, name: str) -> bool:
        return self.name in {ANY_LETTER, name}
