"""What notifications can be asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from services.notifications.values import Notice
from shared.sealed import Sealed


@dataclass(frozen=True, slots=True)
class IntroducePerson:
    person_id: UUID
    name: Sealed
    email: Sealed
    language: str


@dataclass(frozen=True, slots=True)
class TakeRole:
    person_id: UUID
    role: str


@dataclass(frozen=True, slots=True)
class LoseRole:
    person_id: UUID
    role: str


@dataclass(frozen=True, slots=True)
class DisablePerson:
    person_id: UUID


@dataclass(frozen=True, slots=True)
class NoteAddressFailed:
    """`email` is the sealed address that was written to: another one has not failed."""

    person_id: UUID
    email: Sealed
    code: str


@dataclass(frozen=True, slots=True)
class RegisterDevice:
    """`subscription` is sealed anew each time; by `fingerprint` it is seen to be the same."""

    person_id: UUID
    device_id: UUID
    subscription: Sealed
    fingerprint: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ForgetDevice:
    person_id: UUID
    device_id: UUID


PersonCommand: TypeAlias = (
    IntroducePerson
    | TakeRole
    | LoseRole
    | DisablePerson
    | NoteAddressFailed
    | RegisterDevice
    | ForgetDevice
)


@dataclass(frozen=True, slots=True)
class IntroduceClient:
    name: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class IntendDelivery:
    """`mails_lately` of this occasion have gone to this reader since the current window began."""

    notice: Notice
    mails_lately: int
    at: datetime


@dataclass(frozen=True, slots=True)
class IntendPush:
    """Beside a mail that goes now: what holds mails back has been asked already."""

    notice: Notice
    device_id: UUID


@dataclass(frozen=True, slots=True)
class JoinDigest:
    digest_id: UUID


@dataclass(frozen=True, slots=True)
class NoteSent:
    """`email` is the sealed address that a mail went to; a push has none."""

    email: Sealed | None
    at: datetime


@dataclass(frozen=True, slots=True)
class NoteRefused:
    code: str


@dataclass(frozen=True, slots=True)
class NoteOutcomeLost:
    final: bool


@dataclass(frozen=True, slots=True)
class RepeatDelivery:
    pass


@dataclass(frozen=True, slots=True)
class NoteArrived:
    pass


@dataclass(frozen=True, slots=True)
class NoteBounced:
    code: str


DeliveryCommand: TypeAlias = (
    IntendDelivery
    | IntendPush
    | JoinDigest
    | NoteSent
    | NoteRefused
    | NoteOutcomeLost
    | RepeatDelivery
    | NoteArrived
    | NoteBounced
)
