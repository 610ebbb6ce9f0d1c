"""A client: the name that mails speak of, and the time zone that their deadlines are told in.

(none) --IntroduceClient--> introduced --IntroduceClient (changed)--> introduced
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from services.notifications.commands import IntroduceClient
from services.notifications.events import ClientIntroduced
from shared.decider import Decider, Rejected


@dataclass(frozen=True, slots=True)
class Client:
    name: str
    time_zone: str


def decide(command: IntroduceClient, client: Client | None) -> Sequence[ClientIntroduced]:
    told = Client(command.name, command.time_zone)
    if told == client:
        return []
    if not is_time_zone(told.time_zone):
        # A deadline told in the wrong zone is worse than none.
        raise Rejected("there is no such time zone", code="time_zone_unknown", field="time_zone")
    return [ClientIntroduced(told.name, told.time_zone)]


def is_time_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        return False
    return True


def evolve(_client: Client | None, event: ClientIntroduced) -> Client | None:
    return Client(event.name, event.time_zone)


CLIENT: Decider[IntroduceClient, Client | None, ClientIntroduced] = Decider(decide, evolve, None)
