"""T9: what stands on customers' accounts matched with nothing, what it could belong to, what it holds.

A suggestion is a guess from figures: whoever keeps the ledger matches. Blocking is the overdue amount
that could go to collection were it not for the item.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.dunning.queries.reports.people import name_of
from services.dunning.queries.reports.shape import Chart, Column, Headline, Mark, Report, Row, Table
from services.dunning.queries.reports.viewpoint import CHOSEN, CREDITS, OPEN, WAITS, Viewpoint, ask
from shared.money import Money

_ITEMS = """
blocked as (
    select debtor_id, currency, sum(amount) as amount from open_invoice o
    where due_on < :as_of
    and invoice_id not in (select invoice_id from handed)
    and not exists (select from waiting w
        where w.subject_id in (o.invoice_id, o.debtor_id) and w.kind in ('disputed', 'frozen'))
    and exists (select from read.fact_notice_line n
        where n.tenant_id = :tenant and n.invoice_id = o.invoice_id and n.category = 'warning'
        and n.sent_on <= :as_of and n.deadline_on < :as_of and n.recorded_at <= :known_at
        and (n.superseded_at is null or n.superseded_at > :known_at))
    and (debtor_id, currency) in (select debtor_id, currency from open_credit where rest_minor > 0)
    group by debtor_id, currency
)
"""
_LIST = """
select c.item_id, c.debtor_id, c.kind, c.number, p.number as debtor, p.name, c.dated_on,
    :as_of - c.dated_on as age, c.currency, c.amount_minor, c.rest_minor, c.rest_base_minor,
    case when c.rest_minor > 0 then coalesce(b.amount, 0) else 0 end as blocking
from (
    select * from open_credit order by dated_on, item_id limit :most offset :first
) c left join person p using (debtor_id) left join blocked b using (debtor_id, currency)
order by c.dated_on, c.item_id
"""
_SUMS = """
select count(*) as items, coalesce(sum(amount), 0) as amount,
    coalesce((select sum(amount) from blocked), 0) as blocking
from open_credit
"""
_BY_KIND = """
select kind, count(*) as items, sum(amount) as amount from open_credit group by kind order by kind
"""
_CANDIDATES = """
select debtor_id, number, currency, open_minor from open_invoice
where debtor_id = any(:debtors) order by due_on, number
"""
_COLUMNS = (
    Column("item_id", "id"),
    Column("debtor_id", "id"),
    Column("type", "word"),
    Column("number"),
    Column("debtor"),
    Column("name", "person"),
    Column("dated_on", "day"),
    Column("age_days", "count"),
    Column("amount", "money"),
    Column("open", "money"),
    Column("open_base", "money"),
    Column("blocking", "money"),
    Column("suggestion", "word"),
    Column("suggested", "text"),
)
_BY_TYPE = (Column("type", "word"), Column("items", "count"), Column("open", "money"))
_SHORTEST_NUMBER = 3
_MOST_CANDIDATES, _MOST_SUMMED = 12, 4


def open_items(sql: sa.Connection, view: Viewpoint) -> Report:
    """T9. Amounts in the debtor's favour are negative; its headline is their sum."""
    parts = [CHOSEN, OPEN, CREDITS, WAITS, _ITEMS]
    found = ask(sql, view, parts, _LIST)
    (sums,) = ask(sql, view, parts, _SUMS)
    candidates = _candidates(sql, view, [one.debtor_id for one in found])
    rows: list[Row] = [_row(one, candidates.get(one.debtor_id, []), view) for one in found]
    total: Row = (None, None, "total", None, None, None, None, None, None,
                  view.money(-sums.amount), None, view.money(sums.blocking), None, None)  # fmt: skip
    kinds = ask(sql, view, [CHOSEN, CREDITS], _BY_KIND)
    by_kind: list[Row] = [(one.kind, one.items, view.money(-one.amount)) for one in kinds]
    marks = [Mark(one.kind, view.money(-one.amount).decimal, "minus") for one in kinds]
    return Report(
        "T9",
        view.as_of,
        view.known_at,
        view.shown,
        Headline("unmatched", view.money(-sums.amount)),
        [
            Table("items", _COLUMNS, rows, [total], of=sums.items),
            Table("types", _BY_TYPE, by_kind),
        ],
        Chart("bars", "unmatched_by_type", marks),
        ["suggestions_are_guesses"],
    )


def _row(one: Any, candidates: Sequence[Any], view: Viewpoint) -> Row:
    return (
        one.item_id,
        one.debtor_id,
        one.kind,
        one.number,
        one.debtor,
        name_of(one.name),
        one.dated_on,
        one.age,
        Money(-one.amount_minor, one.currency),
        Money(-one.rest_minor, one.currency),
        None if one.rest_base_minor is None else Money(-one.rest_base_minor, view.base),
        view.money(one.blocking),
        *suggestion(
            one.number,
            one.rest_minor,
            [(c.number, c.open_minor) for c in candidates if c.currency == one.currency],
        ),
    )


def suggestion(
    number: str, rest_minor: int, invoices: Sequence[tuple[str, int]]
) -> tuple[str | None, str | None]:
    """What an item may belong to: named by its number, of its very amount, or adding up to it.

    The oldest invoices first; of sums the one of fewest invoices.
    """
    for invoice, _ in invoices:
        if len(invoice) >= _SHORTEST_NUMBER and invoice in number:
            return "reference", invoice
    for invoice, minor in invoices:
        if minor == rest_minor:
            return "exact_amount", invoice
    oldest = invoices[:_MOST_CANDIDATES]
    for size in range(2, min(_MOST_SUMMED, len(oldest)) + 1):
        for chosen in combinations(oldest, size):
            if sum(minor for _, minor in chosen) == rest_minor:
                return "sum", " + ".join(invoice for invoice, _ in chosen)
    return None, None


def _candidates(
    sql: sa.Connection, view: Viewpoint, debtors: Sequence[UUID]
) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = {}
    if debtors:
        for one in ask(sql, view, [CHOSEN, OPEN], _CANDIDATES, debtors=sorted(set(debtors))):
            found.setdefault(one.debtor_id, []).append(one)
    return found
