"""Looks an installation over and says, line by line, what is well and how to mend what is not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
from rich.console import Console

from forfald.house import SERVICES, builder
from shared.isolation import holes
from shared.postgres import PostgresError, find_binaries, unsafe_settings
from shared.projecting.read_schema import fingerprint, made
from shared.service import Surroundings
from shared.settings import MissingSetting, Settings


@dataclass(frozen=True, slots=True)
class Finding:
    """`mend` is empty when all is well."""

    what: str
    mend: str = ""


def examine(settings: Settings) -> Iterator[Finding]:
    """Everything that can be looked at without changing it."""
    yield _binaries()
    try:
        address = settings.address
    except MissingSetting as missing:
        yield Finding("settings", f"{missing}; `forfald demo` needs none of them")
        return
    for name in SERVICES:
        try:
            with psycopg.connect(address.dsn(name, "app"), connect_timeout=3) as connection:
                yield from _database(name, connection)
        except psycopg.OperationalError as error:
            yield Finding(f"database of {name}", f"cannot be reached: {error}".strip())


def _binaries() -> Finding:
    try:
        found = find_binaries()
    except PostgresError as error:
        return Finding("PostgreSQL binaries", str(error))
    return Finding(f"PostgreSQL {found.major} binaries in {found.folder}")


def _database(name: str, connection: psycopg.Connection[tuple[object, ...]]) -> Iterator[Finding]:
    found = holes(connection)
    yield Finding(f"tenants kept apart in {name}", "; ".join(found))
    unsafe = unsafe_settings(connection.info.dsn + f" password={connection.info.password}")
    yield Finding(f"{name} keeps what it acknowledges", "; ".join(unsafe))


def stale_read_tables(settings: Settings, surroundings: Surroundings) -> Iterator[Finding]:
    """Read tables that were made from other definitions than the ones in the code."""
    import sqlalchemy as sa

    for name in SERVICES:
        service = builder(name)(surroundings)
        engine = sa.create_engine(
            "postgresql+psycopg://",
            creator=lambda name=name: psycopg.connect(settings.address.dsn(name, "reader")),
        )
        with engine.connect() as connection:
            same = made(connection) == fingerprint(service.read)
        mend = "" if same else f"run `forfald rebuild {name}`: its definitions have changed"
        yield Finding(f"read tables of {name}", mend)


def show(findings: Iterator[Finding], console: Console) -> bool:
    """Print each finding; true if all is well."""
    well = True
    for finding in findings:
        if finding.mend:
            well = False
            console.print(f"[red]✗[/] {finding.what}\n    {finding.mend}")
        else:
            console.print(f"[green]✓[/] {finding.what}")
    return well
