"""The twelve reports over many invoices: facts are made by COPY, since no log of that size is told."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from statistics import median
from typing import Any
from uuid import UUID, uuid4, uuid5

import psycopg

from services.dunning.queries.reports import CODES, report, viewpoint
from services.dunning.tables import facts
from shared.clock import WallClock
from shared.testing.world import World
from tests.perf.report import Line

TENANT = UUID("9e0a0000-0000-4000-8000-000000000009")
AS_OF = date(2026, 3, 31)
ROWS = 100
_ROUNDS = 5
_DAYS = 730
_KNOWN = datetime(2026, 4, 1, tzinfo=UTC)
_COMMON = {"tenant_id": TENANT, "superseded_at": None}


def measure(world: World, invoices: int) -> dict[str, float]:
    """Milliseconds per report, the median of some rounds: its first page, and for all of it at once."""
    fill(world, invoices)
    clock, found = WallClock(), {}
    with world.runtimes["dunning"].app.transaction([TENANT]) as transaction:
        sql = transaction.sql
        view = viewpoint(sql, TENANT, _KNOWN, as_of=AS_OF, most=ROWS)
        for code in CODES:
            spent = []
            for _ in range(_ROUNDS):
                before = clock.monotonic()
                report(sql, code, view)
                spent.append((clock.monotonic() - before) * 1000)
            found[code] = median(spent)
    return found


def lines(world: World, invoices: int) -> Iterator[Line]:
    """A line for each report, and how long all twelve take together."""
    found = measure(world, invoices)
    for code, spent_ms in found.items():
        yield Line(f"report {code} over {invoices:,} invoices", f"p50 {spent_ms:.0f} ms")
    whole = sum(found.values())
    yield Line(f"all twelve reports over {invoices:,} invoices", f"{whole:.0f} ms")


def fill(world: World, invoices: int) -> None:
    """Two years of a creditor: nine of ten invoices paid, each third reminded, some in collection."""
    superuser = world.server.dsn(world.address.database("dunning"))
    with psycopg.connect(superuser) as connection:
        made = list(_history(invoices))
        for table in (facts.debtor, facts.invoice, facts.movement, facts.credit, facts.charge,
                      facts.notice_line, facts.plan, facts.case, facts.control):  # fmt: skip
            names = [column.name for column in table.columns]
            copy = f"copy read.{table.name} ({', '.join(names)}) from stdin"
            with connection.cursor().copy(copy) as rows:
                for of, row in made:
                    if of is table:
                        rows.write_row([row.get(name) for name in names])
        connection.execute("analyze")


def _history(invoices: int) -> Iterator[tuple[Any, dict[str, Any]]]:
    dice = random.Random(7)
    debtors = [uuid5(TENANT, f"debtor {n}") for n in range(max(invoices // 20, 1))]
    for n, debtor_id in enumerate(debtors):
        yield facts.debtor, _row(debtor_id=debtor_id, number=str(n), kind="company", country="DK",
                                 name=json.dumps({"subject": str(debtor_id), "sealed": ""}))  # fmt: skip
    for n in range(invoices):
        yield from _invoice(dice, n, dice.choice(debtors))
    yield (
        facts.control,
        _row(daily_id=uuid4(), read_on=AS_OF, currency="DKK", ledger_minor=0, mirror_minor=0),
    )


def _invoice(
    dice: random.Random, number: int, debtor_id: UUID
) -> Iterator[tuple[Any, dict[str, Any]]]:
    invoice_id, entry_id = uuid5(TENANT, f"invoice {number}"), uuid4()
    issued = AS_OF - timedelta(days=dice.randrange(_DAYS))
    due, gross = issued + timedelta(days=30), dice.randrange(10_000, 5_000_000)
    own = {"invoice_id": invoice_id, "recorded_at": _at(issued)}
    paid = issued + timedelta(days=dice.randrange(5, 75)) if dice.random() < 0.9 else None
    yield facts.invoice, _row(**own, debtor_id=debtor_id, number=str(number), issued_on=issued,
                              due_on=due, currency="DKK", gross_minor=gross, base_currency="DKK",
                              gross_base_minor=gross, withdrawn=False, settled_on=paid,
                              settled_at=paid and _at(paid))  # fmt: skip
    if paid is not None:
        yield facts.movement, _row(**{**own, "recorded_at": _at(paid)}, line=0, entry_id=entry_id,
                                   kind="payment", amount_minor=gross, value_on=paid,
                                   matched_on=paid, correction=False,
                                   through_agency=False)  # fmt: skip
        yield facts.credit, _row(item_id=entry_id, debtor_id=debtor_id, kind="payment",
                                 number=str(number), dated_on=paid, currency="DKK",
                                 amount_minor=gross, amount_base_minor=gross, remaining_minor=0,
                                 recorded_at=_at(paid))  # fmt: skip
    if dice.random() < 0.33:
        yield from _reminded(dice, own, due, gross)
    if dice.random() < 0.02:
        yield facts.case, _row(**own, case_id=uuid4(), agency="Agency", currency="DKK",
                               handed_over_on=due + timedelta(days=40), principal_minor=gross,
                               charges_minor=0, interest_minor=0)  # fmt: skip
    yield facts.plan, _row(**own, category="reminder", step=0, planned_on=due + timedelta(days=10))


def _reminded(
    dice: random.Random, own: dict[str, Any], due: date, gross: int
) -> Iterator[tuple[Any, dict[str, Any]]]:
    notice_id, sent = uuid4(), due + timedelta(days=10)
    warned = dice.random() < 0.3
    yield facts.notice_line, _row(**own, notice_id=notice_id, sent_on=sent, level=1 + warned,
                                  category="warning" if warned else "reminder",
                                  deadline_on=sent + timedelta(days=10), currency="DKK",
                                  principal_minor=gross, channel="mail")  # fmt: skip
    yield facts.charge, _row(**own, charge_id=uuid4(), kind="fee", category="reminder", level=1,
                             currency="DKK", amount_minor=10_000, charged_on=sent)  # fmt: skip


def _row(**facts_: Any) -> dict[str, Any]:
    return {"version": 1, "recorded_at": _at(AS_OF - timedelta(days=_DAYS)), **_COMMON, **facts_}


def _at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 6, tzinfo=UTC)
