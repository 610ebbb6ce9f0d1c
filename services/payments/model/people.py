"""Who may do what, and how many must say yes: learnt from others' events, and never asked for.

The rules that guard money rest on this own copy, so that no message can bring its own permission.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never
from uuid import UUID, uuid5

from services.payments.events.beside import (
    PersonDisabled,
    PersonEvent,
    PersonNamed,
    PolicyLearnt,
    RoleLearnt,
    RoleLost,
)
from shared.contracts.values import PolicyTier
from shared.decider import Decider
from shared.sealed import Sealed

APPROVER = "approver"
MAY_PREPARE = frozenset({"bookkeeper", "approver", "administrator"})


def person_id_of(tenant_id: UUID, user_id: UUID) -> UUID:
    return uuid5(tenant_id, f"person:{user_id}")


def policy_id_of(tenant_id: UUID) -> UUID:
    return uuid5(tenant_id, "policy")


@dataclass(frozen=True, slots=True)
class Person:
    roles: frozenset[str] = frozenset()
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class NamePerson:
    user_id: UUID
    name: Sealed


@dataclass(frozen=True, slots=True)
class LearnRole:
    user_id: UUID
    role: str


@dataclass(frozen=True, slots=True)
class LoseRole:
    user_id: UUID
    role: str


@dataclass(frozen=True, slots=True)
class DisablePerson:
    user_id: UUID


PersonCommand = NamePerson | LearnRole | LoseRole | DisablePerson


def decide_person(command: PersonCommand, person: Person) -> Sequence[PersonEvent]:
    match command:
        case NamePerson():
            return [PersonNamed(command.user_id, command.name)]
        case LearnRole():
            known = command.role in person.roles and not person.disabled
            return [] if known else [RoleLearnt(command.user_id, command.role)]
        case LoseRole():
            known = command.role in person.roles
            return [RoleLost(command.user_id, command.role)] if known else []
        case DisablePerson():
            return [] if person.disabled else [PersonDisabled(command.user_id)]
        case _:
            assert_never(command)


def evolve_person(person: Person, event: PersonEvent) -> Person:
    match event:
        case PersonNamed():
            return person
        case RoleLearnt():
            return Person(person.roles | {event.role}, disabled=False)
        case RoleLost():
            return Person(person.roles - {event.role}, person.disabled)
        case PersonDisabled():
            return Person(frozenset(), disabled=True)
        case _:
            assert_never(event)


PERSON: Decider[PersonCommand, Person, PersonEvent] = Decider(
    decide_person, evolve_person, Person()
)


@dataclass(frozen=True, slots=True)
class Policy:
    versions: tuple[PolicyLearnt, ...] = ()

    def at(self, instant: datetime) -> PolicyLearnt | None:
        """The newest version that was in force at an instant; the first one before any was."""
        versions = sorted(self.versions, key=lambda version: version.version)
        valid = [version for version in versions if version.effective_at <= instant]
        return next(reversed(valid), None) or next(iter(versions), None)


@dataclass(frozen=True, slots=True)
class LearnPolicy:
    version: int
    tiers: tuple[PolicyTier, ...]
    effective_at: datetime


def decide_policy(command: LearnPolicy, policy: Policy) -> Sequence[PolicyLearnt]:
    """Each version is learnt once; what it says cannot be changed afterwards."""
    if any(known.version == command.version for known in policy.versions):
        return []
    return [PolicyLearnt(command.version, command.tiers, command.effective_at)]


def evolve_policy(policy: Policy, event: PolicyLearnt) -> Policy:
    return Policy((*policy.versions, event))


POLICY: Decider[LearnPolicy, Policy, PolicyLearnt] = Decider(decide_policy, evolve_policy, Policy())
