"""Making and dropping databases on a server."""

from __future__ import annotations

import psycopg
from psycopg import sql

from shared.postgres.embedded import Server


def create_database(server: Server, name: str, template: str | None = None) -> str:
    """Make a database, empty or as a copy of another one that nobody is connected to; its DSN."""
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as connection:
        copy_database(connection, name, template or "template0")
    return server.dsn(name)


def drop_database(server: Server, name: str) -> None:
    """Drop a database if it exists, whoever is still connected to it."""
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as connection:
        remove_database(connection, name)


def copy_database(connection: psycopg.Connection, name: str, template: str) -> None:
    """The same by a connection that makes several. A copy is made file by file: for a small
    template that is far quicker than through the log.
    """
    how = sql.SQL("TEMPLATE {} STRATEGY FILE_COPY").format(sql.Identifier(template))
    connection.execute(sql.SQL("CREATE DATABASE {} {}").format(sql.Identifier(name), how))


def remove_database(connection: psycopg.Connection, name: str) -> None:
    connection.execute(
        sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    )
