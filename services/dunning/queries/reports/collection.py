"""T4: what was sent to collection, month by month, and what became of it.

A case that was taken back before the agency could do anything counts once, as recalled.
"""

from __future__ import annotations

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
    percent,
    tenth,
)
from services.dunning.queries.reports.viewpoint import (
    CHARGES,
    CHOSEN,
    OPEN,
    Viewpoint,
    ask,
    months_through,
)

_CASES = """
sent as (
    select c.*, h.debtor_id, c.handed_over_on - h.due_on as days, h.number,
        date_trunc('month', c.handed_over_on)::date as month,
        case when cast(:currency as text) is null then h.rate else 1 end as factor,
        coalesce(c.taken_back_on <= :as_of and c.taken_back_at <= :known_at, false) as is_back,
        coalesce(c.taken_back_on <= :as_of and c.taken_back_at <= :known_at
            and c.taken_back_code in ('recalled', 'refused', 'withdrawn'), false) as recalled
    from read.fact_case c join holder h using (invoice_id)
    where c.tenant_id = :tenant and c.handed_over_on between :since and :as_of
    and c.recorded_at <= :known_at
    and (cast(:currency as text) is null or c.currency = :currency)
    and (cast(:agency as text) is null or c.agency = :agency)
), open_then as (
    select s.case_id, s.invoice_id,
        sum(c.rest) filter (where c.kind = 'fee') as fees,
        sum(c.rest) filter (where c.kind = 'interest') as interest,
        sum(c.rest) filter (where c.kind = 'compensation') as compensation
    from sent s join (
        select s.case_id, c.invoice_id, c.kind,
            round((c.amount_minor - coalesce(sum(g.amount_minor), 0)) * c.factor) as rest
        from sent s join charge c using (invoice_id)
        left join charge_gone g
            on g.charge_id = c.charge_id and g.effective_on < s.handed_over_on
        where c.charged_on <= s.handed_over_on
        group by s.case_id, c.invoice_id, c.charge_id, c.kind, c.amount_minor, c.factor
    ) c using (case_id, invoice_id)
    group by s.case_id, s.invoice_id
), paid_since as (
    select s.case_id, s.invoice_id,
        sum(m.amount_minor * s.factor) filter (where not m.through_agency) as direct,
        sum(m.amount_minor * s.factor) filter (where m.through_agency) as agency
    from sent s join read.fact_movement m on m.tenant_id = s.tenant_id
        and m.invoice_id = s.invoice_id and m.kind = 'payment'
    where m.value_on >= s.handed_over_on and m.value_on <= :as_of
    and (not s.is_back or m.value_on < s.taken_back_on)
    and m.recorded_at <= :known_at and (m.superseded_at is null or m.superseded_at > :known_at)
    group by s.case_id, s.invoice_id
), line as (
    select s.month, s.agency, s.case_id, s.invoice_id, s.debtor_id, s.number, s.days, s.recalled,
        s.is_back, s.handed_over_on, s.taken_back_on, s.taken_back_code,
        round(s.principal_minor * s.factor) as principal,
        round(s.interest_minor * s.factor) as accrued,
        coalesce(o.fees, 0) as fees, coalesce(o.interest, 0) as interest,
        coalesce(o.compensation, 0) as compensation,
        round(coalesce(p.direct, 0)) as direct, round(coalesce(p.agency, 0)) as by_agency
    from sent s
    left join open_then o using (case_id, invoice_id)
    left join paid_since p using (case_id, invoice_id)
)
"""
_WARNED = """
select date_trunc('month', w.warned_on)::date as month, count(*) as warned,
    count(*) filter (where exists (
        select from read.fact_case c where c.tenant_id = :tenant and c.invoice_id = w.invoice_id
        and c.handed_over_on <= :as_of and c.recorded_at <= :known_at
        and not coalesce(c.taken_back_on <= :as_of and c.taken_back_at <= :known_at
            and c.taken_back_code in ('recalled', 'refused', 'withdrawn'), false)
    )) as handed
from (
    select n.invoice_id, min(n.sent_on) as warned_on
    from read.fact_notice_line n join holder h using (invoice_id)
    where n.tenant_id = :tenant and n.category = 'warning' and n.sent_on <= :as_of
    and n.recorded_at <= :known_at and (n.superseded_at is null or n.superseded_at > :known_at)
    and (cast(:currency as text) is null or n.currency = :currency)
    group by n.invoice_id
) w where w.warned_on >= :since group by 1
"""
_SUMS = """
select month, agency,
    count(distinct case_id) filter (where not recalled) as cases,
    count(*) filter (where not recalled) as invoices,
    coalesce(sum(principal) filter (where not recalled), 0) as principal,
    coalesce(sum(fees) filter (where not recalled), 0) as fees,
    coalesce(sum(interest) filter (where not recalled), 0) as interest,
    coalesce(sum(accrued) filter (where not recalled), 0) as accrued,
    coalesce(sum(compensation) filter (where not recalled), 0) as compensation,
    percentile_cont(0.5) within group (order by days) filter (where not recalled) as median,
    count(distinct case_id) filter (where recalled) as recalled,
    coalesce(sum(direct), 0) as direct, coalesce(sum(by_agency), 0) as by_agency
from line group by grouping sets ((month), (agency), ())
"""
_LIST = """
select l.*, p.number as debtor, p.name from line l left join person p using (debtor_id)
order by l.handed_over_on desc, l.case_id, l.invoice_id limit :most offset :first
"""
_READY = """
select o.invoice_id, o.debtor_id, o.number, p.number as debtor, o.due_on, o.amount
from open_invoice o join read.fact_held k using (invoice_id)
left join person p using (debtor_id)
where k.tenant_id = :tenant and k.code = 'ready' and k.recorded_at <= :known_at
and (k.superseded_at is null or k.superseded_at > :known_at)
and o.invoice_id not in (select invoice_id from handed)
order by o.due_on, o.number, o.invoice_id
"""
_TO_CONFIRM = (
    Column("invoice_id", "id"),
    Column("debtor_id", "id"),
    Column("invoice"),
    Column("debtor"),
    Column("due_on", "day"),
    Column("open", "money"),
)
_FIGURES = (
    Column("cases", "count"),
    Column("invoices", "count"),
    Column("principal", "money"),
    Column("fees", "money"),
    Column("interest_posted", "money"),
    Column("interest_told", "money"),
    Column("compensation", "money"),
    Column("median_days", "days"),
    Column("recalled", "count"),
    Column("paid_direct", "money"),
    Column("paid_by_agency", "money"),
)
_BY_MONTH = (
    Column("month", "month"),
    *_FIGURES,
    Column("warned", "count"),
    Column("handed_of_warned", "count"),
    Column("conversion", "percent"),
)
_CASE_COLUMNS = (
    Column("case_id", "id"),
    Column("invoice_id", "id"),
    Column("debtor_id", "id"),
    Column("handed_over_on", "day"),
    Column("invoice"),
    Column("debtor"),
    Column("name", "person"),
    Column("agency"),
    Column("principal", "money"),
    Column("fees", "money"),
    Column("interest_posted", "money"),
    Column("interest_told", "money"),
    Column("days_from_due", "count"),
    Column("taken_back_on", "day"),
    Column("reason", "word"),
    Column("paid_direct", "money"),
    Column("paid_by_agency", "money"),
)


def collection(sql: sa.Connection, view: Viewpoint) -> Report:
    """T4. Its headline is the principal handed over in the last month."""
    parts = [CHOSEN, CHARGES, _CASES]
    sums = ask(sql, view, parts, _SUMS)
    found = {one.month: one for one in sums if one.agency is None}
    warned = {one.month: one for one in ask(sql, view, [CHOSEN, CHARGES], _WARNED)}
    months = [first.replace(day=1) for first, _ in months_through(view)]
    rows: list[Row] = [
        (month, *_figures(found.get(month), view), *_conversion([warned.get(month)]))
        for month in months
    ]
    totals: list[Row] = [
        (None, *_figures(found.get(None), view), *_conversion(list(warned.values())))
    ]
    agencies: list[Row] = [
        (one.agency, *_figures(one, view)) for one in sums if one.agency is not None
    ]
    cases = ask(sql, view, parts, _LIST)
    count = found[None].invoices if None in found else 0
    marks = [Mark(month, _principal(found.get(month), view)) for month in months]
    before = marks[-2] if len(marks) > 1 else None
    return Report(
        "T4",
        view.as_of,
        view.known_at,
        view.shown,
        Headline(
            "principal_this_month",
            view.money(found[months[-1]].principal if months[-1] in found else 0),
            view.money(found[months[-2]].principal if months[-2] in found else 0)
            if before
            else None,
            months[-1] - timedelta(days=1) if before else None,
        ),
        [
            Table("months", _BY_MONTH, rows, totals),
            Table("agencies", (Column("agency"), *_FIGURES), agencies),
            Table("cases", _CASE_COLUMNS, [_case(one, view) for one in cases], of=count),
        ],
        Chart("columns", "principal_by_month", marks),
        ["conversion_by_warning", "accrued_interest_told"],
    )


def cases_to_confirm(sql: sa.Connection, view: Viewpoint) -> Table:
    """What is ready for collection on the day and with no agency yet."""
    found = ask(sql, view, [CHOSEN, OPEN], _READY)
    rows: list[Row] = [
        (one.invoice_id, one.debtor_id, one.number, one.debtor, one.due_on, view.money(one.amount))
        for one in found
    ]
    return Table("cases_to_confirm", _TO_CONFIRM, rows)


def _figures(one: Any, view: Viewpoint) -> Row:
    if one is None:
        zero = view.money(0)
        return (0, 0, zero, zero, zero, zero, zero, None, 0, zero, zero)
    return (
        one.cases,
        one.invoices,
        view.money(one.principal),
        view.money(one.fees),
        view.money(one.interest),
        view.money(one.interest + one.accrued),
        view.money(one.compensation),
        None if one.median is None else tenth(Decimal(str(one.median))),
        one.recalled,
        view.money(one.direct),
        view.money(one.by_agency),
    )


def _conversion(cohorts: list[Any]) -> Row:
    warned = sum(one.warned for one in cohorts if one)
    handed = sum(one.handed for one in cohorts if one)
    return (warned, handed, percent(handed, warned))


def _principal(one: Any, view: Viewpoint) -> Decimal:
    return view.money(one.principal if one else 0).decimal


def _case(one: Any, view: Viewpoint) -> Row:
    back: tuple[date | None, str | None] = (
        (one.taken_back_on, one.taken_back_code) if one.is_back else (None, None)
    )
    return (
        one.case_id,
        one.invoice_id,
        one.debtor_id,
        one.handed_over_on,
        one.number,
        one.debtor,
        name_of(one.name),
        one.agency,
        view.money(one.principal),
        view.money(one.fees),
        view.money(one.interest),
        view.money(one.interest + one.accrued),
        one.days,
        *back,
        view.money(one.direct),
        view.money(one.by_agency),
    )
