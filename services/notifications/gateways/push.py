"""The port through which pushes leave the house.

As with mails, the errors say all that the caller must know to go on: never again, again later, nobody
knows; and that the device is not there any more.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Protocol

from services.notifications.model.push import Push


class PushError(Exception):
    """A push that was not plainly accepted. `code` is ours, never the push service's own words."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Refused(PushError):
    """Refused for good: a retry changes nothing."""


class Gone(PushError):
    """The device does not want pushes any more, or has never been."""


class NotSent(PushError):
    """Provably not accepted: it can be sent again, after `wait` where the push service asks for it."""

    def __init__(self, code: str, wait: timedelta | None = None) -> None:
        super().__init__(code)
        self.wait = wait


class OutcomeUnknown(PushError):
    """It was on its way and no answer came: the device may or may not show it."""


class Pusher(Protocol):
    def send(self, push: Push) -> None:
        """Hand one push to its push service. Raises Refused, Gone, NotSent or OutcomeUnknown."""
        ...


class NoPushes:
    """For an installation without a key of its own: devices that it knew from before stay silent."""

    def send(self, push: Push) -> None:  # noqa: ARG002  the port's shape
        raise Refused("push_off")
