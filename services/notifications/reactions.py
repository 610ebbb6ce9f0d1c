"""OUT: what is to be done: send the mail, ask what became of it, tell the rest in a digest."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from uuid import UUID

import msgspec

from services.notifications.events import DeliveryGathered, DeliveryIntended, DeliverySent
from services.notifications.model.delivery import Delivery
from services.notifications.model.following import FIRST_ASK
from services.notifications.values import Notice, OccasionName
from shared.after import After
from shared.effects.intents import Due, Intent, Reaction
from shared.eventstore.events import Recorded
from shared.sealed import Sealed

SEND: Final = "mail.send"
FOLLOW: Final = "mail.follow"
DIGEST: Final = "send_digest"


class Followed(msgspec.Struct, frozen=True):
    """A mail that was sent: to whom, and to which address."""

    recipient_id: UUID
    email: Sealed


class DigestOf(msgspec.Struct, frozen=True):
    recipient_id: UUID
    occasion: OccasionName


reactions: After[Reaction] = After()


@reactions.after(DeliveryIntended)
def after_delivery_intended(
    event: Recorded[DeliveryIntended], _delivery: Delivery
) -> Iterable[Reaction]:
    notice: Notice = event.event.notice
    yield Intent(SEND, key=str(event.aggregate_id), body=notice)


@reactions.after(DeliverySent)
def after_delivery_sent(event: Recorded[DeliverySent], delivery: Delivery) -> Iterable[Reaction]:
    body = Followed(delivery.notice.recipient_id, event.event.email)
    due_at = event.event.sent_at + FIRST_ASK
    yield Intent(FOLLOW, key=str(event.aggregate_id), body=body, due_at=due_at)


@reactions.after(DeliveryGathered)
def after_delivery_gathered(
    event: Recorded[DeliveryGathered], delivery: Delivery
) -> Iterable[Reaction]:
    """The first that is held back sets the hour of the digest; those after it are the same work."""
    notice = delivery.notice
    body = DigestOf(notice.recipient_id, notice.occasion)
    key = f"{notice.recipient_id}:{notice.occasion}"
    yield Due(DIGEST, key=key, due_at=event.event.until_at, body=body)
