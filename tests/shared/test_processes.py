"""Ports: no two programs of a user are given one, and none is given back while its program lives."""

from __future__ import annotations

import socket
import subprocess
import sys

import pytest

from shared.processes import LOOPBACK, free_port

ANOTHER_PROGRAM = """
import sys
from shared.processes import free_port
print(free_port(*map(int, sys.argv[1:])), flush=True)
sys.stdin.read()
"""


def another_program(*wanted: int) -> subprocess.Popen[str]:
    """A program that asks for a port, says which it was given, and lives until nobody listens to it."""
    command = [sys.executable, "-c", ANOTHER_PROGRAM, *map(str, wanted)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def said_by(program: subprocess.Popen[str]) -> int:
    assert program.stdout is not None
    return int(program.stdout.readline())


def test_a_port_is_given_once_though_nobody_listens_on_it_yet(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    few = range(31_990, 31_995)
    monkeypatch.setattr("shared.processes._PORTS", few)
    monkeypatch.setattr("shared.processes._TRIES", len(few))
    given: list[int] = []
    with pytest.raises(OSError, match="is free"):
        given.extend(iter(free_port, 0))
    assert 0 < len(given) == len(set(given))


def test_a_port_of_a_living_program_is_given_to_no_other_and_after_its_end_it_is() -> None:
    with another_program() as program:
        port = said_by(program)
        assert free_port(port) != port
        program.communicate()
    with another_program(port) as next_program:
        assert said_by(next_program) == port
        next_program.communicate()


def test_a_wanted_port_that_somebody_listens_on_is_given_up_for_another() -> None:
    with socket.create_server((LOOPBACK, 0)) as taken:
        assert free_port(taken.getsockname()[1]) not in {0, taken.getsockname()[1]}


def test_a_program_may_ask_for_its_own_port_again() -> None:
    port = free_port()
    assert free_port(port) == port
