"""Old events are read in today's shape, and what nobody can read is named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
import sqlalchemy as sa
from eventsourcing.persistence import MapperDeserialisationError

from shared.eventstore.chain import BEGINNING, link
from shared.eventstore.events import Event
from shared.eventstore.mapper import EventMapper
from shared.postgres import Server
from shared.runtime import Runtime
from shared.service import Service, Surroundings
from shared.testing.world import World
from shared.work import Rules
from tests.shared.toy import COUNT, CoinsCounted, counted, teller_service

TENANT, PURSE = uuid4(), uuid4()
START = datetime(2026, 3, 2, tzinfo=UTC)
META = msgspec.json.encode({"recorded_at": START, "actor": "user:x", "correlation_id": uuid4()})


class RateAgreed(Event, frozen=True, tag="purse.RateAgreed.v3"):
    agreed_on: date
    per_cent: Decimal
    by: UUID


def with_date(fields: dict[str, Any]) -> dict[str, Any]:
    """The first version had the day as three numbers."""
    day = date(fields.pop("year"), fields.pop("month"), fields.pop("day"))
    return {**fields, "event": "purse.RateAgreed.v2", "agreed_on": day.isoformat()}


def with_agreer(fields: dict[str, Any]) -> dict[str, Any]:
    """The second did not say who had agreed."""
    return {**fields, "event": "purse.RateAgreed.v3", "by": str(PURSE)}


UPCASTERS = {"purse.RateAgreed.v1": with_date, "purse.RateAgreed.v2": with_agreer}


def test_an_event_of_the_first_version_is_lifted_through_every_one_since() -> None:
    old = {"event": "purse.RateAgreed.v1", "per_cent": "8.05", "year": 2026, "month": 3, "day": 2}
    mapper = EventMapper(RateAgreed, UPCASTERS)
    lifted = mapper.event("purse.RateAgreed.v1", msgspec.json.encode(old))
    assert lifted == RateAgreed(agreed_on=date(2026, 3, 2), per_cent=Decimal("8.05"), by=PURSE)


def test_an_event_of_today_is_read_as_it_stands() -> None:
    event = RateAgreed(agreed_on=date(2026, 3, 2), per_cent=Decimal("8.05"), by=PURSE)
    mapper = EventMapper(RateAgreed, UPCASTERS)
    assert mapper.event("purse.RateAgreed.v3", msgspec.json.encode(event)) == event


@pytest.mark.parametrize(
    ("name", "fields", "fault"),
    [
        ("purse.RateForgotten.v1", {}, "Invalid value 'purse.RateForgotten.v1'"),
        ("purse.RateAgreed.v1", {"per_cent": "8", "month": 3, "day": 2}, "'year'"),
        ("purse.RateAgreed.v2", {"per_cent": "8", "agreed_on": "2 March"}, "Invalid RFC3339"),
        ("purse.RateAgreed.v2", {"per_cent": "8", "agreed_on": 20260302}, "got `int`"),
    ],
)
def test_what_nobody_can_read_is_refused_by_its_name_and_fault(
    name: str, fields: dict[str, Any], fault: str
) -> None:
    mapper = EventMapper(RateAgreed | CoinsCounted, UPCASTERS)
    with pytest.raises(MapperDeserialisationError, match=f"stored event .*{fault}"):
        mapper.event(name, msgspec.json.encode({"event": name, **fields}))


def test_an_upcaster_that_forgets_to_say_what_it_made_is_named() -> None:
    mapper = EventMapper(RateAgreed, {"purse.RateAgreed.v2": lambda fields: fields})
    with pytest.raises(AssertionError, match=r"upcaster of purse\.RateAgreed\.v2"):
        mapper.event("purse.RateAgreed.v2", b'{"event": "purse.RateAgreed.v2"}')


def service_of_today(surroundings: Surroundings) -> Service:
    """A teller whose first version counted in dozens."""

    def in_coins(fields: dict[str, Any]) -> dict[str, Any]:
        coins = 12 * fields.pop("dozens")
        return {**fields, "event": "teller.CoinsCounted.v1", "coins": coins, "total": coins}

    mapper = EventMapper(CoinsCounted, {"teller.CoinsCounted.v0": in_coins})
    return replace(teller_service(surroundings), rules=Rules(mapper))


@pytest.fixture
def teller(postgres_server: Server) -> Iterator[Runtime]:
    with World(postgres_server, [service_of_today], START) as world:
        name, body = "teller.CoinsCounted.v0", b'{"event":"teller.CoinsCounted.v0","dozens":2}'
        digest = link(BEGINNING, TENANT, PURSE, 1, name, META, body)
        with world.runtimes["teller"].app.recording([TENANT], "long ago") as transaction:
            transaction.raw.execute(
                "insert into event (tenant_id, aggregate_id, version, name, body, meta, hash)"
                " values (%s, %s, 1, %s, %s, %s, %s)",
                (TENANT, PURSE, name, body, META, digest),
            )
        yield world.runtimes["teller"]


def test_rules_projections_and_histories_all_see_an_old_event_in_todays_shape(
    teller: Runtime,
) -> None:
    more = CoinsCounted(coins=1, total=25)
    teller.work(TENANT, "user:x", lambda work: work.execute(COUNT, PURSE, more), shown=True)
    assert teller.work(TENANT, "user:x", lambda work: work.load(COUNT, PURSE).state) == 25
    history = teller.work(TENANT, "user:x", lambda work: work.history(PURSE))
    assert [recorded.event for recorded in history] == [CoinsCounted(coins=24, total=24), more]
    with teller.app.transaction([TENANT]) as transaction:
        coins = transaction.sql.execute(sa.select(counted.c.coins)).scalar_one()
    assert coins == 25
