"""Each single passing of each crash point has a journey of its own, some hours in all: `make soak`."""

from __future__ import annotations

import pytest

from tests.faults import test_crash_points as of_a_payment
from tests.faults import test_crash_points_of_a_reminder as of_a_reminder
from tests.faults.following import Following
from tests.faults.paying import Paying
from tests.faults.stage import Stage

SHARES = 20


@pytest.mark.parametrize("share", range(SHARES))
def test_killed_once_at_any_passing_it_pays_once_and_books_once(
    here: Stage[Paying], places: list[str], share: int
) -> None:
    for place in places[share::SHARES]:
        with here.trial() as trial:
            assert trial.killed_at_each([place]) == [], f"nobody came by {place}"
            assert of_a_payment.faults_of(trial) == [], f"after a death at {place}"


@pytest.mark.parametrize("share", range(SHARES))
def test_killed_once_at_any_passing_it_warns_once_books_once_and_hands_over_once(
    office: Stage[Following], followed_places: list[str], share: int
) -> None:
    for place in followed_places[share::SHARES]:
        with office.trial() as trial:
            assert trial.killed_at_each([place]) == [], f"nobody came by {place}"
            assert of_a_reminder.faults_of(trial) == [], f"after a death at {place}"
