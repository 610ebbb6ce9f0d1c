"""PostgreSQL for tests: one server per run, one fresh database per test.

    pytest_plugins = ["shared.testing.postgres"]        # in tests/conftest.py

    def test_a_payment_is_kept(databases: Databases) -> None:
        dsn = databases.fresh("payments", build_schema)

The workers of pytest-xdist share one server rather than start one each: a server costs half a
second of processor time and each template as much as its migrations, and both are paid once. Its
end needs no farewell: see `shared.testing.keeper`. Roles belong to the whole server, so `build`
must bear that a role exists already; no two builds run at the same time.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from shared.postgres import EmbeddedPostgres, Server, create_database, drop_database
from shared.testing.lifetime import own_folder, shared_folder

_BUILDING = 20_260_701  # the advisory lock that builders of templates hold


class Databases:
    """Databases for one test, cloned from templates that are built once."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._made: list[str] = []

    def fresh(self, template_name: str, build: Callable[[str], None]) -> str:
        """The DSN of a database nobody has touched, with what `build` put into its template.

        `build` gets the template's DSN (as superuser) the first time the name is asked for in a
        test run, and must leave no connection open.
        """
        template = f"template_{template_name}"
        self._ensure(template, build)
        name = f"{template_name}_{secrets.token_hex(6)}"
        self._made.append(name)
        return create_database(self.server, name, template)

    def drop_all(self) -> None:
        while self._made:
            drop_database(self.server, self._made.pop())

    def _ensure(self, template: str, build: Callable[[str], None]) -> None:
        """Build under another name and rename: a build that fails leaves no half template."""
        with psycopg.connect(self.server.dsn("postgres"), autocommit=True) as connection:
            if _is_there(connection, template):
                return
            connection.execute("SELECT pg_advisory_lock(%s)", [_BUILDING])
            if _is_there(connection, template):
                return
            unfinished = f"{template}_unfinished"
            drop_database(self.server, unfinished)
            build(create_database(self.server, unfinished))
            connection.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                    sql.Identifier(unfinished), sql.Identifier(template)
                )
            )


def _is_there(connection: psycopg.Connection, name: str) -> bool:
    found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
    return found.fetchone() is not None


@pytest.fixture
def server_folder() -> Iterator[Path]:
    """For a server of a test's own, to be killed at will. Unlike tmp_path, others may enter it."""
    with own_folder() as folder:
        yield folder


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    with shared_folder("postgres") as folder:
        yield EmbeddedPostgres(folder / "server", durable=False).start()


@pytest.fixture
def databases(postgres_server: Server) -> Iterator[Databases]:
    mine = Databases(postgres_server)
    yield mine
    mine.drop_all()
