"""OUT: what others learn of messages: sent, arrived, failed, and addresses that do not work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final
from uuid import UUID

from services.notifications.events import (
    AddressFailed,
    DebtorReachChanged,
    DeliveryArrived,
    DeliveryBounced,
    DeliveryRefused,
    DeliverySent,
    LetterDrawn,
    LetterFailed,
    LetterOutcomeLost,
    LetterSent,
    LetterWithheld,
    OutcomeLost,
)
from services.notifications.model.debtor import Debtor
from services.notifications.model.delivery import Delivery
from services.notifications.model.letter import Letter, delivery_id
from services.notifications.model.person import Person
from services.notifications.values import Channel
from shared.after import After
from shared.contracts import notifications as told
from shared.contracts.base import Contract
from shared.contracts.notifications import (
    AddressFoundInvalid,
    ChannelsResolved,
    DeliveryFailed,
    DocumentRendered,
    MessageDelivered,
    MessageSent,
    NoticeFailed,
    NoticeOutcomeUnknown,
    NoticeSent,
    NoticeWithheld,
    PushFailed,
    PushSent,
)
from shared.contracts.values import Copy, Fault
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


_TOLD: Final[Mapping[Channel, told.Channel]] = {Channel.MAIL: "mail", Channel.LETTER: "letter"}


def about_debtor(debtor_id: UUID, contract: Contract) -> Outgoing:
    """What happens to one debtor's letters stays in order."""
    return Outgoing(contract, key=debtor_id)


@publications.after(DebtorReachChanged)
def after_debtor_reach_changed(
    event: Recorded[DebtorReachChanged], _debtor: Debtor
) -> Iterable[Telling]:
    changed = event.event
    contract = ChannelsResolved(
        debtor_id=changed.debtor_id,
        channels=tuple(_TOLD[channel] for channel in changed.channels),
        faults=tuple(Fault(fault.code, fault.field) for fault in changed.faults),
    )
    yield about_debtor(changed.debtor_id, contract)


@publications.after(LetterDrawn)
def after_letter_drawn(event: Recorded[LetterDrawn], letter: Letter) -> Iterable[Telling]:
    drawn, document = event.event.drawn, event.event.drawn.document
    contract = DocumentRendered(
        document_id=delivery_id(event.aggregate_id, event.event.delivery),
        debtor_id=letter.facts.debtor_id,
        notice_id=event.aggregate_id,
        copy_of=Copy(document.sha256, document.media_type, document.size_bytes),
        pages=drawn.pages,
        language=drawn.language,
        template_version=drawn.template_version,
    )
    yield about_debtor(letter.facts.debtor_id, contract)


@publications.after(LetterSent)
def after_letter_sent(event: Recorded[LetterSent], letter: Letter) -> Iterable[Telling]:
    sent = event.event
    contract = NoticeSent(
        notice_id=event.aggregate_id,
        debtor_id=letter.facts.debtor_id,
        channel=_TOLD[sent.channel],
        sent_at=sent.sent_at,
        delivery=sent.delivery,
    )
    yield about_debtor(letter.facts.debtor_id, contract)


@publications.after(LetterOutcomeLost)
def after_letter_outcome_lost(
    event: Recorded[LetterOutcomeLost], letter: Letter
) -> Iterable[Telling]:
    if not event.event.final:
        return
    contract = NoticeOutcomeUnknown(
        notice_id=event.aggregate_id,
        debtor_id=letter.facts.debtor_id,
        channel=_TOLD[letter.channel],
        tried_at=event.meta.recorded_at,
        delivery=event.event.delivery,
    )
    yield about_debtor(letter.facts.debtor_id, contract)


@publications.after(LetterFailed)
def after_letter_failed(event: Recorded[LetterFailed], letter: Letter) -> Iterable[Telling]:
    failed_ = event.event
    contract = NoticeFailed(
        notice_id=event.aggregate_id,
        debtor_id=letter.facts.debtor_id,
        code=failed_.code,
        was_sent=failed_.was_sent,
    )
    yield about_debtor(letter.facts.debtor_id, contract)


@publications.after(LetterWithheld)
def after_letter_withheld(event: Recorded[LetterWithheld], letter: Letter) -> Iterable[Telling]:
    contract = NoticeWithheld(notice_id=event.aggregate_id, debtor_id=letter.facts.debtor_id)
    yield about_debtor(letter.facts.debtor_id, contract)
