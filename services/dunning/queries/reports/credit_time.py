"""T2: how long customers take, in days from the invoice to the payment, weighted by amount.

Beside it stand what was agreed and what it overran, and two companions that count the same thing
otherwise. A figure without its method's name means nothing: one quarter has four correct ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
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
    tenth,
)
from services.dunning.queries.reports.viewpoint import (
    CHOSEN,
    CREDITS,
    OPEN,
    Viewpoint,
    ask,
    end_of_month,
    month_after,
    months_through,
)

# Credit notes and what the ledger sets off otherwise are not payments.
_PAID = """
paid as (
    select date_trunc('month', m.value_on)::date as month, m.value_on >= :since as is_within,
        i.debtor_id,
        m.amount_minor * case when cast(:currency as text) is null then i.rate else 1 end as amount,
        m.value_on - i.issued_on as taken, i.due_on - i.issued_on as agreed
    from read.fact_movement m join invoice i using (invoice_id)
    where m.tenant_id = :tenant and m.kind = 'payment'
    and m.value_on between :from_on and :as_of
    and m.recorded_at <= :known_at and (m.superseded_at is null or m.superseded_at > :known_at)
)
"""
_BY_MONTH = """
select month, is_within, sum(amount) as amount, sum(amount * taken) as taken,
    sum(amount * agreed) as agreed
from paid group by month, is_within
"""
_BY_DEBTOR = """
select p.debtor_id, p.number, p.name, p.timeline, sum(amount) as amount,
    sum(amount * taken) as taken, sum(amount * agreed) as agreed, count(*) over () as debtors
from paid left join person p using (debtor_id)
group by p.debtor_id, p.number, p.name, p.timeline
order by sum(amount) desc, p.debtor_id limit :most offset :first
"""
# As receivables are gross of what is matched with nothing, sales are less matched credit notes only.
_SALES = """
select month, sum(amount) as amount from (
    select date_trunc('month', issued_on)::date as month,
        case when cast(:currency as text) is null then gross_base_minor else gross_minor end as amount
    from invoice
    union all
    select date_trunc('month', c.dated_on)::date, (coalesce(o.rest_minor, 0) - c.amount_minor) * case
        when cast(:currency as text) is not null or c.currency = :base then 1
        else c.amount_base_minor::numeric / nullif(c.amount_minor, 0) end
    from read.fact_credit c left join open_credit o using (item_id)
    where c.tenant_id = :tenant and c.kind = 'credit_note' and c.dated_on <= :as_of
    and c.recorded_at <= :known_at and (c.superseded_at is null or c.superseded_at > :known_at)
    and (cast(:currency as text) is null or c.currency = :currency)
    and (not :narrowed or c.debtor_id in (select debtor_id from chosen))
) sold group by month
"""
_GROSS = "select coalesce(sum(amount), 0) as amount from open_invoice"
_YEAR = 12
_COLUMNS = (
    Column("period", "month"),
    Column("paid", "money"),
    Column("credit_days", "days"),
    Column("agreed_days", "days"),
    Column("overrun_days", "days"),
)
_METHODS = (
    Column("period", "text"),
    Column("weighted", "days"),
    Column("agreed_days", "days"),
    Column("overrun_days", "days"),
    Column("balance_method", "days"),
    Column("count_back", "days"),
)
_PER_DEBTOR = (
    Column("debtor_id", "id"),
    Column("debtor"),
    Column("name", "person"),
    Column("timeline"),
    Column("paid", "money"),
    Column("credit_days", "days"),
    Column("agreed_days", "days"),
    Column("overrun_days", "days"),
)


def credit_time(sql: sa.Connection, view: Viewpoint) -> Report:
    """T2. Its headline is the amount-weighted time of the last month in which anything was paid."""
    months = months_through(view)
    year = replace(view, since=month_after(view.as_of, 1 - _YEAR))
    from_on = min(view.since, year.since)
    paid_in = ask(sql, view, [CHOSEN, OPEN, _PAID], _BY_MONTH, from_on=from_on)
    sales = {
        one.month: Decimal(one.amount) for one in ask(sql, view, [CHOSEN, OPEN, CREDITS], _SALES)
    }
    (gross,) = ask(sql, view, [CHOSEN, OPEN], _GROSS)
    receivables = Decimal(gross.amount)
    by_month = {one.month: one for one in paid_in if one.is_within}
    of_year = [one for one in paid_in if one.month >= year.since]
    rows: list[Row] = [
        (first, *_times(by_month.get(first.replace(day=1)), view)) for first, _ in months
    ]
    tables = [
        Table("months", _COLUMNS, rows),
        Table(
            "methods",
            _METHODS,
            [
                ("period", *methods(view, [*by_month.values()], sales, receivables)),
                ("rolling_year", *methods(year, of_year, sales, receivables)),
            ],
        ),
        _per_debtor(sql, view),
    ]
    paid = [row for row in rows if row[2] is not None]
    now, before = (paid[-1] if paid else None), (paid[-2] if len(paid) > 1 else None)
    marks = [
        Mark(first, row[2], before=row[3] if isinstance(row[3], Decimal) else None)
        for (first, _), row in zip(months, rows, strict=True)
        if isinstance(row[2], Decimal)
    ]
    return Report(
        "T2",
        view.as_of,
        view.known_at,
        view.shown,
        Headline(
            "weighted_days",
            _days(now),
            _days(before),
            end_of_month(before[0]) if before and isinstance(before[0], date) else None,
        ),
        tables,
        Chart("trend", "days_by_month", marks, "days"),
        ["four_methods", "vat_included"],
    )


def _days(row: Row | None) -> Decimal | None:
    return row[2] if row and isinstance(row[2], Decimal) else None


def methods(
    view: Viewpoint, found: Sequence[Any], sales: Mapping[date, Decimal], receivables: Decimal
) -> Row:
    """Weighted, agreed, overrun, balance method and count-back of one period up to the day."""
    amount = sum(Decimal(one.amount) for one in found)
    taken, agreed = (
        sum(Decimal(getattr(one, name)) for one in found) for name in ("taken", "agreed")
    )
    weighted = tenth(taken / amount) if amount else None
    terms = tenth(agreed / amount) if amount else None
    overrun = tenth((taken - agreed) / amount) if amount else None
    since = view.since.replace(day=1)
    sold = sum((sale for month, sale in sales.items() if month >= since), Decimal(0))
    days = (view.as_of - view.since).days + 1
    balance = tenth(receivables * days / sold) if sold > 0 else None
    return (weighted, terms, overrun, balance, count_back(receivables, sales, view.as_of))


def count_back(receivables: Decimal, sales: Mapping[date, Decimal], as_of: date) -> Decimal | None:
    """How many days back the sales lie that the receivables would be, the latest first.

    A month without sales counts all its days. None where all sales together are less.
    """
    days, left, month = Decimal(0), receivables, as_of.replace(day=1)
    oldest = min(sales, default=month)
    while left > 0 and month >= oldest:
        length = (min(end_of_month(month), as_of) - month).days + 1
        sale = sales.get(month, Decimal(0))
        if sale > left:
            return tenth(days + length * left / sale)
        days, left = days + length, left - max(sale, Decimal(0))
        month = (month - timedelta(days=1)).replace(day=1)
    return tenth(days) if left <= 0 else None


def _times(one: sa.Row[tuple[object, ...]] | None, view: Viewpoint) -> Row:
    if one is None or not one.amount:
        return (None, None, None, None)
    taken, agreed = one.taken / one.amount, one.agreed / one.amount
    return (view.money(round(one.amount)), tenth(taken), tenth(agreed), tenth(taken - agreed))


def _per_debtor(sql: sa.Connection, view: Viewpoint) -> Table:
    found = ask(sql, view, [CHOSEN, OPEN, _PAID], _BY_DEBTOR, from_on=view.since)
    rows: list[Row] = [
        (one.debtor_id, one.number, name_of(one.name), one.timeline, *_times(one, view))
        for one in found
    ]
    return Table("debtors", _PER_DEBTOR, rows, of=found[0].debtors if found else 0)
