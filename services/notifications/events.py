"""What can have happened in notifications.

Three kinds of streams: a person as one client knows them, a client, and a delivery of one message to
one person.
"""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from services.notifications.values import Notice
from shared.eventstore.events import Event
from shared.sealed import Sealed


class PersonIntroduced(Event, frozen=True, tag="notifications.PersonIntroduced.v1"):
    """How to address a person; told anew it replaces what was known."""

    person_id: UUID
    name: Sealed
    email: Sealed
    language: str


class RoleTaken(Event, frozen=True, tag="notifications.RoleTaken.v1"):
    person_id: UUID
    role: str


class RoleLost(Event, frozen=True, tag="notifications.RoleLost.v1"):
    person_id: UUID
    role: str


class PersonDisabled(Event, frozen=True, tag="notifications.PersonDisabled.v1"):
    person_id: UUID


class AddressFailed(Event, frozen=True, tag="notifications.AddressFailed.v1"):
    """The person's address does not exist. `code` is an enhanced status code (RFC 3463) or ours."""

    person_id: UUID
    code: str


class DeviceRegistered(Event, frozen=True, tag="notifications.DeviceRegistered.v1"):
    """Where pushes to one device of the person go, and by which keys they are encrypted."""

    person_id: UUID
    device_id: UUID
    subscription: Sealed
    fingerprint: str
    registered_at: datetime


class DeviceForgotten(Event, frozen=True, tag="notifications.DeviceForgotten.v1"):
    """By its owner, by the push service's word, or because somebody else uses it now."""

    person_id: UUID
    device_id: UUID


PersonEvent: TypeAlias = (
    PersonIntroduced
    | RoleTaken
    | RoleLost
    | PersonDisabled
    | AddressFailed
    | DeviceRegistered
    | DeviceForgotten
)


class ClientIntroduced(Event, frozen=True, tag="notifications.ClientIntroduced.v1"):
    name: str
    time_zone: str


class DeliveryIntended(Event, frozen=True, tag="notifications.DeliveryIntended.v1"):
    """A mail, or a push where it names a device."""

    notice: Notice
    device_id: UUID | None = None


class DeliveryGathered(Event, frozen=True, tag="notifications.DeliveryGathered.v1"):
    """The reader has had enough mails of this kind for now: it goes into a digest `until_at`."""

    notice: Notice
    until_at: datetime


class DeliveryJoined(Event, frozen=True, tag="notifications.DeliveryJoined.v1"):
    digest_id: UUID


class DeliverySent(Event, frozen=True, tag="notifications.DeliverySent.v1"):
    """The mail server or the push service has taken responsibility.

    `email` is the sealed address as it was used; none for a push.
    """

    email: Sealed | None
    sent_at: datetime


class DeliveryRefused(Event, frozen=True, tag="notifications.DeliveryRefused.v1"):
    """It will not be sent. `code` is `smtp_550`, `push_413` or a name of ours."""

    code: str


class OutcomeLost(Event, frozen=True, tag="notifications.OutcomeLost.v1"):
    """It was on its way and no answer came. `final`: it is not sent again."""

    final: bool


class DeliveryRepeated(Event, frozen=True, tag="notifications.DeliveryRepeated.v1"):
    """The outcome being unknown, it is sent once more as the same message."""


class DeliveryArrived(Event, frozen=True, tag="notifications.DeliveryArrived.v1"):
    """The reader's mail server reports that it is in the mailbox."""


class DeliveryBounced(Event, frozen=True, tag="notifications.DeliveryBounced.v1"):
    """It came back. `code` is an enhanced status code (RFC 3463)."""

    code: str


DeliveryEvent: TypeAlias = (
    DeliveryIntended
    | DeliveryGathered
    | DeliveryJoined
    | DeliverySent
    | DeliveryRefused
    | OutcomeLost
    | DeliveryRepeated
    | DeliveryArrived
    | DeliveryBounced
)
