"""Makes an installation on this machine: PostgreSQL, databases, keys, ports, settings."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import psycopg

from forfald import secret_files
from forfald.demo.folder import POSTGRES
from forfald.house import SERVICES
from forfald.installing import bring_up_to_date
from shared import movable_clock
from shared.movable_clock import MovableClock
from shared.postgres import EmbeddedPostgres, Server
from shared.processes import free_port
from shared.provision import Address, make_database, make_roles
from shared.settings import Settings
from shared.stream.broker import EMBEDDED

# Every rate that the product will ever need exists for this time.
START: Final = datetime(2026, 2, 26, 7, 40, tzinfo=UTC)
FIRST_MORNING: Final = datetime(2026, 3, 2, 7, 40, tzinfo=UTC)
_SIMULATED: Final = ("bank", "economic", "mailbox", "smtp", "push", "print", "agency")


@dataclass(frozen=True, slots=True)
class Installation:
    settings: Settings
    postgres: EmbeddedPostgres
    ports: dict[str, int]

    @property
    def clock(self) -> MovableClock:
        return MovableClock(self.settings["clock_dsn"])


def install(
    folder: Path, *, port: int | None = None, durable: bool = True, broker: str = EMBEDDED
) -> Installation:
    """Everything a demonstration stands on, made in `folder` and started."""
    postgres = EmbeddedPostgres(folder / POSTGRES, durable=durable)
    server = postgres.start()
    address = Address(server.host, server.port, secrets.token_hex(16))
    ports = {name: free_port() for name in (*SERVICES, *_SIMULATED)}
    ports["ingress"] = port or free_port()
    settings = Settings({**fresh_keys(), **_settings(address, ports, broker)})
    provision(server, settings)
    clock_dsn = _make_clock(server, address)
    settings = settings.with_values(clock_dsn=clock_dsn)
    (folder / "settings.json").write_text(json.dumps(dict(settings.values), indent=2))
    (folder / "settings.json").chmod(0o600)
    return Installation(settings, postgres, ports)


def provision(server: Server, settings: Settings) -> None:
    """Roles, databases, stores and read tables of all services, and the vault."""
    for name in SERVICES:
        bring_up_to_date(settings, name, server.password, server.superuser)


def _make_clock(server: Server, address: Address) -> str:
    superuser = server.dsn("postgres")
    make_roles(superuser, "clock", address)
    make_database(superuser, "clock", address)
    dsn = address.dsn("clock", "owner")
    with psycopg.connect(dsn) as connection:
        connection.execute(movable_clock.SCHEMA)
    MovableClock(dsn).move_to(START)
    return dsn


def _settings(address: Address, ports: dict[str, int], broker: str) -> dict[str, str]:
    urls = {f"{name}_url": f"http://127.0.0.1:{number}" for name, number in ports.items()}
    bells = {name: free_port() for name in SERVICES}
    numbers = {f"{name}_port": str(number) for name, number in ports.items()}
    return {
        "postgres_host": address.host,
        "postgres_port": str(address.port),
        "postgres_secret": address.secret,
        "postgres_prefix": address.prefix,
        "broker": broker,
        # The only one of its service, also after it has been killed.
        "instance": "1",
        "demo": "on",
        "public_url": urls["ingress_url"],
        "smtp_host": "127.0.0.1",
        "economic_secret": secrets.token_hex(8),
        # The bank and the ledger are on this machine: who does not answer soon never will.
        "economic_timeout": "5",
        "bank_timeout": "5",
        # No device out there is called: what is registered here is told by the simulated service.
        "push_services": urls["push_url"],
        "print_organisation": "demo",
        "print_client": "demo",
        "debitura_url": urls["agency_url"],
        "debitura_portal_url": urls["agency_url"],
        "debitura_test": "on",
        "mail_from": "forfald@forfald.example",
        "mail_domain": "forfald.example",
        **urls,
        **numbers,
        **{f"{name}_bell": str(port) for name, port in bells.items()},
        "bells": " ".join(map(str, bells.values())),
    }


def fresh_keys() -> dict[str, str]:
    """Signing keys and tokens: for approvals' evidence, tenants' assertions, pushes, the bank."""
    return dict(secret_files.fresh())
