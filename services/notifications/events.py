"""What can have happened in notifications.

Streams: a person as one client knows them, a client, a delivery of one message to one person; a debtor,
a letter to a debtor, and the texts of one kind of letter in one language.
"""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from services.notifications.values import (
    AddressFault,
    Branding,
    Channel,
    Contact,
    Drawn,
    LetterFacts,
    LetterKind,
    Notice,
)
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


class ListSubscribed(Event, frozen=True, tag="notifications.ListSubscribed.v1"):
    """The person gets today's list by mail."""

    person_id: UUID


class ListUnsubscribed(Event, frozen=True, tag="notifications.ListUnsubscribed.v1"):
    person_id: UUID


PersonEvent: TypeAlias = (
    PersonIntroduced
    | RoleTaken
    | RoleLost
    | PersonDisabled
    | AddressFailed
    | DeviceRegistered
    | DeviceForgotten
    | ListSubscribed
    | ListUnsubscribed
)


class ClientIntroduced(Event, frozen=True, tag="notifications.ClientIntroduced.v1"):
    """`country` and `language` are empty in what was recorded before letters were sent."""

    name: str
    time_zone: str
    country: str = ""
    language: str = ""


class ClientBranded(Event, frozen=True, tag="notifications.ClientBranded.v1"):
    branding: Branding


ClientEvent: TypeAlias = ClientIntroduced | ClientBranded


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


class DebtorIntroduced(Event, frozen=True, tag="notifications.DebtorIntroduced.v1"):
    """How a debtor can be reached; told anew it replaces what was known."""

    debtor_id: UUID
    contact: Contact


class DebtorAddressFailed(Event, frozen=True, tag="notifications.DebtorAddressFailed.v1"):
    """A message came back, or was refused, because of the address itself."""

    debtor_id: UUID
    channel: Channel
    code: str


class DebtorReachChanged(Event, frozen=True, tag="notifications.DebtorReachChanged.v1"):
    """By which channels the debtor can be reached from now on, and what is wrong with the others."""

    debtor_id: UUID
    channels: tuple[Channel, ...]
    faults: tuple[AddressFault, ...]


DebtorEvent: TypeAlias = DebtorIntroduced | DebtorAddressFailed | DebtorReachChanged


class LetterReceived(Event, frozen=True, tag="notifications.LetterReceived.v1"):
    facts: LetterFacts


class LetterRouted(Event, frozen=True, tag="notifications.LetterRouted.v1"):
    """It is to go by this channel, as its delivery of this number, counted from one."""

    delivery: int
    channel: Channel


class LetterDrawn(Event, frozen=True, tag="notifications.LetterDrawn.v1"):
    """Its document is made and kept: these bytes are what is sent."""

    delivery: int
    drawn: Drawn


class LetterSent(Event, frozen=True, tag="notifications.LetterSent.v1"):
    """The channel has taken responsibility: the day that counts in law."""

    delivery: int
    channel: Channel
    sent_at: datetime
    address: Sealed | None
    """As it was used: a report about it says nothing about another."""


class LetterRefused(Event, frozen=True, tag="notifications.LetterRefused.v1"):
    """It did not leave by this channel. `code` is the channel's, or a name of ours."""

    delivery: int
    channel: Channel
    code: str


class LetterReturned(Event, frozen=True, tag="notifications.LetterReturned.v1"):
    """It had been sent and came back."""

    delivery: int
    channel: Channel
    code: str


class LetterOutcomeLost(Event, frozen=True, tag="notifications.LetterOutcomeLost.v1"):
    """It was on its way and no answer came. `final`: it is not sent again."""

    delivery: int
    final: bool


class LetterRepeated(Event, frozen=True, tag="notifications.LetterRepeated.v1"):
    """The outcome of a mail being unknown, it goes once more as the same message."""

    delivery: int


class LetterRecalled(Event, frozen=True, tag="notifications.LetterRecalled.v1"):
    """It was called back while its sending was under way, or had ended: no further try is made."""


class LetterWithheld(Event, frozen=True, tag="notifications.LetterWithheld.v1"):
    """It was called back in time: nothing of it has left."""


class LetterFailed(Event, frozen=True, tag="notifications.LetterFailed.v1"):
    """No channel is left to try. `was_sent`: it had counted as sent before it came back."""

    code: str
    was_sent: bool


LetterEvent: TypeAlias = (
    LetterReceived
    | LetterRouted
    | LetterDrawn
    | LetterSent
    | LetterRefused
    | LetterReturned
    | LetterOutcomeLost
    | LetterRepeated
    | LetterRecalled
    | LetterWithheld
    | LetterFailed
)


class TextsChanged(Event, frozen=True, tag="notifications.TextsChanged.v1"):
    """A creditor's own words; `version` counts its changes of this text from one."""

    kind: LetterKind
    language: str
    version: int
    title: str
    body: str
    closing: str


class TextsRestored(Event, frozen=True, tag="notifications.TextsRestored.v1"):
    """The words that come with the product are used again."""

    kind: LetterKind
    language: str
    version: int


TextsEvent: TypeAlias = TextsChanged | TextsRestored
