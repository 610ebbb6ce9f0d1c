"""The people who work for a client: learnt from tenants, so that pages can name them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import assert_never
from uuid import UUID, uuid5

from services.dunning.events.person import PersonDisabled, PersonEvent, PersonNamed
from shared.decider import Decider
from shared.sealed import Sealed


@dataclass(frozen=True, slots=True)
class Person:
    name: Sealed | None = None
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class NamePerson:
    user_id: UUID
    name: Sealed


@dataclass(frozen=True, slots=True)
class DisablePerson:
    user_id: UUID


PersonCommand = NamePerson | DisablePerson


def person_id_of(tenant_id: UUID, user_id: UUID) -> UUID:
    return uuid5(tenant_id, f"person:{user_id}")


def decide(command: PersonCommand, person: Person) -> Sequence[PersonEvent]:
    match command:
        case NamePerson():
            if person.name == command.name and not person.disabled:
                return []
            return [PersonNamed(command.user_id, command.name)]
        case DisablePerson():
            if person.disabled:
                return []
            return [PersonDisabled(command.user_id)]
        case _:
            assert_never(command)


def evolve(person: Person, event: PersonEvent) -> Person:
    match event:
        case PersonNamed():
            return Person(event.name)
        case PersonDisabled():
            return replace(person, disabled=True)
        case _:
            assert_never(event)


PERSON: Decider[PersonCommand, Person, PersonEvent] = Decider(decide, evolve, Person())
