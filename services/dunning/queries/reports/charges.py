"""T3: interest, fees and compensation from what was open to what is, and what became of them.

A hand-over's reversal is a column of its own, since from then on the agency claims what our books
no longer do. Interest that accrued to a hand-over and was never posted is no part of this.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

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
    CHARGES,
    CHOSEN,
    Viewpoint,
    ask,
    end_of_month,
    month_after,
    months_through,
)

KINDS = ("fee", "interest", "compensation")
_MOVES = """
select kind, column_, month, sum(amount) as amount from (
    select kind, 'charged' as column_, date_trunc('month', charged_on)::date as month,
        round(amount_minor * factor) as amount
    from charge
    union all
    select c.kind, case
            when g.kind = 'written_off' and g.code = 'handed_over' then 'handed_over'
            when g.kind = 'written_off' then g.code
            when g.kind = 'reversed' then 'corrected' else 'paid' end,
        date_trunc('month', g.effective_on)::date, round(g.amount_minor * c.factor)
    from charge_gone g join charge c using (charge_id)
) moved group by kind, column_, month
"""
_COHORT = """
select c.kind, c.level, sum(round(c.amount_minor * c.factor)) as charged,
    sum(round(coalesce(g.paid, 0) * c.factor)) as paid,
    sum(round(coalesce(g.gone, 0) * c.factor)) as gone
from charge c left join (
    select charge_id, sum(amount_minor) filter (where kind = 'paid') as paid,
        sum(amount_minor) as gone
    from charge_gone group by charge_id
) g using (charge_id)
where c.charged_on >= :since
group by c.kind, c.level order by c.kind, c.level
"""
_POSTED = """
select c.kind,
    coalesce(sum(round(l.amount_minor * c.factor)), 0) as amount
from read.fact_posting p join read.fact_posting_line l using (tenant_id, invoice_id, posting)
join charge c using (charge_id)
where p.tenant_id = :tenant and p.posted_on <= :as_of and p.posted_at <= :known_at
group by c.kind
"""
_OUT = ("paid", "manual", "aged", "principal_paid", "handed_over", "corrected")
_FLOW = (
    Column("opening", "money"),
    Column("charged", "money"),
    Column("paid", "money"),
    Column("written_off_manual", "money"),
    Column("written_off_aged", "money"),
    Column("written_off_principal_paid", "money"),
    Column("reversed_at_handover", "money"),
    Column("corrected", "money"),
    Column("closing", "money"),
)
_COLUMNS = (Column("kind", "word"), *_FLOW)
_BY_MONTH = (Column("month", "month"), Column("kind", "word"), *_FLOW)
_RECOVERY = (
    Column("kind", "word"),
    Column("level", "count"),
    Column("charged", "money"),
    Column("paid", "money"),
    Column("open", "money"),
    Column("recovery", "percent"),
)
_TIES = (
    Column("kind", "word"),
    Column("posted", "money"),
    Column("paid", "money"),
    Column("in_ledger", "money"),
    Column("closing", "money"),
    Column("not_posted", "money"),
)
Moves = Mapping[tuple[str, str], Mapping[date, int]]


def charge_status(sql: sa.Connection, view: Viewpoint) -> Report:
    """T3. Its headline is what is open of all charges; the parts stand in the first table."""
    parts = [CHOSEN, CHARGES]
    moves: dict[tuple[str, str], dict[date, int]] = {}
    for one in ask(sql, view, parts, _MOVES):
        moves.setdefault((one.kind, one.column_), {})[one.month] = int(one.amount)
    first = view.since.replace(day=1)
    flows = [(kind, _flow(moves, kind, first, view.as_of)) for kind in KINDS]
    rows: list[Row] = [(kind, *_money(flow, view)) for kind, flow in flows]
    by_month: list[Row] = [
        (month, kind, *_money(flow, view))
        for month, through in months_through(view)
        for kind in KINDS
        if any(flow := _flow(moves, kind, month.replace(day=1), through))
    ]
    closing = sum(flow[-1] for _, flow in flows)
    before = sum(_flow(moves, kind, month_after(view.as_of, 0), view.as_of)[0] for kind in KINDS)
    marks = [
        Mark(month, view.money(_open(moves, through)).decimal)
        for month, through in months_through(view)
    ]
    return Report(
        "T3",
        view.as_of,
        view.known_at,
        view.shown,
        Headline(
            "charges_open",
            view.money(closing),
            view.money(before),
            end_of_month(month_after(view.as_of, -1)),
        ),
        [
            Table(
                "roll_forward", _COLUMNS, rows, [("total", *_summed([f for _, f in flows], view))]
            ),
            Table("months", _BY_MONTH, by_month),
            _recovery(sql, view, parts),
            _ties(sql, view, parts, moves),
        ],
        Chart("trend", "charges_by_month", marks),
        ["accrued_interest_left_out", "books_not_claim"],
    )


def _flow(moves: Moves, kind: str, first: date, through: date) -> list[int]:
    """Opening, each movement of the months in between, closing."""

    def total(column: str, *, before: bool) -> int:
        each = moves.get((kind, column), {}).items()
        return sum(
            minor
            for month, minor in each
            if (month < first if before else first <= month <= through)
        )

    opening = total("charged", before=True) - sum(total(out, before=True) for out in _OUT)
    charged = total("charged", before=False)
    gone = [total(out, before=False) for out in _OUT]
    return [opening, charged, *gone, opening + charged - sum(gone)]


def _open(moves: Moves, through: date) -> int:
    return sum(_flow(moves, kind, date.min.replace(year=2), through)[-1] for kind in KINDS)


def _money(flow: Sequence[int], view: Viewpoint) -> Row:
    """What leaves is shown as negative, so that a line adds up."""
    opening, charged, *gone, closing = flow
    shown = [opening, charged, *(-minor for minor in gone), closing]
    return tuple(view.money(minor) for minor in shown)


def _summed(flows: Sequence[Sequence[int]], view: Viewpoint) -> Row:
    return _money([sum(column) for column in zip(*flows, strict=True)], view)


def _recovery(sql: sa.Connection, view: Viewpoint, parts: Sequence[str]) -> Table:
    """Of the charges of the period: what of them was paid, what was written off included."""
    rows: list[Row] = [
        (
            one.kind,
            one.level,
            view.money(one.charged),
            view.money(one.paid),
            view.money(one.charged - one.gone),
            percent(one.paid, one.charged),
        )
        for one in ask(sql, view, parts, _COHORT)
    ]
    return Table("recovery", _RECOVERY, rows)


def _ties(sql: sa.Connection, view: Viewpoint, parts: Sequence[str], moves: Moves) -> Table:
    """Our closing beside what was posted for it, less what was paid of it."""
    posted = {one.kind: int(one.amount) for one in ask(sql, view, parts, _POSTED)}
    rows: list[Row] = []
    for kind in KINDS:
        flow = _flow(moves, kind, date.min.replace(year=2), view.as_of)
        paid, closing = flow[2], flow[-1]
        in_ledger = posted.get(kind, 0) - paid
        figures = (posted.get(kind, 0), -paid, in_ledger, closing, closing - in_ledger)
        rows.append((kind, *(view.money(minor) for minor in figures)))
    return Table("postings", _TIES, rows)


def charges_to_post(sql: sa.Connection, view: Viewpoint) -> Table:
    """Charges, and what was given up of them, that were asked for and stand in no voucher yet."""
    found = ask(sql, view, [CHOSEN, CHARGES], _UNPOSTED)
    rows: list[Row] = [
        (one.invoice_id, one.number, one.voucher_on, view.money(one.amount),
         one.failure)
        for one in found
    ]  # fmt: skip
    return Table("charges_to_post", _TO_POST, rows)


_UNPOSTED = """
select p.invoice_id, i.number, p.voucher_on, p.failure,
    sum(round(l.amount_minor * c.factor)) as amount
from read.fact_posting p join read.fact_posting_line l using (tenant_id, invoice_id, posting)
join charge c using (charge_id)
join holder i on i.invoice_id = p.invoice_id
where p.tenant_id = :tenant and p.voucher_on <= :as_of and p.recorded_at <= :known_at
and not coalesce(p.posted_on <= :as_of and p.posted_at <= :known_at, false)
group by p.invoice_id, p.posting, i.number, p.voucher_on, p.failure
order by p.voucher_on, i.number, p.invoice_id, p.posting
"""
_TO_POST = (
    Column("invoice_id", "id"),
    Column("invoice"),
    Column("voucher_on", "day"),
    Column("amount", "money"),
    Column("reason", "word"),
)
