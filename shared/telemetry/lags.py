"""How far behind a service is, asked of the database whenever somebody looks.

Nothing is remembered between scrapes: a process that hangs cannot go on reporting that all is well.
Positions are those of the log; seconds are on the business clock, which in a demonstration moves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

import msgspec
import psycopg
import sqlalchemy.exc
import structlog
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from shared.clock import Clock
from shared.database import Database
from shared.stream.subscriptions import Subscriptions
from shared.telemetry.metrics import REGISTRY

_log = structlog.get_logger(__name__)

_FAMILIES: Final = {
    "forfald_safe_lag_positions": ("Positions taken but not yet safe to read", ["service"]),
    "forfald_projector_lag_positions": (
        "Safe positions that followed read tables do not show yet", ["service", "projection"]),
    "forfald_schedule_lateness_seconds": (
        "Since when the longest due work of a job has waited", ["service", "job"]),
    "forfald_effect_age_seconds": (
        "Since when the oldest effect of a kind that has come due is unsettled",
        ["service", "kind"]),
    "forfald_feed_lag_positions": (
        "Positions from the consumer's place to the publisher's last, worst partition",
        ["consumer", "source"]),
    "forfald_feed_lag_seconds": (
        "Age of the oldest record that the consumer has not taken", ["consumer", "source"]),
    "forfald_lags_readable": ("Whether the lags could be asked for", ["service"]),
}  # fmt: skip

_SAFE = """
    select (select case when is_called then last_value else 0 end from log_position) - safe
    from watermark
"""
_PROJECTOR = """
    select name, coalesce((select max(event.position) from event, watermark
                           where event.position <= safe), 0) - coalesce(place.position, 0)
    from unnest(%s::text[]) as name left join projection_position place on projection = name
"""
_LATE = """
    select job, min(due_at) from due where done_at is null and due_at <= %s group by job
"""
_UNSETTLED = """
    select kind, min(intended_at) from effect
    where state in ('intended', 'attempted', 'unknown') and (due_at <= %s or attempts > 0)
    group by kind
"""
_PLACES = "select topic, partition, seq from inbox where consumer = %s"
_WAITING = """
    select coalesce(max(last.position - place.seq), 0), array_agg(first.headers)
    from unnest(%s::text[], %s::int[], %s::bigint[]) as place (topic, partition, seq)
    cross join lateral (
        select headers from outbox where topic = place.topic and partition = place.partition
          and position > place.seq order by position limit 1) first
    cross join lateral (
        select max(position) as position from outbox
        where topic = place.topic and partition = place.partition) last
"""


class Sample(NamedTuple):
    family: str
    labels: Sequence[str]
    value: float


Source = Callable[[], Iterable[Sample]]


class _Time(msgspec.Struct):
    """Of a record's headers, the one that is asked for."""

    ce_time: datetime


@dataclass(frozen=True, slots=True)
class Lags:
    """The lags of one service. `feeds`: per publisher, its database's address for the role `feed`."""

    service: str
    reader: Database
    clock: Clock
    projections: Sequence[str]
    jobs: Sequence[str]
    kinds: Sequence[str]
    subscriptions: Subscriptions
    feeds: Mapping[str, str]

    def __call__(self) -> Iterator[Sample]:
        readable = True
        for asked in (self._own, self._fed):
            try:
                yield from list(asked())
            except (psycopg.Error, sqlalchemy.exc.SQLAlchemyError):
                _log.exception("lags cannot be read")
                readable = False
        yield Sample("forfald_lags_readable", [self.service], readable)

    def _own(self) -> Iterator[Sample]:
        now = self.clock.now()
        with self.reader.connection() as transaction:
            raw = transaction.raw
            for (positions,) in raw.execute(_SAFE):
                yield Sample("forfald_safe_lag_positions", [self.service], positions)
            for projection, positions in raw.execute(_PROJECTOR, (list(self.projections),)):
                labels = [self.service, projection]
                yield Sample("forfald_projector_lag_positions", labels, positions)
            late = dict(raw.execute(_LATE, (now,)).fetchall())
            unsettled = dict(raw.execute(_UNSETTLED, (now,)).fetchall())
        for family, names, since in (
            ("forfald_schedule_lateness_seconds", self.jobs, late),
            ("forfald_effect_age_seconds", self.kinds, unsettled),
        ):
            for name in names:
                seconds = (now - since.get(name, now)).total_seconds()
                yield Sample(family, [self.service, name], seconds)

    def _fed(self) -> Iterator[Sample]:
        with self.reader.connection() as transaction:
            rows = transaction.raw.execute(_PLACES, (self.service,)).fetchall()
        places = {(topic, partition): seq for topic, partition, seq in rows}
        for source, dsn in self.feeds.items():
            wanted = self.subscriptions.places_of(source)
            with psycopg.connect(dsn, autocommit=True, connect_timeout=2) as feed:
                row = feed.execute(_WAITING, (
                    [topic for topic, _ in wanted], [number for _, number in wanted],
                    [places.get(place, 0) for place in wanted],
                )).fetchone()  # fmt: skip
            positions, headers = row or (0, None)
            labels = [self.service, source]
            yield Sample("forfald_feed_lag_positions", labels, positions)
            yield Sample("forfald_feed_lag_seconds", labels, self._age(headers or []))

    def _age(self, headers: Sequence[Any]) -> float:
        now = self.clock.now()
        times = [msgspec.json.decode(one, type=_Time).ce_time for one in headers]
        return (now - min(times, default=now)).total_seconds()


class _Watched(Collector):
    """All services of this process in one set of families, as the text format asks."""

    def __init__(self) -> None:
        self._sources: list[Source] = []

    def watch(self, source: Source) -> None:
        self._sources.append(source)

    def forget(self, source: Source) -> None:
        self._sources = [one for one in self._sources if one is not source]

    def describe(self) -> Iterable[Metric]:
        return self._empty().values()

    def collect(self) -> Iterable[Metric]:
        families = self._empty()
        for source in self._sources:
            for sample in source():
                families[sample.family].add_metric(sample.labels, sample.value)
        return families.values()

    def _empty(self) -> dict[str, GaugeMetricFamily]:
        return {
            name: GaugeMetricFamily(name, text, labels=labels)
            for name, (text, labels) in _FAMILIES.items()
        }


WATCHED: Final = _Watched()
REGISTRY.register(WATCHED)
