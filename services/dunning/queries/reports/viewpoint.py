"""From where a report looks: whose accounts, which day, as known when; and what of them it counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal
from uuid import UUID

import sqlalchemy as sa

from shared.money import Money

Grain = Literal["day", "week", "month"]
BOUNDS: Final = (30, 60, 90)
_MONTHS_A_YEAR: Final = 12


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """`as_of` is the day that is looked at, `known_at` the time whose knowledge counts.

    `since` is the first day of the period of reports that have one. Without `currency` amounts of
    several currencies are in the creditor's own, at each invoice's booking rate; with it, only what
    is in that currency is counted, in it. The rest narrows to some debtors. Of long lists `most` rows
    are read, from the `first` (zero) on.
    """

    tenant_id: UUID
    as_of: date
    known_at: datetime
    base: str
    since: date
    currency: str | None = None
    debtor_id: UUID | None = None
    debtor_kind: str | None = None
    country: str | None = None
    timeline: str | None = None
    channel: str | None = None
    agency: str | None = None
    grain: Grain = "month"
    bounds: tuple[int, ...] = BOUNDS
    first: int = 0
    most: int | None = None

    @property
    def shown(self) -> str:
        return self.currency or self.base

    def money(self, minor: Any) -> Money:
        return Money(int(minor or 0), self.shown)

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left out, so that the sum is what the ledger's own account says."""
        narrowed = (self.debtor_id, self.debtor_kind, self.country, self.timeline, self.currency)
        return all(one is None for one in narrowed)

    def parameters(self) -> dict[str, Any]:
        narrowed = (self.debtor_id, self.debtor_kind, self.country, self.timeline)
        return {
            "tenant": self.tenant_id,
            "as_of": self.as_of,
            "known_at": self.known_at,
            "since": self.since,
            "base": self.base,
            "currency": self.currency,
            "narrowed": any(one is not None for one in narrowed),
            "debtor_id": self.debtor_id,
            "debtor_kind": self.debtor_kind,
            "country": self.country,
            "timeline": self.timeline,
            "channel": self.channel,
            "agency": self.agency,
            "first": self.first,
            "most": self.most,
        }


CHOSEN: Final = """
main as (
    select name from read.fact_main_timeline where tenant_id = :tenant
    and recorded_at <= :known_at and (superseded_at is null or superseded_at > :known_at)
), assigned as (
    select distinct on (debtor_id) debtor_id, name, code, assigned_on, assigned_by
    from read.fact_assignment
    where tenant_id = :tenant and assigned_on <= :as_of and recorded_at <= :known_at
    order by debtor_id, assigned_on desc, version desc
), person as (
    select d.debtor_id, d.number, d.name, d.kind, d.country, coalesce(a.name, m.name) as timeline
    from read.fact_debtor d
    left join assigned a using (debtor_id) left join main m on true
    where d.tenant_id = :tenant
    and d.recorded_at <= :known_at and (d.superseded_at is null or d.superseded_at > :known_at)
), chosen as (
    select debtor_id from person
    where (cast(:debtor_id as uuid) is null or debtor_id = :debtor_id)
    and (cast(:debtor_kind as text) is null or kind = :debtor_kind)
    and (cast(:country as text) is null or country = :country)
    and (cast(:timeline as text) is null or timeline = :timeline)
)
"""
"""The debtors that are looked at, each with its timeline on the day."""

OPEN: Final = """
invoice as not materialized (
    select *, gross_base_minor::numeric / nullif(gross_minor, 0) as rate
    from read.fact_invoice
    where tenant_id = :tenant and issued_on <= :as_of and not withdrawn
    and recorded_at <= :known_at and (superseded_at is null or superseded_at > :known_at)
    and (cast(:currency as text) is null or currency = :currency)
    and (not :narrowed or debtor_id in (select debtor_id from chosen))
), unsettled as materialized (
    select * from invoice
    where settled_on is null or settled_on > :as_of or settled_at > :known_at
), moved as (
    select invoice_id, sum(amount_minor)::bigint as minor
    from unsettled join read.fact_movement m using (tenant_id, invoice_id)
    where m.value_on <= :as_of
    and m.recorded_at <= :known_at and (m.superseded_at is null or m.superseded_at > :known_at)
    group by invoice_id
), counted as (
    select i.*, i.gross_minor - coalesce(m.minor, 0) as open_minor
    from unsettled i left join moved m using (invoice_id)
), open_invoice as (
    select *, round(open_minor * rate)::bigint as open_base_minor,
        case when cast(:currency as text) is null
            then round(open_minor * rate)::bigint else open_minor end as amount
    from counted where open_minor <> 0
), handed as (
    select distinct on (invoice_id) invoice_id, case_id, agency, handed_over_on
    from read.fact_case
    where tenant_id = :tenant and handed_over_on <= :as_of and recorded_at <= :known_at
    and not coalesce(taken_back_on <= :as_of and taken_back_at <= :known_at, false)
    order by invoice_id, version desc
)
"""
"""What of each invoice is open on the day, and which are with an agency. It follows `CHOSEN`.

What is back-dated counts from its own day; what was learnt after `known_at` does not count.
"""

CREDITS: Final = """
later as (
    select entry_id, sum(amount_minor)::bigint as minor
    from (
        select entry_id, amount_minor, recorded_at, superseded_at
        from read.fact_movement where tenant_id = :tenant and value_on > :as_of
        union all
        select m.entry_id, m.amount_minor, m.recorded_at, m.superseded_at
        from read.fact_invoice i join read.fact_movement m using (tenant_id, invoice_id)
        where i.tenant_id = :tenant and i.issued_on > :as_of and m.value_on <= :as_of
        and i.recorded_at <= :known_at and (i.superseded_at is null or i.superseded_at > :known_at)
    ) set_off
    where recorded_at <= :known_at and (superseded_at is null or superseded_at > :known_at)
    group by entry_id
), open_credit as (
    select *, case when cast(:currency as text) is null then rest_base_minor else rest_minor end
        as amount
    from (
        select c.*, c.remaining_minor + coalesce(l.minor, 0) as rest_minor,
            round((c.remaining_minor + coalesce(l.minor, 0)) * case
                when c.currency = :base then 1
                else c.amount_base_minor::numeric / nullif(c.amount_minor, 0) end)::bigint
                as rest_base_minor
        from read.fact_credit c left join later l on l.entry_id = c.item_id
        where c.tenant_id = :tenant and c.dated_on <= :as_of
        and (c.remaining_minor <> 0 or l.minor is not null)
        and c.recorded_at <= :known_at and (c.superseded_at is null or c.superseded_at > :known_at)
        and (cast(:currency as text) is null or c.currency = :currency)
        and (not :narrowed or c.debtor_id in (select debtor_id from chosen))
    ) known where rest_minor <> 0
)
"""
"""What of each credit is matched with nothing on the day: what remains, and what is set off against
something only later. It follows `CHOSEN`."""

WAITS: Final = """
waiting as (
    select subject_id, version, scope, kind, code, from_on, until_on, begun_by from read.fact_wait
    where tenant_id = :tenant and from_on <= :as_of and recorded_at <= :known_at
    and (until_on is null or until_on >= :as_of)
    and not coalesce(ended_on <= :as_of and ended_at <= :known_at, false)
)
"""

CHARGES: Final = """
holder as (
    select invoice_id, debtor_id, number, currency, due_on,
        gross_base_minor::numeric / nullif(gross_minor, 0) as rate
    from read.fact_invoice where tenant_id = :tenant
    and recorded_at <= :known_at and (superseded_at is null or superseded_at > :known_at)
    and (not :narrowed or debtor_id in (select debtor_id from chosen))
), charge as (
    select c.charge_id, c.invoice_id, c.currency, c.charged_on, c.level, c.category,
        case c.kind when 'absorbed' then 'compensation' else c.kind end as kind,
        c.amount_minor, i.debtor_id,
        case when cast(:currency as text) is not null or c.currency = :base then 1
            when c.currency = i.currency then i.rate end as factor
    from read.fact_charge c join holder i using (invoice_id)
    where c.tenant_id = :tenant and c.charged_on <= :as_of and c.recorded_at <= :known_at
    and (cast(:currency as text) is null or c.currency = :currency)
), charge_gone as (
    select charge_id, kind, code, amount_minor, effective_on from read.fact_charge_movement
    where tenant_id = :tenant and effective_on <= :as_of and recorded_at <= :known_at
)
"""
"""Charges made by the day, and what became of them by then. It follows `CHOSEN`.

`absorbed` is compensation's own negative line. Their invoices may be gone from the ledger since.
"""


def ask(
    sql: sa.Connection, view: Viewpoint, ctes: Sequence[str], query: str, **more: Any
) -> list[sa.Row[Any]]:
    """A question over common tables. All its values are bound; the texts are the house's own."""
    text = sa.text("\n".join(["with", ",".join(ctes), query]))
    wanted = set(text.compile().params)
    values = {**view.parameters(), **more}
    return list(sql.execute(text, {name: values[name] for name in wanted}))


def months_through(view: Viewpoint) -> list[tuple[date, date]]:
    """First and last day of each month of the period; the last month ends with `as_of`."""
    months = []
    first = view.since.replace(day=1)
    while first <= view.as_of:
        months.append((max(first, view.since), min(end_of_month(first), view.as_of)))
        first = end_of_month(first) + timedelta(days=1)
    return months


def end_of_month(day: date) -> date:
    return month_after(day, 1) - timedelta(days=1)


def month_after(day: date, months: int) -> date:
    """The first day of the month so many months after (or before) the day's."""
    count = day.year * _MONTHS_A_YEAR + day.month - 1 + months
    return date(count // _MONTHS_A_YEAR, count % _MONTHS_A_YEAR + 1, 1)
