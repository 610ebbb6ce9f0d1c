"""Follows the log into read tables: everything below the watermark, once, in order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from shared.database import Database, Transaction
from shared.eventstore.events import Recorded
from shared.eventstore.mapper import EventMapper, decode_meta
from shared.projecting.projection import Projection

FOLLOWED: Final = "followed"
"""The one place in the log of all followed projections of a service."""
_BATCH = 500
_THE_END = 2**63 - 1
READ = """
    select tenant_id, aggregate_id, version, position, name, body, meta from event
    where position > %s and position <= %s order by position limit %s
"""
_SAFE = "select safe from watermark"
_PLACE = "select position from projection_position where projection = %s for update"
_REACHED = "select position from projection_position where projection = %s"
_STANDING = f"select safe, ({_REACHED}) from watermark"  # noqa: S608  our own words
_BEGIN = "insert into projection_position values (%s, 0) on conflict do nothing"
_ADVANCE = "update projection_position set position = %s where projection = %s and position = %s"


class Projector:
    """One service's followed projections, on the role `follower`, with one place for all of them.

    The place moves in the transaction of the rows, from where it was read: two projectors of the
    same service cannot both apply an event.
    """

    def __init__(
        self, name: str, projections: Sequence[Projection], mapper: EventMapper, follower: Database
    ) -> None:
        self._name = name
        self._projections = projections
        self._mapper = mapper
        self._follower = follower
        self._at_rest: list[Any] = []

    def place(self) -> int:
        """Up to which position the tables show the log; without any, there is nothing to wait for."""
        if not self._projections:
            return _THE_END
        rows = self._follower.ask(_REACHED, (self._name,))
        return int(rows[0][0]) if rows else 0

    def step(self) -> bool:
        """Apply what has become safe; true if anything was."""
        if not self._projections:
            return False
        # Where neither has moved since nothing was left to apply, nothing is.
        standing = self._follower.ask(_STANDING, (self._name,))
        if standing == self._at_rest:
            return False
        with self._follower.connection(doing=f"{self._name}:project") as transaction:
            raw = transaction.raw
            raw.execute(_BEGIN, (self._name,))
            place = _one(transaction, _PLACE, self._name)
            rows = raw.execute(READ, (place, _one(transaction, _SAFE), _BATCH)).fetchall()
            if not rows:
                self._at_rest = standing
                return False
            for row in rows:
                recorded = recorded_of(self._mapper, row)
                for projection in self._projections:
                    projection.apply(recorded, transaction.sql)
            moved = raw.execute(_ADVANCE, (rows[-1][3], self._name, place))
            assert moved.rowcount == 1, "the place is locked, so nobody else has moved it"
            transaction.commit()
        return True


def recorded_of(mapper: EventMapper, row: Sequence[Any]) -> Recorded[Any]:
    tenant_id, aggregate_id, version, position, name, body, meta = row
    return Recorded(
        tenant_id, aggregate_id, version, mapper.event(name, body), decode_meta(meta), position
    )


def _one(transaction: Transaction, query: str, *parameters: Any) -> int:
    row = transaction.raw.execute(query, parameters).fetchone()
    assert row is not None
    return int(row[0])
