"""What notifications tells: what left by which channel, and what did not arrive."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from shared.contracts.base import Contract
from shared.contracts.values import Copy, Fault

Channel = Literal["mail", "letter", "portal"]


class MessageSent(Contract, publisher="notifications", aggregate="delivery"):
    """The channel accepted the message."""

    delivery_id: UUID
    recipient_id: UUID
    channel: Channel
    occasion: str
    subject_id: UUID
    sent_at: datetime


class MessageDelivered(Contract, publisher="notifications", aggregate="delivery"):
    delivery_id: UUID


class DeliveryFailed(Contract, publisher="notifications", aggregate="delivery"):
    """It was refused or came back."""

    delivery_id: UUID
    recipient_id: UUID
    channel: Channel
    code: str


class PushSent(Contract, publisher="notifications", aggregate="delivery"):
    """A push service accepted a message to one of a person's devices, beside their mail."""

    delivery_id: UUID
    recipient_id: UUID
    device_id: UUID
    occasion: str
    subject_id: UUID
    sent_at: datetime


class PushFailed(Contract, publisher="notifications", aggregate="delivery"):
    """The message to that device was refused, or nobody knows whether it was taken."""

    delivery_id: UUID
    recipient_id: UUID
    device_id: UUID
    code: str


class AddressFoundInvalid(Contract, publisher="notifications", aggregate="delivery"):
    """An address does not work: no more is sent to it."""

    recipient_id: UUID
    channel: Channel


class ChannelsResolved(Contract, publisher="notifications", aggregate="debtor"):
    """By which channels a debtor can be reached now, best first, and what is wrong with the others.

    Told when it changes. Without any channel nothing is to be sent: somebody has to mend the
    address first. Fields of `faults` are email, address, id_number.
    """

    debtor_id: UUID
    channels: tuple[Channel, ...]
    faults: tuple[Fault, ...] = ()


class DocumentRendered(Contract, publisher="notifications", aggregate="debtor"):
    """The exact bytes as sent: whoever fetches them by their hash verifies it."""

    document_id: UUID
    debtor_id: UUID
    notice_id: UUID
    copy_of: Copy
    pages: int
    language: str
    template_version: str


class NoticeSent(Contract, publisher="notifications", aggregate="debtor"):
    """A channel has accepted a letter: the day that counts as its sending in law.

    `delivery` counts from one: a letter that came back and goes by the next channel is the same
    letter, delivered once more.
    """

    notice_id: UUID
    debtor_id: UUID
    channel: Channel
    sent_at: datetime
    delivery: int


class NoticeOutcomeUnknown(Contract, publisher="notifications", aggregate="debtor"):
    """Nobody knows whether a letter left, and nothing asks any more: a person has to say.

    `tried_at` is when it was last tried.
    """

    notice_id: UUID
    debtor_id: UUID
    channel: Channel
    tried_at: datetime
    delivery: int


class NoticeFailed(Contract, publisher="notifications", aggregate="debtor"):
    """A letter did not leave, or came back, and no channel is left to try.

    `was_sent` says whether it had counted as sent before it came back.
    """

    notice_id: UUID
    debtor_id: UUID
    code: str
    was_sent: bool


class NoticeWithheld(Contract, publisher="notifications", aggregate="debtor"):
    """A letter that was recalled in time: nothing of it has left."""

    notice_id: UUID
    debtor_id: UUID
