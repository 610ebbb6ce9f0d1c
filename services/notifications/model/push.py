"""A push as a pure value: what a device shows, and what the push service is told of it.

It says what the mail's subject says, in the person's language, and opens the page that the mail leads
to, without a token: whoever holds the device signs in. Its form is that of declarative push messages
(W3C Push API), which some browsers show by themselves and a service worker reads with one line.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from services.notifications.model.device import Subscription
from services.notifications.model.mail import plain_link, subject_of
from services.notifications.model.occasions import Occasion
from services.notifications.model.texts import Language
from services.notifications.values import Notice, OccasionName

DECLARATIVE: Final = 8030
KEPT_AT_LEAST: Final = timedelta(hours=1)
KEPT_AT_MOST: Final = timedelta(days=28)
"""Push services keep a message for four weeks at the longest."""


@dataclass(frozen=True, slots=True)
class Push:
    """One message to one device; `message` is in clear and is encrypted as it leaves.

    `topic` is the same for every attempt: a push service that still holds the first replaces it.
    """

    to: Subscription = field(repr=False)
    message: bytes = field(repr=False)
    topic: str
    keep_for: timedelta
    urgent: bool


def is_pushed(occasion: OccasionName) -> bool:
    """Approvers are called; who looks after payments reads mails at a desk."""
    return occasion in {OccasionName.APPROVAL_REQUESTED, OccasionName.APPROVAL_REMINDER}


def compose_push(
    push_id: UUID,
    to: Subscription,
    occasion: Occasion,
    notice: Notice,
    *,
    language: Language,
    zone: ZoneInfo,
    link: str,
    now: datetime,
) -> Push:
    """Raises ValueError for a link that is not a plain web address."""
    topic = topic_of(push_id)
    message: dict[str, Any] = {
        "web_push": DECLARATIVE,
        "notification": {
            "title": subject_of(occasion, language, zone),
            "lang": language.value,
            "navigate": plain_link(link),
            "tag": topic,
        },
    }
    return Push(
        to=to,
        message=msgspec.json.encode(message),
        topic=topic,
        keep_for=kept(notice.at, now),
        urgent=notice.occasion is OccasionName.APPROVAL_REMINDER,
    )


def topic_of(push_id: UUID) -> str:
    """At most 32 letters of base64url (RFC 8030 §5.4)."""
    return base64.urlsafe_b64encode(push_id.bytes).rstrip(b"=").decode()


def kept(until: datetime | None, now: datetime) -> timedelta:
    """For how long a device that is off may still be told: until the answer would be too late."""
    if until is None:
        return KEPT_AT_LEAST
    return min(max(until - now, KEPT_AT_LEAST), KEPT_AT_MOST)
