"""Makes and mends what an installation stands on: roles, databases, the vault, topics."""

from __future__ import annotations

from importlib import import_module
from uuid import UUID

from psycopg.conninfo import make_conninfo

from forfald.events_document.contracts import contracts
from forfald.house import builder
from shared.clock import WallClock
from shared.provision import make_database, make_roles, make_vault, migrate, open_vault
from shared.service import Surroundings
from shared.settings import Settings
from shared.stream.broker import BROKERS, kafka_servers
from shared.stream.topics import create_topics, topics_of


def bring_up_to_date(
    settings: Settings, service: str, superuser_password: str, superuser: str = "postgres"
) -> None:
    """A service's database with its roles, and the vault; made where a superuser is given."""
    address = settings.address
    if superuser_password:
        dsn = make_conninfo(
            host=address.host,
            port=address.port,
            dbname="postgres",
            user=superuser,
            password=superuser_password,
        )
        make_vault(dsn, address).close()
        make_roles(dsn, service, address)
        make_database(dsn, service, address)
    surroundings = Surroundings(address, WallClock(), open_vault(address), settings)
    built = builder(service)(surroundings)
    own = [built.migrations] if built.migrations else []
    migrate(address.dsn(service, "owner"), service, built.read, own)


def make_topics(settings: Settings, replicas: int) -> list[str]:
    """The topics of all contracts, on the broker that the setting names; none when embedded."""
    servers = settings.read("broker", kafka_servers, BROKERS)
    return create_topics(servers, topics_of(contracts()), replicas) if servers else []


def first_client() -> UUID:
    """The demonstration's first client."""
    client: UUID = import_module("services.tenants.acts.demo").FJORDVIG.client_id
    return client
