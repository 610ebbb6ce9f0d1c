"""T1: receivables at each month end, as they are known now beside as they were published.

Every figure is a sum of changes, each with the first month end that it counts in and the first one
that it counts in no more. So a trend of many months reads the facts once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import Any
from zoneinfo import ZoneInfo

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
)
from services.dunning.queries.reports.viewpoint import (
    CHOSEN,
    Viewpoint,
    ask,
    end_of_month,
    month_after,
)
from shared.money import Money

_YEAR = 12
_MOMENT = timedelta(microseconds=1)
_MEASURES = ("gross", "overdue", "in_collection", "unmatched")
_CHANGES = """
issued as (
    select invoice_id, gross_minor, width_bucket(due_on + 1, cast(:days as date[])) as late,
        case when cast(:currency as text) is null then gross_base_minor else gross_minor end::numeric
            as amount,
        case when cast(:currency as text) is null
            then gross_base_minor::numeric / nullif(gross_minor, 0) else 1 end as factor,
        issued_on, greatest(width_bucket(issued_on, cast(:days as date[])),
            width_bucket(recorded_at, cast(:known as timestamptz[]))) as s,
        case when superseded_at is null then :n
            else width_bucket(superseded_at, cast(:known as timestamptz[])) end as e
    from read.fact_invoice
    where tenant_id = :tenant and not withdrawn
    -- What was settled, and known to be, before the first month end counts in none of them.
    and not coalesce(settled_on <= :first_on and settled_at <= :first_at, false)
    and (cast(:currency as text) is null or currency = :currency)
    and (not :narrowed or debtor_id in (select debtor_id from chosen))
), set_off as (
    select m.invoice_id, m.entry_id, m.amount_minor * i.factor as amount, i.late,
        greatest(i.s, width_bucket(m.value_on, cast(:days as date[])),
            width_bucket(m.recorded_at, cast(:known as timestamptz[]))) as s,
        greatest(i.s, width_bucket(m.recorded_at, cast(:known as timestamptz[]))) as told,
        least(i.e, case when m.superseded_at is null then :n
            else width_bucket(m.superseded_at, cast(:known as timestamptz[])) end) as e
    from read.fact_movement m join issued i using (invoice_id) where m.tenant_id = :tenant
), change as (
    select invoice_id, s, e, late, amount from issued
    union all
    select invoice_id, s, e, late, -amount from set_off
), away as (
    select invoice_id, greatest(width_bucket(handed_over_on, cast(:days as date[])),
            width_bucket(recorded_at, cast(:known as timestamptz[]))) as s,
        case when taken_back_at is null then :n
            else greatest(width_bucket(taken_back_on, cast(:days as date[])),
                width_bucket(taken_back_at, cast(:known as timestamptz[]))) end as e
    from read.fact_case where tenant_id = :tenant
), spare as (
    select item_id, width_bucket(dated_on, cast(:days as date[])) as dated,
        greatest(width_bucket(dated_on, cast(:days as date[])),
            width_bucket(recorded_at, cast(:known as timestamptz[]))) as s,
        case when superseded_at is null then :n
            else width_bucket(superseded_at, cast(:known as timestamptz[])) end as e,
        remaining_minor * case
            when cast(:currency as text) is not null or currency = :base then 1
            else amount_base_minor::numeric / nullif(amount_minor, 0) end as amount
    from read.fact_credit
    where tenant_id = :tenant and (cast(:currency as text) is null or currency = :currency)
    and (not :narrowed or debtor_id in (select debtor_id from chosen))
), span as (
    select 'gross' as measure, s, e, amount from change
    union all
    select 'overdue', greatest(s, late), e, amount from change
    union all
    select 'in_collection', greatest(c.s, a.s), least(c.e, a.e), c.amount
    from change c join away a using (invoice_id)
    union all
    select 'unmatched', s, e, -amount from spare
    union all
    select 'unmatched', greatest(c.s, o.told), least(c.e, o.e, o.s), -o.amount
    from set_off o join spare c on c.item_id = o.entry_id where o.s > c.dated
)
"""
_POINTS = """
select measure, place, sum(amount) as amount from (
    select measure, s as place, amount from span where s < e and s < :n
    union all
    select measure, e, -amount from span where s < e and e < :n
) point group by measure, place
"""
_BEGINNING = """
select min(issued_on) as first_on, min(recorded_at) as first_at from read.fact_invoice
where tenant_id = :tenant and recorded_at <= :known_at
"""
_FROZEN = """
select period, min(known_at) as known_at from read.fact_frozen
where tenant_id = :tenant and recorded_at <= :known_at group by period
"""
_COLUMNS = (
    Column("month_end", "day"),
    Column("gross", "money"),
    Column("overdue", "money"),
    Column("in_collection", "money"),
    Column("unmatched", "money"),
    Column("net", "money"),
    Column("change_month", "money"),
    Column("change_year", "money"),
    Column("change_year_share", "percent"),
    Column("provisional", "word"),
)
_PUBLISHED = (
    Column("month_end", "day"),
    Column("published_at", "day"),
    Column("gross_published", "money"),
    Column("gross_restated", "money"),
    Column("difference", "money"),
    Column("overdue_published", "money"),
    Column("overdue_restated", "money"),
)


@dataclass(frozen=True, slots=True)
class MonthEnd:
    on: date
    gross: Money
    overdue: Money
    in_collection: Money
    unmatched: Money

    @property
    def net(self) -> Money:
        return self.gross + self.unmatched


def receivables(sql: sa.Connection, view: Viewpoint, zone: ZoneInfo) -> Report:
    """T1. Without history a month is empty, not zero."""
    ends = _month_ends(view)
    shown = [end for end in ends if end >= view.since]
    restated = month_ends(sql, view, ends, [view.known_at] * len(ends))
    cutoffs = _published_at(sql, view, shown, zone)
    published = month_ends(sql, view, shown, cutoffs)
    rows = [_row(end, restated, view, zone) for end in shown]
    both = [
        _both(end, at, restated, published)
        for end, at in zip(shown, cutoffs, strict=True)
        if not _is_live(end, view, zone)
    ]
    now = restated.get(view.as_of)
    before_on = end_of_month(month_after(view.as_of, -1))
    before = restated.get(before_on)
    marks = [
        Mark(end, one.gross.decimal, before=_before(restated, end))
        for end in shown
        if (one := restated.get(end))
    ]
    return Report(
        "T1",
        view.as_of,
        view.known_at,
        view.shown,
        Headline("gross", now.gross if now else None, before.gross if before else None, before_on),
        [Table("month_ends", _COLUMNS, rows), Table("published", _PUBLISHED, both)],
        Chart("trend", "gross_by_month", marks),
        ["principal_only", "provisional_month"],
    )


def month_ends(
    sql: sa.Connection, view: Viewpoint, ends: Sequence[date], known: Sequence[datetime]
) -> Mapping[date, MonthEnd]:
    """The figures at each end, as known at the time beside it; only where there is any history."""
    if not ends:
        return {}
    (beginning,) = ask(sql, view, [CHOSEN], _BEGINNING)
    points = ask(
        sql,
        view,
        [CHOSEN, _CHANGES],
        _POINTS,
        # A change counts in the first month whose end, or knowledge, is not before it.
        days=[end + timedelta(days=1) for end in ends],
        known=[at + _MOMENT for at in known],
        n=len(ends),
        first_on=ends[0],
        first_at=known[0],
    )
    changes: dict[str, list[Any]] = {measure: [0] * len(ends) for measure in _MEASURES}
    for point in points:
        changes[point.measure][point.place] += point.amount
    sums = {measure: list(accumulate(each)) for measure, each in changes.items()}
    return {
        end: MonthEnd(end, *(_money(sums[measure][place], view) for measure in _MEASURES))
        for place, end in enumerate(ends)
        if beginning.first_on and beginning.first_on <= end and beginning.first_at <= known[place]
    }


def _money(minor: Any, view: Viewpoint) -> Money:
    return Money.rounded(view.money(1).decimal * minor, view.shown)


def _month_ends(view: Viewpoint) -> list[date]:
    """Those of the period and of the year before it, the last one being the day itself."""
    first = month_after(view.since, -_YEAR)
    ends = []
    while first <= view.as_of:
        ends.append(min(end_of_month(first), view.as_of))
        first = month_after(first, 1)
    return ends


def _published_at(
    sql: sa.Connection, view: Viewpoint, ends: Sequence[date], zone: ZoneInfo
) -> list[datetime]:
    """When each month end was published: with its first frozen pack, else at midnight after it."""
    frozen = {row.period: row.known_at for row in ask(sql, view, [CHOSEN], _FROZEN)}

    def at(end: date) -> datetime:
        first: datetime = frozen.get(f"{end:%Y-%m}", _midnight(end, zone))
        return min(first, view.known_at)

    # A pack frozen late must not make an earlier month know less than a later one.
    found = [at(end) for end in ends]
    for place in range(len(found) - 1, 0, -1):
        found[place - 1] = min(found[place - 1], found[place])
    return found


def _row(end: date, restated: Mapping[date, MonthEnd], view: Viewpoint, zone: ZoneInfo) -> Row:
    live = "provisional" if _is_live(end, view, zone) else None
    one = restated.get(end)
    if one is None:
        return (end, None, None, None, None, None, None, None, None, live)
    month = restated.get(end_of_month(month_after(end, -1)))
    year = restated.get(end_of_month(month_after(end, -_YEAR)))
    return (
        end,
        one.gross,
        one.overdue,
        one.in_collection,
        one.unmatched,
        one.net,
        one.gross - month.gross if month else None,
        one.gross - year.gross if year else None,
        percent((one.gross - year.gross).minor, year.gross.minor) if year else None,
        live,
    )


def _is_live(end: date, view: Viewpoint, zone: ZoneInfo) -> bool:
    """Whether the month was not over on the day that is looked at, or when it was known."""
    return end == view.as_of and (end != end_of_month(end) or view.known_at < _midnight(end, zone))


def _midnight(end: date, zone: ZoneInfo) -> datetime:
    """The last moment of a day where the creditor is."""
    return datetime.combine(end + timedelta(days=1), datetime.min.time(), zone) - _MOMENT


def _both(
    end: date,
    at: datetime,
    restated: Mapping[date, MonthEnd],
    published: Mapping[date, MonthEnd],
) -> Row:
    now, then = restated.get(end), published.get(end)
    return (
        end,
        at.date() if then else None,
        then.gross if then else None,
        now.gross if now else None,
        now.gross - then.gross if now and then else None,
        then.overdue if then else None,
        now.overdue if now else None,
    )


def _before(restated: Mapping[date, MonthEnd], end: date) -> Any:
    year = restated.get(end_of_month(month_after(end, -_YEAR)))
    return year and year.gross.decimal
