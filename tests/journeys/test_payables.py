"""A booked supplier invoice is approved, paid and bookkept: through all services and simulators."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from forfald.house import SERVICES
from forfald.verify import facts as checking
from forfald.verify.invariants import INVARIANTS
from shared.postgres import Server
from tests.journeys.house import MONDAY, House, running


@pytest.fixture
def house(postgres_server: Server) -> Iterator[House]:
    with running(postgres_server) as house:
        yield house


def test_the_demonstration_reaches_its_first_morning_and_a_week_passes(house: House) -> None:
    house.opening().play(MONDAY)
    house.days(7)
    found = checking.read(
        house.address,
        SERVICES,
        bank_url=house.urls["bank_url"],
        economic_url=house.urls["economic_url"],
        now=house.clock.now(),
    )
    for invariant in INVARIANTS:
        answer = invariant(found)
        assert answer.damage == (), answer
    assert len(found.bank["debits"]) >= 3
