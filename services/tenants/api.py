"""The JSON API: agencies, their clients, who works for them and as what.

Ids of other tenants get the same answer as ids that do not exist.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import available_timezones

from fastapi import Depends, Path, Request, Response
from pydantic import AfterValidator, BaseModel, Field

from services.tenants.acts.administering import CompanyFacts, Invitation
from services.tenants.desk import Here
from services.tenants.queries import Company, Member
from services.tenants.registers.people import Person
from services.tenants.values import Letterhead
from shared.decider import Rejected
from shared.web.problem import NOT_ALLOWED, Problem, not_found, not_signed_in
from shared.web.routers import api_router
from shared.web.scope import SignedIn

Name = Annotated[str, Field(min_length=1, max_length=200)]
Email = Annotated[str, Field(max_length=254, pattern=r"^\s*[^@\s]+@[^@\s]+\.[^@\s]+\s*$")]
Language = Annotated[str, Field(max_length=8)]
Sha = Annotated[str, Path(pattern="^[0-9a-f]{64}$")]


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("unknown time zone")
    return name


class NewUser(BaseModel):
    name: Name
    email: Email
    language: Language

    def invitation(self) -> Invitation:
        return Invitation(self.name, self.email, self.language)


class NewAgency(BaseModel):
    name: Name
    administrator: NewUser


class NewClient(BaseModel):
    name: Name
    country: Annotated[str, Field(max_length=2)]
    time_zone: Annotated[str, AfterValidator(_zone)]
    language: Language


class AgencyMade(BaseModel):
    agency_id: UUID
    administrator_id: UUID


class ClientMade(BaseModel):
    client_id: UUID


class UserMade(BaseModel):
    user_id: UUID


class ClientShown(BaseModel):
    client_id: UUID
    name: str
    country: str
    time_zone: str
    language: str
    roles: list[str] = []


class UserShown(BaseModel):
    user_id: UUID
    name: str
    email: str
    language: str
    roles: list[str]
    disabled: bool


Line = Annotated[str, Field(max_length=200)]


class LetterheadLines(BaseModel):
    street: Line = ""
    postal_code: Line = ""
    city: Line = ""
    company_number: Line = ""
    email: Line = ""
    phone: Line = ""


class BrandingShown(BaseModel):
    logo: str | None
    letterhead: LetterheadLines


@dataclass(frozen=True, slots=True)
class Administering:
    """Somebody who says who may do what for a client."""

    person: Person
    client_id: UUID


router = api_router("tenants")


def asking(identity: SignedIn, here: Here) -> Person:
    """Whoever asks, as the register has them."""
    assert identity.agency_id is not None, "everybody in the register belongs to an agency"
    person = here.directory.person(identity.agency_id, identity.user_id)
    if person is None:
        raise not_signed_in()
    return person


Asking = Annotated[Person, Depends(asking)]


def administering(
    identity: SignedIn, person: Asking, here: Here, client_id: Annotated[str, Path()]
) -> Administering:
    """For administrators of the client and of its agency."""
    client = _uuid(client_id)
    if client in here.directory.administered(person.agency_id, person):
        return Administering(person, client)
    raise Problem(NOT_ALLOWED) if identity.roles_for(client) else not_found()


def own_agency(person: Asking, here: Here, agency_id: Annotated[str, Path()]) -> Person:
    """For administrators of this very agency."""
    if _uuid(agency_id) != person.agency_id:
        raise not_found()
    if not here.directory.standing(person).administers_agency:
        raise Problem(NOT_ALLOWED)
    return person


@router.get("/keys")
def public_keys(here: Here) -> Any:
    """The public keys that assertions are verified with (JWKS, RFC 7517)."""
    return json.loads(here.published_keys)


@router.post("/agencies", status_code=201)
def register_agency(request: Request, agency: NewAgency, here: Here) -> AgencyMade:
    """By the operator of the installation, with its registration secret as bearer."""
    _operator(request, here.registration_secret)
    agency_id, user_id = here.administration.register_agency(
        agency.name, agency.administrator.invitation()
    )
    return AgencyMade(agency_id=agency_id, administrator_id=user_id)


@router.get("/agencies/{agency_id}/clients")
def agency_clients(person: Annotated[Person, Depends(own_agency)], here: Here) -> list[ClientShown]:
    return [_shown(company) for company in here.directory.companies(person.agency_id)]


@router.post("/agencies/{agency_id}/clients", status_code=201)
def attach_client(
    client: NewClient, person: Annotated[Person, Depends(own_agency)], here: Here
) -> ClientMade:
    """The client, which whoever attached it administers."""
    facts = CompanyFacts(client.name, client.country, client.time_zone, client.language)
    return ClientMade(
        client_id=here.administration.attach_client(person.agency_id, person.user_id, facts)
    )


@router.delete("/agencies/{agency_id}/clients/{client_id}", status_code=204)
def detach_client(
    person: Annotated[Person, Depends(own_agency)], client_id: str, here: Here
) -> Response:
    client = _uuid(client_id)
    if client not in here.directory.administered(person.agency_id, person):
        raise not_found()
    here.administration.detach_client(person.agency_id, person.user_id, client)
    return Response(status_code=204)


@router.get("/clients")
def clients(person: Asking, here: Here) -> list[ClientShown]:
    """The companies that whoever asks works for, with their roles there."""
    standing = here.directory.standing(person)
    return [_shown(one, standing.roles[one.client_id]) for one in standing.companies]


@router.get("/clients/{client_id}/branding")
def branding(scope: Annotated[Administering, Depends(administering)], here: Here) -> BrandingShown:
    """How the client's letters show it. `logo` is the hash to fetch it by."""
    kept = here.directory.branding(scope.client_id)
    lines = LetterheadLines.model_validate(kept.letterhead, from_attributes=True)
    return BrandingShown(logo=kept.sha256, letterhead=lines)


@router.put("/clients/{client_id}/letterhead", status_code=204)
def change_letterhead(
    lines: LetterheadLines, scope: Annotated[Administering, Depends(administering)], here: Here
) -> Response:
    letterhead = Letterhead(**lines.model_dump())
    here.administration.change_letterhead(scope.client_id, scope.person.user_id, letterhead)
    return Response(status_code=204)


async def _body(request: Request) -> bytes:
    return await request.body()


@router.put("/clients/{client_id}/logo", status_code=204)
def change_logo(
    content: Annotated[bytes, Depends(_body)],
    scope: Annotated[Administering, Depends(administering)],
    here: Here,
) -> Response:
    """The picture's bytes as the body: PNG, JPEG or WebP. It is drawn anew, and refused by name."""
    here.administration.change_logo(scope.client_id, scope.person.user_id, content)
    return Response(status_code=204)


@router.delete("/clients/{client_id}/logo", status_code=204)
def remove_logo(scope: Annotated[Administering, Depends(administering)], here: Here) -> Response:
    here.administration.change_logo(scope.client_id, scope.person.user_id, None)
    return Response(status_code=204)


@router.get("/logos/{sha}")
def logo(person: Asking, sha: Sha, here: Here) -> Response:
    """A logo, to whoever works for one of the clients that have it."""
    found = here.directory.logo(sorted(here.directory.standing(person).roles), sha)
    if not found:
        raise not_found()
    return Response(found, media_type="image/png")


@router.get("/clients/{client_id}/users")
def users(scope: Annotated[Administering, Depends(administering)], here: Here) -> list[UserShown]:
    return [_user(member) for member in here.directory.members(scope.client_id)]


@router.post("/clients/{client_id}/users", status_code=201)
def invite_user(
    user: NewUser, scope: Annotated[Administering, Depends(administering)], here: Here
) -> UserMade:
    """One e-mail address is one person at all companies of the agency."""
    asked_by, client = scope.person, scope.client_id
    invited = here.administration.invite(
        asked_by.agency_id, client, asked_by.user_id, user.invitation()
    )
    return UserMade(user_id=invited)


@router.put("/clients/{client_id}/users/{user_id}/roles/{role}", status_code=204)
def grant_role(
    scope: Annotated[Administering, Depends(administering)], user_id: str, role: str, here: Here
) -> Response:
    with _unknown_is_not_found():
        here.administration.grant(scope.client_id, scope.person.user_id, _uuid(user_id), role)
    return Response(status_code=204)


@router.delete("/clients/{client_id}/users/{user_id}/roles/{role}", status_code=204)
def revoke_role(
    scope: Annotated[Administering, Depends(administering)], user_id: str, role: str, here: Here
) -> Response:
    with _unknown_is_not_found():
        here.administration.revoke(scope.client_id, scope.person.user_id, _uuid(user_id), role)
    return Response(status_code=204)


@router.post("/clients/{client_id}/users/{user_id}/disable", status_code=204)
def disable_user(
    scope: Annotated[Administering, Depends(administering)], user_id: str, here: Here
) -> Response:
    """Ends all that the person may do, at every company, and every session, at once."""
    agency_id = scope.person.agency_id
    with _unknown_is_not_found():
        here.administration.disable(agency_id, scope.client_id, scope.person, _uuid(user_id))
    return Response(status_code=204)


def _uuid(text: str) -> UUID:
    """An id that is none is answered like one of nobody's."""
    try:
        return UUID(text)
    except ValueError:
        raise not_found() from None


def _operator(request: Request, secret: str) -> None:
    if not secret:
        raise not_found()
    sent = request.headers.get("authorization", "")
    if not hmac.compare_digest(sent.encode(), f"Bearer {secret}".encode()):
        raise not_signed_in()


@contextmanager
def _unknown_is_not_found() -> Iterator[None]:
    try:
        yield
    except Rejected as rejected:
        if rejected.code == "unknown_user":
            raise not_found() from rejected
        raise


def _shown(company: Company, roles: frozenset[str] = frozenset()) -> ClientShown:
    return ClientShown(
        client_id=company.client_id,
        name=company.name,
        country=company.country,
        time_zone=company.time_zone,
        language=company.language,
        roles=sorted(roles),
    )


def _user(member: Member) -> UserShown:
    return UserShown(
        user_id=member.user_id,
        name=member.name,
        email=member.email,
        language=member.language,
        roles=list(member.roles),
        disabled=member.disabled,
    )
