"""What can go wrong with a mail, on demand."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from simulators.passing import Passing

ANYBODY = "*"


class FaultKind(StrEnum):
    REFUSE = "refuse"
    """No such mailbox: 550 to the recipient."""
    POSTPONE = "postpone"
    """Try again later: 451 to the recipient."""
    DROP_KEPT = "drop-kept"
    """Keep the mail, and close the connection without an answer."""
    DROP_LOST = "drop-lost"
    """Lose the mail, and close the connection without an answer."""
    BOUNCE = "bounce"
    """Accept the mail, and report later that it could not be delivered."""


class Fault(Passing):
    """A fault that meets the next mails to a recipient."""

    kind: FaultKind
    recipient: str = Field(default=ANYBODY, description="one address, or * for anybody")
    after_minutes: int = Field(default=0, ge=0, description="bounce: how long until the report")

    def meets(self, recipient: str) -> bool:
        return self.recipient in {ANYBODY, recipient}
