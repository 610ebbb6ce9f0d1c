"""Every family of figures, through real traffic between the toy services."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

import psycopg
import pytest
from prometheus_client.parser import text_string_to_metric_families

from shared.clock import SettableClock
from shared.decider import Rejected
from shared.effects.worker import Done, Later, Refused, Unknown
from shared.postgres import Server, drop_database
from shared.stream.log import LogFeed
from shared.stream.records import Record, partition_of
from shared.telemetry.metrics import REGISTRY, exposition
from shared.testing.site import Site
from shared.testing.world import World
from tests.shared.toy import MORNING, PURSE, FillPurse, Mint
from tests.shared.web_kit import NOW, bearer, service

TENANT = uuid4()


def fill(world: World, coins: int = 1, purse: UUID | None = None) -> None:
    world.work(
        "purse", TENANT, lambda work: work.execute(PURSE, purse or uuid4(), FillPurse(coins))
    )


def value(family: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(family, labels) or 0


def rise(family: str, **labels: str) -> Callable[[], float]:
    """By how much a counter has risen since now: tests share the process's registry."""
    before = value(family, **labels)
    return lambda: value(family, **labels) - before


def step(world: World, service: str, *parts: str) -> None:
    for part in world.runtimes[service].parts:
        while part.name in parts and part.step():
            continue


def test_events_and_contracts_count_when_they_are_committed(world: World) -> None:
    events = rise("forfald_events_appended_total", event="purse.PurseFilled.v1")
    contracts = rise("forfald_contracts_published_total", contract="forfald.purse.CoinsAdded.v1")
    fill(world)
    fill(world)
    assert (events(), contracts()) == (2, 2)


def test_what_is_rolled_back_does_not_count(world: World) -> None:
    events = rise("forfald_events_appended_total", event="purse.PurseFilled.v1")

    def in_vain(work):
        work.execute(PURSE, uuid4(), FillPurse(1))
        raise Rejected("on second thoughts")

    with pytest.raises(Rejected):
        world.work("purse", TENANT, in_vain)
    assert events() == 0


def told(world: World) -> list[Record]:
    feed = world.runtimes["teller"].feed
    assert isinstance(feed, LogFeed)
    return feed._read("purse")


def test_messages_count_by_what_became_of_them(world: World) -> None:
    applied = rise("forfald_messages_received_total", consumer="teller", receipt="applied")
    parked = rise("forfald_messages_received_total", consumer="teller", receipt="parked")
    duplicate = rise("forfald_messages_received_total", consumer="teller", receipt="duplicate")
    gap = rise("forfald_messages_received_total", consumer="teller", receipt="gap")
    unlucky = uuid4()
    for coins in (1, 13, 2):
        fill(world, coins, unlucky)
    step(world, "purse", "watermark")
    first, *_, last = told(world)
    world.runtimes["teller"].inbox.receive(last)
    step(world, "teller", "feed")
    world.runtimes["teller"].inbox.receive(first)
    assert (applied(), parked(), duplicate(), gap()) == (1, 2, 1, 1)


def test_effects_count_by_kind_and_outcome(world: World, mint: Mint) -> None:
    later = MORNING.replace(hour=8)
    mint.answers = [
        Done(), Refused("no", "no"), Unknown("?", later), Later("busy", later), Unknown("?"),
    ]  # fmt: skip
    outcomes = ("done", "refused", "unknown", "later", "stuck")
    risen = [
        rise("forfald_effects_carried_out_total", kind="mint.strike", outcome=outcome)
        for outcome in outcomes
    ]
    for _ in outcomes:
        fill(world)
    world.settle()
    assert [one() for one in risen] == [1, 1, 1, 1, 1]


def test_the_age_of_an_effect_runs_until_it_is_settled(world: World, mint: Mint) -> None:
    mint.answers = [Later("nobody answers", MORNING.replace(minute=30))]
    fill(world)
    world.settle()
    world.clock.advance(minutes=10)
    labels = {"service": "purse", "kind": "mint.strike"}
    assert value("forfald_effect_age_seconds", **labels) == 600
    world.clock.advance(minutes=50)
    world.settle()
    assert value("forfald_effect_age_seconds", **labels) == 0


def test_due_work_is_late_from_its_instant_on(world: World) -> None:
    fill(world)
    world.clock.advance(minutes=2)
    labels = {"service": "purse", "job": "polish"}
    assert value("forfald_schedule_lateness_seconds", **labels) == 120
    world.settle()
    assert value("forfald_schedule_lateness_seconds", **labels) == 0


def test_the_lags_of_store_feed_and_projector_rise_with_traffic_and_end_with_it(
    world: World,
) -> None:
    safe = ("forfald_safe_lag_positions", {"service": "purse"})
    feed = ("forfald_feed_lag_positions", {"consumer": "teller", "source": "purse"})
    waiting = ("forfald_feed_lag_seconds", {"consumer": "teller", "source": "purse"})
    projector = (
        "forfald_projector_lag_positions", {"service": "teller", "projection": "followed"},
    )  # fmt: skip
    fill(world)
    world.clock.advance(seconds=30)
    fill(world)
    seen = [value(name, **labels) for name, labels in (safe, waiting)]
    assert seen == [4, 30]
    assert value(feed[0], **feed[1]) == 4
    step(world, "purse", "watermark")
    assert value(safe[0], **safe[1]) == 0
    step(world, "teller", "feed")
    step(world, "teller", "watermark")
    assert value(feed[0], **feed[1]) == value(waiting[0], **waiting[1]) == 0
    assert value(projector[0], **projector[1]) == 2
    world.settle()
    assert [value(name, **labels) for name, labels in (safe, feed, waiting, projector)] == [0] * 4


def test_a_feed_lags_by_its_worst_partition(world: World) -> None:
    ahead, behind = two_partitions()
    fill(world, 1, behind)
    fill(world, 1, ahead)
    step(world, "purse", "watermark")
    record = next(record for record in told(world) if record.key == str(ahead).encode())
    world.runtimes["teller"].inbox.receive(record)
    assert value("forfald_feed_lag_positions", consumer="teller", source="purse") == 2


def two_partitions() -> tuple[UUID, UUID]:
    one = uuid4()
    return one, next(
        other
        for other in (uuid4() for _ in range(1000))
        if partition_of(str(other).encode()) != partition_of(str(one).encode())
    )


def test_a_database_that_does_not_answer_is_told_and_the_rest_still_comes(
    world: World, postgres_server: Server
) -> None:
    labels = {"service": "purse"}
    assert value("forfald_lags_readable", **labels) == 1
    name = world.address.database("purse")
    drop_database(postgres_server, name)
    text = exposition().decode()
    with psycopg.connect(postgres_server.dsn("postgres"), autocommit=True) as connection:
        connection.execute(f"create database {name}")
    assert 'forfald_lags_readable{service="purse"} 0.0' in text
    assert 'forfald_safe_lag_positions{service="teller"}' in text
    assert "forfald_events_appended_total" in text


def test_requests_count_by_route_template_and_never_by_path(capsys) -> None:
    site = Site(service(SettableClock(NOW)))
    route = "/payments/v1/tenants/{tenant_id}/payments"
    path = route.replace("{tenant_id}", str(uuid4()))
    refused = rise("forfald_http_requests_total", method="GET", route=route, status="404")
    lost = rise("forfald_http_requests_total", method="GET", route="unmatched", status="404")
    broken = rise(
        "forfald_http_requests_total", method="GET", route="/payments/v1/broken", status="500"
    )
    strange = rise("forfald_http_requests_total", method="other", route="unmatched", status="404")
    site.get(path, headers=bearer())
    site.get("/mette-kjaer", headers=bearer())
    site.get("/payments/v1/broken", headers=bearer())
    site.request("METTE", "/mette-kjaer")
    assert (refused(), lost(), broken(), strange()) == (1, 1, 1, 1)
    assert "mette" not in exposition().decode().lower()


def test_the_metrics_page_can_be_read_by_prometheus(world: World) -> None:
    answer = Site(service(SettableClock(NOW))).get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    families = [family.name for family in text_string_to_metric_families(answer.text)]
    assert len(families) == len(set(families))
    assert {"forfald_feed_lag_seconds", "forfald_http_requests"} <= set(families)
