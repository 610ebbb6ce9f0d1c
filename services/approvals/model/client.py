"""A client and its people, as tenants told of them.

    (none) --introduced--> known; per person: role given <--> role taken; disabled takes all roles

Facts may arrive in any order: a role can be heard of before its holder is. A role given after a
person was disabled counts: somebody has let the person in again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import assert_never
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from services.approvals.commands import (
    ClientCommand,
    DisablePerson,
    GiveRole,
    IntroduceClient,
    IntroducePerson,
    TakeRole,
)
from services.approvals.events import (
    ClientEvent,
    ClientIntroduced,
    PersonDisabled,
    PersonIntroduced,
    RoleGiven,
    RoleTaken,
)
from shared.decider import Decider

APPROVER, ADMINISTRATOR = "approver", "administrator"


@dataclass(frozen=True, slots=True)
class Person:
    introduced_as: PersonIntroduced | None = None
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Client:
    """`country` and `time_zone` are those of the euro until the client has been introduced."""

    introduced: ClientIntroduced | None = None
    country: str = "TARGET"
    time_zone: str = "Europe/Brussels"
    people: Mapping[UUID, Person] = field(default_factory=dict)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def approvers(self) -> tuple[UUID, ...]:
        return tuple(sorted(user_id for user_id in self.people if self.may_approve(user_id)))

    def may_approve(self, user_id: UUID) -> bool:
        return self._has(user_id, APPROVER)

    def may_set_policy(self, user_id: UUID) -> bool:
        return self._has(user_id, ADMINISTRATOR)

    def person(self, user_id: UUID) -> Person:
        return self.people.get(user_id, Person())

    def _has(self, user_id: UUID, role: str) -> bool:
        return role in self.person(user_id).roles


def client_id(tenant_id: UUID) -> UUID:
    return uuid5(tenant_id, "approvals:client")


def decide(command: ClientCommand, client: Client) -> Sequence[ClientEvent]:
    """Note what is new; nothing for what is known."""
    match command:
        case IntroduceClient():
            introduced = ClientIntroduced(
                command.name, command.country, command.time_zone, command.language
            )
            return [] if introduced == client.introduced else [introduced]
        case IntroducePerson():
            person = PersonIntroduced(
                command.user_id, command.name, command.email, command.language
            )
            return [] if person == client.person(command.user_id).introduced_as else [person]
        case GiveRole():
            known = command.role in client.person(command.user_id).roles
            return [] if known else [RoleGiven(command.user_id, command.role)]
        case TakeRole():
            known = command.role in client.person(command.user_id).roles
            return [RoleTaken(command.user_id, command.role)] if known else []
        case DisablePerson():
            known = bool(client.person(command.user_id).roles)
            return [PersonDisabled(command.user_id)] if known else []
        case _:
            assert_never(command)


def evolve(client: Client, event: ClientEvent) -> Client:
    match event:
        case ClientIntroduced():
            return replace(
                client, introduced=event, country=event.country, time_zone=event.time_zone
            )
        case PersonIntroduced():
            person = client.person(event.user_id)
            return _with(client, event.user_id, replace(person, introduced_as=event))
        case RoleGiven():
            person = client.person(event.user_id)
            return _with(client, event.user_id, replace(person, roles=person.roles | {event.role}))
        case RoleTaken():
            person = client.person(event.user_id)
            return _with(client, event.user_id, replace(person, roles=person.roles - {event.role}))
        case PersonDisabled():
            person = client.person(event.user_id)
            return _with(client, event.user_id, replace(person, roles=frozenset()))
        case _:
            assert_never(event)


def _with(client: Client, user_id: UUID, person: Person) -> Client:
    return replace(client, people={**client.people, user_id: person})


CLIENT: Decider[ClientCommand, Client, ClientEvent] = Decider(decide, evolve, Client())
