"""T11: what each debtor owes: principal and charges, less what is matched with nothing."""

from __future__ import annotations

import sqlalchemy as sa

from services.dunning.queries.reports.control import control
from services.dunning.queries.reports.people import name_of
from services.dunning.queries.reports.shape import Chart, Column, Headline, Mark, Report, Row, Table
from services.dunning.queries.reports.viewpoint import (
    CHARGES,
    CHOSEN,
    CREDITS,
    OPEN,
    Viewpoint,
    ask,
)
from shared.money import Money

_PIECES = """
charge_open as (
    select debtor_id, currency, kind, minor, round(minor * factor)::bigint as base
    from (
        select c.debtor_id, c.currency, c.kind, c.factor,
            c.amount_minor - coalesce(g.minor, 0) as minor
        from charge c left join (
            select charge_id, sum(amount_minor) as minor from charge_gone group by charge_id
        ) g using (charge_id)
    ) rest where minor <> 0
), piece as (
    select debtor_id, currency, open_minor as principal, open_base_minor as base,
        case when h.invoice_id is null then 0 else open_minor end as collection,
        0::bigint as interest, 0::bigint as fee, 0::bigint as compensation, 0::bigint as unmatched
    from open_invoice left join handed h using (invoice_id)
    union all
    select debtor_id, currency, 0, base, 0,
        case kind when 'interest' then minor else 0 end,
        case kind when 'fee' then minor else 0 end,
        case kind when 'compensation' then minor else 0 end, 0
    from charge_open
    union all
    select debtor_id, currency, 0, -rest_base_minor, 0, 0, 0, 0, rest_minor from open_credit
    union all
    select distinct debtor_id, currency, 0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint,
        0::bigint, 0::bigint from invoice
), balance as (
    select debtor_id, currency, sum(principal) as principal, sum(interest) as interest,
        sum(fee) as fee, sum(compensation) as compensation, sum(unmatched) as unmatched,
        sum(collection) as collection, sum(base) as base
    from piece group by debtor_id, currency
)
"""
_BOTH = """
select b.*, 1 as debtors, p.number, p.name,
    b.principal + b.interest + b.fee + b.compensation - b.unmatched as balance
from (
    select * from balance order by base desc, debtor_id, currency limit :most offset :first
) b left join person p using (debtor_id)
union all
select null, currency, sum(principal), sum(interest), sum(fee), sum(compensation), sum(unmatched),
    sum(collection), sum(base), count(*), null, null,
    sum(principal + interest + fee + compensation - unmatched)
from balance group by currency
order by base desc, debtor_id, currency
"""
_COLUMNS = (
    Column("debtor_id", "id"),
    Column("debtor"),
    Column("name", "person"),
    Column("principal", "money"),
    Column("interest", "money"),
    Column("fees", "money"),
    Column("compensation", "money"),
    Column("unmatched", "money"),
    Column("balance", "money"),
    Column("balance_base", "money"),
    Column("in_collection", "money"),
)
_LARGEST = 5


def balances(sql: sa.Connection, view: Viewpoint) -> Report:
    """T11, a line for each debtor and currency. Its headline is the balance of all."""
    parts = [CHOSEN, OPEN, CREDITS, CHARGES, _PIECES]
    both = ask(sql, view, parts, _BOTH)
    found = [one for one in both if one.debtor_id is not None]
    sums = [one for one in both if one.debtor_id is None]
    rows: list[Row] = [
        (one.debtor_id, one.number, name_of(one.name), *_amounts(one, view)) for one in found
    ]
    totals: list[Row] = [(None, "total", None, *_amounts(one, view)) for one in sums]
    whole = sum(one.base if view.currency is None else one.balance for one in sums)
    tables = [Table("debtors", _COLUMNS, rows, totals, of=sum(one.debtors for one in sums))]
    beside = control(sql, view)
    if beside is not None:
        tables.append(beside)
    largest = [
        Mark(one.number or "", Money(int(one.base), view.base).decimal)
        for one in found[:_LARGEST]
        if one.base > 0
    ]
    return Report(
        "T11",
        view.as_of,
        view.known_at,
        view.shown,
        Headline("balance", view.money(whole)),
        tables,
        Chart("bars", "largest_balances", largest),
        ["accrued_interest_left_out"],
    )


def _amounts(one: sa.Row[tuple[object, ...]], view: Viewpoint) -> tuple[Money, ...]:
    def money(minor: object, currency: str = "") -> Money:
        return Money(int(str(minor)), currency or one.currency)

    return (
        money(one.principal),
        money(one.interest),
        money(one.fee),
        money(one.compensation),
        money(-one.unmatched),
        money(one.balance),
        money(one.base, view.base),
        money(one.collection),
    )
