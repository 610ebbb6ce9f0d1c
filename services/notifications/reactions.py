"""OUT: what is to be done: send mail and push, ask what became of a mail, tell the rest later."""

from __future__ import annotations

from collections.abc import Iterable

from services.notifications.events import (
    DeliveryGathered,
    DeliveryIntended,
    DeliverySent,
    LetterDrawn,
    LetterRouted,
    LetterSent,
)
from services.notifications.intents import (
    DIGEST,
    DRAW,
    FOLLOW,
    LETTER_FOLLOW,
    LETTER_MAIL,
    LETTER_POST,
    POST_FOLLOW,
    PUSH,
    SEND,
    DigestOf,
    DrawOf,
    Followed,
    LetterFollowed,
    LetterOf,
    PushOf,
)
from services.notifications.model.delivery import Delivery
from services.notifications.model.following import FIRST_ASK, FIRST_ASK_OF_POST
from services.notifications.model.letter import Letter
from services.notifications.values import Channel
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


@reactions.after(LetterRouted)
def after_letter_routed(event: Recorded[LetterRouted], letter: Letter) -> Iterable[Reaction]:
    routed = event.event
    body = DrawOf(letter.facts, routed.delivery, routed.channel)
    yield Intent(DRAW, key=letter_key(event, routed.delivery), body=body)


@reactions.after(LetterDrawn)
def after_letter_drawn(event: Recorded[LetterDrawn], letter: Letter) -> Iterable[Reaction]:
    drawn = event.event
    kind = LETTER_MAIL if letter.channel is Channel.MAIL else LETTER_POST
    body = LetterOf(facts=letter.facts, delivery=drawn.delivery, document=drawn.drawn.document)
    yield Intent(kind, key=letter_key(event, drawn.delivery), body=body)


@reactions.after(LetterSent)
def after_letter_sent(event: Recorded[LetterSent], letter: Letter) -> Iterable[Reaction]:
    sent = event.event
    by_mail = sent.channel is Channel.MAIL
    body = LetterFollowed(
        debtor_id=letter.facts.debtor_id, delivery=sent.delivery, address=sent.address
    )
    yield Intent(
        LETTER_FOLLOW if by_mail else POST_FOLLOW,
        key=letter_key(event, sent.delivery),
        body=body,
        due_at=sent.sent_at + (FIRST_ASK if by_mail else FIRST_ASK_OF_POST),
    )


def letter_key(event: Recorded[LetterRouted | LetterDrawn | LetterSent], delivery: int) -> str:
    """One notice is drawn and sent once for each of its deliveries, whatever is told how often."""
    return f"{event.aggregate_id}:{delivery}"
