"""Waiting longer and longer, and for ever if need be."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from shared.back_off import wait_after
from shared.postgres import Server
from shared.runtime import Part
from shared.testing.world import World
from tests.shared.feeding import START
from tests.shared.toy import teller_service

A_NIGHT_OF_FAILURES = 2_000


@pytest.fixture
def world(postgres_server: Server) -> Iterator[World]:
    with World(postgres_server, [teller_service], START) as world:
        yield world


def test_the_wait_doubles_up_to_the_longest() -> None:
    waits = [wait_after(failures, 0.1, 15.0) for failures in (1, 2, 3, 10, A_NIGHT_OF_FAILURES)]
    assert waits == [0.2, 0.4, 0.8, 15.0, 15.0]


class Impatient(threading.Event):
    """Waits for nothing."""

    def wait(self, timeout: float | None = None) -> bool:
        return self.is_set()


def test_a_part_that_fails_all_night_is_still_tried_in_the_morning(world: World) -> None:
    stop = Impatient()
    tries = 0

    def step() -> bool:
        nonlocal tries
        tries += 1
        if tries == A_NIGHT_OF_FAILURES:
            stop.set()
        raise OSError("the database is away")

    world.runtimes["teller"]._run_part(Part("feed", step), stop)
    assert tries == A_NIGHT_OF_FAILURES
