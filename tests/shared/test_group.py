"""Group commit: each member whole or not at all, in order, and none harmed by another."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID, uuid4

import psycopg
import pytest
from eventsourcing.persistence import IntegrityError, StoredEvent

from shared.eventstore.chain import BEGINNING, link
from shared.eventstore.group import Append, GroupCommit
from shared.postgres import Server
from shared.testing.world import World
from tests.shared.toy import Mint, purse_service

ANNA, BERTIL = uuid4(), uuid4()
Row = tuple[UUID, UUID, int, int]


@pytest.fixture
def world(postgres_server: Server) -> Iterator[World]:
    start = datetime(2026, 3, 2, tzinfo=UTC)
    with World(postgres_server, [purse_service(Mint())], start) as world:
        yield world


@pytest.fixture
def group(world: World) -> Iterator[GroupCommit]:
    with GroupCommit(world.address.dsn("purse", "app")) as group:
        yield group


def append(
    stream: UUID, *versions: int, tenant: UUID = ANNA, after: bytes = BEGINNING, name: str = "toy"
) -> Append:
    events = [StoredEvent(stream, version, name, b"{}") for version in versions]
    return Append(tenant, events, [b"{}"] * len(events), after)


def recorded(world: World) -> list[Row]:
    with psycopg.connect(world.address.dsn("purse", "reader")) as reader:
        return reader.execute(
            "select tenant_id, aggregate_id, version, position from event order by position"
        ).fetchall()


def test_members_are_recorded_in_their_order_each_under_its_tenant(
    world: World, group: GroupCommit
) -> None:
    one, two, three = uuid4(), uuid4(), uuid4()
    answers = group.append_many([
        append(one, 1, 2), append(two, 1, tenant=BERTIL), append(three, 1, 2, 3)
    ])  # fmt: skip
    assert answers == [[1, 2], [3], [4, 5, 6]]
    assert recorded(world) == [
        (ANNA, one, 1, 1), (ANNA, one, 2, 2), (BERTIL, two, 1, 3),
        (ANNA, three, 1, 4), (ANNA, three, 2, 5), (ANNA, three, 3, 6),
    ]  # fmt: skip


def test_a_conflict_refuses_its_member_whole_and_harms_no_other(
    world: World, group: GroupCommit
) -> None:
    taken, before, after = uuid4(), uuid4(), uuid4()
    group.append_many([append(taken, 1, 2)])
    first, refused, last = group.append_many([
        append(before, 1), append(taken, 2, 3), append(after, 1)
    ])  # fmt: skip
    assert isinstance(refused, IntegrityError)
    assert isinstance(first, list)
    assert isinstance(last, list)
    assert [row[1:3] for row in recorded(world)] == [
        (taken, 1), (taken, 2), (before, 1), (after, 1),
    ]  # fmt: skip
    assert first < last


def test_of_two_members_for_one_place_the_first_has_it(world: World, group: GroupCommit) -> None:
    stream = uuid4()
    won, lost = group.append_many([append(stream, 1), append(stream, 1)])
    assert isinstance(won, list)
    assert isinstance(lost, IntegrityError)
    assert len(recorded(world)) == 1


def test_what_follows_in_the_same_stream_may_be_in_the_same_group(
    world: World, group: GroupCommit
) -> None:
    stream = uuid4()
    digest = link(BEGINNING, ANNA, stream, 1, "toy", b"{}", b"{}")
    group.append_many([append(stream, 1), append(stream, 2, after=digest)])
    with psycopg.connect(world.address.dsn("purse", "reader")) as reader:
        rows = reader.execute("select hash from event order by version").fetchall()
    assert rows == [(digest,), (link(digest, ANNA, stream, 2, "toy", b"{}", b"{}"),)]


def test_what_the_database_cannot_hold_is_told_to_its_caller_alone(
    world: World, group: GroupCommit
) -> None:
    with pytest.raises(psycopg.DataError):
        group.append_many([append(uuid4(), 1, name="a\x00b")])
    assert isinstance(group.append_many([append(uuid4(), 1)])[0], list)


def test_many_callers_get_their_own_positions(world: World, group: GroupCommit) -> None:
    answers: dict[UUID, list[int]] = {}

    def call() -> None:
        for _ in range(50):
            stream = uuid4()
            (positions,) = group.append_many([append(stream, 1, 2)])
            assert isinstance(positions, list)
            answers[stream] = positions

    callers = [threading.Thread(target=call) for _ in range(8)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    found: dict[UUID, list[int]] = {}
    for _, stream, _, position in recorded(world):
        found.setdefault(stream, []).append(position)
    assert len(found) == 400
    assert found == answers


def test_a_lost_connection_is_told_and_the_next_group_has_a_new_one(
    world: World, group: GroupCommit, postgres_server: Server
) -> None:
    group.append_many([append(uuid4(), 1)])
    with psycopg.connect(postgres_server.dsn("postgres"), autocommit=True) as connection:
        connection.execute(
            "select pg_terminate_backend(pid, 5000) from pg_stat_activity"
            " where application_name = 'forfald group' and datname = %s",
            (world.address.database("purse"),),
        )
    with pytest.raises(psycopg.OperationalError):
        group.append_many([append(uuid4(), 1)])
    assert group.append_many([append(uuid4(), 1)]) == [[2]]


def test_at_the_end_all_that_was_taken_is_recorded_and_the_rest_refused(world: World) -> None:
    answered: list[object] = []

    def call(group: GroupCommit) -> None:
        while True:
            answered.extend(group.append_many([append(uuid4(), 1), append(uuid4(), 1)]))

    def call_until_refused(group: GroupCommit) -> None:
        with pytest.raises(RuntimeError, match="has ended"):
            call(group)

    with GroupCommit(world.address.dsn("purse", "app")) as group:
        callers = [threading.Thread(target=call_until_refused, args=(group,)) for _ in range(4)]
        for caller in callers:
            caller.start()
        group.append_many([append(uuid4(), 1)])
    for caller in callers:
        caller.join()
    assert len(recorded(world)) == len(answered) + 1
