"""A service's database as an operator makes it, on any server and by several at once."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest

from shared.postgres import Server, drop_database
from shared.provision import Address, make_database, migrate
from shared.testing.world import World
from tests.shared.feeding import START
from tests.shared.toy import teller_read, teller_service


@pytest.fixture
def world(postgres_server: Server) -> Iterator[World]:
    with World(postgres_server, [teller_service], START) as world:
        yield world


IDLE, STATEMENT = "idle_in_transaction_session_timeout", "statement_timeout"


@pytest.mark.parametrize(
    ("role", "limits"),
    [
        ("app", {IDLE: "5s", STATEMENT: "30s"}),
        ("follower", {IDLE: "5s", STATEMENT: "60s"}),
        ("reader", {IDLE: "5s", "tcp_keepalives_idle": "30", "tcp_keepalives_interval": "10"}),
        ("feed", {IDLE: "5s", STATEMENT: "30s"}),
    ],
)
def test_no_role_keeps_others_waiting_for_long_whatever_the_server_allows(
    world: World, role: str, limits: dict[str, str]
) -> None:
    with psycopg.connect(world.address.dsn("teller", role)) as connection:
        rows = connection.execute(
            "select unnest(setconfig) from pg_db_role_setting"
            " where setrole = (select oid from pg_roles where rolname = current_user)"
        ).fetchall()
    assert dict(setting.split("=") for (setting,) in rows) == limits


def test_a_server_that_goes_without_a_word_is_noticed(world: World) -> None:
    with psycopg.connect(world.address.dsn("teller", "app")) as connection:
        told = connection.info.get_parameters()
    assert int(told["connect_timeout"]) <= 10
    assert int(told["tcp_user_timeout"]) <= 60_000
    assert int(told["keepalives_idle"]) <= 30


def test_two_that_migrate_at_once_take_turns(postgres_server: Server, world: World) -> None:
    address = Address(world.address.host, world.address.port, world.address.secret, uuid4().hex)
    make_database(postgres_server.dsn("postgres"), "teller", address)  # the roles are the world's
    fresh = multiprocessing.get_context("fork")
    both = [
        fresh.Process(target=migrate, args=(address.dsn("teller", "owner"), "teller", teller_read))
        for _ in range(2)
    ]
    for process in both:
        process.start()
    for process in both:
        process.join()
    drop_database(postgres_server, address.database("teller"))
    assert [process.exitcode for process in both] == [0, 0]
