"""Read tables that follow: the list of runs, and the log of postings."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.sync import events as e
from services.sync import tables
from shared.eventstore.events import Recorded
from shared.projecting import rows
from shared.projecting.projection import Projection

runs = Projection("runs", tables.run)
postings = Projection("postings", tables.posting)


@runs.on(e.RunStarted)
def run_started(recorded: Recorded[e.RunStarted], sql: sa.Connection) -> None:
    started = recorded.event
    rows.add(
        tables.run,
        recorded,
        sql,
        run_id=started.run_id,
        asked_by=started.asked_by,
        started_at=started.started_at,
        state="running",
        pages=0,
        entries=0,
        told=0,
        parked=[],
    )


def _run(recorded: Recorded[Any], run_id: UUID, sql: sa.Connection, **values: Any) -> None:
    rows.change(tables.run, recorded, sql, {"run_id": run_id}, **values)


@runs.on(e.SuppliersRead, e.CustomersRead)
def parties_read(recorded: Recorded[Any], sql: sa.Connection) -> None:
    read, table = recorded.event, tables.run
    _run(
        recorded,
        read.run_id,
        sql,
        told=table.c.told + read.told,
        parked=table.c.parked + sa.cast(list(read.parked), table.c.parked.type),
    )


@runs.on(e.PageRead)
def page_read(recorded: Recorded[e.PageRead], sql: sa.Connection) -> None:
    page, table = recorded.event, tables.run
    _run(
        recorded,
        page.run_id,
        sql,
        pages=table.c.pages + 1,
        entries=table.c.entries + page.entries,
        told=table.c.told + page.told,
        parked=table.c.parked + sa.cast(list(page.parked), table.c.parked.type),
    )


@runs.on(e.SweepRead)
def sweep_read(recorded: Recorded[e.SweepRead], sql: sa.Connection) -> None:
    swept = recorded.event
    _run(recorded, swept.run_id, sql, told=tables.run.c.told + swept.told)


@runs.on(e.RunCompleted)
def run_completed(recorded: Recorded[e.RunCompleted], sql: sa.Connection) -> None:
    at = recorded.meta.recorded_at
    _run(recorded, recorded.event.run_id, sql, state="completed", ended_at=at)


@runs.on(e.RunFailed)
def run_failed(recorded: Recorded[e.RunFailed], sql: sa.Connection) -> None:
    failed, at = recorded.event, recorded.meta.recorded_at
    _run(recorded, failed.run_id, sql, state=failed.code, ended_at=at, reason=failed.reason)


@postings.on(e.PostingSought)
def posting_sought(recorded: Recorded[e.PostingSought], sql: sa.Connection) -> None:
    sought = recorded.event
    _posting(
        recorded,
        sql,
        payment_id=sought.payment_id,
        invoice_id=sought.invoice_id,
        token=sought.token,
        voucher_on=sought.voucher_on,
        state="sought",
        code=None,
        reason=None,
    )


@postings.on(e.PostingUncertain)
def posting_uncertain(recorded: Recorded[e.PostingUncertain], sql: sa.Connection) -> None:
    mine, reason = {"posting_id": recorded.aggregate_id}, recorded.event.reason
    rows.change(tables.posting, recorded, sql, mine, state="uncertain", reason=reason)


@postings.on(e.VoucherPosted)
def voucher_posted(recorded: Recorded[e.VoucherPosted], sql: sa.Connection) -> None:
    posted = recorded.event
    _posting(
        recorded,
        sql,
        token=posted.token,
        voucher=posted.voucher,
        posted_on=posted.posted_on,
        state="posted",
        code=None,
        reason=posted.moved_because,
    )


@postings.on(e.PostingRefused)
def posting_refused(recorded: Recorded[e.PostingRefused], sql: sa.Connection) -> None:
    refused = recorded.event
    _posting(
        recorded,
        sql,
        token=refused.token,
        state="refused",
        code=refused.code,
        reason=refused.reason,
    )


def _posting(recorded: Recorded[Any], sql: sa.Connection, **values: Any) -> None:
    mine, at_first = {"posting_id": recorded.aggregate_id}, {"sought_at": recorded.meta.recorded_at}
    rows.put(tables.posting, recorded, sql, mine, at_first=at_first, **values)
