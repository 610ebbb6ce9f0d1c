"""What each role may do, and that a service refuses a database that would leak."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import psycopg
import pytest

from shared.isolation import NotIsolated, holes, refuse_holes
from shared.postgres import Server
from shared.runtime import Runtime
from shared.testing.world import World
from tests.shared.toy import teller_service

READ, WRITE, APPEND, NONE = "r", "rw", "ra", ""
STORE = {
    "event": {"app": APPEND, "follower": READ, "reader": READ, "feed": NONE},
    "outbox": {"app": APPEND, "follower": NONE, "reader": READ, "feed": READ},
    "effect": {"app": "rau", "follower": NONE, "reader": READ, "feed": NONE},
    "effect_question": {"app": APPEND, "follower": NONE, "reader": READ, "feed": NONE},
    "due": {"app": "rau", "follower": NONE, "reader": READ, "feed": NONE},
    "inbox": {"app": "rau", "follower": NONE, "reader": READ, "feed": NONE},
    "parked": {"app": "rau", "follower": NONE, "reader": READ, "feed": NONE},
    "command_result": {"app": APPEND, "follower": NONE, "reader": READ, "feed": NONE},
    "epoch": {"app": READ, "follower": READ, "reader": READ, "feed": READ},
    "watermark": {"app": READ, "follower": READ, "reader": "ru", "feed": READ},
    "relay_position": {"app": READ, "follower": NONE, "reader": "ru", "feed": NONE},
    "projection_position": {"app": READ, "follower": "rau", "reader": READ, "feed": NONE},
}
LETTERS = {"select": "r", "insert": "a", "update": "u", "delete": "d", "truncate": "t"}


@pytest.fixture
def world(postgres_server: Server) -> Iterator[World]:
    start = datetime(2026, 3, 2, tzinfo=UTC)
    with World(postgres_server, [teller_service], start) as world:
        yield world


@pytest.mark.parametrize("role", ["app", "follower", "reader", "feed"])
def test_a_role_may_do_what_the_matrix_says_and_nothing_else(world: World, role: str) -> None:
    with psycopg.connect(world.address.dsn("teller", role)) as connection:
        tables = connection.execute(
            "select tablename from pg_tables where schemaname = 'public'"
            " and tablename <> 'alembic_version'"
        ).fetchall()
        found = {
            table: "".join(
                letter
                for privilege, letter in LETTERS.items()
                if connection.execute(
                    "select has_table_privilege(%s, %s)", (f"public.{table}", privilege)
                ).fetchone() == (True,)
            )
            for (table,) in tables
        }  # fmt: skip
    assert found == {table: roles[role] for table, roles in STORE.items()}


def test_no_role_reaches_another_services_database(world: World, postgres_server: Server) -> None:
    with (
        pytest.raises(psycopg.OperationalError, match="permission denied"),
        psycopg.connect(
            postgres_server.dsn(
                world.address.database("keys"), "teller_app", world.address.password("teller_app")
            )
        ),
    ):
        pass


def test_a_service_starts_on_a_database_that_keeps_tenants_apart(world: World) -> None:
    refuse_holes(world.address.dsn("teller", "app"))


@pytest.mark.property_("P9")
def test_a_table_without_forced_row_security_stops_the_service(world: World) -> None:
    with psycopg.connect(world.address.dsn("teller", "owner")) as owner:
        owner.execute("alter table read.counted no force row level security")
    with pytest.raises(NotIsolated, match=r"read\.counted holds tenants' rows"):
        Runtime(
            world.runtimes["teller"].service, world.runtimes["teller"].surroundings
        ).refuse_to_leak()


@pytest.mark.parametrize("powerful", ["teller_owner", "teller_past_rows"])
def test_a_role_that_may_become_a_privileged_one_stops_the_service(
    world: World, postgres_server: Server, powerful: str
) -> None:
    """In a transaction that is never committed, since roles belong to the whole server."""
    with psycopg.connect(postgres_server.dsn(world.address.database("teller"))) as connection:
        if powerful != "teller_owner":
            connection.execute(f"create role {powerful} bypassrls")
        connection.execute(f"grant {powerful} to teller_app")
        connection.execute("set local role teller_app")
        assert any(powerful in hole for hole in holes(connection))
        connection.rollback()


@pytest.mark.property_("P9")
def test_a_privileged_role_stops_the_service(world: World, postgres_server: Server) -> None:
    with pytest.raises(NotIsolated, match="superuser"):
        refuse_holes(postgres_server.dsn(world.address.database("teller")))
