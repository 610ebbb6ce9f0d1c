"""T6, T7, T8: debtors who are treated otherwise: another timeline, not reminded, statements only."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from services.dunning.queries.reports.people import name_of
from services.dunning.queries.reports.shape import (
    Chart,
    Column,
    Headline,
    Mark,
    Report,
    Row,
    Table,
    percent,
)
from services.dunning.queries.reports.viewpoint import CHOSEN, CREDITS, OPEN, WAITS, Viewpoint, ask

_TIMELINES = """
timeline as (
    select name, version, is_statement, every_days from read.fact_timeline
    where tenant_id = :tenant
    and recorded_at <= :known_at and (superseded_at is null or superseded_at > :known_at)
), owing as (
    select debtor_id, sum(amount) as open,
        coalesce(sum(amount) filter (where due_on < :as_of), 0) as overdue
    from open_invoice group by debtor_id
)
"""
# By what was assigned, not by comparison: a default that changes later moves nobody on or off.
_ASSIGNED = """
select a.debtor_id, p.number, p.name, a.name as timeline, t.version, a.assigned_on, a.assigned_by,
    a.code, coalesce(o.open, 0) as open, coalesce(o.overdue, 0) as overdue
from assigned a
left join person p using (debtor_id) left join owing o using (debtor_id)
left join timeline t on t.name = a.name
where a.name is not null and not coalesce(t.is_statement, false)
and (not :narrowed or a.debtor_id in (select debtor_id from chosen))
order by overdue desc, p.number, a.debtor_id
"""
_OVERDUE = """
select coalesce(sum(amount), 0) as amount from open_invoice where due_on < :as_of
"""
_WAITING = """
select w.scope, w.kind, w.code, w.from_on, w.until_on, w.begun_by, w.subject_id, p.debtor_id,
    p.number as debtor, p.name, i.number as invoice,
    coalesce((select sum(amount) from open_invoice o where o.due_on < :as_of
        and w.subject_id in (o.invoice_id, o.debtor_id)), 0) as overdue
from waiting w
left join invoice i on i.invoice_id = w.subject_id
join person p on p.debtor_id = coalesce(i.debtor_id, w.subject_id)
where (not :narrowed or p.debtor_id in (select debtor_id from chosen))
order by overdue desc, p.number, w.subject_id, w.kind
"""
# What waits for two reasons is held back once.
_HELD_BACK = """
select coalesce(sum(amount), 0) as amount from open_invoice o where o.due_on < :as_of
and (o.invoice_id in (select subject_id from waiting)
    or o.debtor_id in (select subject_id from waiting))
"""
_STATEMENTS = """
select p.debtor_id, p.number, p.name, p.timeline, t.every_days, a.assigned_on,
    (select max(n.sent_on) from read.fact_notice_line n
        join read.fact_invoice i using (tenant_id, invoice_id)
        where n.tenant_id = :tenant and n.category = 'statement' and i.debtor_id = p.debtor_id
        and n.sent_on <= :as_of and n.recorded_at <= :known_at
        and (n.superseded_at is null or n.superseded_at > :known_at)) as last_on,
    (select count(distinct n.notice_id) from read.fact_notice_line n
        join read.fact_invoice i using (tenant_id, invoice_id)
        where n.tenant_id = :tenant and n.category <> 'statement' and i.debtor_id = p.debtor_id
        and n.sent_on >= a.assigned_on and n.sent_on <= :as_of and n.recorded_at <= :known_at
        and (n.superseded_at is null or n.superseded_at > :known_at)) as reminders,
    coalesce(o.open, 0) as open, coalesce(o.overdue, 0) as overdue,
    coalesce((select sum(amount) from open_credit c where c.debtor_id = p.debtor_id), 0) as unmatched
from person p join timeline t on t.name = p.timeline and t.is_statement
left join assigned a on a.debtor_id = p.debtor_id and a.name is not null
left join owing o on o.debtor_id = p.debtor_id
where (not :narrowed or p.debtor_id in (select debtor_id from chosen))
order by overdue desc, p.number, p.debtor_id
"""
_WHO = (Column("debtor_id", "id"), Column("debtor"), Column("name", "person"))
_T6 = (
    *_WHO,
    Column("timeline"),
    Column("version", "count"),
    Column("since", "day"),
    Column("by", "text"),
    Column("reason", "word"),
    Column("open", "money"),
    Column("overdue", "money"),
    Column("share", "percent"),
)
_T7 = (
    *_WHO,
    Column("scope", "word"),
    Column("invoice"),
    Column("state", "word"),
    Column("reason", "word"),
    Column("since", "day"),
    Column("until_on", "day"),
    Column("by", "text"),
    Column("overdue", "money"),
    Column("share", "percent"),
)
_T8 = (
    *_WHO,
    Column("timeline"),
    Column("last_statement", "day"),
    Column("every_days", "count"),
    Column("open", "money"),
    Column("overdue", "money"),
    Column("unmatched", "money"),
    Column("reminders_since", "count"),
)


def own_timelines(sql: sa.Connection, view: Viewpoint) -> Report:
    """T6. Its headline is the share of what is overdue that other timelines than the main one hold."""
    overdue = _overdue(sql, view)
    found = ask(sql, view, [CHOSEN, OPEN, _TIMELINES], _ASSIGNED)
    rows: list[Row] = [
        (
            one.debtor_id,
            one.number,
            name_of(one.name),
            one.timeline,
            one.version,
            one.assigned_on,
            one.assigned_by,
            one.code,
            view.money(one.open),
            view.money(one.overdue),
            percent(one.overdue, overdue),
        )
        for one in found
    ]
    affected = sum(one.overdue for one in found)
    total: Row = (None, "total", None, None, None, None, None, None,
                  view.money(sum(one.open for one in found)), view.money(affected),
                  percent(affected, overdue))  # fmt: skip
    return _report("T6", view, Table("debtors", _T6, rows, [total]), affected, overdue)


def not_reminded(sql: sa.Connection, view: Viewpoint) -> Report:
    """T7: whoever is paused, excluded, disputed or frozen on the day; what has run out is gone."""
    overdue = _overdue(sql, view)
    found = ask(sql, view, [CHOSEN, OPEN, WAITS], _WAITING)
    (held,) = ask(sql, view, [CHOSEN, OPEN, WAITS], _HELD_BACK)
    rows: list[Row] = [
        (
            one.debtor_id,
            one.debtor,
            name_of(one.name),
            one.scope,
            one.invoice,
            one.kind,
            one.code,
            one.from_on,
            one.until_on,
            one.begun_by,
            view.money(one.overdue),
            percent(one.overdue, overdue),
        )
        for one in found
    ]
    total: Row = (None, "total", None, None, None, None, None, None, None, None,
                  view.money(held.amount), percent(held.amount, overdue))  # fmt: skip
    return _report("T7", view, Table("waits", _T7, rows, [total]), held.amount, overdue)


def statement_debtors(sql: sa.Connection, view: Viewpoint) -> Report:
    """T8: who gets statements and no reminders. Its headline is how many they are."""
    found = ask(sql, view, [CHOSEN, OPEN, CREDITS, _TIMELINES], _STATEMENTS)
    rows: list[Row] = [
        (
            one.debtor_id,
            one.number,
            name_of(one.name),
            one.timeline,
            one.last_on,
            one.every_days,
            view.money(one.open),
            view.money(one.overdue),
            view.money(-one.unmatched),
            one.reminders,
        )
        for one in found
    ]
    sums = [sum(getattr(one, name) for one in found) for name in ("open", "overdue", "unmatched")]
    total: Row = (None, "total", None, None, None, None, view.money(sums[0]), view.money(sums[1]),
                  view.money(-sums[2]), sum(one.reminders for one in found))  # fmt: skip
    marks = [
        Mark("overdue", view.money(sums[1]).decimal),
        Mark("not_due", view.money(sums[0] - sums[1]).decimal, "rest"),
        Mark("unmatched", view.money(-sums[2]).decimal, "minus"),
    ]
    return Report(
        "T8",
        view.as_of,
        view.known_at,
        view.shown,
        Headline("statement_debtors", len(found)),
        [Table("debtors", _T8, rows, [total])],
        Chart("bars", "statement_debtors", marks),
    )


def _overdue(sql: sa.Connection, view: Viewpoint) -> Any:
    (found,) = ask(sql, view, [CHOSEN, OPEN], _OVERDUE)
    return found.amount


def _report(code: str, view: Viewpoint, table: Table, part: Any, whole: Any) -> Report:
    marks = [
        Mark("affected", view.money(part).decimal),
        Mark("other_overdue", view.money(whole - part).decimal, "rest"),
    ]
    return Report(
        code,
        view.as_of,
        view.known_at,
        view.shown,
        Headline("share_of_overdue", percent(part, whole)),
        [table],
        Chart("bars", "share_of_overdue", marks),
    )
