"""The port through which we ask what became of mails, and the mailbox of the demonstration behind it.

Where a mail server hands bounces to our intake by itself, nobody needs to ask: `NoReports`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import msgspec

from services.notifications.gateways.bounces import Bounce, parse_bounce
from shared.http import ForbiddenHostError, Transport, Unanswered, Unreached

_OK = 200


class NoAnswer(Exception):
    """The reports could not be read just now: ask again later."""


class Bounces(Protocol):
    def fetch(self, recipient: str) -> Sequence[Bounce]:
        """What has been reported about mails sent by `recipient`, oldest first. Raises NoAnswer."""
        ...


class NoReports:
    """For an installation whose mail server brings the reports to us."""

    def fetch(self, recipient: str) -> Sequence[Bounce]:  # noqa: ARG002  the port's shape
        return ()


class _Listed(msgspec.Struct):
    """A mail as the mailbox lists it; what else it says of it is not looked at."""

    number: int


class MailboxReports:
    """Reads the mails to our envelope sender from the simulated mailbox's control surface.

    A mail never changes, so each is fetched once and its report remembered.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._known: dict[int, Bounce | None] = {}

    def fetch(self, recipient: str) -> Sequence[Bounce]:
        try:
            listed = msgspec.json.decode(
                self._get("/control/mails", to=recipient), type=list[_Listed]
            )
        except msgspec.MsgspecError as error:
            raise NoAnswer("the mailbox answered with something else than mails") from error
        numbers = sorted(mail.number for mail in listed)
        for number in numbers:
            if number not in self._known:
                self._known[number] = parse_bounce(self._get(f"/mails/{number}/raw"))
        found = [self._known[number] for number in numbers]
        return [bounce for bounce in found if bounce is not None]

    def _get(self, path: str, **params: str) -> bytes:
        try:
            answer = self._transport.get(path, params=params)
        except (Unreached, Unanswered, ForbiddenHostError) as error:
            raise NoAnswer("the mailbox does not answer") from error
        if answer.status != _OK:
            raise NoAnswer(f"the mailbox answered {answer.status}")
        return answer.body
