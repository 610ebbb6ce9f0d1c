"""A world for a test: services with databases of their own, on a clock that the test moves.

world = World(server, [payments, approvals], start)
world.work("payments", tenant, lambda work: work.execute(PAYMENT, payment_id, command))
world.settle()          # until nobody has anything left to do
world.clock.advance(days=1)
"""

from __future__ import annotations

import atexit
import itertools
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Self
from uuid import UUID

import psycopg
from psycopg import sql

from shared.clock import SettableClock
from shared.postgres import Server, copy_database, remove_database
from shared.projecting.read_schema import fingerprint
from shared.provision import (
    Address,
    close_to_others,
    make_database,
    make_roles,
    make_vault,
    migrate,
    open_vault,
)
from shared.runtime import Runtime
from shared.service import Service, Surroundings
from shared.settings import Settings
from shared.testing.settling import settle
from shared.vault import SCHEMA as VAULT_SCHEMA

_SECRET = "only in tests, where nobody has anything"  # noqa: S105  opens throw-away databases
_number = itertools.count()
_SHORT = 12


class World:
    def __init__(
        self,
        server: Server,
        services: Sequence[Callable[[Surroundings], Service]],
        start: datetime,
        settings: Mapping[str, str] | None = None,
        clock: SettableClock | None = None,
    ) -> None:
        self.clock = clock or SettableClock(start)
        self.server = server
        self.address = Address(
            server.host, server.port, _SECRET, prefix=f"t{os.getpid()}_{next(_number)}"
        )
        self.vault = open_vault(self.address)
        surroundings = Surroundings(self.address, self.clock, self.vault, Settings(settings or {}))
        built = {service: service(surroundings) for service in services}
        superuser = superuser_of(server)
        clone_database(superuser, server, "keys", self.address, KEYS)
        for service in built.values():
            clone_database(superuser, server, service.name, self.address, Making.of(service))
        self._builders = {service.name: builder for builder, service in built.items()}
        self.runtimes = {one.name: Runtime(one, surroundings) for one in built.values()}

    def work(
        self, service: str, tenant_id: UUID, command: Callable[..., Any], actor: str = "user:test"
    ) -> Any:
        return self.runtimes[service].work(tenant_id, actor, command)

    def restart(self, service: str) -> None:
        """End a service and begin it anew: it knows what is kept, and nothing else."""
        surroundings = self.runtimes[service].surroundings
        self.runtimes[service].close()
        self.runtimes[service] = Runtime(self._builders[service](surroundings), surroundings)

    def settle(self) -> None:
        settle(self.runtimes)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for runtime in self.runtimes.values():
            runtime.close()
        self.vault.close()
        superuser = superuser_of(self.server)
        for name in ("keys", *self.runtimes):
            remove_database(superuser, self.address.database(name))


_superusers: dict[Server, psycopg.Connection[Any]] = {}


def superuser_of(server: Server) -> psycopg.Connection[Any]:
    """A connection that makes and removes databases: one of a server, until the process ends."""
    try:
        _superusers[server].execute("")
    except (KeyError, psycopg.OperationalError):  # none yet, or its server was begun anew
        made = psycopg.connect(server.dsn("postgres"), autocommit=True)
        atexit.register(made.close)
        _superusers[server] = made
    return _superusers[server]


@dataclass(frozen=True)
class Making:
    """How a template is made, by a superuser's DSN, and what changes whenever it would be another."""

    version: str
    make: Callable[[str, Address], None]

    @classmethod
    def of(cls, service: Service) -> Self:
        def make(superuser_dsn: str, template: Address) -> None:
            make_roles(superuser_dsn, service.name, template)
            make_database(superuser_dsn, service.name, template)
            own = [service.migrations] if service.migrations else []
            migrate(template.dsn(service.name, "owner"), service.name, service.read, own)

        return cls(fingerprint(service.read)[:_SHORT] + migrations_of(service), make)


def _make_keys(superuser_dsn: str, template: Address) -> None:
    make_vault(superuser_dsn, template).close()


KEYS = Making(sha256(VAULT_SCHEMA.encode()).hexdigest()[:_SHORT], _make_keys)


def clone_database(
    superuser: psycopg.Connection[Any], server: Server, name: str, address: Address, making: Making
) -> None:
    """A fresh database from a template that is made once per version, with the roles that use it."""
    template = replace(address, prefix=f"template_{making.version}")
    # Several test processes share the server; one at a time makes a template, or copies it.
    superuser.execute("select pg_advisory_lock(hashtext(%s))", (name,))
    found = superuser.execute(
        "select from pg_database where datname = %s and datistemplate", (template.database(name),)
    ).fetchone()
    if found is None:
        remove_database(superuser, template.database(name))
        making.make(server.dsn("postgres"), template)
        superuser.execute(sql.SQL("alter database {} is_template true").format(
            sql.Identifier(template.database(name))))  # fmt: skip
    copy_database(superuser, address.database(name), template.database(name))
    superuser.execute("select pg_advisory_unlock(hashtext(%s))", (name,))
    close_to_others(superuser, name, address)


def migrations_of(service: Service) -> str:
    """Changes whenever a migration of the store or of the service does."""
    folders = [Path(__file__).parents[1] / "migrations" / "versions"]
    folders += [service.migrations] if service.migrations else []
    digest = sha256()
    for path in sorted(path for folder in folders for path in folder.iterdir() if path.is_file()):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:_SHORT]
