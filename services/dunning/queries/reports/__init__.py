"""The twelve reports, each as of a day and as known at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from services.dunning.queries.reports.aging import aging
from services.dunning.queries.reports.balances import balances
from services.dunning.queries.reports.charges import charge_status
from services.dunning.queries.reports.collection import collection
from services.dunning.queries.reports.credit_time import credit_time
from services.dunning.queries.reports.effect import effect
from services.dunning.queries.reports.open_items import open_items
from services.dunning.queries.reports.receivables import receivables
from services.dunning.queries.reports.reminders import reminders
from services.dunning.queries.reports.settings import (
    not_reminded,
    own_timelines,
    statement_debtors,
)
from services.dunning.queries.reports.shape import Report
from services.dunning.queries.reports.viewpoint import Viewpoint, month_after
from shared.clock import day_of

CODES: Final = tuple(f"T{number}" for number in range(1, 13))
_OF_ONE_DAY: Final = frozenset({"T6", "T7", "T8", "T9", "T10", "T11", "T12"})
_MONTHS_SHOWN: Final = 12
_HOUSE_ZONE: Final = "Europe/Copenhagen"
_SIMPLE: Final[Mapping[str, Callable[[sa.Connection, Viewpoint], Report]]] = {
    "T2": credit_time,
    "T3": charge_status,
    "T4": collection,
    "T5": reminders,
    "T6": own_timelines,
    "T7": not_reminded,
    "T8": statement_debtors,
    "T9": open_items,
    "T10": aging,
    "T11": balances,
    "T12": effect,
}
_ZONE = """
select time_zone from read.fact_creditor
where tenant_id = :tenant and superseded_at is null order by version desc limit 1
"""
_BASE = """
select coalesce(
    (select base_currency from read.fact_invoice where tenant_id = :tenant limit 1),
    (select currency from read.fact_control where tenant_id = :tenant limit 1),
    'DKK')
"""


def report(sql: sa.Connection, code: str, view: Viewpoint) -> Report:
    """One of the twelve. Raises KeyError for a code that none has."""
    if code == "T1":
        return receivables(sql, view, zone_of(sql, view.tenant_id))
    return _SIMPLE[code](sql, view)


def with_change(sql: sa.Connection, code: str, view: Viewpoint) -> Report:
    """The report, and of one that knows no months what its headline was when the last month ended."""
    found = report(sql, code, view)
    if code not in _OF_ONE_DAY:
        return found
    ended = view.as_of.replace(day=1) - timedelta(days=1)
    before = replace(view, as_of=ended, since=min(view.since, ended), first=0, most=1)
    value = report(sql, code, before).headline.value
    return replace(found, headline=replace(found.headline, before=value, before_on=ended))


def viewpoint(
    sql: sa.Connection,
    tenant_id: object,
    now: datetime,
    *,
    as_of: date | None = None,
    known_at: datetime | None = None,
    since: date | None = None,
    **narrowed: object,
) -> Viewpoint:
    """From the creditor's own day and currency, over the twelve months up to the day."""
    base = str(sql.execute(sa.text(_BASE), {"tenant": tenant_id}).scalar_one())
    day = as_of or day_of(now, zone_of(sql, tenant_id))
    return Viewpoint(
        tenant_id=tenant_id,  # type: ignore[arg-type]  # an id, whoever asks
        as_of=day,
        known_at=known_at or now,
        base=base,
        since=min(since or month_after(day, 1 - _MONTHS_SHOWN), day),
        **narrowed,  # type: ignore[arg-type]  # the fields of a viewpoint, by name
    )


def zone_of(sql: sa.Connection, tenant_id: object) -> ZoneInfo:
    """Where the creditor is: its day decides what is overdue."""
    found = sql.execute(sa.text(_ZONE), {"tenant": tenant_id}).scalar_one_or_none()
    return ZoneInfo(found or _HOUSE_ZONE)
