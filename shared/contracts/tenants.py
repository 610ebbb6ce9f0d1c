"""What tenants tells: who is there, and who may do what for which client."""

from __future__ import annotations

from uuid import UUID

from pydantic import Field

from shared.contracts.base import Contract
from shared.contracts.values import Copy
from shared.sealed import Sealed


class AgencyRegistered(Contract, publisher="tenants", aggregate="agency"):
    """An accountant's office exists."""

    agency_id: UUID
    name: str


class ClientAttached(Contract, publisher="tenants", aggregate="client"):
    """A company belongs to an office. The client's id is the tenant of everything about it."""

    client_id: UUID
    agency_id: UUID
    name: str
    country: str
    time_zone: str
    language: str


class ClientDetached(Contract, publisher="tenants", aggregate="client"):
    client_id: UUID
    agency_id: UUID


class BrandingChanged(Contract, publisher="tenants", aggregate="client"):
    """How a client shows on its letters; everything is told again whenever any of it changes.

    `logo_png` is base64 of a PNG that we made ourselves, of at most 64 KiB, so that whoever sets letters
    needs no door to fetch it by; `logo` says which one it is.
    """

    client_id: UUID
    logo: Copy | None
    logo_png: str | None = Field(default=None, max_length=90_000)
    street: str = ""
    postal_code: str = ""
    city: str = ""
    company_number: str = ""
    email: str = ""
    phone: str = ""


class UserInvited(Contract, publisher="tenants", aggregate="user"):
    """A person may sign in. Told once per client, since a person may work for several."""

    user_id: UUID
    client_id: UUID
    name: Sealed
    email: Sealed
    language: str


class RoleGranted(Contract, publisher="tenants", aggregate="user"):
    """`role`: bookkeeper, approver, operations or administrator, for one client."""

    user_id: UUID
    client_id: UUID
    role: str


class RoleRevoked(Contract, publisher="tenants", aggregate="user"):
    user_id: UUID
    client_id: UUID
    role: str


class UserDisabled(Contract, publisher="tenants", aggregate="user"):
    """The person may do nothing any more, at this client or any other."""

    user_id: UUID
    client_id: UUID
