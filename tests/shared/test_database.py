"""A service's database: what is kept, and what happens when the server goes away."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from uuid import uuid4

import psycopg
import pytest

from shared.database import Database
from shared.postgres import Server


def test_without_a_pool_every_transaction_has_a_connection_of_its_own(
    postgres_server: Server,
) -> None:
    database = Database(postgres_server.dsn("postgres"), pool_size=0)
    with database.transaction([uuid4()]) as first:
        assert first.raw.execute("select 1").fetchone() == (1,)
    assert first.raw.closed
    with database.transaction([uuid4()]) as second:
        assert second.raw is not first.raw


def test_a_transaction_in_which_a_failure_was_swallowed_is_not_taken_for_committed(
    postgres_server: Server,
) -> None:
    database = Database(postgres_server.dsn("postgres"))
    with (
        pytest.raises(psycopg.errors.InFailedSqlTransaction, match="went unheeded"),
        database.transaction([uuid4()]) as transaction,
        suppress(psycopg.errors.DivisionByZero),
    ):
        transaction.raw.execute("select 1 / 0")
    with database.transaction([uuid4()]) as transaction:
        assert transaction.raw.execute("select 1").fetchone() == (1,)
    database.close()


def test_connections_that_ended_with_the_server_are_replaced_unnoticed(
    postgres_server: Server,
) -> None:
    database = Database(postgres_server.dsn("postgres"))

    def pids(number: int) -> set[int]:
        with ExitStack() as together:
            begun = [together.enter_context(database.transaction([])) for _ in range(number)]
            return {transaction.raw.info.backend_pid for transaction in begun}

    before = pids(3)
    with psycopg.connect(postgres_server.dsn("postgres"), autocommit=True) as connection:
        for pid in before:
            connection.execute("select pg_terminate_backend(%s, 5000)", (pid,))
    after = pids(3)
    assert len(after) == 3
    assert not before & after
    database.close()


def test_what_was_not_committed_is_gone_and_the_connection_goes_on(postgres_server: Server) -> None:
    database = Database(postgres_server.dsn("postgres"), pool_size=1)
    with database.connection() as left:
        left.raw.execute("create temporary table left_behind (number int)")
    with suppress(ZeroDivisionError), database.transaction([]) as failed:
        failed.raw.execute("create temporary table failed (number int)")
        raise ZeroDivisionError
    with database.transaction([]) as after:
        assert after.raw.info.backend_pid == left.raw.info.backend_pid
        query = "select to_regclass('left_behind'), to_regclass('failed')"
        assert after.raw.execute(query).fetchone() == (None, None)
    database.close()


def test_what_the_server_has_prepared_outlives_a_rollback(postgres_server: Server) -> None:
    database = Database(postgres_server.dsn("postgres"), pool_size=1)
    for number in range(10):
        with database.connection() as transaction:
            transaction.raw.execute("select %s::int", (number,))
    with database.connection() as transaction:
        query = "select count(*) from pg_prepared_statements where statement = 'select $1::int'"
        assert transaction.raw.execute(query).fetchone() == (1,)
    database.close()


def test_a_server_that_ends_within_a_transaction_is_said_to_be_away(
    postgres_server: Server,
) -> None:
    database = Database(postgres_server.dsn("postgres"), pool_size=1)

    def cut_off() -> None:
        with database.transaction([]) as transaction:
            pid = transaction.raw.info.backend_pid
            with psycopg.connect(postgres_server.dsn("postgres"), autocommit=True) as connection:
                connection.execute("select pg_terminate_backend(%s, 5000)", (pid,))

    with pytest.raises(psycopg.OperationalError):
        cut_off()
    with database.transaction([]) as transaction:
        assert transaction.raw.execute("select 1").fetchone() == (1,)
    database.close()
