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
    _begun: dict[TopicPartition, Row] = field(default_factory=dict)
    _searched: dict[TopicPartition, tuple[Row, list[int]]] = field(default_factory=dict)

    def forget(self) -> None:
        """The group shares out its partitions anew."""
        for known in (self.read, self.done, self._begun, self._searched):
            known.clear()

    def begin(self, place: TopicPartition, row: Row) -> int:
        """The offset of the last record that had its effect.

        It is read once more: another one there tells that the topic was made anew, where it would
        not be noticed if there were just as many records as before.
        """
        self._begun[place] = row
        return _last_of(row)

    def is_the_last_one(self, place: TopicPartition, seq: int, offset: int) -> bool:
        return self._begun.get(place) == (seq, offset + 1)

    def are_at(self, ends: Mapping[TopicPartition, int]) -> bool:
        """Neither before the end nor behind it, as in a topic that was made anew."""
        return all(self.read.get(place) == end for place, end in ends.items())

    def done_of(self, mine: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        known = list(self.done.items())  # others write to it meanwhile
        return {place: offset for place, offset in known if place in mine}

    def search(self, place: TopicPartition, row: Row) -> int | None:
        """Something is missing: where to look for what follows on the row.

        From its record, then from the beginning, since a topic that was made anew counts from there.
        Then it is nowhere behind us, and only a relay that publishes it again can help: None, read
        on, with no effect until it comes.
        """
        known, left = self._searched.get(place, (None, []))
        if known != row:
            left = [_last_of(row), 0]
        self._searched[place] = row, left[1:]
        return left[0] if left else None

    def found(self, place: TopicPartition) -> None:
        self._searched.pop(place, None)


def _last_of(row: Row) -> int:
    return max(row[1] - 1, 0)
