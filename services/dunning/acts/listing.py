"""Today's list: whose step has come, and who is not on it for which reason.

Its cost follows what is due: what is not costs nothing. Debtors are looked at some hundreds at a time,
each lot in a transaction of its own, and the last one publishes the list.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from services.dunning.acts.gathering import creditor_of, terms_of
from services.dunning.commands.daily import PublishList
from services.dunning.commands.receivable import ListStep
from services.dunning.model import pricing
from services.dunning.model.creditor import Creditor
from services.dunning.model.daily import DAILY
from services.dunning.model.debtor import DEBTOR
from services.dunning.model.following import RECEIVABLE
from services.dunning.model.naming import daily_id_of
from services.dunning.model.pricing import Arrears, Item
from services.dunning.queries import standing as queries
from services.dunning.queries import statements
from services.dunning.queries.standing import DueStep
from services.dunning.values import Terms, Timeline
from shared.clock import day_of
from shared.money import Money, sums
from shared.work import Work

LOT: Final = 500
"""Invoices per transaction, and the rest of the last debtor's."""
GOES_AFTER: Final = timedelta(hours=2)
"""How long people have to change the list before what goes by itself does."""
FIRST: Final = UUID(int=0)


def lot(work: Work, after: UUID) -> UUID | None:
    """Look at the next lot of debtors; the last of them, or None where there was nobody left."""
    today = day_of(work.now, creditor_of(work).zone)
    due = queries.due_steps(work.sql, work.tenant_id, today, after, LOT)
    look(work, due)
    return due[-1].debtor_id if due else None


def look(work: Work, due: Sequence[DueStep]) -> None:
    """Put each of these on the list, or say why not."""
    today = day_of(work.now, creditor_of(work).zone)
    debtors = {one.debtor_id for one in due}
    overdue = queries.overdue_of(work.sql, work.tenant_id, debtors, today)
    work.gather(DEBTOR, debtors)
    work.gather(RECEIVABLE, (one.invoice_id for one in due))
    terms = {debtor_id: terms_of(work, debtor_id) for debtor_id in debtors}
    for one in due:
        owed = overdue.get((one.debtor_id, one.currency), Money.zero(one.currency))
        command = ListStep(terms[one.debtor_id], owed, _against(work, one, terms[one.debtor_id]))
        work.execute(RECEIVABLE, one.invoice_id, command)


def _against(work: Work, step: DueStep, terms: Terms) -> str | None:
    """What would keep its letter from being written, as far as the law says it now."""
    receivable = work.load(RECEIVABLE, step.invoice_id).state
    plan = receivable.plan
    if plan is None or not plan.charged or receivable.under_way is not None:
        return None
    return pricing.letter([Item(step.invoice_id, receivable)], FIRST, Arrears(), terms).against


def look_at(work: Work, debtor_id: UUID, invoices: Iterable[UUID]) -> None:
    """The same for some invoices of one debtor, when something about them has changed."""
    chosen = set(invoices)
    rows = queries.of_debtor(work.sql, work.tenant_id, debtor_id)
    look(
        work,
        [
            DueStep(row.invoice_id, debtor_id, row.gross.currency)
            for row in rows
            if row.invoice_id in chosen
        ],
    )


def goes_by_itself(timeline: Timeline, now: datetime, creditor: Creditor) -> bool:
    """What stands on the list of a day on which it is not shown waits for the next on which it is."""
    weekday = day_of(now, creditor.zone).weekday()
    return timeline.mode == "automatic" and weekday in timeline.list_days


def announce(work: Work) -> datetime | None:
    """Say that the list stands; when what is on it goes by itself, or None where nothing does."""
    creditor = creditor_of(work)
    rows = queries.listed(work.sql, work.tenant_id)
    debtors = {row.debtor_id for row in rows}
    debtors |= {one.debtor_id for one in statements.listed(work.sql, work.tenant_id)}
    if not debtors:
        return None
    names = queries.debtors(work.sql, work.tenant_id, debtors)
    timelines = {row.timeline for row in names.values()} | {None}
    known = [timeline for name in timelines if (timeline := creditor.timeline_of(name))]
    goes = any(goes_by_itself(timeline, work.now, creditor) for timeline in known)
    goes_at = work.now + GOES_AFTER if goes else None
    command = PublishList(
        listed_on=day_of(work.now, creditor.zone),
        invoices=len(rows),
        debtors=len(debtors),
        principal=tuple(sums(row.principal for row in rows).values()),
        goes_at=goes_at,
    )
    listed = daily_id_of(work.tenant_id, f"list:{command.listed_on.isoformat()}")
    work.execute(DAILY, listed, command)
    return goes_at
