"""One world per test: approvals between stand-ins."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from shared.postgres import Server
from tests.approvals.outside import Outside, outside


@pytest.fixture
def office(postgres_server: Server) -> Iterator[Outside]:
    with outside(postgres_server) as office:
        yield office
