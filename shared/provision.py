"""Makes a service's database: roles, store, read tables. Everything a fresh server needs.

Four roles per service and one for the feeds of others; their passwords follow from one secret, so
that nothing but the secret has to be kept. Only the owner owns tables, and only migrations use it.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from psycopg import sql
from psycopg.conninfo import make_conninfo

from shared.projecting import read_schema
from shared.scram import verifier
from shared.vault import SCHEMA as VAULT_SCHEMA
from shared.vault import Vault

ROLES = ("owner", "app", "follower", "reader", "feed")
# How long a role may keep others waiting, on a server of anybody's: an open transaction holds its
# locks and stalls the log. A migration takes what it takes, and `verify` reads a whole log.
_IDLE, _STATEMENT = "idle_in_transaction_session_timeout", "statement_timeout"
_LIMITS = {
    "app": {_IDLE: "5s", _STATEMENT: "30s"},
    "follower": {_IDLE: "5s", _STATEMENT: "60s"},
    # The relay's lead ends with its session: a machine that is gone gives it back in a minute.
    "reader": {_IDLE: "5s", "tcp_keepalives_idle": "30", "tcp_keepalives_interval": "10"},
    "feed": {_IDLE: "5s", _STATEMENT: "30s"},
}
# A server that has gone without a word is noticed in about a minute, by who waits and by who is idle.
_PATIENCE: dict[str, Any] = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}
_MIGRATIONS = Path(__file__).parent / "migrations"


@dataclass(frozen=True, slots=True)
class Address:
    """Where the services' databases are. `prefix` keeps installations on one server apart."""

    host: str
    port: int
    secret: str
    prefix: str = "forfald"

    def database(self, service: str) -> str:
        return f"{self.prefix}_{service}"

    def dsn(self, service: str, role: str) -> str:
        user = f"{service}_{role}"
        return make_conninfo(
            host=self.host,
            port=self.port,
            dbname=self.database(service),
            user=user,
            password=self.password(user),
            **_PATIENCE,
        )

    def password(self, user: str) -> str:
        return hmac.new(self.secret.encode(), user.encode(), sha256).hexdigest()


def make_roles(superuser_dsn: str, service: str, address: Address) -> None:
    """The service's roles, none of which bypasses row security. Safe to run again."""
    with psycopg.connect(superuser_dsn, autocommit=True) as connection:
        for role in ROLES:
            user = f"{service}_{role}"
            if not _exists(connection, "select from pg_roles where rolname = %s", user):
                connection.execute(sql.SQL("create role {}").format(sql.Identifier(user)))
            connection.execute(
                sql.SQL("alter role {} login nosuperuser nobypassrls password {}").format(
                    sql.Identifier(user), sql.Literal(verifier(address.password(user)))
                )
            )
            for setting, limit in _LIMITS.get(role, {}).items():
                connection.execute(
                    sql.SQL("alter role {} set {} = {}").format(
                        sql.Identifier(user), sql.Identifier(setting), sql.Literal(limit)
                    )
                )
        # Row security binds the owner too; a rebuild reads and writes what projectors do.
        connection.execute(
            sql.SQL("grant {} to {}").format(
                sql.Identifier(f"{service}_follower"), sql.Identifier(f"{service}_owner")
            )
        )
        # The watermark asks which transactions are open, those of other roles included.
        connection.execute(
            sql.SQL("grant pg_read_all_stats to {}").format(sql.Identifier(f"{service}_reader"))
        )


def make_database(superuser_dsn: str, service: str, address: Address) -> None:
    """The service's database, owned by its owner and closed to everybody else."""
    name = address.database(service)
    with psycopg.connect(superuser_dsn, autocommit=True) as connection:
        if not _exists(connection, "select from pg_database where datname = %s", name):
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        close_to_others(connection, service, address)


def close_to_others(connection: psycopg.Connection[Any], service: str, address: Address) -> None:
    """Who may enter the service's database: its own roles. A copy of a database has none yet."""
    name, owner = sql.Identifier(address.database(service)), sql.Identifier(f"{service}_owner")
    roles = sql.SQL(", ").join(sql.Identifier(f"{service}_{role}") for role in ROLES)
    for statement in (
        sql.SQL("alter database {} owner to {}").format(name, owner),
        sql.SQL("revoke all on database {} from public").format(name),
        sql.SQL("grant connect on database {} to {}").format(name, roles),
    ):
        connection.execute(statement)


def make_vault(superuser_dsn: str, address: Address) -> Vault:
    """The key database, apart from all others so that its backups can be short-lived."""
    make_roles(superuser_dsn, "keys", address)
    make_database(superuser_dsn, "keys", address)
    with psycopg.connect(address.dsn("keys", "owner")) as connection:
        if not _exists(connection, "select from pg_tables where tablename = %s", "subject_key"):
            connection.execute(VAULT_SCHEMA)
    return open_vault(address)


def open_vault(address: Address) -> Vault:
    return Vault(address.dsn("keys", "app"), bytes.fromhex(address.password("vault master key")))


def migrate(
    owner_dsn: str, service: str, read: sa.MetaData, own_migrations: Sequence[Path] = ()
) -> None:
    """Bring the store and the service's own tables up to date, and make its read tables."""
    engine = sa.create_engine(
        "postgresql+psycopg://", creator=lambda: psycopg.connect(owner_dsn), poolclass=sa.NullPool
    )
    folders = [_MIGRATIONS / "versions", *own_migrations]
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", "\n".join(map(str, folders)))
    with engine.begin() as connection:
        # Two that are started at once take turns, and the second finds nothing left to do.
        connection.exec_driver_sql("select pg_advisory_xact_lock(hashtext('migrate'))")
        config.attributes.update(connection=connection, service=service)
        command.upgrade(config, "heads")
        read_schema.make(connection, read, service)


def _exists(connection: psycopg.Connection[Any], query: str, name: str) -> bool:
    return connection.execute(query, (name,)).fetchone() is not None
