from __future__ import annotations

import socket

import pytest
import stamina

from tests.sync.economic_world import running


@pytest.fixture
def world():
    with running() as world:
        yield world


@pytest.fixture
def nobody():
    """An address that is taken and where nobody listens, so that a connection is refused."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


@pytest.fixture(autouse=True)
def no_waiting_between_tries():
    with stamina.set_testing(True, attempts=3):
        yield
