from __future__ import annotations

import pytest

from shared.testing.world import World
from tests.shared.operations.desk import Visitor


@pytest.fixture
def teller(world: World) -> Visitor:
    return Visitor(world.runtimes["teller"])


@pytest.fixture
def purse(world: World) -> Visitor:
    return Visitor(world.runtimes["purse"])
