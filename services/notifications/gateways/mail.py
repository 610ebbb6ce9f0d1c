"""The port through which mails leave the house.

Whoever sends has written down the intent before, and records the answer as an event. The three
errors say all that the caller must know to go on: never again, again later, or nobody knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from services.notifications.model.mail import Mail


@dataclass(frozen=True, slots=True)
class Accepted:
    """The next mail server has taken responsibility; a bounce may still come."""

    message_id: str
    response: str


class MailError(Exception):
    """A mail that was not plainly accepted. `code` is the server's reply code, 0 without one.

    `status` is the enhanced status code (RFC 3463) where the server gave one: 5.1.1 is an address
    that does not exist. The text may hold the server's own words, and so the recipient's address.
    """

    def __init__(self, text: str, *, code: int = 0, status: str = "") -> None:
        super().__init__(text)
        self.code = code
        self.status = status


class Refused(MailError):
    """Refused for good: the recipient or the mail itself is at fault, and a retry changes nothing."""


class NotSent(MailError):
    """Provably not accepted: it can be sent again later, under the same Message-ID."""


class OutcomeUnknown(MailError):
    """The content was on its way and no answer came: the recipient may or may not have the mail."""


class Mailer(Protocol):
    def send(self, mail: Mail) -> Accepted:
        """Hand one mail to its one recipient. Raises Refused, NotSent or OutcomeUnknown."""
        ...
