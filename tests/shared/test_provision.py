"""A service's database as an operator makes it, on any server and by several at once."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from shared.postgres import Server
from shared.testing.world import World
from tests.shared.feeding import START
from tests.shared.toy import teller_service


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
        ("reader", {IDLE: "5s"}),
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
