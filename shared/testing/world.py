"""A world for a test: services with databases of their own, on a clock that the test moves.

world = World(server, [payments, approvals], start)
world.work("payments", tenant, lambda work: work.execute(PAYMENT, payment_id, command))
world.settle()          # until nobody has anything left to do
world.clock.advance(days=1)
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Self
from uuid import UUID

import psycopg
from psycopg import sql

from shared.clock import SettableClock
from shared.postgres import Server, create_database, drop_database
from shared.projecting.read_schema import fingerprint
from shared.provision import Address, make_database, make_roles, make_vault, migrate
from shared.runtime import Runtime
from shared.service import Service, Surroundings
from shared.settings import Settings

_SECRET = "only in tests"  # noqa: S105  opens nothing but throw-away databases
_number = itertools.count()
_STEPS_MAX = 500


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
        superuser = server.dsn("postgres")
        with builders_lock(superuser, "keys"):
            self.vault = make_vault(superuser, self.address)
        surroundings = Surroundings(self.address, self.clock, self.vault, Settings(settings or {}))
        built = {service: service(surroundings) for service in services}
        for service in built.values():
            clone_database(server, service, self.address)
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
        """Step all services in turn until none of them moves."""
        for _ in range(_STEPS_MAX):
            if sum(runtime.step() for runtime in self.runtimes.values()) == 0:
                return
        raise AssertionError("the world does not come to rest")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for name, runtime in self.runtimes.items():
            runtime.close()
            drop_database(self.server, self.address.database(name))
        self.vault.close()
        drop_database(self.server, self.address.database("keys"))


@contextmanager
def builders_lock(superuser_dsn: str, name: str) -> Iterator[psycopg.Connection[Any]]:
    """Several test processes share the server; one at a time makes roles and templates."""
    with psycopg.connect(superuser_dsn, autocommit=True) as connection:
        connection.execute("select pg_advisory_lock(hashtext(%s))", (name,))
        yield connection


def clone_database(server: Server, service: Service, address: Address) -> None:
    """A fresh database from a template that is made once per schema."""
    version = fingerprint(service.read)[:12] + migrations_of(service)
    template = Address(address.host, address.port, address.secret, f"template_{version}")
    name = template.database(service.name)
    with builders_lock(server.dsn("postgres"), service.name) as connection:
        make_roles(server.dsn("postgres"), service.name, address)
        found = connection.execute(
            "select from pg_database where datname = %s and datistemplate", (name,)
        ).fetchone()
        if found is None:
            drop_database(server, name)
            make_database(server.dsn("postgres"), service.name, template)
            own = [service.migrations] if service.migrations else []
            migrate(template.dsn(service.name, "owner"), service.name, service.read, own)
            connection.execute(sql.SQL("alter database {} is_template true").format(
                sql.Identifier(name)))  # fmt: skip
        create_database(server, address.database(service.name), template=name)
    make_database(server.dsn("postgres"), service.name, address)


def migrations_of(service: Service) -> str:
    """Changes whenever a migration of the store or of the service does."""
    folders = [Path(__file__).parents[1] / "migrations" / "versions"]
    folders += [service.migrations] if service.migrations else []
    digest = sha256()
    for path in sorted(path for folder in folders for path in folder.iterdir() if path.is_file()):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
