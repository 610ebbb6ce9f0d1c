"""How far one member of a consumer's group has come in each partition that it was given."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from aiokafka import TopicPartition

Row = tuple[int, int]
"""Of the consumer's own table: the last sequence number, and the next offset."""


@dataclass(slots=True)
class Places:
    """`read` up to an offset, `done` up to another: what is between had no effect yet."""

    read: dict[TopicPartition, int] = field(default_factory=dict)
    done: dict[TopicPartition, int] = field(default_factory=dict)
    _searched: dict[TopicPartition, tuple[Row, list[int]]] = field(default_factory=dict)

    def forget(self) -> None:
        """The group shares out its partitions anew."""
        for known in (self.read, self.done, self._searched):
            known.clear()

    def are_at(self, ends: Mapping[TopicPartition, int]) -> bool:
        return all(self.read.get(place, -1) >= end for place, end in ends.items())

    def done_of(self, mine: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        known = list(self.done.items())  # others write to it meanwhile
        return {place: offset for place, offset in known if place in mine}

    def search(self, place: TopicPartition, row: Row) -> int | None:
        """Something is missing: where to look for what follows on the row.

        From its offset, then from the beginning, since a topic that was made anew counts from there.
        Then it is nowhere behind us, and only a relay that publishes it again can help: None, read
        on, with no effect until it comes.
        """
        known, left = self._searched.get(place, (None, []))
        if known != row:
            left = [row[1], 0]
        self._searched[place] = row, left[1:]
        return left[0] if left else None

    def found(self, place: TopicPartition) -> None:
        self._searched.pop(place, None)
