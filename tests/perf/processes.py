"""Two service processes on the log feed: what they cost idle, and how long a command travels."""

from __future__ import annotations

import multiprocessing
import os
import random
import re
import threading
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from queue import Empty
from statistics import quantiles
from typing import Any
from uuid import uuid4

from shared.after import After
from shared.clock import WallClock
from shared.effects.intents import Intent, Reaction
from shared.effects.worker import Done, Outcome, Task
from shared.eventstore.events import Recorded
from shared.eventstore.mapper import EventMapper
from shared.provision import Address
from shared.runtime import Runtime
from shared.service import Service, Surroundings
from shared.settings import Settings
from shared.telemetry import start_telemetry
from shared.work import Rules, Work
from tests.perf.append import TENANT
from tests.shared.toy import (
    PURSE,
    CoinsCounted,
    Errand,
    FillPurse,
    Mint,
    purse_service,
    teller_service,
)

_IDLE_S = 5.0
_PATIENCE_S = 60.0
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Figures:
    memory_mb: float
    processor_percent: float
    travel_p50_ms: float
    travel_p99_ms: float


class Bell:
    """The teller's effect: tells when it was carried out."""

    kind = "teller.ring"

    def __init__(self, rung: Any = None) -> None:
        self._rung = rung

    def perform(self, task: Task, now: datetime) -> Outcome:  # noqa: ARG002  the port's shape
        self._rung.put(WallClock().monotonic())
        return Done()

    def find(self, task: Task, now: datetime) -> Outcome:
        raise AssertionError("every answer comes")

    def record(self, work: Work, task: Task, outcome: Outcome) -> None:
        """Nothing follows from a bell."""


reactions: After[Reaction] = After()


@reactions.after(CoinsCounted)
def after_coins_counted(event: Recorded[CoinsCounted], count: int) -> Iterable[Reaction]:
    yield Intent("teller.ring", key=str(event.event_id), body=Errand(event.event.coins))


def ringing_teller(bell: Bell) -> Any:
    def build(surroundings: Surroundings) -> Service:
        rules = Rules(EventMapper(CoinsCounted), reactions=reactions)
        return replace(teller_service(surroundings), rules=rules, performers=[bell])

    return build


def measure(address: Address, commands: int) -> Figures:
    context = multiprocessing.get_context("spawn")
    stop = context.Event()
    orders: Any = context.Queue()
    answered: Any = context.Queue()
    rung: Any = context.Queue()
    purse = context.Process(target=_purse, args=(address, stop, orders, answered))
    teller = context.Process(target=_teller, args=(address, stop, answered, rung))
    for process in (purse, teller):
        process.start()
    for _ in (purse, teller):
        answered.get(timeout=_PATIENCE_S)
    travels, dice, pause = [], random.Random(7), threading.Event()
    for _ in range(commands):
        # The parts poll: a command comes at any moment of their interval.
        pause.wait(dice.random())
        orders.put(1)
        begun = answered.get(timeout=_PATIENCE_S)
        travels.append((rung.get(timeout=_PATIENCE_S) - begun) * 1000)
    before = _processor_seconds(teller.pid)
    threading.Event().wait(_IDLE_S)
    spent = _processor_seconds(teller.pid) - before
    memory = _resident_mb(teller.pid)
    stop.set()
    for process in (purse, teller):
        process.join()
    cuts = quantiles(travels, n=100)
    return Figures(memory, 100 * spent / _IDLE_S, cuts[49], cuts[98])


def _purse(address: Address, stop: Any, orders: Any, answered: Any) -> None:
    with _running(address, purse_service(Mint()), stop) as runtime:
        answered.put("ready")
        clock = WallClock()
        while not stop.is_set():
            try:
                orders.get(timeout=0.2)
            except Empty:
                continue
            begun = clock.monotonic()
            runtime.work(
                TENANT, "user:bench", lambda work: work.execute(PURSE, uuid4(), FillPurse(1))
            )
            answered.put(begun)


def _teller(address: Address, stop: Any, answered: Any, rung: Any) -> None:
    with _running(address, ringing_teller(Bell(rung)), stop):
        answered.put("ready")
        stop.wait()


class _running:  # noqa: N801  reads as what it does
    """A service's runtime with all its parts at work, until told to stop."""

    def __init__(self, address: Address, build: Any, stop: Any) -> None:
        surroundings = Surroundings(address, WallClock())
        service = build(surroundings)
        start_telemetry(service.name, Settings())
        self._runtime = Runtime(service, surroundings)
        self._parts = threading.Thread(target=self._runtime.run, args=(stop,))

    def __enter__(self) -> Runtime:
        self._parts.start()
        return self._runtime

    def __exit__(self, *_: object) -> None:
        self._parts.join()
        self._runtime.close()


def _processor_seconds(pid: int | None) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _resident_mb(pid: int | None) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    found = re.search(r"^VmRSS:\s+(\d+) kB", status, re.MULTILINE)
    assert found is not None
    return int(found[1]) / 1024
