"""One world with the tenants service in it, and the demonstration's cast where it is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from services.tenants.app import build
from shared.postgres import Server
from shared.testing.world import World

START = datetime(2026, 3, 2, 7, tzinfo=UTC)


@pytest.fixture
def world(postgres_server: Server) -> Iterator[World]:
    with World(postgres_server, [build], START) as world:
        yield world
