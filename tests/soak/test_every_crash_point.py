"""Each single passing of each crash point has a journey of its own: FORFALD_SOAK=1, about half an hour."""

from __future__ import annotations

import os

import pytest

from tests.faults.stage import Stage
from tests.faults.test_crash_points import faults_of, killed_at_each

if "FORFALD_SOAK" not in os.environ:
    pytest.skip("set FORFALD_SOAK=1", allow_module_level=True)

SHARES = 20


@pytest.mark.parametrize("share", range(SHARES))
def test_killed_once_at_any_passing_it_pays_once_and_books_once(
    here: Stage, places: list[str], share: int
) -> None:
    for place in places[share::SHARES]:
        with here.trial() as trial:
            assert killed_at_each(trial, [place]) == [], f"nobody came by {place}"
            assert faults_of(trial) == [], f"after a death at {place}"
