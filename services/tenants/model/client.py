"""A company that an agency keeps the books of. Its id is the tenant of everything about it.

    (nothing) --AttachClient--> attached --DetachClient--> detached

A company that comes to another agency comes with a new id: what one office has kept about it is
not shown to the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import assert_never
from uuid import UUID

from services.tenants.commands import AttachClient, ClientCommand, DetachClient
from services.tenants.events import ClientAttached, ClientDetached, ClientEvent
from services.tenants.model.words import known_country, known_language, known_name
from shared.decider import Decider, Rejected


@dataclass(frozen=True, slots=True)
class Client:
    """`agency_id` is None until the client is attached, and stays when it is detached."""

    agency_id: UUID | None = None
    attached: bool = False


def decide(command: ClientCommand, client: Client) -> Sequence[ClientEvent]:
    match command:
        case AttachClient():
            return _attach(command, client)
        case DetachClient():
            return _detach(client)
        case _:
            assert_never(command)


def _attach(command: AttachClient, client: Client) -> Sequence[ClientEvent]:
    if client.attached and client.agency_id == command.agency_id:
        return []
    if client.agency_id is not None:
        raise Rejected("This id belongs to a company already.", code="taken", field="client_id")
    return [
        ClientAttached(
            agency_id=command.agency_id,
            name=known_name(command.name),
            country=known_country(command.country),
            time_zone=command.time_zone,
            language=known_language(command.language),
        )
    ]


def _detach(client: Client) -> Sequence[ClientEvent]:
    if not client.attached or client.agency_id is None:
        return []
    return [ClientDetached(client.agency_id)]


def evolve(client: Client, event: ClientEvent) -> Client:
    match event:
        case ClientAttached():
            return Client(event.agency_id, attached=True)
        case ClientDetached():
            return replace(client, attached=False)
        case _:
            assert_never(event)


CLIENT: Decider[ClientCommand, Client, ClientEvent] = Decider(decide, evolve, Client())
