"""What an administrator asks for, each in one transaction over the tenants that it touches.

The register of people and the events that tell of them are written together, so neither ever knows
somebody whom the other does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID, uuid4

from services.tenants.commands import (
    AppointAdministrator,
    AttachClient,
    ChangeLetterhead,
    ChangeLogo,
    DetachClient,
    DisableUser,
    DismissAdministrator,
    GrantRole,
    InviteUser,
    LetGoClient,
    MembershipCommand,
    RegisterAgency,
    RevokeRole,
    TakeOnClient,
)
from services.tenants.gateways.logos import logo_of
from services.tenants.model.agency import AGENCY
from services.tenants.model.client import CLIENT
from services.tenants.model.membership import MEMBERSHIP, may_disable, membership_id
from services.tenants.model.words import ADMINISTRATOR, known_language, known_name
from services.tenants.queries import Directory
from services.tenants.registers import people
from services.tenants.registers.people import Connection, Person
from services.tenants.registers.sessions import SessionBook
from services.tenants.values import Letterhead
from shared.decider import Rejected
from shared.runtime import Runtime
from shared.vault import Vault
from shared.work import Work

_BY_ITSELF = "service:tenants"


@dataclass(frozen=True, slots=True)
class Invitation:
    """Who is invited, in clear, as an administrator wrote it. `user_id` only where it is given."""

    name: str
    email: str
    language: str
    user_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class CompanyFacts:
    name: str
    country: str
    time_zone: str
    language: str


class Administration:
    def __init__(
        self, runtime: Runtime, vault: Vault, directory: Directory, sessions: SessionBook
    ) -> None:
        self._runtime = runtime
        self._vault = vault
        self._directory = directory
        self._sessions = sessions

    def register_agency(
        self, name: str, administrator: Invitation, agency_id: UUID | None = None
    ) -> tuple[UUID, UUID]:
        """The ids of the agency and of its first administrator."""
        agency = agency_id or uuid4()

        def register(work: Work) -> UUID:
            work.execute(AGENCY, agency, RegisterAgency(name))
            person = self._enrol(work.raw, agency, administrator)
            work.execute(AGENCY, agency, AppointAdministrator(person.user_id))
            return person.user_id

        return agency, self._runtime.work(agency, _BY_ITSELF, register)

    def attach_client(
        self,
        agency_id: UUID,
        asked_by: UUID,
        company: CompanyFacts,
        client_id: UUID | None = None,
    ) -> UUID:
        """The id of the client, which whoever attached it administers."""
        client = client_id or uuid4()

        def attach(works: Mapping[UUID, Work]) -> UUID:
            agency, own = works[agency_id], works[client]
            agency.execute(AGENCY, agency_id, TakeOnClient(client, asked_by))
            command = AttachClient(
                agency_id, company.name, company.country, company.time_zone, company.language
            )
            own.execute(CLIENT, client, command)
            person = people.hold(agency.raw, agency_id, asked_by)
            assert person is not None, "administrators of an agency are enrolled there"
            self._invite(own, person)
            membership = membership_id(client, asked_by)
            own.execute(MEMBERSHIP, membership, GrantRole(ADMINISTRATOR))
            return client

        attached: UUID = self._runtime.works([agency_id, client], _user(asked_by), attach)
        return attached

    def detach_client(self, agency_id: UUID, asked_by: UUID, client_id: UUID) -> None:
        def detach(works: Mapping[UUID, Work]) -> None:
            works[agency_id].execute(AGENCY, agency_id, LetGoClient(client_id, asked_by))
            works[client_id].execute(CLIENT, client_id, DetachClient())

        self._runtime.works([agency_id, client_id], _user(asked_by), detach)

    def change_logo(self, client_id: UUID, asked_by: UUID, content: bytes | None) -> None:
        """A file as it came; none takes the logo away. Raises Rejected."""
        command = ChangeLogo(b"" if content is None else logo_of(content))
        self._runtime.work(
            client_id, _user(asked_by), lambda work: work.execute(CLIENT, client_id, command)
        )

    def change_letterhead(self, client_id: UUID, asked_by: UUID, letterhead: Letterhead) -> None:
        command = ChangeLetterhead(letterhead)
        self._runtime.work(
            client_id, _user(asked_by), lambda work: work.execute(CLIENT, client_id, command)
        )

    def invite(
        self, agency_id: UUID, client_id: UUID, asked_by: UUID, invitation: Invitation
    ) -> UUID:
        """The id of the person: the one they have at the agency already, or a new one."""

        def invite(works: Mapping[UUID, Work]) -> UUID:
            person = self._enrol(works[agency_id].raw, agency_id, invitation)
            self._invite(works[client_id], person)
            return person.user_id

        invited: UUID = self._runtime.works([agency_id, client_id], _user(asked_by), invite)
        return invited

    def grant(self, client_id: UUID, asked_by: UUID, user_id: UUID, role: str) -> None:
        self._change(client_id, asked_by, user_id, GrantRole(role))

    def revoke(self, client_id: UUID, asked_by: UUID, user_id: UUID, role: str) -> None:
        self._change(client_id, asked_by, user_id, RevokeRole(role))

    def disable(self, agency_id: UUID, client_id: UUID, asked_by: Person, user_id: UUID) -> None:
        """End everything that a member of this client may do, at every client, and now.

        In one transaction, so that there is no moment at which one client knows and another does
        not. Raises Rejected: `unknown_user`, `works_elsewhere`, or `just_invited`.
        """
        person = self._directory.person(agency_id, user_id)
        if person is None or client_id not in person.works_for:
            raise Rejected("Nobody of this id works for this company.", code="unknown_user")
        works_for = self._directory.standing(person).roles
        may_disable(works_for, self._directory.administered(agency_id, asked_by))

        def end(works: Mapping[UUID, Work]) -> None:
            agency = works[agency_id]
            held = people.hold(agency.raw, agency_id, user_id)
            if held is None or held.works_for != person.works_for:
                raise Rejected(
                    "This person has just been invited by another company. Do it once more.",
                    code="just_invited",
                )
            for client in sorted(person.works_for):
                works[client].execute(MEMBERSHIP, membership_id(client, user_id), DisableUser())
            agency.execute(AGENCY, agency_id, DismissAdministrator(user_id))
            people.disable(agency.raw, person, agency.now)
            self._sessions.close_all(agency.raw, person)

        self._runtime.works([agency_id, *person.works_for], _user(asked_by.user_id), end)

    def _change(
        self, client_id: UUID, asked_by: UUID, user_id: UUID, command: MembershipCommand
    ) -> None:
        membership = membership_id(client_id, user_id)
        self._runtime.work(
            client_id,
            _user(asked_by),
            lambda work: work.execute(MEMBERSHIP, membership, command),
        )

    def _enrol(self, connection: Connection, agency_id: UUID, invitation: Invitation) -> Person:
        email = invitation.email.strip()
        fingerprint = self._vault.fingerprint(agency_id, email.casefold())
        known = people.hold_by_email(connection, agency_id, fingerprint)
        if known is not None:
            return known
        user_id = invitation.user_id or uuid4()
        person = Person(
            agency_id=agency_id,
            user_id=user_id,
            name=self._vault.seal(agency_id, user_id, known_name(invitation.name)),
            email=self._vault.seal(agency_id, user_id, email),
            language=known_language(invitation.language),
        )
        return people.enrol(connection, person, fingerprint)

    def _invite(self, work: Work, person: Person) -> None:
        """Sealed anew for the client: another client's key does not open it."""
        client_id, user_id = work.tenant_id, person.user_id
        name = self._vault.open(person.agency_id, person.name)
        email = self._vault.open(person.agency_id, person.email)
        command = InviteUser(
            user_id,
            self._vault.seal(client_id, user_id, name),
            self._vault.seal(client_id, user_id, email),
            person.language,
        )
        work.execute(MEMBERSHIP, membership_id(client_id, user_id), command)
        people.employ(work.raw, person, client_id)


def _user(user_id: UUID) -> str:
    return f"user:{user_id}"
