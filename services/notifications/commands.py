"""What notifications can be asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from services.notifications.values import (
    Branding,
    Channel,
    Contact,
    Drawn,
    LetterFacts,
    LetterKind,
    Notice,
)
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


@dataclass(frozen=True, slots=True)
class SubscribeToList:
    person_id: UUID


@dataclass(frozen=True, slots=True)
class UnsubscribeFromList:
    person_id: UUID


PersonCommand: TypeAlias = (
    IntroducePerson
    | TakeRole
    | LoseRole
    | DisablePerson
    | NoteAddressFailed
    | RegisterDevice
    | ForgetDevice
    | SubscribeToList
    | UnsubscribeFromList
)


@dataclass(frozen=True, slots=True)
class IntroduceClient:
    name: str
    time_zone: str
    country: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class BrandClient:
    branding: Branding


ClientCommand: TypeAlias = IntroduceClient | BrandClient


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


@dataclass(frozen=True, slots=True)
class IntroduceDebtor:
    debtor_id: UUID
    contact: Contact


@dataclass(frozen=True, slots=True)
class NoteDebtorAddressFailed:
    """`address` is the sealed value that was written to: another one has not failed."""

    debtor_id: UUID
    channel: Channel
    address: Sealed | None
    code: str


DebtorCommand: TypeAlias = IntroduceDebtor | NoteDebtorAddressFailed


@dataclass(frozen=True, slots=True)
class Reach:
    """How the debtor can be reached at this moment."""

    channels: tuple[Channel, ...]
    country: str = ""
    is_person: bool = False


@dataclass(frozen=True, slots=True)
class ReceiveLetter:
    facts: LetterFacts
    reach: Reach


@dataclass(frozen=True, slots=True)
class NoteDrawn:
    delivery: int
    drawn: Drawn


@dataclass(frozen=True, slots=True)
class NoteLetterSent:
    """`address` is the sealed address that it went to."""

    delivery: int
    at: datetime
    address: Sealed | None


@dataclass(frozen=True, slots=True)
class NoteLetterRefused:
    """`final`: no other channel is to be tried, whatever it is."""

    delivery: int
    code: str
    reach: Reach
    final: bool = False


@dataclass(frozen=True, slots=True)
class NoteLetterReturned:
    delivery: int
    code: str
    reach: Reach


@dataclass(frozen=True, slots=True)
class NoteLetterOutcomeLost:
    delivery: int
    final: bool


@dataclass(frozen=True, slots=True)
class RepeatLetter:
    delivery: int


@dataclass(frozen=True, slots=True)
class RecallLetter:
    """`under_way`: the sender has begun, so nobody knows yet whether it leaves."""

    under_way: bool


@dataclass(frozen=True, slots=True)
class WithholdLetter:
    """It has been called back, and the sender found that nothing has left."""


LetterCommand: TypeAlias = (
    ReceiveLetter
    | NoteDrawn
    | NoteLetterSent
    | NoteLetterRefused
    | NoteLetterReturned
    | NoteLetterOutcomeLost
    | RepeatLetter
    | RecallLetter
    | WithholdLetter
)


@dataclass(frozen=True, slots=True)
class ChangeTexts:
    kind: LetterKind
    language: str
    title: str
    body: str
    closing: str


@dataclass(frozen=True, slots=True)
class RestoreTexts:
    kind: LetterKind
    language: str


TextsCommand: TypeAlias = ChangeTexts | RestoreTexts
