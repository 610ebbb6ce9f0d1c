"""The stage and its crash points, prepared once for all tests of a process."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from shared.postgres import Server
from tests.faults import following, paying
from tests.faults.following import Following
from tests.faults.paying import Paying
from tests.faults.stage import Stage, stage


@pytest.fixture(scope="session")
def here(
    postgres_server: Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage[Paying]]:
    with stage(paying.PLAY, postgres_server, tmp_path_factory.mktemp("paying")) as prepared:
        yield prepared


@pytest.fixture(scope="session")
def office(
    postgres_server: Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage[Following]]:
    """The same where a customer's invoice is followed up."""
    with stage(following.PLAY, postgres_server, tmp_path_factory.mktemp("following")) as prepared:
        yield prepared


@pytest.fixture(scope="session")
def places(here: Stage[Paying]) -> list[str]:
    """All crash points of an undisturbed journey, each with its how-manieth."""
    return _passed(here)


@pytest.fixture(scope="session")
def followed_places(office: Stage[Following]) -> list[str]:
    return _passed(office)


def _passed(stage: Stage[Any]) -> list[str]:
    with stage.trial() as trial:
        log = trial.folder / "log"
        ended = trial.live(log=str(log))
        assert (ended.signal, ended.code) == (0, 0), ended.said
        return log.read_text(encoding="utf-8").splitlines()
