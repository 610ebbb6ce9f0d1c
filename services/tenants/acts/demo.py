"""The demonstration's cast: one office, five companies, and the people at both.

Ids follow from names, so that every service's demonstration can speak of the same people. Sowing
twice changes nothing; it gives back a role that was taken, but nobody who was disabled comes back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid5

from services.tenants.acts.administering import Administration, CompanyFacts, Invitation
from services.tenants.model.words import ADMINISTRATOR, APPROVER, BOOKKEEPER, OPERATIONS
from services.tenants.queries import Directory
from services.tenants.registers.sessions import SessionBook
from shared.clock import WallClock
from shared.runtime import Runtime

_CAST: Final = UUID("6f7266d1-0302-5f61-8c6d-64656d6f0001")


def known_id(name: str) -> UUID:
    """The id of a company or a person of the cast."""
    return uuid5(_CAST, name)


@dataclass(frozen=True, slots=True)
class Office:
    name: str

    @property
    def agency_id(self) -> UUID:
        return known_id(self.name)


@dataclass(frozen=True, slots=True)
class Client:
    name: str
    country: str
    time_zone: str
    language: str

    @property
    def client_id(self) -> UUID:
        return known_id(self.name)


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody of the cast: `roles` at each of `clients`."""

    name: str
    email: str
    language: str
    clients: tuple[Client, ...]
    roles: tuple[str, ...]

    @property
    def user_id(self) -> UUID:
        return known_id(self.name)


STRANDGADE: Final = Office("Strandgade Regnskab")
FJORDVIG: Final = Client("Fjordvig Byg ApS", "DK", "Europe/Copenhagen", "da")
NORDLYS: Final = Client("Nordlys Design ApS", "DK", "Europe/Copenhagen", "da")
HAVBLIK: Final = Client("Havblik Handel A/S", "DK", "Europe/Copenhagen", "da")
SODERMALM: Final = Client("Södermalms Möbler AB", "SE", "Europe/Stockholm", "sv")
FJELLTOPP: Final = Client("Fjelltopp Sport AS", "NO", "Europe/Oslo", "nb")
CLIENTS: Final = (FJORDVIG, NORDLYS, HAVBLIK, SODERMALM, FJELLTOPP)

SOREN: Final = Persona("Søren Strand", "soren@strandgade.example", "da", CLIENTS, (ADMINISTRATOR,))
METTE: Final = Persona(
    "Mette Kjær", "mette@strandgade.example", "da", CLIENTS, (BOOKKEEPER, OPERATIONS)
)
HENRIK: Final = Persona(
    "Henrik Fjordvig", "henrik@fjordvig.example", "da", (FJORDVIG,), (APPROVER,)
)
ANNE: Final = Persona("Anne Fjordvig", "anne@fjordvig.example", "da", (FJORDVIG,), (APPROVER,))
ELSA: Final = Persona("Elsa Lindqvist", "elsa@nordlys.example", "sv", (NORDLYS,), (APPROVER,))
OSKAR: Final = Persona("Oskar Berg", "oskar@nordlys.example", "sv", (NORDLYS,), (APPROVER,))
INGRID: Final = Persona("Ingrid Haugen", "ingrid@havblik.example", "nb", (HAVBLIK,), (APPROVER,))
LARS: Final = Persona("Lars Solheim", "lars@havblik.example", "nb", (HAVBLIK,), (APPROVER,))
PEOPLE: Final = (METTE, HENRIK, ANNE, ELSA, OSKAR, INGRID, LARS, SOREN)


def seed(runtime: Runtime) -> None:
    """Let the cast be there: through the same doors as everybody else."""
    vault = runtime.surroundings.opened()
    directory = Directory(runtime.app, vault)
    administration = Administration(
        runtime, vault, directory, SessionBook(runtime.app, WallClock())
    )
    active = [persona for persona in PEOPLE if not _disabled(directory, persona)]
    if SOREN not in active:
        return
    administration.register_agency(STRANDGADE.name, _invitation(SOREN), STRANDGADE.agency_id)
    for client in CLIENTS:
        facts = CompanyFacts(client.name, client.country, client.time_zone, client.language)
        administration.attach_client(STRANDGADE.agency_id, SOREN.user_id, facts, client.client_id)
    for persona in active:
        for client in persona.clients:
            _employ(administration, persona, client)


def _disabled(directory: Directory, persona: Persona) -> bool:
    person = directory.person(STRANDGADE.agency_id, persona.user_id)
    return person is not None and person.disabled


def _employ(administration: Administration, persona: Persona, client: Client) -> None:
    administration.invite(
        STRANDGADE.agency_id, client.client_id, SOREN.user_id, _invitation(persona)
    )
    for role in persona.roles:
        administration.grant(client.client_id, SOREN.user_id, persona.user_id, role)


def _invitation(persona: Persona) -> Invitation:
    return Invitation(persona.name, persona.email, persona.language, persona.user_id)
