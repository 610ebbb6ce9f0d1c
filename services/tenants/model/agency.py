"""An accountant's office: who administers it, and which clients are its own.

    (nothing) --RegisterAgency--> registered --AppointAdministrator / DismissAdministrator--+
                                      ^  |------TakeOnClient / LetGoClient------------------|
                                      +-----------------------------------------------------+

Only an administrator takes on clients and lets them go.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import assert_never
from uuid import UUID

from services.tenants.commands import (
    AgencyCommand,
    AppointAdministrator,
    DismissAdministrator,
    LetGoClient,
    RegisterAgency,
    TakeOnClient,
)
from services.tenants.events import (
    AdministratorAppointed,
    AdministratorDismissed,
    AgencyEvent,
    AgencyRegistered,
    ClientLetGo,
    ClientTakenOn,
)
from services.tenants.model.words import known_name
from shared.decider import Decider, Rejected


@dataclass(frozen=True, slots=True)
class Agency:
    """`name` is empty until the agency is registered."""

    name: str = ""
    administrators: frozenset[UUID] = frozenset()
    clients: frozenset[UUID] = frozenset()


def decide(command: AgencyCommand, agency: Agency) -> Sequence[AgencyEvent]:
    match command:
        case RegisterAgency():
            return _register(command, agency)
        case AppointAdministrator():
            return _appoint(command, agency)
        case DismissAdministrator():
            return _dismiss(command, agency)
        case TakeOnClient():
            return _take_on(command, agency)
        case LetGoClient():
            return _let_go(command, agency)
        case _:
            assert_never(command)


def _register(command: RegisterAgency, agency: Agency) -> Sequence[AgencyEvent]:
    name = known_name(command.name)
    if agency.name == name:
        return []
    if agency.name:
        raise Rejected("This agency is registered under another name.", code="registered")
    return [AgencyRegistered(name)]


def _appoint(command: AppointAdministrator, agency: Agency) -> Sequence[AgencyEvent]:
    _registered(agency)
    if command.user_id in agency.administrators:
        return []
    return [AdministratorAppointed(command.user_id)]


def _dismiss(command: DismissAdministrator, agency: Agency) -> Sequence[AgencyEvent]:
    if command.user_id not in agency.administrators:
        return []
    return [AdministratorDismissed(command.user_id)]


def _take_on(command: TakeOnClient, agency: Agency) -> Sequence[AgencyEvent]:
    _administers(agency, command.asked_by)
    return [] if command.client_id in agency.clients else [ClientTakenOn(command.client_id)]


def _let_go(command: LetGoClient, agency: Agency) -> Sequence[AgencyEvent]:
    _administers(agency, command.asked_by)
    return [ClientLetGo(command.client_id)] if command.client_id in agency.clients else []


def _registered(agency: Agency) -> None:
    if not agency.name:
        raise Rejected("There is no such agency.", code="unknown_agency")


def _administers(agency: Agency, user_id: UUID) -> None:
    if user_id not in agency.administrators:
        raise Rejected(
            "Only an administrator of the agency takes on clients or lets them go.",
            code="not_administrator",
        )


def evolve(agency: Agency, event: AgencyEvent) -> Agency:
    match event:
        case AgencyRegistered():
            return replace(agency, name=event.name)
        case AdministratorAppointed():
            return replace(agency, administrators=agency.administrators | {event.user_id})
        case AdministratorDismissed():
            return replace(agency, administrators=agency.administrators - {event.user_id})
        case ClientTakenOn():
            return replace(agency, clients=agency.clients | {event.client_id})
        case ClientLetGo():
            return replace(agency, clients=agency.clients - {event.client_id})
        case _:
            assert_never(event)


AGENCY: Decider[AgencyCommand, Agency, AgencyEvent] = Decider(decide, evolve, Agency())
