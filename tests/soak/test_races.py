"""The watermark and the inbox for as long as one likes, by `make soak`.

Sizes by environment: FORFALD_SOAK_ROUNDS (each with dice of its own), FORFALD_SOAK_EVENTS per round
of the watermark, FORFALD_SOAK_MESSAGES per key and round of the inbox.
"""

from __future__ import annotations

import os

import pytest

from shared.runtime import Runtime
from shared.testing.world import World
from tests.shared import test_inbox, test_watermark

ROUNDS = range(int(os.environ.get("FORFALD_SOAK_ROUNDS", "3")))
EVENTS = int(os.environ.get("FORFALD_SOAK_EVENTS", "1000000"))
MESSAGES = int(os.environ.get("FORFALD_SOAK_MESSAGES", "500"))

world = test_watermark.world
runtime = test_inbox.runtime


@pytest.mark.parametrize("seed", ROUNDS)
def test_a_follower_below_the_watermark_misses_reorders_and_repeats_nothing(
    world: World, seed: int
) -> None:
    test_watermark.follow_a_race(world, EVENTS, seed)


@pytest.mark.parametrize("seed", ROUNDS)
def test_every_message_takes_effect_once_and_in_order_whatever_fails(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    test_inbox.consume_a_race(runtime, monkeypatch, MESSAGES, seed)
