"""Journeys that play by themselves and tell what they did as a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Final, TypeVar
from uuid import UUID

import sqlalchemy as sa
from rich.console import Console

from forfald.aligned import Aligned
from forfald.demo.creditors import CREDITORS
from forfald.demo.installation import FIRST_MORNING
from forfald.demo.opening import CLIENTS
from forfald.demo.stage import Stage
from forfald.demo.time_travel import ZONE
from services.dunning.model.notice import State as Letter
from services.dunning.model.receivable import State as Owed
from services.dunning.queries import standing
from services.dunning.queries.standing import NoticeRow, Row
from services.dunning.values import NoticeKind
from services.payments import queries
from services.payments.values import State

Script = Callable[[Stage, Console], bool]
Found = TypeVar("Found")
_STATES: Final = (
    ("ready", {State.DRAFT}),
    ("blocked", {State.BLOCKED, State.HELD}),
    ("asked", {State.AWAITING_APPROVAL, State.APPROVED}),
    ("scheduled", {State.SCHEDULED}),
    ("bank", {State.RELEASING, State.SUBMITTED, State.ACCEPTED, State.AWAITING_FUNDS}),
    ("unknown", {State.OUTCOME_UNKNOWN}),
    ("paid", {State.EXECUTED, State.RECONCILED}),
)
_WEEKS: Final = 10
_STANDINGS: Final[tuple[tuple[str, Callable[[Row, date], bool]], ...]] = (
    ("not due", lambda row, today: row.state is Owed.OPEN and row.due_on >= today),
    ("overdue", lambda row, today: row.state is Owed.OPEN and row.due_on < today),
    ("reminded", lambda row, _: row.state is Owed.OPEN and row.last_kind is NoticeKind.REMINDER),
    ("warned", lambda row, _: row.state is Owed.OPEN and row.last_kind is NoticeKind.WARNING),
    ("agency", lambda row, _: row.state is Owed.AT_AGENCY),
    ("paid", lambda row, _: row.state is Owed.SETTLED),
)
"""How invoices stand; who was reminded or warned is overdue too."""
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


def receivables(stage: Stage, console: Console) -> bool:
    """Ten weeks of customers who pay late: letters, money, and what the agency is given."""
    names = [name for name, _ in _STANDINGS]
    table = Aligned("business time", "what happened", *names, right=range(2, 2 + len(names)))
    counts: list[int] = []
    for step in _weeks(stage):
        now = stage.installation.clock.now().astimezone(ZONE)
        counts = _invoices(stage)
        table.add(f"{now:%a %d %b %H:%M}", step, *map(str, counts))
    table.show(console)
    *_, away, paid = counts
    letters = _letters(stage)
    console.print()
    told = f"{letters} letters have left; {paid} invoices are paid, {away} are with the agency."
    console.print(told, highlight=False)
    return letters > 0 and paid > 0 and away > 0


def _weeks(stage: Stage) -> Iterator[str]:
    yield "the first morning"
    creditors = stage.opening.creditors
    assert creditors is not None, "the demonstration follows customers up"
    for week in range(1, _WEEKS + 1):
        sent = sum(creditors.send_list(one) for one in CREDITORS if one.mode == "ask")
        stage.travel.wait_for_quiet()
        stage.travel.days(7)
        yield f"week {week}, after {sent} letters by hand"


def _invoices(stage: Stage) -> list[int]:
    today = stage.installation.clock.now().astimezone(ZONE).date()
    rows = list(_each(stage, standing.all_of))
    return [sum(holds(row, today) for row in rows) for _, holds in _STANDINGS]


def _letters(stage: Stage) -> int:
    """How many have left."""

    def sent(sql: sa.Connection, tenant_id: UUID) -> list[NoticeRow]:
        debtors = {row.debtor_id for row in standing.all_of(sql, tenant_id)}
        letters = [one for each in debtors for one in standing.notices_of(sql, tenant_id, each)]
        return [one for one in letters if one.state is Letter.SENT]

    return sum(1 for _ in _each(stage, sent))


def _each(stage: Stage, ask: Callable[[sa.Connection, UUID], Iterable[Found]]) -> Iterator[Found]:
    """What every creditor answers to a question."""
    app = stage.runtimes["dunning"].app
    for creditor in CREDITORS:
        with app.transaction([creditor.tenant_id]) as transaction:
            yield from list(ask(transaction.sql, creditor.tenant_id))


SCRIPTS: Final[Mapping[str, Script]] = {"payables": payables, "receivables": receivables}
