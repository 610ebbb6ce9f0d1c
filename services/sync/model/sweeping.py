"""The open set against the mirror: what to look at again, and whether the set is to be believed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TypeVar

from shared.money import Money

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Looked:
    """What came of looking at an entry that differed: what remains, or that it is gone."""

    remaining: Money | None


def differing(open_set: Mapping[int, T], mirror: Mapping[int, T]) -> list[int]:
    """The entries that the ledger lists otherwise than we have told, oldest first.

    A value says what is compared: what remains, and the print of everything else.
    """
    numbers = open_set.keys() | mirror.keys()
    return sorted(n for n in numbers if open_set.get(n) != mirror.get(n))


def is_believable(
    open_set: Collection[int], mirror: Collection[int], looked: Mapping[int, Looked]
) -> bool:
    """Whether a set that has been read to its end can be all that is open.

    It is not when an entry that it lacks turns out to be open, nor when, after all that was found
    to be settled, it is empty or less than half of what should stand open.
    """
    lacking = [entry for entry in mirror if entry not in open_set]
    if any(entry in looked and looked[entry].remaining for entry in lacking):
        return False
    settled = sum(1 for entry in lacking if entry in looked and _is_settled(looked[entry]))
    expected = len(mirror) - settled
    return not expected or len(open_set) * 2 >= expected


def _is_settled(looked: Looked) -> bool:
    return looked.remaining is not None and not looked.remaining
