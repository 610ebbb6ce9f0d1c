"""What can be asked of this service's rules."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.tenants.values import Letterhead
from shared.sealed import Sealed


@dataclass(frozen=True, slots=True)
class RegisterAgency:
    name: str


@dataclass(frozen=True, slots=True)
class AppointAdministrator:
    user_id: UUID


@dataclass(frozen=True, slots=True)
class DismissAdministrator:
    user_id: UUID


@dataclass(frozen=True, slots=True)
class TakeOnClient:
    client_id: UUID
    asked_by: UUID


@dataclass(frozen=True, slots=True)
class LetGoClient:
    client_id: UUID
    asked_by: UUID


@dataclass(frozen=True, slots=True)
class AttachClient:
    """`country` is ISO 3166-1 alpha-2, `time_zone` of the IANA database, `language` ISO 639-1."""

    agency_id: UUID
    name: str
    country: str
    time_zone: str
    language: str


@dataclass(frozen=True, slots=True)
class DetachClient:
    pass


@dataclass(frozen=True, slots=True)
class ChangeLogo:
    """`logo` is a PNG that was made here; empty for none."""

    logo: bytes


@dataclass(frozen=True, slots=True)
class ChangeLetterhead:
    letterhead: Letterhead


@dataclass(frozen=True, slots=True)
class InviteUser:
    user_id: UUID
    name: Sealed
    email: Sealed
    language: str


@dataclass(frozen=True, slots=True)
class GrantRole:
    role: str


@dataclass(frozen=True, slots=True)
class RevokeRole:
    role: str


@dataclass(frozen=True, slots=True)
class DisableUser:
    pass


AgencyCommand = (
    RegisterAgency | AppointAdministrator | DismissAdministrator | TakeOnClient | LetGoClient
)
ClientCommand = AttachClient | DetachClient | ChangeLogo | ChangeLetterhead
MembershipCommand = InviteUser | GrantRole | RevokeRole | DisableUser
