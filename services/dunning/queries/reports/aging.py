"""T10: what is open, by how long it is past due, each invoice with its last and its next step.

Buckets go by the due date, never by the invoice's; what was received after the day that is looked at
does not count, whenever it was booked.
"""

from __future__ import annotations

import sqlalchemy as sa

from services.dunning.queries.reports.control import control
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
from shared.money import Money

_STEPS = """
last_notice as (
    select distinct on (invoice_id) invoice_id, category, level, sent_on from read.fact_notice_line
    where tenant_id = :tenant and sent_on <= :as_of
    and recorded_at <= :known_at and (superseded_at is null or superseded_at > :known_at)
    order by invoice_id, sent_on desc, version desc
), next_step as (
    select invoice_id, category, planned_on from read.fact_plan
    where tenant_id = :tenant and planned_on is not null
    and recorded_at <= :known_at and (superseded_at is null or superseded_at > :known_at)
), page as (
    select * from open_invoice order by due_on, number, invoice_id limit :most offset :first
), waits as (
    select distinct on (subject_id) subject_id, kind, code, until_on from waiting
    order by subject_id, kind, version desc
), kept_back as (
    select invoice_id, code from read.fact_held
    where tenant_id = :tenant
    and recorded_at <= :known_at and (superseded_at is null or superseded_at > :known_at)
)
"""
_BUCKETS = """
select width_bucket(:as_of - due_on, cast(:bounds as int[])) as bucket,
    count(*) as invoices, sum(amount) as amount,
    count(distinct currency) as currencies
from open_invoice group by 1 order by 1
"""
_CREDITS = "select count(*) as items, coalesce(sum(amount), 0) as amount from open_credit"
_INVOICES = """
select o.invoice_id, o.debtor_id, o.number, p.number as debtor, p.name, o.issued_on, o.due_on,
    :as_of - o.due_on as days, width_bucket(:as_of - o.due_on, cast(:bounds as int[])) as bucket,
    o.currency, o.open_minor, o.open_base_minor,
    n.category as last_notice, n.sent_on as last_on,
    s.category as next_step, s.planned_on as next_on,
    case when h.invoice_id is not null then 'in_collection' else coalesce(wi.kind, wd.kind) end as state,
    case when h.invoice_id is not null then h.agency else coalesce(wi.code, wd.code, k.code) end as reason,
    coalesce(wi.until_on, wd.until_on) as until_on
from page o
left join person p using (debtor_id)
left join last_notice n using (invoice_id)
left join next_step s using (invoice_id)
left join handed h using (invoice_id)
left join kept_back k using (invoice_id)
left join waits wi on wi.subject_id = o.invoice_id
left join waits wd on wd.subject_id = o.debtor_id
order by o.due_on, o.number, o.invoice_id
"""
_COLUMNS = (
    Column("invoice_id", "id"),
    Column("debtor_id", "id"),
    Column("invoice"),
    Column("debtor"),
    Column("name", "person"),
    Column("issued_on", "day"),
    Column("due_on", "day"),
    Column("days_past_due", "count"),
    Column("bucket", "text"),
    Column("open", "money"),
    Column("open_base", "money"),
    Column("last_notice", "word"),
    Column("last_on", "day"),
    Column("next_step", "word"),
    Column("next_on", "day"),
    Column("state", "word"),
    Column("reason", "word"),
    Column("until_on", "day"),
)


def aging(sql: sa.Connection, view: Viewpoint) -> Report:
    """T10. Its headline is what is overdue."""
    edges = [1, *(bound + 1 for bound in view.bounds)]
    names = buckets(view.bounds)
    found = {row.bucket: row for row in ask(sql, view, [CHOSEN, OPEN], _BUCKETS, bounds=edges)}
    total = sum(row.amount for row in found.values())
    count = sum(row.invoices for row in found.values())
    (unmatched,) = ask(sql, view, [CHOSEN, CREDITS], _CREDITS)
    rows: list[Row] = []
    for place, name in enumerate(names):
        row = found.get(place)
        amount = row.amount if row else 0
        number = row.invoices if row else 0
        rows.append((name, number, view.money(amount), percent(amount, total)))
    by_age = Table(
        "by_age",
        (Column("bucket", "text"), Column("invoices", "count"), Column("open", "money"),
         Column("share", "percent")),
        rows,
        [
            ("open", count, view.money(total), percent(total, total)),
            ("unmatched", unmatched.items, view.money(-unmatched.amount), None),
        ],
    )  # fmt: skip
    tables = [by_age, _invoices(sql, view, edges, names, count)]
    beside = control(sql, view)
    if beside is not None:
        tables.append(beside)
    overdue = total - (found[0].amount if 0 in found else 0)
    marks = [
        Mark(name, view.money(found[place].amount if place in found else 0).decimal,
             "bar" if place else "rest")
        for place, name in enumerate(names)
    ]  # fmt: skip
    if unmatched.items:
        marks.append(Mark("unmatched", view.money(-unmatched.amount).decimal, "minus"))
    return Report(
        "T10",
        view.as_of,
        view.known_at,
        view.shown,
        Headline("overdue", view.money(overdue)),
        tables,
        Chart("bars", "open_by_age", marks),
        ["principal_only"],
    )


def buckets(bounds: tuple[int, ...]) -> list[str]:
    """not_due, 1-30, 31-60, 61-90, >90."""
    starts = [1, *(bound + 1 for bound in bounds[:-1])]
    spans = [f"{start}-{end}" for start, end in zip(starts, bounds, strict=True)]
    return ["not_due", *spans, f">{bounds[-1]}"]


def _invoices(
    sql: sa.Connection, view: Viewpoint, edges: list[int], names: list[str], count: int
) -> Table:
    found = ask(sql, view, [CHOSEN, OPEN, WAITS, _STEPS], _INVOICES, bounds=edges)
    rows: list[Row] = [
        (
            row.invoice_id,
            row.debtor_id,
            row.number,
            row.debtor,
            name_of(row.name),
            row.issued_on,
            row.due_on,
            row.days,
            names[row.bucket],
            Money(row.open_minor, row.currency),
            Money(row.open_base_minor, view.base),
            row.last_notice,
            row.last_on,
            row.next_step,
            row.next_on,
            row.state,
            row.reason,
            row.until_on,
        )
        for row in found
    ]
    return Table("invoices", _COLUMNS, rows, of=count)
