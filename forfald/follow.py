"""The causal chain of one invoice across the services, from their logs: what, when, who, where.

Everything that follows from one cause carries its correlation id, and every event names the event
before it, so the chain is read, not guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import msgspec
from rich.console import Console
from rich.table import Table

from forfald.verify.facts import Facts, Stored
from shared.stream.subscriptions import snake

_ROOT: Final = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Step:
    """One event on the invoice's way. `file` is where it was decided."""

    at: datetime
    service: str
    event: str
    actor: str
    file: str


def follow(facts: Facts, invoice: str) -> list[Step]:
    """The steps of an invoice by its number or id, in the order of business time."""
    streams = _streams_of(facts, invoice)
    steps = [
        Step(
            event.recorded_at,
            event.service,
            event.name.split(".")[1],
            _actor(event),
            _file_of(event),
        )
        for service in facts.events
        for event in facts.events[service]
        if event.aggregate_id in streams or _mentions(event, streams)
    ]
    return sorted(steps, key=lambda step: (step.at, _ORDER.get(step.service, 9)))


_ORDER: Final = {"sync": 0, "payments": 1, "approvals": 2, "notifications": 3, "tenants": 4}


def _streams_of(facts: Facts, invoice: str) -> set[UUID]:
    """The invoice's own aggregates: those that say they are about it."""
    found = {
        UUID(record["invoice_id"])
        for record in _booked(facts)
        if invoice in {record["number"], record["invoice_id"]}
    }
    payments = {
        event.aggregate_id
        for event in facts.named("payments.PaymentDrafted.v1")
        if UUID(event.fields["invoice"]["invoice_id"]) in found
    }
    return found | payments


def _booked(facts: Facts) -> Iterator[Any]:
    for record in facts.published.get("sync", ()):
        if record.type_name == "forfald.sync.InvoiceBooked.v1":
            yield msgspec.json.decode(record.body)


def _mentions(event: Stored, streams: set[UUID]) -> bool:
    return any(str(stream).encode() in event.body for stream in streams)


def _actor(event: Stored) -> str:
    actor: str = msgspec.json.decode(event.meta)["actor"]
    kind, _, who = actor.partition(":")
    return f"{kind} {who[:8]}" if kind == "user" else who


def _file_of(event: Stored) -> str:
    """The file whose rule decides the event, found by the name it is published or decided under."""
    name = event.name.split(".")[1]
    folder = _ROOT / "services" / event.service / "model"
    for path in sorted(folder.glob("*.py")):
        if f"{name}(" in path.read_text(encoding="utf-8"):
            return path.relative_to(_ROOT).as_posix()
    return f"services/{event.service}/publications.py after_{snake(name)}"


def show(steps: Sequence[Step], console: Console) -> None:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for title in ("when", "service", "event", "by", "decided in"):
        table.add_column(title, no_wrap=title != "decided in")
    day = None
    for step in steps:
        when = f"{step.at:%H:%M:%S}" if step.at.date() == day else f"{step.at:%a %d %b %H:%M:%S}"
        day = step.at.date()
        table.add_row(when, step.service, step.event, step.actor, f"[dim]{step.file}[/]")
    console.print(table)
