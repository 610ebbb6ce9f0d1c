"""OUT: what others learn of messages: sent, arrived, failed, and addresses that do not work."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from services.notifications.events import (
    AddressFailed,
    DeliveryArrived,
    DeliveryBounced,
    DeliveryRefused,
    DeliverySent,
    OutcomeLost,
)
from services.notifications.model.delivery import Delivery
from services.notifications.model.person import Person
from shared.after import After
from shared.contracts.base import Contract
from shared.contracts.notifications import (
    AddressFoundInvalid,
    DeliveryFailed,
    MessageDelivered,
    MessageSent,
    PushFailed,
    PushSent,
)
from shared.eventstore.events import Recorded
from shared.stream.outbox import Outgoing, Telling

publications: After[Telling] = After()


def to_readers_of(recipient_id: UUID, contract: Contract) -> Outgoing:
    """What happens to one person's messages stays in order."""
    return Outgoing(contract, key=recipient_id)


@publications.after(DeliverySent)
def after_delivery_sent(event: Recorded[DeliverySent], delivery: Delivery) -> Iterable[Telling]:
    notice, sent_at = delivery.notice, event.event.sent_at
    contract: Contract
    if delivery.device_id is None:
        contract = MessageSent(
            delivery_id=event.aggregate_id,
            recipient_id=notice.recipient_id,
            channel="mail",
            occasion=notice.occasion.value,
            subject_id=notice.subject_id,
            sent_at=sent_at,
        )
    else:
        contract = PushSent(
            delivery_id=event.aggregate_id,
            recipient_id=notice.recipient_id,
            device_id=delivery.device_id,
            occasion=notice.occasion.value,
            subject_id=notice.subject_id,
            sent_at=sent_at,
        )
    yield to_readers_of(notice.recipient_id, contract)


@publications.after(DeliveryArrived)
def after_delivery_arrived(
    event: Recorded[DeliveryArrived], delivery: Delivery
) -> Iterable[Telling]:
    contract = MessageDelivered(delivery_id=event.aggregate_id)
    yield to_readers_of(delivery.notice.recipient_id, contract)


@publications.after(DeliveryRefused)
def after_delivery_refused(
    event: Recorded[DeliveryRefused], delivery: Delivery
) -> Iterable[Telling]:
    yield failed(event.aggregate_id, delivery, event.event.code)


@publications.after(DeliveryBounced)
def after_delivery_bounced(
    event: Recorded[DeliveryBounced], delivery: Delivery
) -> Iterable[Telling]:
    yield failed(event.aggregate_id, delivery, event.event.code)


@publications.after(OutcomeLost)
def after_outcome_lost(event: Recorded[OutcomeLost], delivery: Delivery) -> Iterable[Telling]:
    if event.event.final:
        yield failed(event.aggregate_id, delivery, "outcome_unknown")


def failed(delivery_id: UUID, delivery: Delivery, code: str) -> Outgoing:
    recipient_id, device_id = delivery.notice.recipient_id, delivery.device_id
    contract: Contract
    if device_id is None:
        contract = DeliveryFailed(
            delivery_id=delivery_id, recipient_id=recipient_id, channel="mail", code=code
        )
    else:
        contract = PushFailed(
            delivery_id=delivery_id, recipient_id=recipient_id, device_id=device_id, code=code
        )
    return to_readers_of(recipient_id, contract)


@publications.after(AddressFailed)
def after_address_failed(event: Recorded[AddressFailed], _person: Person) -> Iterable[Telling]:
    person_id = event.event.person_id
    yield to_readers_of(person_id, AddressFoundInvalid(recipient_id=person_id, channel="mail"))
