"""One life of the house: all services in one process go on from whatever is there, to the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from forfald.house import SERVICES, builder
from services.dunning.model.law.packs import law_book
from shared import faults
from shared.calendar import calendar_of
from shared.clock import SettableClock, WallClock
from shared.http import Transport
from shared.provision import Address, open_vault
from shared.runtime import Runtime
from shared.service import Surroundings
from shared.settings import Settings
from shared.ui.language import LANGUAGES
from shared.ui.reader import Reader
from tests.faults import following, paying
from tests.faults.journey import Journey
from tests.faults.play import Play
from tests.faults.standing_clock import StandingClock
from tests.journeys.house import builders

PLAYS: Final[Mapping[str, Play[Any]]] = {play.name: play for play in (paying.PLAY, following.PLAY)}
_A_WHILE = timedelta(minutes=2)


def prepare() -> None:
    """Import and read what is otherwise imported and read when it is first needed."""
    for name in SERVICES:
        builder(name)
    for language in LANGUAGES:
        assert Reader(language, ZoneInfo("UTC"), date.min).locale.number_symbols
    Transport("http://127.0.0.1").close()
    calendar_of("DK")
    law_book()


def live(order: Mapping[str, Any]) -> None:
    """From what is there to the end of the journey, or to the crash point of the order."""
    play = PLAYS[order["play"]]
    with lived(surroundings_of(order), play.services) as runtimes:
        faults.arm(at=order["at"], log=order["log"])
        journey: Journey = play.journey(runtimes)
        journey.play()


@contextmanager
def lived(surroundings: Surroundings, played: Sequence[str]) -> Iterator[Mapping[str, Runtime]]:
    """All services, each with its parts; nothing stays open."""
    services = [build(surroundings) for build in builders(played)]
    with ExitStack() as stack:
        stack.callback(surroundings.opened().close)
        runtimes = {service.name: Runtime(service, surroundings) for service in services}
        for runtime in runtimes.values():
            stack.callback(runtime.close)
        yield runtimes


def surroundings_of(order: Mapping[str, Any]) -> Surroundings:
    """`before`: how many have died. Each lives a while later, so that the leases of all have ended."""
    address = Address(**order["address"])
    wall = WallClock().now() + order["before"] * _A_WHILE
    return Surroundings(
        address=address,
        clock=StandingClock(Path(order["clock"])),
        vault=open_vault(address),
        settings=Settings(order["settings"]),
        wall=SettableClock(wall),
    )
