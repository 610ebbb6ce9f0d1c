"""T5: letters that were sent, by kind and over time: sent, not planned.

A letter that is sent again after it came back is a second delivery of the same letter. Statements
remind of nothing, so they stand apart from the total.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from services.dunning.queries.reports.shape import (
    Cell,
    Chart,
    Column,
    Headline,
    Mark,
    Report,
    Row,
    Table,
    tenth,
)
from services.dunning.queries.reports.viewpoint import CHOSEN, Grain, Viewpoint, ask, month_after

_LINES = """
line as (
    select n.*, i.debtor_id, date_trunc(:grain, n.sent_on)::date as period,
        n.principal_minor * case when cast(:currency as text) is null then i.rate else 1 end as amount
    from read.fact_notice_line n join (
        select invoice_id, debtor_id, gross_base_minor::numeric / nullif(gross_minor, 0) as rate
        from read.fact_invoice where tenant_id = :tenant
        and recorded_at <= :known_at and (superseded_at is null or superseded_at > :known_at)
        and (not :narrowed or debtor_id in (select debtor_id from chosen))
    ) i using (invoice_id)
    where n.tenant_id = :tenant and n.sent_on between :since and :as_of
    and n.recorded_at <= :known_at and (n.superseded_at is null or n.superseded_at > :known_at)
    and (cast(:currency as text) is null or n.currency = :currency)
    and (cast(:channel as text) is null or n.channel = :channel)
)
"""
_PERIODS = """
select period,
    count(distinct notice_id) filter (where category = 'soft') as soft,
    count(distinct notice_id) filter (where category = 'reminder') as reminder,
    count(distinct notice_id) filter (where category = 'warning') as warning,
    count(distinct notice_id) filter (where category = 'statement') as statement,
    count(distinct notice_id) filter (where category <> 'statement') as notices,
    count(distinct debtor_id) filter (where category <> 'statement') as debtors,
    count(*) filter (where category <> 'statement') as lines,
    coalesce(round(sum(amount) filter (where category <> 'statement')), 0) as amount
from line group by grouping sets ((period), ())
"""
_LEVELS = """
select category, level, channel, count(distinct notice_id) as notices, count(*) as lines,
    coalesce(round(sum(amount)), 0) as amount
from line group by category, level, channel order by category, level, channel
"""
_FAILED = """
select date_trunc(:grain, happened_on)::date as period, count(*) as failed
from read.fact_delivery d
where d.tenant_id = :tenant and d.recorded_at <= :known_at
and d.happened_on between :since and :as_of and (d.failed or d.number > 1)
and (not :narrowed or exists (
    select from read.fact_notice_line n join read.fact_invoice i using (tenant_id, invoice_id)
    where n.tenant_id = d.tenant_id and n.notice_id = d.notice_id
    and i.debtor_id in (select debtor_id from chosen)))
group by 1
"""
_FIGURES = (
    Column("soft", "count"),
    Column("reminder", "count"),
    Column("warning", "count"),
    Column("notices", "count"),
    Column("statement", "count"),
    Column("debtors", "count"),
    Column("invoices", "count"),
    Column("amount_reminded", "money"),
    Column("collective_ratio", "days"),
    Column("failed_deliveries", "count"),
)
_BY_LEVEL = (
    Column("category", "word"),
    Column("level", "count"),
    Column("channel", "word"),
    Column("notices", "count"),
    Column("invoices", "count"),
    Column("amount_reminded", "money"),
)


def reminders(sql: sa.Connection, view: Viewpoint) -> Report:
    """T5, by day, week or month. Its headline is how many were sent in the last one."""
    by = {"grain": view.grain}
    found = {one.period: one for one in ask(sql, view, [CHOSEN, _LINES], _PERIODS, **by)}
    failed = {one.period: one.failed for one in ask(sql, view, [CHOSEN], _FAILED, **by)}
    periods = periods_of(view)
    rows: list[Row] = [
        (period, *_figures(found.get(period), failed.get(period, 0), view)) for period in periods
    ]
    totals: list[Row] = [(None, *_figures(found.get(None), sum(failed.values()), view))]
    levels: list[Row] = [
        (one.category, one.level, one.channel, one.notices, one.lines, view.money(one.amount))
        for one in ask(sql, view, [CHOSEN, _LINES], _LEVELS, **by)
    ]
    counts = [found[period].notices if period in found else 0 for period in periods]
    many = len(periods) > 1
    kind: Column = Column("period", "month" if view.grain == "month" else "day")
    return Report(
        "T5",
        view.as_of,
        view.known_at,
        view.shown,
        Headline(
            "notices_sent",
            counts[-1],
            counts[-2] if many else None,
            periods[-1] - timedelta(days=1) if many else None,
        ),
        [Table("periods", (kind, *_FIGURES), rows, totals), Table("levels", _BY_LEVEL, levels)],
        Chart(
            "columns",
            "notices_by_period",
            [Mark(period, Decimal(n)) for period, n in zip(periods, counts, strict=True)],
            "count",
        ),
        ["sent_not_planned", "statements_apart"],
    )


def periods_of(view: Viewpoint) -> list[date]:
    """The first day of each day, week (Monday) or month of the period, those without letters too."""
    found = [_begin(view.since, view.grain)]
    while (following := _after(found[-1], view.grain)) <= view.as_of:
        found.append(following)
    return found


def _begin(day: date, grain: Grain) -> date:
    match grain:
        case "day":
            return day
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)


def _after(day: date, grain: Grain) -> date:
    match grain:
        case "day":
            return day + timedelta(days=1)
        case "week":
            return day + timedelta(days=7)
        case "month":
            return month_after(day, 1)


def _figures(one: Any, failed: int, view: Viewpoint) -> Row:
    if one is None:
        return (0, 0, 0, 0, 0, 0, 0, view.money(0), None, failed)
    ratio: Cell = tenth(Decimal(one.lines) / one.notices) if one.notices else None
    return (
        one.soft,
        one.reminder,
        one.warning,
        one.notices,
        one.statement,
        one.debtors,
        one.lines,
        view.money(one.amount),
        ratio,
        failed,
    )
