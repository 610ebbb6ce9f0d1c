"""A company that an agency keeps the books of. Its id is the tenant of everything about it.

    (nothing) --AttachClient--> attached --DetachClient--> detached
                                 |    ^
                                 '----'  ChangeLogo, ChangeLetterhead

A company that comes to another agency comes with a new id: what one office has kept about it is
not shown to the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import assert_never
from uuid import UUID

from services.tenants.commands import (
    AttachClient,
    ChangeLetterhead,
    ChangeLogo,
    ClientCommand,
    DetachClient,
)
from services.tenants.events import BrandingChanged, ClientAttached, ClientDetached, ClientEvent
from services.tenants.model.words import (
    known_country,
    known_language,
    known_letterhead,
    known_name,
)
from services.tenants.values import Letterhead
from shared.decider import Decider, Rejected


@dataclass(frozen=True, slots=True)
class Client:
    """`agency_id` is None until the client is attached, and stays when it is detached."""

    agency_id: UUID | None = None
    attached: bool = False
    logo: bytes = b""
    letterhead: Letterhead = Letterhead()  # noqa: RUF009  frozen


def decide(command: ClientCommand, client: Client) -> Sequence[ClientEvent]:
    match command:
        case AttachClient():
            return _attach(command, client)
        case DetachClient():
            return _detach(client)
        case ChangeLogo():
            return _brand(client, command.logo, client.letterhead)
        case ChangeLetterhead():
            return _brand(client, client.logo, known_letterhead(command.letterhead))
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


def _brand(client: Client, logo: bytes, letterhead: Letterhead) -> Sequence[ClientEvent]:
    if not client.attached:
        raise Rejected("This company is nobody’s client here.", code="not_attached")
    if (logo, letterhead) == (client.logo, client.letterhead):
        return []
    return [BrandingChanged(logo, letterhead)]


def evolve(client: Client, event: ClientEvent) -> Client:
    match event:
        case ClientAttached():
            return replace(client, agency_id=event.agency_id, attached=True)
        case ClientDetached():
            return replace(client, attached=False)
        case BrandingChanged():
            return replace(client, logo=event.logo, letterhead=event.letterhead)
        case _:
            assert_never(event)


CLIENT: Decider[ClientCommand, Client, ClientEvent] = Decider(decide, evolve, Client())
