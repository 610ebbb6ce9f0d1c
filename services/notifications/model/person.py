"""A person as one client knows them: how to write to them, and what they do for the client.

    unknown --IntroducePerson--> reachable --NoteAddressFailed--> unreachable
                                     |  '<--IntroducePerson (another address)--'
                                     '--DisablePerson--> disabled --IntroducePerson--> reachable

Devices are registered and forgotten beside that, by whoever may still be told; who is disabled has
none left. Roles are taken and lost in any state, since others' events may arrive in any order. An address is
known by its sealed value alone: told anew it is another address, and is tried again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, assert_never
from uuid import UUID, uuid5

from services.notifications.commands import (
    DisablePerson,
    ForgetDevice,
    IntroducePerson,
    LoseRole,
    NoteAddressFailed,
    PersonCommand,
    RegisterDevice,
    SubscribeToList,
    TakeRole,
    UnsubscribeFromList,
)
from services.notifications.events import (
    AddressFailed,
    DeviceForgotten,
    DeviceRegistered,
    ListSubscribed,
    ListUnsubscribed,
    PersonDisabled,
    PersonEvent,
    PersonIntroduced,
    RoleLost,
    RoleTaken,
)
from shared.decider import Decider, Rejected
from shared.sealed import Sealed

DEVICES_MAX: Final = 10
"""Phones, tablets and browsers of one person, with room for some that are not used any more."""


def person_stream(tenant_id: UUID, person_id: UUID) -> UUID:
    """A person who works for several clients has a stream, and so event ids, for each."""
    return uuid5(tenant_id, f"person:{person_id}")


@dataclass(frozen=True, slots=True)
class Person:
    name: Sealed | None = None
    email: Sealed | None = None
    language: str = ""
    roles: frozenset[str] = frozenset()
    disabled: bool = False
    address_failed: bool = False
    devices: Mapping[UUID, str] = field(default_factory=dict)
    """By the fingerprint of what was registered for each."""
    wants_list: bool | None = None
    """Today's list of reminders by mail; none for what their role says."""


def decide(command: PersonCommand, person: Person) -> Sequence[PersonEvent]:
    match command:
        case IntroducePerson():
            return introduce(command, person)
        case TakeRole():
            return (
                [] if command.role in person.roles else [RoleTaken(command.person_id, command.role)]
            )
        case LoseRole():
            return (
                [RoleLost(command.person_id, command.role)] if command.role in person.roles else []
            )
        case DisablePerson():
            return [] if person.disabled else [PersonDisabled(command.person_id)]
        case NoteAddressFailed():
            return note_address_failed(command, person)
        case RegisterDevice():
            return register_device(command, person)
        case ForgetDevice():
            known = command.device_id in person.devices
            return [DeviceForgotten(command.person_id, command.device_id)] if known else []
        case SubscribeToList():
            return [] if person.wants_list is True else [ListSubscribed(command.person_id)]
        case UnsubscribeFromList():
            return [] if person.wants_list is False else [ListUnsubscribed(command.person_id)]
        case _:
            assert_never(command)


def introduce(command: IntroducePerson, person: Person) -> Sequence[PersonEvent]:
    told = (command.name, command.email, command.language)
    if told == (person.name, person.email, person.language) and not person.disabled:
        return []
    return [PersonIntroduced(command.person_id, *told)]


def note_address_failed(command: NoteAddressFailed, person: Person) -> Sequence[PersonEvent]:
    # A late report about an address that has been replaced says nothing about the new one.
    if person.address_failed or person.email != command.email:
        return []
    return [AddressFailed(command.person_id, command.code)]


def register_device(command: RegisterDevice, person: Person) -> Sequence[PersonEvent]:
    if person.disabled:
        raise Rejected("Whoever has no access any more is told nothing.", code="person_disabled")
    if person.devices.get(command.device_id) == command.fingerprint:
        return []
    if command.device_id not in person.devices and len(person.devices) >= DEVICES_MAX:
        raise Rejected(
            f"You have {DEVICES_MAX} devices: forget one of them first.", code="too_many_devices"
        )
    return [
        DeviceRegistered(
            command.person_id,
            command.device_id,
            command.subscription,
            command.fingerprint,
            command.at,
        )
    ]


def evolve(person: Person, event: PersonEvent) -> Person:
    match event:
        case PersonIntroduced():
            failed = person.address_failed and person.email == event.email
            return replace(
                person,
                name=event.name,
                email=event.email,
                language=event.language,
                disabled=False,
                address_failed=failed,
            )
        case RoleTaken():
            return replace(person, roles=person.roles | {event.role})
        case RoleLost():
            return replace(person, roles=person.roles - {event.role})
        case PersonDisabled():
            return replace(person, disabled=True, devices={})
        case AddressFailed():
            return replace(person, address_failed=True)
        case DeviceRegistered():
            devices = {**person.devices, event.device_id: event.fingerprint}
            return replace(person, devices=devices)
        case DeviceForgotten():
            kept = {one: mark for one, mark in person.devices.items() if one != event.device_id}
            return replace(person, devices=kept)
        case ListSubscribed():
            return replace(person, wants_list=True)
        case ListUnsubscribed():
            return replace(person, wants_list=False)
        case _:
            assert_never(event)


PERSON: Decider[PersonCommand, Person, PersonEvent] = Decider(decide, evolve, Person())
