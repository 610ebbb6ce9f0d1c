"""Looks an installation over and says, line by line, what is well and how to mend what is not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
import sqlalchemy as sa
from aiokafka.errors import KafkaError
from rich.console import Console
from rich.markup import escape

from forfald.events_document.contracts import contracts
from forfald.house import SERVICES, builder, surroundings_of
from shared.database import UNAVAILABLE, Database
from shared.isolation import holes
from shared.postgres import PostgresError, find_binaries, unsafe_settings
from shared.projecting.read_schema import fingerprint, made
from shared.runtime import Runtime
from shared.service import Service, Surroundings
from shared.settings import BadSetting, Settings
from shared.stream.broker import BROKERS, EMBEDDED, kafka_servers
from shared.stream.topics import faults_of, topics_of


@dataclass(frozen=True, slots=True)
class Finding:
    """`mend` is empty when all is well."""

    what: str
    mend: str = ""


def examine(settings: Settings) -> Iterator[Finding]:
    """Everything that can be looked at without changing it."""
    yield _binaries()
    try:
        surroundings = surroundings_of(settings)
    except BadSetting as bad:
        yield Finding("settings", f"{bad}; `forfald demo` needs none of them")
        return
    yield from _topics(settings)
    for name in SERVICES:
        yield from _service(name, surroundings)


def _topics(settings: Settings) -> Iterator[Finding]:
    """On a broker; the embedded feed has none."""
    try:
        servers = settings.read("broker", kafka_servers, BROKERS, EMBEDDED)
    except BadSetting as bad:
        yield Finding("broker", str(bad))
        return
    if servers is None:
        return
    what = f"topics on Kafka at {servers}"
    try:
        faults = faults_of(servers, topics_of(contracts()))
    except KafkaError as error:
        yield Finding(what, f"cannot be reached: {error}")
        return
    yield Finding(
        what, f"{'; '.join(faults)}. `forfald topics` makes what is missing" if faults else ""
    )


def _binaries() -> Finding:
    try:
        found = find_binaries()
    except PostgresError as error:
        return Finding("PostgreSQL binaries", str(error))
    return Finding(f"PostgreSQL {found.major} binaries in {found.folder}")


def _service(name: str, surroundings: Surroundings) -> Iterator[Finding]:
    try:
        service = _built(name, surroundings)
    except BadSetting as bad:
        yield Finding(f"settings of {name}", str(bad))
        return
    yield Finding(f"settings of {name}")
    try:
        yield from _database(service, surroundings)
    except UNAVAILABLE as error:
        why = str(error).partition("\n")[0]
        yield Finding(f"database of {name}", f"{why}; `make demo` starts one of its own")


def _built(name: str, surroundings: Surroundings) -> Service:
    """With its pages, since they read settings of their own; nothing of it is started."""
    service = builder(name)(surroundings)
    runtime = Runtime(service, surroundings)
    try:
        if service.web is not None:
            service.web(runtime)
    finally:
        runtime.close()
    return service


def _database(service: Service, surroundings: Surroundings) -> Iterator[Finding]:
    name, address = service.name, surroundings.address
    with psycopg.connect(address.dsn(name, "app"), connect_timeout=3) as connection:
        yield Finding(f"tenants kept apart in {name}", "; ".join(holes(connection)))
    unsafe = unsafe_settings(address.dsn(name, "app"))
    yield Finding(f"{name} keeps what it acknowledges", "; ".join(unsafe))
    with Database(address.dsn(name, "reader"), pool_size=0).connection() as transaction:
        yield _read_tables(service, transaction.sql)


def _read_tables(service: Service, connection: sa.Connection) -> Finding:
    """Whether they were made from the definitions in the code."""
    what = f"read tables of {service.name}"
    try:
        same = made(connection) == fingerprint(service.read)
    except sa.exc.ProgrammingError:
        return Finding(what, f"not made yet: run `forfald migrate {service.name}`")
    mend = "" if same else f"run `forfald rebuild {service.name}`: its definitions have changed"
    return Finding(what, mend)


def show(findings: Iterator[Finding], console: Console) -> bool:
    """Print each finding; true if all is well."""
    well = True
    for finding in findings:
        if finding.mend:
            well = False
            mend = f"\n    {escape(finding.mend)}"
            console.print(f"[red]✗[/] {escape(finding.what)}{mend}", soft_wrap=True)
        else:
            console.print(f"[green]✓[/] {escape(finding.what)}", soft_wrap=True)
    return well
