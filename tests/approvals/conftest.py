"""One world per test: approvals between stand-ins, and its site."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from shared.postgres import Server
from tests.approvals.outside import Outside, outside
from tests.approvals.site import Site, site_in


@pytest.fixture
def office(postgres_server: Server) -> Iterator[Outside]:
    with outside(postgres_server) as office:
        yield office


@pytest.fixture
def site(postgres_server: Server) -> Iterator[Site]:
    with site_in(postgres_server) as site:
        yield site
