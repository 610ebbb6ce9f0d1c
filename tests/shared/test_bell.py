"""The doorbell: what a service tells is heard at once, where waiting for the next look takes an hour."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from uuid import uuid4

import pytest

from shared.bell import TIME, ring
from shared.postgres import Server
from shared.processes import LOOPBACK, free_port
from shared.runtime import Runtime
from shared.testing.world import World
from tests.shared.feeding import START, effects, everything, fill
from tests.shared.toy import Mint, purse_service, teller_service

PATIENCE_S = 30
AN_HOUR_S = 3600


@contextmanager
def at_work(runtimes: Mapping[str, Runtime], bells: Mapping[str, int]) -> Iterator[None]:
    stop = threading.Event()
    running = [threading.Thread(target=one.run, args=(stop,)) for one in runtimes.values()]
    for thread in running:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            ring(sender, [(LOOPBACK, port) for port in bells.values()], TIME)
        for thread in running:
            thread.join()


@pytest.fixture
def world(postgres_server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setattr("shared.runtime._IDLE_S", AN_HOUR_S)
    bells = {name: free_port() for name in ("purse", "teller")}
    settings = {f"{name}_bell": str(port) for name, port in bells.items()}
    settings["bells"] = " ".join(map(str, bells.values()))
    with (
        World(postgres_server, [purse_service(Mint()), teller_service], START, settings) as world,
        at_work(world.runtimes, bells),
    ):
        yield world


def test_what_is_told_is_heard_without_waiting_for_the_next_look(world: World) -> None:
    purse = uuid4()
    for times in (1, 2, 3):
        fill(world, [purse])
        deadline = time.monotonic() + PATIENCE_S
        while effects(world) != everything([purse], times):
            assert time.monotonic() < deadline, "nobody heard"
            time.sleep(0.01)
