"""A client: the name that mails speak of, the time zone of their deadlines, and how its letters look.

(none) --IntroduceClient--> introduced --IntroduceClient, BrandClient (changed)--> introduced
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import assert_never
from zoneinfo import ZoneInfo

from services.notifications.commands import BrandClient, ClientCommand, IntroduceClient
from services.notifications.events import ClientBranded, ClientEvent, ClientIntroduced
from services.notifications.values import Branding
from shared.decider import Decider, Rejected


@dataclass(frozen=True, slots=True)
class Client:
    name: str = ""
    time_zone: str = ""
    country: str = ""
    language: str = ""
    branding: Branding = Branding()  # noqa: RUF009  frozen


def decide(command: ClientCommand, client: Client | None) -> Sequence[ClientEvent]:
    known = client or Client()
    match command:
        case IntroduceClient():
            return introduce(command, known)
        case BrandClient():
            changed = command.branding != known.branding
            return [ClientBranded(command.branding)] if changed else []
        case _:
            assert_never(command)


def introduce(command: IntroduceClient, known: Client) -> Sequence[ClientIntroduced]:
    told = (command.name, command.time_zone, command.country, command.language)
    if told == (known.name, known.time_zone, known.country, known.language):
        return []
    if not is_time_zone(command.time_zone):
        # A deadline told in the wrong zone is worse than none.
        raise Rejected("there is no such time zone", code="time_zone_unknown", field="time_zone")
    return [ClientIntroduced(*told)]


def is_time_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        return False
    return True


def evolve(client: Client | None, event: ClientEvent) -> Client | None:
    known = client or Client()
    match event:
        case ClientIntroduced():
            return replace(
                known,
                name=event.name,
                time_zone=event.time_zone,
                country=event.country,
                language=event.language,
            )
        case ClientBranded():
            return replace(known, branding=event.branding)
        case _:
            assert_never(event)


CLIENT: Decider[ClientCommand, Client | None, ClientEvent] = Decider(decide, evolve, None)
