"""The house in its own processes: what each costs idle, and how long from booked to ready to pay."""

from __future__ import annotations

import os
import random
import re
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import quantiles
from uuid import UUID

from forfald.demo import outside_world as outside
from forfald.demo.opening import CLIENTS, Client
from forfald.demo.outside_world import Invoice, OutsideWorld
from forfald.demo.stage import Stage, play_opening, staged
from services.payments.acts.intake import payment_id_of
from services.payments.events.order import PaymentReady
from services.sync.events import InvoiceSeen
from shared.eventstore.events import Event, stored_name
from shared.eventstore.mapper import decode_meta
from shared.stream.broker import EMBEDDED

_IDLE_S = 10.0
_TICKS = os.sysconf("SC_CLK_TCK")
_FIRST_ATTEMPT = 1
_SUPPLIER, _CREDITOR = 11, "80882939"
"""Paid before at this account, so that nothing about it is unusual."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one process while nothing happens."""

    memory_mb: float
    processor_percent: float


@dataclass(frozen=True, slots=True)
class Figures:
    p50_ms: float
    p99_ms: float
    idle: Mapping[str, Cost]


def measure(folder: Path, invoices: int, broker: str = EMBEDDED) -> Figures:
    """Sync reads a ledger with one new invoice, again and again, at any moment of the parts' polls."""
    with staged(folder, broker=broker) as stage:
        play_opening(stage)
        idle = _idle(stage)
        before = {name: _last_position(stage, name) for name in ("sync", "payments")}
        _book(stage, CLIENTS[0], invoices)
        booked = dict(_when(stage, "sync", InvoiceSeen, before["sync"]))
        ready = dict(_when(stage, "payments", PaymentReady, before["payments"]))
    tenant = CLIENTS[0].tenant_id
    waits = [
        (ready[payment_id_of(tenant, invoice, _FIRST_ATTEMPT)] - at).total_seconds() * 1000
        for invoice, at in booked.items()
    ]
    assert len(waits) == invoices
    cuts = quantiles(waits, n=100)
    return Figures(cuts[49], cuts[98], idle)


def _book(stage: Stage, client: Client, invoices: int) -> None:
    world = OutsideWorld(stage.settings["bank_url"], stage.settings["economic_url"])
    dice, pause = random.Random(7), threading.Event()
    for number in range(invoices):
        pause.wait(dice.random())
        due = 20 + number
        invoice = Invoice(
            _SUPPLIER,
            f"B-{number}",
            f"{100 + number}.00",
            due,
            outside.fik(_CREDITOR, 5000 + number),
        )
        world.book({client.company.agreement: [invoice]}, stage.installation.clock.now().date())
        stage.opening.sync_now(client)
        stage.travel.wait_for_quiet()
    world.close()


def _last_position(stage: Stage, service: str) -> int:
    with stage.runtimes[service].reader.connection() as transaction:
        row = transaction.raw.execute("select coalesce(max(position), 0) from event").fetchone()
    assert row is not None
    return int(row[0])


def _when(
    stage: Stage, service: str, kind: type[Event], after: int
) -> Iterator[tuple[UUID, datetime]]:
    """When each of these events was recorded, by its aggregate."""
    with stage.runtimes[service].reader.connection() as transaction:
        rows = transaction.raw.execute(
            "select aggregate_id, meta from event where name = %s and position > %s",
            (stored_name(kind), after),
            binary=True,
        ).fetchall()
    for aggregate_id, meta in rows:
        yield aggregate_id, decode_meta(meta).recorded_at


def _idle(stage: Stage) -> dict[str, Cost]:
    stage.travel.wait_for_quiet()
    pids = {name: int(child["pid"]) for name, child in stage.supervisor.state().items()}
    before = {name: _processor_seconds(pid) for name, pid in pids.items()}
    threading.Event().wait(_IDLE_S)
    return {
        name: Cost(_resident_mb(pid), 100 * (_processor_seconds(pid) - before[name]) / _IDLE_S)
        for name, pid in pids.items()
    }


def _processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _resident_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    found = re.search(r"^VmRSS:\s+(\d+) kB", status, re.MULTILINE)
    assert found is not None
    return int(found[1]) / 1024
