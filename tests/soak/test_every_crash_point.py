"""Each single passing of each crash point has a journey of its own, about half an hour: `make soak`."""

from __future__ import annotations

import pytest

from tests.faults.stage import Stage
from tests.faults.test_crash_points import faults_of, killed_at_each

SHARES = 20


@pytest.mark.parametrize("share", range(SHARES))
def test_killed_once_at_any_passing_it_pays_once_and_books_once(
    here: Stage, places: list[str], share: int
) -> None:
    for place in places[share::SHARES]:
        with here.trial() as trial:
            assert killed_at_each(trial, [place]) == [], f"nobody came by {place}"
            assert faults_of(trial) == [], f"after a death at {place}"
