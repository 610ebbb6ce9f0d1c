"""What intents and due work are called, and what they carry to those who perform them."""

from __future__ import annotations

from typing import Final
from uuid import UUID

import msgspec

from services.notifications.values import Channel, Kept, LetterFacts, Notice, OccasionName
from shared.sealed import Sealed

SEND: Final = "mail.send"
FOLLOW: Final = "mail.follow"
PUSH: Final = "push.send"
DIGEST: Final = "send_digest"
DRAW: Final = "letter.draw"
LETTER_MAIL: Final = "letter.mail"
LETTER_POST: Final = "letter.post"
LETTER_FOLLOW: Final = "letter.follow"
POST_FOLLOW: Final = "letter.follow_post"


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


class DrawOf(msgspec.Struct, frozen=True):
    """A letter's document is to be made for one channel."""

    facts: LetterFacts
    delivery: int
    channel: Channel


class LetterOf(msgspec.Struct, frozen=True, kw_only=True):
    """A letter's document is to be sent, byte for byte."""

    facts: LetterFacts
    delivery: int
    document: Kept


class LetterFollowed(msgspec.Struct, frozen=True, kw_only=True):
    """A letter that was sent: which delivery, and to which address."""

    debtor_id: UUID
    delivery: int
    address: Sealed | None
