"""Our sums beside the ledger's own receivables account, with the difference as a row.

The account holds open principal and the charges that were posted to it, less what is matched with
nothing; the ledger's word is the last reading on the day or before.
"""

from __future__ import annotations

import sqlalchemy as sa

from services.dunning.queries.reports.shape import Column, Row, Table
from services.dunning.queries.reports.viewpoint import CHOSEN, CREDITS, OPEN, Viewpoint, ask

_SUMS = """
select
    (select coalesce(sum(open_base_minor), 0) from open_invoice) as principal,
    (select coalesce(sum(rest_base_minor), 0) from open_credit) as unmatched,
    (select coalesce(sum(round(l.amount_minor * f.factor)), 0)
        from read.fact_posting p join read.fact_posting_line l using (tenant_id, invoice_id, posting)
        join factor f using (charge_id)
        where p.tenant_id = :tenant and p.posted_on <= :as_of and p.posted_at <= :known_at) as posted,
    (select coalesce(sum(round(m.amount_minor * f.factor)), 0)
        from read.fact_charge_movement m join factor f using (charge_id)
        where m.tenant_id = :tenant and m.kind = 'paid'
        and m.effective_on <= :as_of and m.recorded_at <= :known_at) as paid
"""
_FACTOR = """
factor as (
    select c.charge_id, case when c.currency = :base then 1
        else i.gross_base_minor::numeric / nullif(i.gross_minor, 0) end as factor
    from read.fact_charge c join read.fact_invoice i using (tenant_id, invoice_id)
    where c.tenant_id = :tenant
    and i.recorded_at <= :known_at and (i.superseded_at is null or i.superseded_at > :known_at)
)
"""
_READING = """
reading as (
    select read_on, ledger_minor from read.fact_control
    where tenant_id = :tenant and currency = :base
    and read_on <= :as_of and recorded_at <= :known_at
    order by read_on desc, recorded_at desc limit 1
)
"""
_COLUMNS = (Column("line", "word"), Column("amount", "money"), Column("read_on", "day"))


def control(sql: sa.Connection, view: Viewpoint) -> Table | None:
    """The comparison in the creditor's currency; None where only a part is looked at."""
    if not view.is_whole:
        return None
    (sums,) = ask(sql, view, [CHOSEN, OPEN, CREDITS, _FACTOR], _SUMS)
    readings = ask(sql, view, [_READING], "select * from reading")
    charges = sums.posted - sums.paid
    books = sums.principal + charges - sums.unmatched
    lines: list[Row] = [
        ("principal", view.money(sums.principal), None),
        ("charges_posted", view.money(charges), None),
        ("unmatched", view.money(-sums.unmatched), None),
        ("books", view.money(books), None),
    ]
    if readings:
        ledger, read_on = readings[0].ledger_minor, readings[0].read_on
        lines.append(("ledger", view.money(ledger), read_on))
        lines.append(("difference", view.money(books - ledger), read_on))
    else:
        lines += [("ledger", None, None), ("difference", None, None)]
    return Table("control", _COLUMNS, lines)
