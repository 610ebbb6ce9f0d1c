"""The stage and its crash points, prepared once for all tests of a process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from shared.postgres import Server
from tests.faults.stage import Stage, stage


@pytest.fixture(scope="session")
def here(postgres_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with stage(postgres_server, tmp_path_factory.mktemp("stage")) as prepared:
        yield prepared


@pytest.fixture(scope="session")
def places(here: Stage) -> list[str]:
    """All crash points of an undisturbed journey, each with its how-manieth."""
    with here.trial() as trial:
        log = trial.folder / "log"
        ended = trial.live(log=str(log))
        assert (ended.signal, ended.code) == (0, 0), ended.said
        return log.read_text(encoding="utf-8").splitlines()
