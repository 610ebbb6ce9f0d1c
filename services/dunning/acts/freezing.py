"""Freezing a pack of reports: what it says is reckoned first, since reckoning must hold nobody up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa

from services.dunning.commands.report import FreezeReport
from services.dunning.model.report import REPORT, report_id_of
from services.dunning.queries.reports import zone_of
from services.dunning.queries.reports.packs import PackKind, pack
from services.dunning.queries.reports.plain import encoded
from services.dunning.queries.reports.viewpoint import end_of_month
from services.dunning.registers import packs
from shared.clock import day_of
from shared.decider import Rejected
from shared.work import Work


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A pack as it was reckoned, not kept yet."""

    kind: PackKind
    period: str
    known_at: datetime
    body: bytes


def reckon(
    sql: sa.Connection, tenant_id: UUID, kind: PackKind, period: str, now: datetime
) -> Reckoned:
    """What the pack says now. Raises Rejected for a month that is not over."""
    if day_of(now, zone_of(sql, tenant_id)) <= end_of_month(date.fromisoformat(f"{period}-01")):
        raise Rejected("the month is not over", code="month_not_over", field="period")
    content = pack(sql, tenant_id, kind, period, now)
    return Reckoned(kind, period, now, encoded(content))


def freeze(work: Work, reckoned: Reckoned) -> UUID:
    """Keep it under its hash, unless this pack has been frozen before; its id either way."""
    report_id = report_id_of(work.tenant_id, reckoned.kind, reckoned.period)
    if work.load(REPORT, report_id).state is None:
        copy = packs.keep(work, reckoned.body)
        frozen = FreezeReport(reckoned.kind, reckoned.period, reckoned.known_at, copy)
        work.execute(REPORT, report_id, frozen)
    return report_id
