"""One message on its way to one person.

    (none) --IntendDelivery--> intended --NoteSent--> sent --NoteArrived--> delivered
       |                         | | ^                  '----NoteBounced--> bounced
       |                         | | '--RepeatDelivery (once)--.
       |                         | '----NoteOutcomeLost--> unknown --NoteSent--> sent
       |                         '------NoteRefused------> refused
       '--IntendDelivery, too many lately--> gathered --JoinDigest--> joined

A mail is not money: when nobody knows whether it left, it is sent once more under the same
Message-ID, and then no more. So it goes at least once unless the mail server is silent twice, and a
reader's mail program recognises the second as the first. A report about a mail may arrive before we
have noted that it was sent, since the process may have died in between.

A push to a device of the person (`IntendPush`) goes beside a mail and by the same rules, its Topic in
the place of the Message-ID. It is never held back by itself, and nobody reports what became of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, assert_never
from uuid import UUID, uuid5

from services.notifications.commands import (
    DeliveryCommand,
    IntendDelivery,
    IntendPush,
    JoinDigest,
    NoteArrived,
    NoteBounced,
    NoteOutcomeLost,
    NoteRefused,
    NoteSent,
    RepeatDelivery,
)
from services.notifications.events import (
    DeliveryArrived,
    DeliveryBounced,
    DeliveryEvent,
    DeliveryGathered,
    DeliveryIntended,
    DeliveryJoined,
    DeliveryRefused,
    DeliveryRepeated,
    DeliverySent,
    OutcomeLost,
)
from services.notifications.model.pace import pace_of
from services.notifications.values import Notice
from shared.decider import Decider
from shared.sealed import Sealed

REPEATS_MAX: Final = 1


class State(StrEnum):
    INTENDED = "intended"
    GATHERED = "gathered"
    JOINED = "joined"
    SENT = "sent"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    DELIVERED = "delivered"
    BOUNCED = "bounced"


ON_ITS_WAY: Final = frozenset({State.INTENDED, State.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Delivery:
    notice: Notice
    state: State
    repeats: int = 0
    email: Sealed | None = None
    """The address it was sent to."""
    device_id: UUID | None = None
    """The device that a push goes to; none for a mail."""


def delivery_id(event_id: UUID, recipient_id: UUID) -> UUID:
    """The same event told twice is the same delivery."""
    return uuid5(event_id, str(recipient_id))


def push_id(mail_id: UUID, device_id: UUID) -> UUID:
    """One push per device beside a mail, however often its event is told."""
    return uuid5(mail_id, str(device_id))


def decide(command: DeliveryCommand, delivery: Delivery | None) -> Sequence[DeliveryEvent]:
    """Answer a command with the events it causes; none if it has been answered before."""
    if isinstance(command, IntendDelivery | IntendPush):
        return intend(command) if delivery is None else []
    if delivery is None:
        return []
    match command:
        case JoinDigest():
            gathered = delivery.state is State.GATHERED
            return [DeliveryJoined(command.digest_id)] if gathered else []
        case NoteSent():
            on_its_way = delivery.state in ON_ITS_WAY
            return [DeliverySent(command.email, command.at)] if on_its_way else []
        case NoteRefused():
            return [DeliveryRefused(command.code)] if delivery.state in ON_ITS_WAY else []
        case NoteOutcomeLost():
            return note_outcome_lost(command, delivery)
        case RepeatDelivery():
            repeats = delivery.state in ON_ITS_WAY and may_repeat(delivery.repeats)
            return [DeliveryRepeated()] if repeats else []
        case NoteArrived():
            reported = delivery.state in ON_ITS_WAY | {State.SENT}
            return [DeliveryArrived()] if reported else []
        case NoteBounced():
            reported = delivery.state in ON_ITS_WAY | {State.SENT, State.DELIVERED}
            return [DeliveryBounced(command.code)] if reported else []
        case _:
            assert_never(command)


def intend(command: IntendDelivery | IntendPush) -> Sequence[DeliveryEvent]:
    if isinstance(command, IntendPush):
        return [DeliveryIntended(command.notice, command.device_id)]
    pace = pace_of(command.notice.occasion)
    if command.mails_lately >= pace.mails:
        return [DeliveryGathered(command.notice, pace.until(command.at))]
    return [DeliveryIntended(command.notice)]


def note_outcome_lost(command: NoteOutcomeLost, delivery: Delivery) -> Sequence[DeliveryEvent]:
    told = delivery.state is State.UNKNOWN and not command.final
    if told or delivery.state not in ON_ITS_WAY:
        return []
    return [OutcomeLost(command.final)]


def may_repeat(repeats: int) -> bool:
    return repeats < REPEATS_MAX


def evolve(delivery: Delivery | None, event: DeliveryEvent) -> Delivery | None:
    """Fold one recorded event into the state. Never refuses: it has already happened."""
    match event:
        case DeliveryIntended():
            return Delivery(event.notice, State.INTENDED, device_id=event.device_id)
        case DeliveryGathered():
            return Delivery(event.notice, State.GATHERED)
    assert delivery is not None
    match event:
        case DeliveryJoined():
            return replace(delivery, state=State.JOINED)
        case DeliverySent():
            return replace(delivery, state=State.SENT, email=event.email)
        case DeliveryRefused():
            return replace(delivery, state=State.REFUSED)
        case OutcomeLost():
            return replace(delivery, state=State.UNKNOWN)
        case DeliveryRepeated():
            return replace(delivery, state=State.INTENDED, repeats=delivery.repeats + 1)
        case DeliveryArrived():
            return replace(delivery, state=State.DELIVERED)
        case DeliveryBounced():
            return replace(delivery, state=State.BOUNCED)
        case _:
            assert_never(event)


DELIVERY: Decider[DeliveryCommand, Delivery | None, DeliveryEvent] = Decider(decide, evolve, None)
