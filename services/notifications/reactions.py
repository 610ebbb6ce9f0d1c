"""OUT: what is to be done: send mail and push, ask what became of a mail, tell the rest later."""

from __future__ import annotations

from collections.abc import Iterable

from services.notifications.events import DeliveryGathered, DeliveryIntended, DeliverySent
from services.notifications.intents import (
    DIGEST,
    FOLLOW,
    PUSH,
    SEND,
    DigestOf,
    Followed,
    PushOf,
)
from services.notifications.model.delivery import Delivery
from services.notifications.model.following import FIRST_ASK
from shared.after import After
from shared.effects.intents import Due, Intent, Reaction
from shared.eventstore.events import Recorded

reactions: After[Reaction] = After()


@reactions.after(DeliveryIntended)
def after_delivery_intended(
    event: Recorded[DeliveryIntended], _delivery: Delivery
) -> Iterable[Reaction]:
    notice, device_id, key = event.event.notice, event.event.device_id, str(event.aggregate_id)
    if device_id is None:
        yield Intent(SEND, key=key, body=notice)
    else:
        yield Intent(PUSH, key=key, body=PushOf(notice, device_id))


@reactions.after(DeliverySent)
def after_delivery_sent(event: Recorded[DeliverySent], delivery: Delivery) -> Iterable[Reaction]:
    if event.event.email is None:
        return  # nobody is told what became of a push
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
