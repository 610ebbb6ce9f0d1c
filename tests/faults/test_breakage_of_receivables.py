"""A rule about customers' invoices switched off: its own invariant names the damage, and no other does."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from typing import Any

import pytest

from forfald.breakage import broken
from forfald.verify.receivables import RECEIVABLES
from shared.clock import SettableClock
from shared.provision import Address
from shared.service import Surroundings
from shared.settings import Settings
from tests.dunning.test_histories import lived
from tests.forfald.test_verify_receivables import facts

DEMONSTRATION = Surroundings(
    Address("", 0, ""),
    SettableClock(datetime(2026, 3, 2, 7, tzinfo=UTC)),
    settings=Settings({"demo": "on"}),
)
REMINDED: Sequence[Any] = [("passes", 30)]
PAUSED: Sequence[Any] = [("pauses", None), ("passes", 30)]
DISPUTED: Sequence[Any] = [("disputes",), ("passes", 30)]


@pytest.mark.parametrize(
    ("rule", "happenings"),
    [
        ("reminder-gate", PAUSED),
        ("reminder-gate", DISPUTED),
        ("fee-cap", REMINDED),
        ("charge-posting", REMINDED),
    ],
)
def test_what_a_rule_of_receivables_kept_away_is_named(
    rule: str, happenings: Sequence[Any]
) -> None:
    assert named_after(happenings, nullcontext()) == set()
    with broken(rule, DEMONSTRATION) as off:
        pass
    assert named_after(happenings, broken(rule, DEMONSTRATION)) == {off.named_by}


def named_after(happenings: Sequence[Any], ways: AbstractContextManager[object]) -> set[str]:
    """The invariants that find damage in a life that was led in these ways."""
    with ways:
        events = lived(happenings).events
    found = facts(events)
    return {answer.number for check in RECEIVABLES if (answer := check(found)).damage}
