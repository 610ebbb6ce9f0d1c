"""The stage, prepared once for all tests of a process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from shared.postgres import Server
from tests.faults.stage import Stage, stage


@pytest.fixture(scope="session")
def here(postgres_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with stage(postgres_server, tmp_path_factory.mktemp("stage")) as prepared:
        yield prepared
