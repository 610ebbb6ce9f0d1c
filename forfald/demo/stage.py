"""The demonstration as a whole: what stands where, started in order and ended in order."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

from forfald.demo.control import control_app
from forfald.demo.death import Death
from forfald.demo.feed import make_ready
from forfald.demo.folder import POSTGRES, alone_in, clear
from forfald.demo.installation import FIRST_MORNING, Installation, install
from forfald.demo.move import Move
from forfald.demo.opening import Opening
from forfald.demo.outside_world import OutsideWorld
from forfald.demo.quiet import Onlooker
from forfald.demo.supervisor import Program, Supervisor
from forfald.demo.time_travel import TimeTravel
from forfald.house import SERVICES, builder, surroundings_of
from forfald.ingress import ingress
from forfald.outside import run_outside
from forfald.process import run_service, serve_in_thread
from shared.bell import TIME, ring
from shared.clock import WallClock
from shared.http import Limits, Transport, Unanswered, Unreached, unlogged
from shared.postgres import EmbeddedPostgres
from shared.processes import free_port
from shared.runtime import Runtime
from shared.settings import Settings
from shared.stream.broker import EMBEDDED

OUTSIDE: Final = "outside"
_PATIENCE_S: Final = 180
_LOOK_EVERY_S: Final = 0.05
_ONE_LOOK: Final = Limits(read=2, attempts=1)
_OK: Final = 200


@dataclass(frozen=True)
class Stage:
    """A running demonstration."""

    installation: Installation
    supervisor: Supervisor
    travel: TimeTravel
    opening: Opening
    runtimes: Mapping[str, Runtime]
    feed: str

    @property
    def settings(self) -> Settings:
        return self.installation.settings

    @property
    def address(self) -> str:
        return self.settings["ingress_url"]


@contextmanager
def staged(
    folder: Path,
    *,
    port: int | None = None,
    durable: bool = True,
    broker: str = EMBEDDED,
    fresh_topics: bool = False,
    broken: str = "",
) -> Iterator[Stage]:
    """Everything started, with the first morning not yet played; all of it ends with the block.

    `broken` names a rule of `forfald.breakage` that is off in the services.
    """
    with alone_in(folder):
        feed = make_ready(broker, fresh_topics=fresh_topics)
        clear(folder)
        with _installed(folder, port=port, durable=durable, broker=broker) as installation:
            yield from _started(folder, installation, feed, broken)


@contextmanager
def _installed(
    folder: Path, *, port: int | None, durable: bool, broker: str
) -> Iterator[Installation]:
    """An installation, however far it got, whose server ends with the block."""
    try:
        yield install(folder, port=port, durable=durable, broker=broker)
    finally:
        EmbeddedPostgres(folder / POSTGRES).stop()


def _started(folder: Path, installation: Installation, feed: str, broken: str) -> Iterator[Stage]:
    supervisor = Supervisor([f"services.{name}.app" for name in SERVICES])
    runtimes: dict[str, Runtime] = {}
    servers = []
    try:
        settings = installation.settings.with_values(**({"break": broken} if broken else {}))
        supervisor.start(Program(OUTSIDE, run_outside, (settings, folder)))
        for name in SERVICES:
            logged = settings.with_values(logs=f"file:{log_of(folder, name)}")
            supervisor.start(Program(name, run_service, (name, logged, installation.ports[name])))
        _wait_for_all(installation)
        surroundings = surroundings_of(settings)
        services = {name: builder(name)(surroundings) for name in SERVICES}
        runtimes = {name: Runtime(one, surroundings) for name, one in services.items()}
        onlooker = Onlooker(settings.address, services)
        travel = TimeTravel(installation.clock, onlooker, _ringer(settings))
        world = OutsideWorld(settings["bank_url"], settings["economic_url"], settings["agency_url"])
        opening = Opening(runtimes, world, travel.wait_for_quiet, travel.to)
        control_port = free_port()
        alive = {name: partial(_answers, f"{settings[f'{name}_url']}/healthz") for name in SERVICES}
        control = control_app(Move(travel), Death(supervisor, alive), supervisor)
        servers.append(serve_in_thread(control, "127.0.0.1", control_port))
        routes = {name: settings[f"{name}_url"] for name in (*SERVICES, "mailbox")}
        routes["demo"] = f"http://127.0.0.1:{control_port}"
        gate = ingress(routes, default=settings["tenants_url"])
        servers.append(serve_in_thread(gate, "127.0.0.1", installation.ports["ingress"]))
        yield Stage(installation, supervisor, travel, opening, runtimes, feed)
    finally:
        # First of all: the terminal's Ctrl-C reaches services too, and nobody shall bring them back.
        supervisor.end()
        for server in servers:
            server.end()
        for runtime in runtimes.values():
            runtime.close()


def log_of(folder: Path, name: str) -> Path:
    """Where a process of the demonstration writes its log."""
    return folder / "logs" / f"{name}.jsonl"


def _ringer(settings: Settings) -> Callable[[], None]:
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    addresses = [("127.0.0.1", port) for port in settings.ports("bells")]
    return lambda: ring(sender, addresses, TIME)


def play_opening(stage: Stage, morning: datetime = FIRST_MORNING) -> None:
    """Bring it to the first morning."""
    stage.opening.play(morning)


def _wait_for_all(installation: Installation) -> None:
    wall = WallClock()
    began = wall.monotonic()
    settings = installation.settings
    doors = [(settings[f"{name}_url"], "/healthz") for name in SERVICES]
    for url, path in [*doors, (settings["bank_url"], "/control/book")]:
        while not _answers(url, path):
            if wall.monotonic() - began > _PATIENCE_S:
                raise TimeoutError(f"{url} does not answer")
            time.sleep(_LOOK_EVERY_S)


def _answers(url: str, path: str) -> bool:
    try:
        with Transport(url, limits=_ONE_LOOK, log=unlogged) as http:
            return http.get(path).status == _OK
    except (Unreached, Unanswered):
        return False
