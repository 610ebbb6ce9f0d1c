"""The embedded feed: reads the publishers' outboxes directly, no broker between.

It sees an outbox through the role `feed` and nothing else of that service. Records carry the same
bytes and the same numbers as on Kafka, go to the same inbox, and stop at the same watermark.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import structlog

from shared.database import UNAVAILABLE, Database
from shared.stream.inbox import Inbox, Receipt, Unavailable
from shared.stream.outbox import COLUMNS, record_of
from shared.stream.records import Record

_log = structlog.get_logger(__name__)
_BATCH = 500

SAFE = "select safe from watermark"
READ = f"""
    select {COLUMNS}
    from unnest(%s::text[], %s::int[], %s::bigint[]) as place (topic, partition, seq)
    cross join lateral (
        select * from outbox
        where topic = place.topic and partition = place.partition and position > place.seq
          and position <= (select safe from watermark)
        order by position limit %s) o
    order by o.position limit %s
"""  # noqa: S608  our own columns


class LogFeed:
    """Feeds one consumer's inbox from the outboxes of the services it listens to."""

    def __init__(self, inbox: Inbox, sources: Mapping[str, Database]) -> None:
        """`sources`: per publisher, its database as the role `feed` sees it."""
        self._inbox = inbox
        self._sources = {name: sources[name] for name in inbox.subscriptions.sources}
        self._places: dict[tuple[str, int], int] | None = None
        self._stopped: set[tuple[str, int]] = set()
        self._told: dict[tuple[str, int], int] = {}
        self._read_through: dict[str, int] = {}
        self._heard: set[str] = set()

    def step(self) -> bool:
        """Take what is there now; true if anything moved. Raises Unavailable to be tried again.

        A publisher that is away, or whose records cannot be taken now, does not hold up the others. Where
        nobody was heard all are looked at: a bell may be missed.
        """
        moved = False
        away: Unavailable | None = None
        # Who rings at this very moment may be missed, and is met when all are looked at.
        heard, self._heard = self._heard, set()
        for source in [one for one in self._sources if one in heard] or self._sources:
            try:
                moved |= self._take(source)
            except Unavailable as error:
                _log.warning("not now", consumer=self._inbox.consumer, error=_kind(error))
                away = error
        if not moved:
            self._stopped.clear()
            if away is not None:
                raise away
        return moved

    def heard(self, source: str) -> None:
        """A publisher has told something: the next step need look nowhere else."""
        self._heard.add(source)

    def _take(self, source: str) -> bool:
        """Hand over a batch; if all of it is out of turn, the next one, without those places."""
        while records := self._read(source):
            if self._hand_over(records):
                return True
        return False

    def _hand_over(self, records: Sequence[Record]) -> bool:
        """Whether anything moved; if not, at least one more place has been stopped."""
        moved = False
        out_of_turn: set[tuple[str, int]] = set()
        for record in records:
            place = record.topic, record.partition
            if place in out_of_turn:
                continue
            receipt = self._inbox.receive(record)
            if receipt in {Receipt.GAP, Receipt.NEW_EPOCH}:
                self._tell(place, record, receipt)
                out_of_turn.add(place)
                moved |= self._return_to_row(place)
            else:
                self._current_places()[place] = record.seq
                moved = True
        return moved

    def _tell(self, place: tuple[str, int], record: Record, receipt: Receipt) -> None:
        """Once, and not each time that somebody looks whether it has been mended."""
        if self._told.get(place) != record.seq:
            self._told[place] = record.seq
            _log.error("out of turn", record=str(record), receipt=receipt.value)

    def _return_to_row(self, place: tuple[str, int]) -> bool:
        """Whether we were elsewhere; if not, the place waits until the others have nothing left."""
        places = self._current_places()
        believed = places.get(place, 0)
        places[place] = self._inbox.places().get(place, (0, 0))[0]
        if places[place] == believed:
            self._stopped.add(place)
        return places[place] != believed

    def _read(self, source: str) -> list[Record]:
        places = self._current_places()
        listened_to = self._inbox.subscriptions.places_of(source)
        wanted = [place for place in listened_to if place not in self._stopped]
        try:
            outbox = self._sources[source]
            # Nothing is told beyond the watermark: until it moves, what was read is all there is.
            [(safe,)] = outbox.ask(SAFE)
            if self._read_through.get(source) == safe:
                return []
            rows = outbox.ask(
                READ,
                (
                    [topic for topic, _ in wanted],
                    [n for _, n in wanted],
                    [places.get(place, 0) for place in wanted],
                    _BATCH,
                    _BATCH,
                ),
            )
        except UNAVAILABLE as error:
            raise Unavailable(f"the outbox of {source} cannot be read: {error}") from error
        if not rows and not self._stopped:
            self._read_through[source] = safe
        return [record_of(source, row) for row in rows]

    def _current_places(self) -> dict[tuple[str, int], int]:
        if self._places is None:
            self._places = {place: seq for place, (seq, _) in self._inbox.places().items()}
        return self._places

    def close(self) -> None:
        """Others who listen to the same service connect anew."""
        for outbox in self._sources.values():
            outbox.close()


def _kind(unavailable: Unavailable) -> str:
    return type(unavailable.__cause__ or unavailable).__name__
