"""What is asked of the read tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from uuid import UUID

import msgspec
import sqlalchemy as sa

from services.sync import tables
from services.sync.events import ConsentGiven
from services.sync.values import Reading
from shared.contracts.values import Copy
from shared.money import Money
from shared.sealed import Sealed


@dataclass(frozen=True, slots=True)
class ConnectionRow:
    """A connection as its page shows it. `drift` is the ledger's total and the mirror's."""

    connection_id: UUID
    time_zone: str
    language: str
    standing: str
    reason: str | None
    consent: ConsentGiven | None
    base_currency: str | None
    drift: tuple[Money, Money] | None


def connection(sql: sa.Connection, tenant_id: UUID) -> ConnectionRow | None:
    table = tables.connection
    row = sql.execute(sa.select(table).where(table.c.tenant_id == tenant_id)).one_or_none()
    if row is None:
        return None
    drift = None
    if row.ledger_total_minor is not None and row.base_currency:
        totals = (row.ledger_total_minor, row.mirror_total_minor)
        ledger, mirror = (Money(minor, row.base_currency) for minor in totals)
        drift = (ledger, mirror)
    return ConnectionRow(
        connection_id=row.connection_id,
        time_zone=row.time_zone,
        language=row.language,
        standing=row.standing,
        reason=row.reason,
        consent=_given(row.consent),
        base_currency=row.base_currency,
        drift=drift,
    )


def _given(stored: Any) -> ConsentGiven | None:
    return None if stored is None else msgspec.convert(stored, ConsentGiven)


@dataclass(frozen=True, slots=True)
class PartyRow:
    name: Sealed
    print: str


def parties(sql: sa.Connection, tenant_id: UUID, numbers: Iterable[int]) -> dict[int, PartyRow]:
    table = tables.party
    mine = (table.c.tenant_id == tenant_id, table.c.number.in_(set(numbers)))
    rows = sql.execute(sa.select(table.c.number, table.c.name, table.c.print).where(*mine))
    return {row.number: PartyRow(msgspec.convert(row.name, Sealed), row.print) for row in rows}


def party_names(sql: sa.Connection, tenant_id: UUID) -> dict[int, Sealed]:
    """The suppliers that may be chosen, by their number."""
    table = tables.party
    mine = (table.c.tenant_id == tenant_id, ~table.c.blocked)
    rows = sql.execute(
        sa.select(table.c.number, table.c.name).where(*mine).order_by(table.c.number)
    )
    return {row.number: msgspec.convert(row.name, Sealed) for row in rows}


@dataclass(frozen=True, slots=True)
class Suppliers:
    """The suppliers by what they can be recognised by; what fits two of them fits none."""

    by_vat: dict[str, int]
    by_account: dict[str, int]
    by_name: dict[str, int]

    @classmethod
    def of(cls, sql: sa.Connection, tenant_id: UUID) -> Self:
        table = tables.party
        rows = sql.execute(sa.select(table).where(table.c.tenant_id == tenant_id)).all()
        return cls(
            _single((row.vat_print, row.number) for row in rows),
            _single((row.account_print, row.number) for row in rows),
            _single((row.name_print, row.number) for row in rows),
        )


def _single(pairs: Iterable[tuple[str | None, int]]) -> dict[str, int]:
    found: dict[str, set[int]] = {}
    for print_, number in pairs:
        if print_ is not None:
            found.setdefault(print_, set()).add(number)
    return {print_: numbers.pop() for print_, numbers in found.items() if len(numbers) == 1}


@dataclass(frozen=True, slots=True)
class ItemRow:
    remaining: Money
    print: str


def open_items(sql: sa.Connection, tenant_id: UUID) -> dict[int, ItemRow]:
    """What stands open, as it was told, by entry number."""
    table = tables.item
    mine = (table.c.tenant_id == tenant_id, table.c.remaining_minor != 0, ~table.c.withdrawn)
    rows = sql.execute(sa.select(table).where(*mine))
    return {
        row.entry_number: ItemRow(Money(row.remaining_minor, row.currency), row.print)
        for row in rows
    }


@dataclass(frozen=True, slots=True)
class Source:
    """The document that an entry of the ledger was booked from."""

    copy_of: Copy
    reading: Reading


def sources_of_entries(
    sql: sa.Connection, tenant_id: UUID, numbers: Iterable[int]
) -> dict[int, Source]:
    table = tables.document
    mine = (table.c.tenant_id == tenant_id, table.c.entry_number.in_(set(numbers)))
    columns = (table.c.entry_number, table.c["copy"], table.c.reading)
    return {
        number: Source(msgspec.convert(copy, Copy), msgspec.convert(reading, Reading))
        for number, copy, reading in sql.execute(sa.select(*columns).where(*mine))
    }


def runs(sql: sa.Connection, tenant_id: UUID, limit: int = 20) -> Sequence[sa.Row[Any]]:
    table = tables.run
    mine = sa.select(table).where(table.c.tenant_id == tenant_id)
    return sql.execute(mine.order_by(table.c.started_at.desc()).limit(limit)).all()


def run(sql: sa.Connection, tenant_id: UUID, run_id: UUID) -> sa.Row[Any] | None:
    table = tables.run
    mine = (table.c.tenant_id == tenant_id, table.c.run_id == run_id)
    return sql.execute(sa.select(table).where(*mine)).one_or_none()


def documents(sql: sa.Connection, tenant_id: UUID, limit: int = 200) -> Sequence[sa.Row[Any]]:
    table = tables.document
    mine = sa.select(table).where(table.c.tenant_id == tenant_id)
    return sql.execute(mine.order_by(table.c.received_at.desc()).limit(limit)).all()


def document(sql: sa.Connection, tenant_id: UUID, document_id: UUID) -> sa.Row[Any] | None:
    table = tables.document
    mine = (table.c.tenant_id == tenant_id, table.c.document_id == document_id)
    return sql.execute(sa.select(table).where(*mine)).one_or_none()


def is_repeated(sql: sa.Connection, tenant_id: UUID, document_id: UUID) -> bool:
    """Whether another document of the same supplier, kind and number is booked, or asked to be.

    A sender may write the same invoice twice, and not byte for byte.
    """
    this, other = tables.document, tables.document.alias()
    same = [
        other.c.reading[name].astext == this.c.reading[name].astext for name in ("kind", "number")
    ]
    query = sa.select(
        sa.exists().where(
            this.c.tenant_id == tenant_id,
            this.c.document_id == document_id,
            other.c.tenant_id == tenant_id,
            other.c.document_id != document_id,
            other.c.supplier_number == this.c.supplier_number,
            other.c.state.in_(["asked", "booked"]),
            *same,
        )
    )
    return bool(sql.execute(query).scalar())


def postings(sql: sa.Connection, tenant_id: UUID, limit: int = 200) -> Sequence[sa.Row[Any]]:
    table = tables.posting
    mine = sa.select(table).where(table.c.tenant_id == tenant_id)
    return sql.execute(mine.order_by(table.c.sought_at.desc()).limit(limit)).all()


def item_count(sql: sa.Connection, tenant_id: UUID) -> dict[str, int]:
    """How many open entries of each kind the mirror holds."""
    table = tables.item
    mine = (table.c.tenant_id == tenant_id, table.c.remaining_minor != 0, ~table.c.withdrawn)
    rows = sql.execute(sa.select(table.c.kind, sa.func.count()).where(*mine).group_by(table.c.kind))
    return {row[0]: row[1] for row in rows}


def last_run(sql: sa.Connection, tenant_id: UUID, before: datetime) -> sa.Row[Any] | None:
    table = tables.run
    mine = (table.c.tenant_id == tenant_id, table.c.started_at <= before)
    found = sa.select(table).where(*mine).order_by(table.c.started_at.desc()).limit(1)
    return sql.execute(found).one_or_none()
