"""What remains of one thing on a customer's account: a stream that holds one fact."""

from __future__ import annotations

from collections.abc import Sequence

from services.collections.events.beside import ItemLearnt
from shared.decider import Decider

CREDITS = frozenset({"payment", "credit_note"})
"""What of it reduces what is owed: unmatched, it holds back everything of its debtor."""


def _learn(told: ItemLearnt, known: ItemLearnt | None) -> Sequence[ItemLearnt]:
    return [] if told == known else [told]


ITEM: Decider[ItemLearnt, ItemLearnt | None, ItemLearnt] = Decider(
    _learn, lambda _known, event: event, initial=None
)
