"""OUT: what is to be done: send the mail, ask what became of it, tell the rest in a digest."""

from __future__ import annotations

from collections.abc import Iterable

from services.notifications.events import DeliveryGathered, DeliveryIntended, DeliverySent
from services.notifications.intents import DIGEST, FOLLOW, SEND, DigestOf, Followed
from services.notifications.model.delivery import Delivery
from services.notifications.model.following import FIRST_ASK
from services.notifications.values import Notice
from shared.after import After
from shared.effects.intents import Due, Intent, Reaction
from shared.eventstore.events import Recorded

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
