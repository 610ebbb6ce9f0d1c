"""Journeys that play by themselves and tell what they did as a table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from rich.console import Console
from rich.table import Table

from forfald.demo.opening import CLIENTS
from forfald.demo.stage import Stage
from services.payments import queries
from services.payments.values import State

Script = Callable[[Stage, Console], bool]
_STATES: Final = (
    ("ready", {State.DRAFT}),
    ("blocked", {State.BLOCKED, State.HELD}),
    ("with approvers", {State.AWAITING_APPROVAL, State.APPROVED}),
    ("scheduled", {State.SCHEDULED}),
    ("at the bank", {State.RELEASING, State.SUBMITTED, State.ACCEPTED, State.AWAITING_FUNDS}),
    ("unknown", {State.OUTCOME_UNKNOWN}),
    ("paid", {State.EXECUTED, State.RECONCILED}),
)


def payables(stage: Stage, console: Console) -> bool:
    """From booked to bookkept: what is ready is approved, days pass, the ledger agrees."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("step")
    table.add_column("business time")
    for name, _ in (*_STATES, ("bookkept", ())):
        table.add_column(name, justify="right")
    for step in _steps(stage):
        counts = _counts(stage)
        now = stage.installation.clock.now()
        table.add_row(step, f"{now:%a %d %b %H:%M}", *map(str, counts))
    console.print(table)
    *_, unknown, paid, bookkept = _counts(stage)
    return unknown == 0 and paid == bookkept and paid > 0


def _steps(stage: Stage) -> Iterator[str]:
    yield "the first morning"
    for client in CLIENTS:
        stage.opening.send_ready(client)
    stage.travel.wait_for_quiet()
    yield "Mette sends what is ready to approval"
    for client in CLIENTS:
        stage.opening.approve_all(client)
    stage.travel.wait_for_quiet()
    yield "the approvers say yes"
    stage.travel.to_next_banking_day()
    yield "the next banking day"
    stage.travel.days(15)
    yield "fifteen days later"


def _counts(stage: Stage) -> list[int]:
    runtime = stage.runtimes["payments"]
    found = []
    for client in CLIENTS:
        with runtime.app.transaction([client.tenant_id]) as transaction:
            found += queries.payables(transaction.sql, client.tenant_id)
    counts = [sum(one.state in states for one in found) for _, states in _STATES]
    return [*counts, sum(one.voucher is not None for one in found)]


SCRIPTS: Final[Mapping[str, Script]] = {"payables": payables}
