"""What intents and due work are called, and what they carry to those who perform them."""

from __future__ import annotations

from typing import Final
from uuid import UUID

import msgspec

from services.notifications.values import Notice, OccasionName
from shared.sealed import Sealed

SEND: Final = "mail.send"
FOLLOW: Final = "mail.follow"
PUSH: Final = "push.send"
DIGEST: Final = "send_digest"


class Followed(msgspec.Struct, frozen=True):
    """A mail that was sent: to whom, and to which address."""

    recipient_id: UUID
    email: Sealed


class PushOf(msgspec.Struct, frozen=True):
    notice: Notice
    device_id: UUID


class DigestOf(msgspec.Struct, frozen=True):
    recipient_id: UUID
    occasion: OccasionName
