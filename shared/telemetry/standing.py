"""How one service stands: what people who look after it see, asked of the database when they look.

Positions and lags are those of the whole machine; messages, effects and schedules are those of the
tenants of who asks. Ages are on the business clock.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
import psycopg

from shared.database import UNAVAILABLE
from shared.runtime import Runtime

_FAILURES: Final = 5
_COUNTED: Final = 1000  # per partition; what waits beyond is not counted

_POSITIONS = """
    select (select case when is_called then last_value else 0 end from log_position), safe
    from watermark
"""
_PLACES = "select topic, partition, seq from inbox where consumer = %s"
_FED = f"""
    select count(*), (array_agg(late.headers order by late.position))[1]
    from unnest(%s::text[], %s::int[], %s::bigint[]) as place (topic, partition, seq)
    cross join lateral (
        select position, headers from outbox
        where topic = place.topic and partition = place.partition and position > place.seq
          and position <= (select safe from watermark)
        order by position limit {_COUNTED}) as late
"""  # noqa: S608  our own limit
_RELAYED = f"""
    select count(*), (array_agg(headers order by position))[1] from (
        select position, headers from outbox
        where position > (select position from relay_position)
          and position <= (select safe from watermark)
        order by position limit {_COUNTED}) as late
"""  # noqa: S608  our own limit
_PARKED = "select count(*), min(parked_at) from parked where consumer = %s and settled_at is null"
_EFFECTS = "select state, count(*), min(intended_at) from effect group by state"
_SCHEDULES = """
    select job, last.at, open.next, open.error
    from unnest(%s::text[]) as job
    cross join lateral (select max(done_at) as at from due where due.job = job.job) as last
    cross join lateral (
        select min(due_at) as next, (array_agg(error order by due_at)
                                     filter (where error is not null))[1] as error
        from due where due.job = job.job and done_at is null) as open
    where last.at is not null or open.next is not null
    order by job
"""
_FAILED = """
    select parked_at as at, topic, error from parked where consumer = %s and settled_at is null
    union all
    select due_at, job, error from due where error is not null and done_at is null
    union all
    select intended_at, kind, outcome from effect where state in ('stuck', 'unknown', 'refused')
    order by at desc limit %s
"""


@dataclass(frozen=True, slots=True)
class Heap:
    """How many of something wait, and since when the oldest does."""

    count: int = 0
    oldest: datetime | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """What a publisher has told and we have not taken; None where it cannot be asked."""

    source: str
    waiting: Heap | None


@dataclass(frozen=True, slots=True)
class Schedule:
    """A job: when it last ran, when it is due next, and how it failed if it waits for another try."""

    job: str
    last: datetime | None
    next: datetime | None
    error: str | None


@dataclass(frozen=True, slots=True)
class Failure:
    """`what` is a topic, a job or a kind of effect; `at` since when it is wanted or waits."""

    at: datetime
    what: str
    text: str | None


@dataclass(frozen=True, slots=True)
class Standing:
    """`relay` is None where the others read our outbox themselves."""

    position: int
    safe: int
    feeds: Sequence[Feed]
    relay: Heap | None
    parked: Heap
    effects: Mapping[str, Heap]
    schedules: Sequence[Schedule]
    failures: Sequence[Failure]


class _Time(msgspec.Struct):
    """Of a record's headers, the one that is asked for."""

    ce_time: datetime


def standing_of(runtime: Runtime, tenants: Sequence[UUID]) -> Standing:
    """How the service stands, as far as it concerns these tenants."""
    name = runtime.service.name
    with runtime.app.transaction(tenants) as transaction:
        raw = transaction.raw
        [(position, safe)] = raw.execute(_POSITIONS).fetchall()
        places = raw.execute(_PLACES, (name,)).fetchall()
        [parked] = raw.execute(_PARKED, (name,)).fetchall()
        effects = raw.execute(_EFFECTS).fetchall()
        schedules = raw.execute(_SCHEDULES, (list(runtime.service.jobs),)).fetchall()
        failed = raw.execute(_FAILED, (name, _FAILURES)).fetchall()
    return Standing(
        position,
        safe,
        feeds=list(_feeds(runtime, {(topic, number): seq for topic, number, seq in places})),
        relay=None if runtime.relay is None else _relay(runtime),
        parked=Heap(*parked),
        effects={state: Heap(count, oldest) for state, count, oldest in effects},
        schedules=[Schedule(*row) for row in schedules],
        failures=[Failure(*row) for row in failed],
    )


def _feeds(runtime: Runtime, places: Mapping[tuple[str, int], int]) -> Iterator[Feed]:
    subscriptions, address = runtime.service.subscriptions, runtime.surroundings.address
    for source in subscriptions.sources:
        wanted = subscriptions.places_of(source)
        asked = (
            [topic for topic, _ in wanted],
            [number for _, number in wanted],
            [places.get(place, 0) for place in wanted],
        )
        try:
            dsn = address.dsn(source, "feed")
            with psycopg.connect(dsn, autocommit=True, connect_timeout=2) as feed:
                [row] = feed.execute(_FED, asked).fetchall()
        except UNAVAILABLE:
            yield Feed(source, None)
        else:
            yield Feed(source, _heap(*row))


def _relay(runtime: Runtime) -> Heap:
    with runtime.reader.connection() as transaction:
        [row] = transaction.raw.execute(_RELAYED).fetchall()
    return _heap(*row)


def _heap(count: int, headers: Any) -> Heap:
    return Heap(count, msgspec.json.decode(headers, type=_Time).ce_time if count else None)
