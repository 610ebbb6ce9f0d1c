"""T12: what was paid in after letters, and when customers pay.

What is paid after a letter is not paid because of it: the shares compare letters, they prove nothing.
Only payments of principal count, up to the day before the next letter and before a hand-over. A
letter that is too young for a window is left out of it, which is not the same as nothing paid.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import sqlalchemy as sa

from services.dunning.queries.reports.shape import (
    Chart,
    Column,
    Headline,
    Mark,
    Report,
    Row,
    Table,
    percent,
    tenth,
)
from services.dunning.queries.reports.viewpoint import CHOSEN, Viewpoint, ask

WINDOWS: Final = (7, 14, 30)
_HEADLINE_WINDOW: Final = 14
_LINES = """
holder as (
    select invoice_id, debtor_id, due_on,
        case when cast(:currency as text) is null
            then gross_base_minor::numeric / nullif(gross_minor, 0) else 1 end as factor
    from read.fact_invoice where tenant_id = :tenant
    and recorded_at <= :known_at and (superseded_at is null or superseded_at > :known_at)
    and (cast(:currency as text) is null or currency = :currency)
    and (not :narrowed or debtor_id in (select debtor_id from chosen))
), away as (
    select invoice_id, min(handed_over_on) as handed_on from read.fact_case
    where tenant_id = :tenant and handed_over_on <= :as_of and recorded_at <= :known_at
    group by invoice_id
), sent as (
    select n.invoice_id, n.version, n.notice_id, n.category, n.level, n.channel, n.sent_on,
        date_trunc('month', n.sent_on)::date as month,
        n.principal_minor * h.factor as exposure, h.factor,
        least(lead(n.sent_on) over (partition by n.invoice_id order by n.sent_on, n.version),
            a.handed_on) - 1 as last_on
    from read.fact_notice_line n join holder h using (invoice_id) left join away a using (invoice_id)
    where n.tenant_id = :tenant and n.category <> 'statement' and n.sent_on <= :as_of
    and n.recorded_at <= :known_at and (n.superseded_at is null or n.superseded_at > :known_at)
), line as (
    select * from sent where sent_on >= :since
    and (cast(:channel as text) is null or channel = :channel)
), receipt as (
    select l.invoice_id, l.version, m.value_on - l.sent_on as days, m.amount_minor * l.factor as amount
    from line l join read.fact_movement m on m.tenant_id = :tenant
        and m.invoice_id = l.invoice_id and m.kind = 'payment'
        and m.value_on > l.sent_on and m.value_on <= :as_of
        and (l.last_on is null or m.value_on <= l.last_on)
    where m.recorded_at <= :known_at and (m.superseded_at is null or m.superseded_at > :known_at)
), received as (
    select invoice_id, version, min(days) as first_days,
        coalesce(sum(amount) filter (where days <= 7), 0) as paid_7,
        coalesce(sum(amount) filter (where days <= 14), 0) as paid_14,
        coalesce(sum(amount) filter (where days <= 30), 0) as paid_30
    from receipt group by invoice_id, version
)
"""
_GROUPS = """
select category, level, channel, month, :as_of - sent_on >= 7 as is_7,
    :as_of - sent_on >= 14 as is_14, :as_of - sent_on >= 30 as is_30,
    count(distinct notice_id) as notices, sum(exposure) as exposure,
    sum(coalesce(paid_7, 0)) as paid_7, sum(coalesce(paid_14, 0)) as paid_14,
    sum(coalesce(paid_30, 0)) as paid_30, null as median
from line left join received using (invoice_id, version)
group by category, level, channel, month, is_7, is_14, is_30
union all
select null, level, null, null, null, null, null, count(*), null, null, null, null,
    percentile_cont(0.5) within group (order by days)
from (
    select notice_id, min(level) as level, min(first_days) as days
    from line join received using (invoice_id, version) group by notice_id
) first group by grouping sets ((level), ())
order by level, category, channel, month
"""
_HABITS = """
select m.value_on - h.due_on as days, extract(isodow from m.value_on)::int as weekday,
    extract(day from m.value_on)::int as day, count(*) as payments,
    sum(m.amount_minor * h.factor) as amount
from read.fact_movement m join holder h using (invoice_id)
where m.tenant_id = :tenant and m.kind = 'payment' and m.value_on between :since and :as_of
and m.recorded_at <= :known_at and (m.superseded_at is null or m.superseded_at > :known_at)
group by 1, 2, 3
"""
_FIGURES = (
    Column("window_days", "count"),
    Column("notices", "count"),
    Column("exposure", "money"),
    Column("paid", "money"),
    Column("effect", "percent"),
    Column("censored", "count"),
)
_BY_KIND = (
    Column("category", "word"),
    Column("level", "count"),
    Column("channel", "word"),
    *_FIGURES,
)
_PAYMENTS = (Column("payments", "count"), Column("share", "percent"), Column("paid", "money"))
LATENESS: Final = (-10, -4, 0, 1, 6, 11, 21, 31, 61)
"""First days, from the due date, of the spans of the histogram; before them all that is earlier."""
_ON_TIME = 3
_DAYS_A_WEEK, _DAYS_A_MONTH = 7, 31


@dataclass
class _Sum:
    """What one line of a table counts."""

    notices: int = 0
    exposure: Decimal = Decimal(0)
    paid: Decimal = Decimal(0)
    censored: int = 0


def effect(sql: sa.Connection, view: Viewpoint) -> Report:
    """T12. Its headline is what of the first letters' principal was paid within fourteen days."""
    parts = [CHOSEN, _LINES]
    both = ask(sql, view, parts, _GROUPS)
    groups = [one for one in both if one.category is not None]
    levels = sorted({one.level for one in groups})
    by_level: list[Row] = []
    shares: dict[int, Decimal | None] = {}
    for level in levels:
        own = [one for one in groups if one.level == level]
        for window in WINDOWS:
            row = _figures(own, window, view)
            by_level.append((level, *row))
            if window == _HEADLINE_WINDOW:
                share = row[4]
                shares[level] = share if isinstance(share, Decimal) else None
    kinds = sorted({(one.category, one.level, one.channel) for one in groups})
    by_kind: list[Row] = [
        (*kind, *_figures([g for g in groups if (g.category, g.level, g.channel) == kind], w, view))
        for kind in kinds
        for w in WINDOWS
    ]
    months = sorted({one.month for one in groups})
    by_month: list[Row] = [
        (month, *_figures([one for one in groups if one.month == month], _HEADLINE_WINDOW, view))
        for month in months
    ]
    waits: list[Row] = [
        (one.level, one.notices, tenth(Decimal(str(one.median))))
        for one in both
        if one.category is None and one.notices
    ]
    habits = ask(sql, view, parts, _HABITS)
    late = _lateness(habits, view)
    return Report(
        "T12",
        view.as_of,
        view.known_at,
        view.shown,
        Headline("effect_first_letter", shares.get(levels[0]) if levels else None),
        [
            Table("levels", (Column("level", "count"), *_FIGURES), by_level),
            Table(
                "first_payment",
                (
                    Column("level", "count"),
                    Column("notices", "count"),
                    Column("median_days", "days"),
                ),
                [row for row in waits if row[0] is not None],
                [row for row in waits if row[0] is None],
            ),
            Table("kinds", _BY_KIND, by_kind),
            Table("cohorts", (Column("month", "month"), *_FIGURES), by_month),
            Table("lateness", (Column("days_from_due", "text"), *_PAYMENTS), late),
            _habit("weekdays", Column("weekday", "word"), habits, view),
            _habit("days_of_month", Column("day_of_month", "count"), habits, view),
        ],
        Chart(
            "columns",
            "days_from_due",
            [
                Mark(str(row[0]), Decimal(int(str(row[1]))), "rest" if n <= _ON_TIME else "bar")
                for n, row in enumerate(late)
            ],
            "count",
        ),
        ["correlation", "censored_left_out", "no_held_out_group"],
    )


def _figures(groups: Iterable[Any], window: int, view: Viewpoint) -> Row:
    total = _Sum()
    for one in groups:
        if getattr(one, f"is_{window}"):
            total.notices += one.notices
            total.exposure += one.exposure
            total.paid += getattr(one, f"paid_{window}")
        else:
            total.censored += one.notices
    return (
        window,
        total.notices,
        view.money(round(total.exposure)),
        view.money(round(total.paid)),
        percent(total.paid, total.exposure),
        total.censored,
    )


def spans() -> list[str]:
    """<-10, -10–-5, -4–-1, 0, 1–5, … >60: the spans of days from the due date."""
    ends = [start - 1 for start in LATENESS[1:]]
    middle = [
        f"{start}" if start == end else f"{start}..{end}"
        for start, end in zip(LATENESS[:-1], ends, strict=True)
    ]
    return [f"<{LATENESS[0]}", *middle, f">{LATENESS[-1] - 1}"]


def _lateness(habits: Iterable[Any], view: Viewpoint) -> list[Row]:
    counts: dict[int, list[Any]] = {}
    for one in habits:
        place = sum(start <= one.days for start in LATENESS)
        counts.setdefault(place, []).append(one)
    whole = sum(one.payments for each in counts.values() for one in each)
    return [
        (name, *_sum_of(counts.get(place, []), whole, view)) for place, name in enumerate(spans())
    ]


def _habit(key: str, column: Column, habits: Iterable[Any], view: Viewpoint) -> Table:
    weekly = column.key == "weekday"
    name, last = ("weekday", _DAYS_A_WEEK) if weekly else ("day", _DAYS_A_MONTH)
    counts: dict[int, list[Any]] = {}
    for one in habits:
        counts.setdefault(getattr(one, name), []).append(one)
    whole = sum(one.payments for each in counts.values() for one in each)
    rows: list[Row] = [
        (f"weekday_{n}" if weekly else n, *_sum_of(counts.get(n, []), whole, view))
        for n in range(1, last + 1)
    ]
    return Table(key, (column, *_PAYMENTS), rows)


def _sum_of(found: list[Any], whole: int, view: Viewpoint) -> Row:
    payments = sum(one.payments for one in found)
    amount = sum((one.amount for one in found), Decimal(0))
    return (payments, percent(payments, whole), view.money(round(amount)))
