"""Journeys that play by themselves and tell what they did as a table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Final

from rich.console import Console

from forfald.aligned import Aligned
from forfald.demo.installation import FIRST_MORNING
from forfald.demo.opening import CLIENTS
from forfald.demo.stage import Stage
from forfald.demo.time_travel import ZONE
from services.payments import queries
from services.payments.values import State

Script = Callable[[Stage, Console], bool]
_STATES: Final = (
    ("ready", {State.DRAFT}),
    ("blocked", {State.BLOCKED, State.HELD}),
    ("asked", {State.AWAITING_APPROVAL, State.APPROVED}),
    ("scheduled", {State.SCHEDULED}),
    ("bank", {State.RELEASING, State.SUBMITTED, State.ACCEPTED, State.AWAITING_FUNDS}),
    ("unknown", {State.OUTCOME_UNKNOWN}),
    ("paid", {State.EXECUTED, State.RECONCILED}),
)
_SILENT_NIGHT: Final = FIRST_MORNING + timedelta(days=1, hours=15, minutes=10)
"""Tuesday, ten to midnight in Copenhagen: an order has left, and the bank said nothing."""


def payables(stage: Stage, console: Console) -> bool:
    """From booked to bookkept: what is ready is approved, days pass, the ledger agrees."""
    names = [*(name for name, _ in _STATES), "bookkept"]
    table = Aligned("business time", "what happened", *names, right=range(2, 2 + len(names)))
    for step in _steps(stage):
        now = stage.installation.clock.now().astimezone(ZONE)
        table.add(f"{now:%a %d %b %H:%M}", step, *map(str, _counts(stage)))
    table.show(console)
    ready, blocked, asked, scheduled, at_bank, unknown, paid, bookkept = _counts(stage)
    console.print()
    console.print(
        f"{paid} paid, {bookkept} bookkept; {scheduled} wait for their day, {blocked} for a person.",
        highlight=False,
    )
    return ready + asked + at_bank + unknown == 0 and paid == bookkept > 0


def _steps(stage: Stage) -> Iterator[str]:
    yield "the first morning"
    for client in CLIENTS:
        stage.opening.send_ready(client)
    stage.travel.wait_for_quiet()
    yield "Mette asks the approvers"
    for client in CLIENTS:
        stage.opening.approve_all(client)
    stage.travel.wait_for_quiet()
    yield "they say yes"
    stage.travel.to(_SILENT_NIGHT)
    yield "the bank does not answer"
    stage.travel.to_next_banking_day()
    yield "its statement has answered"
    stage.travel.days(7)
    yield "a week later"


def _counts(stage: Stage) -> list[int]:
    runtime = stage.runtimes["payments"]
    found = []
    for client in CLIENTS:
        with runtime.app.transaction([client.tenant_id]) as transaction:
            found += queries.payables(transaction.sql, client.tenant_id)
    counts = [sum(one.state in states for one in found) for _, states in _STATES]
    return [*counts, sum(one.voucher is not None for one in found)]


SCRIPTS: Final[Mapping[str, Script]] = {"payables": payables}
