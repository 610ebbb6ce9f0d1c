"""What others are told. About a client it is keyed by the client, about a person by the person."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256

from services.tenants.events import (
    AgencyRegistered,
    BrandingChanged,
    ClientAttached,
    ClientDetached,
    RoleGranted,
    RoleRevoked,
    UserDisabled,
    UserInvited,
)
from services.tenants.model.agency import Agency
from services.tenants.model.client import Client
from services.tenants.model.membership import Membership
from shared.after import After
from shared.contracts import tenants as told
from shared.contracts.values import Copy
from shared.eventstore.events import Recorded
from shared.stream.outbox import Outgoing, Telling

publications: After[Telling] = After()


@publications.after(AgencyRegistered)
def after_agency_registered(recorded: Recorded[AgencyRegistered], _: Agency) -> Iterable[Telling]:
    yield told.AgencyRegistered(agency_id=recorded.aggregate_id, name=recorded.event.name)


@publications.after(ClientAttached)
def after_client_attached(recorded: Recorded[ClientAttached], _: Client) -> Iterable[Telling]:
    event = recorded.event
    contract = told.ClientAttached(
        client_id=recorded.tenant_id,
        agency_id=event.agency_id,
        name=event.name,
        country=event.country,
        time_zone=event.time_zone,
        language=event.language,
    )
    yield Outgoing(contract, key=recorded.tenant_id)


@publications.after(ClientDetached)
def after_client_detached(recorded: Recorded[ClientDetached], _: Client) -> Iterable[Telling]:
    client_id = recorded.tenant_id
    contract = told.ClientDetached(client_id=client_id, agency_id=recorded.event.agency_id)
    yield Outgoing(contract, key=client_id)


@publications.after(BrandingChanged)
def after_branding_changed(recorded: Recorded[BrandingChanged], _: Client) -> Iterable[Telling]:
    logo, letterhead = recorded.event.logo, recorded.event.letterhead
    contract = told.BrandingChanged(
        client_id=recorded.tenant_id,
        logo=Copy(sha256(logo).hexdigest(), "image/png", len(logo)) if logo else None,
        logo_png=b64encode(logo).decode() if logo else None,
        street=letterhead.street,
        postal_code=letterhead.postal_code,
        city=letterhead.city,
        company_number=letterhead.company_number,
        email=letterhead.email,
        phone=letterhead.phone,
    )
    yield Outgoing(contract, key=recorded.tenant_id)


@publications.after(UserInvited)
def after_user_invited(recorded: Recorded[UserInvited], _: Membership) -> Iterable[Telling]:
    event = recorded.event
    contract = told.UserInvited(
        user_id=event.user_id,
        client_id=recorded.tenant_id,
        name=event.name,
        email=event.email,
        language=event.language,
    )
    yield Outgoing(contract, key=event.user_id)


@publications.after(RoleGranted)
def after_role_granted(recorded: Recorded[RoleGranted], _: Membership) -> Iterable[Telling]:
    event = recorded.event
    contract = told.RoleGranted(
        user_id=event.user_id, client_id=recorded.tenant_id, role=event.role
    )
    yield Outgoing(contract, key=event.user_id)


@publications.after(RoleRevoked)
def after_role_revoked(recorded: Recorded[RoleRevoked], _: Membership) -> Iterable[Telling]:
    event = recorded.event
    contract = told.RoleRevoked(
        user_id=event.user_id, client_id=recorded.tenant_id, role=event.role
    )
    yield Outgoing(contract, key=event.user_id)


@publications.after(UserDisabled)
def after_user_disabled(recorded: Recorded[UserDisabled], _: Membership) -> Iterable[Telling]:
    user_id = recorded.event.user_id
    contract = told.UserDisabled(user_id=user_id, client_id=recorded.tenant_id)
    yield Outgoing(contract, key=user_id)
