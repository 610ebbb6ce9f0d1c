"""What can have happened here: to an agency, to a client, to somebody's membership at a client.

An agency's events stand in a tenant of its own, named by the agency's id; a client's, and those
about a person at that client, in the client's.
"""

from __future__ import annotations

from uuid import UUID

from services.tenants.values import Letterhead
from shared.eventstore.events import Event
from shared.sealed import Sealed


class AgencyRegistered(Event, frozen=True, tag="tenants.AgencyRegistered.v1"):
    name: str


class AdministratorAppointed(Event, frozen=True, tag="tenants.AdministratorAppointed.v1"):
    """May take on clients for the agency, and administers each of them."""

    user_id: UUID


class AdministratorDismissed(Event, frozen=True, tag="tenants.AdministratorDismissed.v1"):
    user_id: UUID


class ClientTakenOn(Event, frozen=True, tag="tenants.ClientTakenOn.v1"):
    client_id: UUID


class ClientLetGo(Event, frozen=True, tag="tenants.ClientLetGo.v1"):
    client_id: UUID


class ClientAttached(Event, frozen=True, tag="tenants.ClientAttached.v1"):
    agency_id: UUID
    name: str
    country: str
    time_zone: str
    language: str


class ClientDetached(Event, frozen=True, tag="tenants.ClientDetached.v1"):
    agency_id: UUID


class BrandingChanged(Event, frozen=True, tag="tenants.BrandingChanged.v1"):
    """`logo` is a PNG of our own making; empty where there is none."""

    logo: bytes
    letterhead: Letterhead


class UserInvited(Event, frozen=True, tag="tenants.UserInvited.v1"):
    user_id: UUID
    name: Sealed
    email: Sealed
    language: str


class RoleGranted(Event, frozen=True, tag="tenants.RoleGranted.v1"):
    user_id: UUID
    role: str


class RoleRevoked(Event, frozen=True, tag="tenants.RoleRevoked.v1"):
    user_id: UUID
    role: str


class UserDisabled(Event, frozen=True, tag="tenants.UserDisabled.v1"):
    """Recorded at every client that the person works for, in one transaction."""

    user_id: UUID


AgencyEvent = (
    AgencyRegistered | AdministratorAppointed | AdministratorDismissed | ClientTakenOn | ClientLetGo
)
ClientEvent = ClientAttached | ClientDetached | BrandingChanged
MembershipEvent = UserInvited | RoleGranted | RoleRevoked | UserDisabled
TenantsEvent = AgencyEvent | ClientEvent | MembershipEvent
