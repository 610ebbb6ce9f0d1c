"""What notifications tells: what left by which channel, and what did not arrive."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from shared.contracts.base import Contract

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
