"""The packs that are frozen: what is in them, and what of it would be otherwise today."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal, get_args
from uuid import UUID

import msgspec
import sqlalchemy as sa

from services.dunning.queries.reports import report, viewpoint
from services.dunning.queries.reports.charges import charges_to_post
from services.dunning.queries.reports.collection import cases_to_confirm
from services.dunning.queries.reports.control import control
from services.dunning.queries.reports.plain import plain, plain_table
from services.dunning.queries.reports.viewpoint import end_of_month
from services.dunning.tables import facts

PackKind = Literal["quality", "month_end"]
KINDS: Final[tuple[PackKind, ...]] = get_args(PackKind)
_QUALITY: Final = ("T1", "T2", "T3", "T4", "T5")
_FIGURES: Final = frozenset({"money", "percent", "days"})
_COMPARED_ALREADY: Final = "published"
"""T1's own comparison of what was published with what is known."""
_COUNTED_KEYS: Final = frozenset({"level", "window_days"})
_HAS_LEDGER = "select exists (select from read.fact_invoice where tenant_id = :tenant)"
_LAST = "select coalesce(max(position), 0) from event where tenant_id = :tenant"
_SHOWN = "select position from projection_position where projection = 'followed'"


@dataclass(frozen=True, slots=True)
class Frozen:
    """A pack that was frozen."""

    report_id: UUID
    kind: PackKind
    period: str
    known_at: datetime
    recorded_at: datetime
    frozen_by: str
    sha256: str
    media_type: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Restated:
    """A figure of a frozen pack that is another one by what is known today."""

    report: str
    table: str
    row: str
    column: str
    frozen: Any
    now: Any


def pack(
    sql: sa.Connection, tenant_id: UUID, kind: PackKind, period: str, known_at: datetime
) -> dict[str, Any]:
    """All of a pack on one month (`2026-03`), as known then.

    Quality is T1 to T5. Month-end adds the open items, the difference to the control account, the
    charges that stand in no voucher yet and the cases that wait to be handed over.
    """
    ends = end_of_month(date.fromisoformat(f"{period}-01"))
    view = viewpoint(sql, tenant_id, known_at, as_of=ends)
    reports = [plain(report(sql, code, view)) for code in _QUALITY]
    lists = []
    if kind == "month_end":
        reports.append(plain(report(sql, "T9", view)))
        compared = control(sql, view)
        found = [charges_to_post(sql, view), cases_to_confirm(sql, view)]
        lists = [plain_table(table) for table in ([compared] if compared else []) + found]
    return {
        "kind": kind,
        "period": period,
        "known_at": known_at.isoformat(),
        "reports": reports,
        "lists": lists,
    }


def restated(
    sql: sa.Connection, tenant_id: UUID, kept: bytes, known_at: datetime
) -> list[Restated]:
    """Where the pack would say something else if it were frozen now."""
    then: dict[str, Any] = msgspec.json.decode(kept)
    now = pack(sql, tenant_id, then["kind"], then["period"], known_at)
    found: list[Restated] = []
    for before, after in zip(_tables(then), _tables(now), strict=True):
        found += _differences(*before, after[1])
    return found


def frozen(sql: sa.Connection, tenant_id: UUID) -> list[Frozen]:
    """The newest first."""
    table = facts.frozen
    query = sa.select(table).where(table.c.tenant_id == tenant_id)
    rows = sql.execute(query.order_by(table.c.period.desc(), table.c.kind)).mappings()
    return [Frozen(**{name: row[name] for name in Frozen.__slots__}) for row in rows]


def has_ledger(sql: sa.Connection, tenant_id: UUID) -> bool:
    """Whether its customers' invoices are known here at all: of who only pays there is no report."""
    return bool(sql.execute(sa.text(_HAS_LEDGER), {"tenant": tenant_id}).scalar_one())


def is_caught_up(sql: sa.Connection, tenant_id: UUID) -> bool:
    """Whether the facts show all that has been recorded: what is frozen must not lack the last minute."""
    return shows(sql, last_position(sql, tenant_id))


def last_position(sql: sa.Connection, tenant_id: UUID) -> int:
    """The place in the log of the last event of a creditor; zero before there is any."""
    return int(sql.execute(sa.text(_LAST), {"tenant": tenant_id}).scalar_one())


def shows(sql: sa.Connection, position: int) -> bool:
    """Whether the facts show the log up to a place in it."""
    return int(sql.execute(sa.text(_SHOWN)).scalar_one_or_none() or 0) >= position


def _tables(content: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for one in content["reports"]:
        for table in one["tables"]:
            if table["key"] != _COMPARED_ALREADY:
                yield one["code"], table
    for table in content["lists"]:
        yield "", table


def _differences(code: str, then: dict[str, Any], now: dict[str, Any]) -> Iterator[Restated]:
    before, after = _by_name(then), _by_name(now)
    figures = [c["key"] for c in then["columns"] if c["kind"] in _FIGURES | {"count"}]
    nothing: dict[str, Any] = {}
    for name in [*before, *(name for name in after if name not in before)]:
        old, new = before.get(name, nothing), after.get(name, nothing)
        for key in figures:
            if old.get(key) != new.get(key):
                yield Restated(code, then["key"], name, key, old.get(key), new.get(key))


def _by_name(table: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The rows by what names them: the columns before the first figure."""
    naming: list[tuple[str, str]] = []
    for column in table["columns"]:
        counted = column["kind"] == "count" and column["key"] not in _COUNTED_KEYS
        if column["kind"] in _FIGURES or counted:
            break
        if column["kind"] != "id":
            naming.append((column["key"], column["kind"]))
    rows: Sequence[dict[str, Any]] = [*table["rows"], *table["totals"]]
    named: dict[str, dict[str, Any]] = {}
    for row in rows:
        parts = (_part(row[key], kind) for key, kind in naming if row[key] is not None)
        name = " · ".join(parts) or "total"
        while name in named:
            name += "'"
        named[name] = row
    return named


def _part(value: Any, kind: str) -> str:
    """A month by its name: 2026-03."""
    return str(value)[: len("2026-03")] if kind == "month" else str(value)
