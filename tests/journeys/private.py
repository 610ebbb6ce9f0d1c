"""What must never be said of itself by the house, and where it says things."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psycopg

from forfald.demo import outside_world as outside
from forfald.house import SERVICES
from services.tenants.acts.demo import PEOPLE
from shared.settings import Settings
from shared.telemetry import logs, metrics, start_telemetry
from tests.journeys.house import House


def secrets(house: House) -> set[str]:
    """Accounts of both sides, people, suppliers, what opens doors, and what mails lead to."""
    paid = [
        invoice.payment
        for invoices in (*outside.EARLIER.values(), *outside.OPENING.values())
        for invoice in invoices
        if invoice.payment
    ]
    settings = house.runtimes["payments"].surroundings.settings
    return {
        *(company.bank_account for company in outside.COMPANIES),
        *(company.grant for company in outside.COMPANIES),
        *(payment["creditorId"] for payment in paid),
        *(payment["creditorInvoiceId"] for payment in paid if "creditorInvoiceId" in payment),
        *(name for some in outside.SUPPLIERS.values() for name, _ in some.values()),
        *(person.name for person in PEOPLE),
        *(person.email for person in PEOPLE),
        *(settings[name] for name in ("bank_token", "approvals_private_key")),
        *_links_in_mails(house),
    }


def _links_in_mails(house: House) -> set[str]:
    mails = httpx.get(f"{house.urls['mailbox_url']}/control/mails", trust_env=False).json()
    tokens = {link.rpartition("/links/")[2] for mail in mails for link in mail["links"]}
    assert tokens
    return tokens


@contextmanager
def telemetry_in(folder: Path) -> Iterator[None]:
    """Logs and traces as in a service's own process, for as long as the block lasts."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    places = {"logs": f"file:{folder / 'logs'}", "traces": f"file:{folder / 'spans'}"}
    provider = start_telemetry("house", Settings(places))
    try:
        yield
    finally:
        provider.shutdown()
        start_telemetry("test", Settings())
        logs.configure(None)
        root.handlers[:] = handlers
        root.setLevel(level)


def telemetry(folder: Path) -> str:
    """Every log line, every span and every figure."""
    written = [(folder / name).read_text() for name in ("logs", "spans")]
    return "\n".join((*written, metrics.exposition().decode()))


def stream(house: House) -> str:
    """Every message of every service: its key, its headers and its body."""
    told = []
    for service in SERVICES:
        with psycopg.connect(house.address.dsn(service, "reader")) as connection:
            told += connection.execute("select key, headers, body from outbox").fetchall()
    return "\n".join(bytes(part).decode() for row in told for part in row)
