"""Bounces: what mail servers report about a mail after they have accepted it (RFC 3464).

Anybody can write such a report, so it is believed for one thing only: the state of the delivery
whose Message-ID it carries, which only the recipient's side has seen.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from enum import StrEnum

from services.notifications.model.mail import MESSAGE_ID

REPORT_BYTES_MAX = 1_000_000
STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")


class Action(StrEnum):
    """RFC 3464 §2.3.3."""

    FAILED = "failed"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    RELAYED = "relayed"
    EXPANDED = "expanded"


@dataclass(frozen=True, slots=True)
class Bounce:
    """What became of one mail, in the words of a mail server."""

    message_id: str
    recipient: str
    action: Action
    status: str
    """An enhanced status code (RFC 3463), as in 5.1.1: no such mailbox."""
    diagnostic: str

    @property
    def final(self) -> bool:
        """The mail will not arrive; a delay may still end well."""
        return self.action is Action.FAILED


def parse_bounce(raw: bytes) -> Bounce | None:
    """The bounce that a mail reports; None where it is not one we can read: a person reads it."""
    if len(raw) > REPORT_BYTES_MAX:
        return None
    # The older policy on purpose: the newer one parses each field it is asked for, and raises
    # errors of any kind on hostile ones.
    mail = message_from_bytes(raw)
    if mail.get_content_type() != "multipart/report":
        return None
    report, original = report_of(mail), original_id(mail)
    if report is None or original is None:
        return None
    action = value(report, "Action").lower()
    status = STATUS.match(value(report, "Status"))
    if action not in set(Action) or status is None:
        return None
    return Bounce(
        message_id=original,
        recipient=typed(value(report, "Final-Recipient")),
        action=Action(action),
        status=status[0],
        diagnostic=typed(value(report, "Diagnostic-Code"))[:500],
    )


def report_of(mail: Message) -> Message | None:
    """The fields of the first recipient; our mails have only one."""
    for part in mail.walk():
        if part.get_content_type() == "message/delivery-status":
            return next((group for group in inside(part) if value(group, "Final-Recipient")), None)
    return None


def original_id(mail: Message) -> str | None:
    """The Message-ID of the mail that came back, whole or as its headers alone."""
    for part in mail.walk():
        match part.get_content_type():
            case "message/rfc822":
                returned = inside(part)
            case "text/rfc822-headers":
                returned = [message_from_bytes(decoded(part))]
            case _:
                continue
        for message in returned:
            found = MESSAGE_ID.search(value(message, "Message-ID"))
            if found:
                return found[0]
    return None


def inside(part: Message) -> list[Message]:
    """The messages that a message part holds; none where it could not be parsed as such."""
    payload = part.get_payload()
    if not isinstance(payload, list):
        return []
    return [held for held in payload if isinstance(held, Message)]


def decoded(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def value(message: Message, name: str) -> str:
    """A field on one line, empty where it is missing."""
    return " ".join(str(message.get(name, "")).split())


def typed(text: str) -> str:
    """What follows the type in a field such as `rfc822; anne@fjordvig.example`."""
    return text.partition(";")[2].strip() or text
