"""What is asked of the read tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from services.sync import tables
from services.sync.events import ConsentGiven
from services.sync.values import EntryKind, Reading, Side
from shared.contracts.values import Copy
from shared.money import Money
from shared.sealed import Sealed


@dataclass(frozen=True, slots=True)
class ConnectionRow:
    """A connection as its page shows it. `totals` are each side's, as the last run read them."""

    connection_id: UUID
    time_zone: str
    language: str
    standing: str
    reason: str | None
    consent: ConsentGiven | None
    base_currency: str | None
    totals: tuple[TotalRow, ...]

    @property
    def drifts(self) -> tuple[TotalRow, ...]:
        """The sides on which ledger and mirror disagree."""
        return tuple(total for total in self.totals if total.drifts)


@dataclass(frozen=True, slots=True)
class TotalRow:
    """A side's control account, what its open items add up to, and whether that is all of them."""

    side: Side
    ledger: Money
    mirror: Money
    drifts: bool
    read_at: datetime

    @property
    def difference(self) -> Money:
        return self.ledger - self.mirror


def connection(sql: sa.Connection, tenant_id: UUID) -> ConnectionRow | None:
    table = tables.connection
    row = sql.execute(sa.select(table).where(table.c.tenant_id == tenant_id)).one_or_none()
    if row is None:
        return None
    return ConnectionRow(
        connection_id=row.connection_id,
        time_zone=row.time_zone,
        language=row.language,
        standing=row.standing,
        reason=row.reason,
        consent=_given(row.consent),
        base_currency=row.base_currency,
        totals=_totals(sql, tenant_id),
    )


def _totals(sql: sa.Connection, tenant_id: UUID) -> tuple[TotalRow, ...]:
    table = tables.control_total
    rows = sql.execute(sa.select(table).where(table.c.tenant_id == tenant_id).order_by("side"))
    return tuple(
        TotalRow(
            row.side,
            Money(row.ledger_total_minor, row.currency),
            Money(row.mirror_total_minor, row.currency),
            row.drifts,
            row.read_at,
        )
        for row in rows
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


def customers(sql: sa.Connection, tenant_id: UUID, numbers: Iterable[int]) -> dict[int, PartyRow]:
    table = tables.customer
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


def open_items(
    sql: sa.Connection, tenant_id: UUID, side: Side, party_number: str | None = None
) -> dict[int, ItemRow]:
    """What stands open on a side, or on one party's account, as it was told, by entry number."""
    table = tables.item
    mine = [
        table.c.tenant_id == tenant_id,
        table.c.side == side,
        table.c.remaining_minor != 0,
        ~table.c.withdrawn,
    ]
    if party_number is not None:
        mine.append(table.c.party_number == party_number)
    rows = sql.execute(sa.select(table).where(*mine))
    return {
        row.entry_number: ItemRow(Money(row.remaining_minor, row.currency), row.print)
        for row in rows
    }


@dataclass(frozen=True, slots=True)
class KnownItem:
    """An entry as it was told: what else needs to know of it to speak of it."""

    kind: EntryKind
    issued_on: date


def known_items(
    sql: sa.Connection, tenant_id: UUID, numbers: Iterable[int]
) -> dict[int, KnownItem]:
    table = tables.item
    mine = (table.c.tenant_id == tenant_id, table.c.entry_number.in_(set(numbers)))
    rows = sql.execute(
        sa.select(table.c.entry_number, table.c.kind, table.c.issued_on).where(*mine)
    )
    return {number: KnownItem(kind, issued_on) for number, kind, issued_on in rows}


def matched_with(sql: sa.Connection, tenant_id: UUID, items: Iterable[UUID]) -> set[int]:
    """The customers' entries that any of these items was told to stand against."""
    table = tables.item
    wanted = [str(item) for item in items]
    mine = (
        table.c.tenant_id == tenant_id,
        table.c.side == "receivable",
        table.c.against.has_any(sa.cast(wanted, ARRAY(sa.Text))),
    )
    return (
        set(sql.execute(sa.select(table.c.entry_number).where(*mine)).scalars())
        if wanted
        else set()
    )


def sales_entries(
    sql: sa.Connection, tenant_id: UUID, invoice_numbers: Iterable[int]
) -> dict[int, UUID]:
    """The customers' invoices that were told, by their numbers."""
    table = tables.item
    mine = (
        table.c.tenant_id == tenant_id,
        table.c.side == "receivable",
        table.c.kind == "invoice",
        table.c.number.in_({str(number) for number in invoice_numbers}),
    )
    rows = sql.execute(sa.select(table.c.number, table.c.item_id).where(*mine))
    return {int(number): item_id for number, item_id in rows}


@dataclass(frozen=True, slots=True)
class Uncopied:
    """A customer's open invoice whose document is not kept here yet."""

    item_id: UUID
    number: str
    year: str
    voucher: int


def uncopied(
    sql: sa.Connection,
    tenant_id: UUID,
    limit: int,
    *,
    due_before: date | None = None,
    party_number: str | None = None,
) -> Sequence[Uncopied]:
    """The oldest first; those overdue on a day, or those of one customer."""
    table = tables.item
    mine = [
        table.c.tenant_id == tenant_id,
        table.c.side == "receivable",
        table.c.remaining_minor != 0,
        ~table.c.withdrawn,
        table.c.lacks_copy,
    ]
    if due_before is not None:
        mine += [table.c.due_on < due_before, ~table.c.historical]
    if party_number is not None:
        mine.append(table.c.party_number == party_number)
    columns = (table.c.item_id, table.c.number, table.c.year, table.c.voucher)
    rows = sql.execute(sa.select(*columns).where(*mine).order_by(table.c.due_on).limit(limit))
    return [Uncopied(*row) for row in rows]


def charge_entries(sql: sa.Connection, tenant_id: UUID, marks: Iterable[str]) -> dict[str, int]:
    """The entries of charges of ours, by their lines' marks."""
    table = tables.charge_line
    mine = (table.c.tenant_id == tenant_id, table.c.mark.in_(set(marks)))
    rows = sql.execute(sa.select(table.c.mark, table.c.entry_number).where(*mine))
    return {row.mark: row.entry_number for row in rows}


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


def item_count(sql: sa.Connection, tenant_id: UUID, side: Side) -> dict[str, int]:
    """How many open entries of each kind the mirror holds on a side."""
    table = tables.item
    mine = (
        table.c.tenant_id == tenant_id,
        table.c.side == side,
        table.c.remaining_minor != 0,
        ~table.c.withdrawn,
    )
    rows = sql.execute(sa.select(table.c.kind, sa.func.count()).where(*mine).group_by(table.c.kind))
    return {row[0]: row[1] for row in rows}


def last_run(sql: sa.Connection, tenant_id: UUID, before: datetime) -> sa.Row[Any] | None:
    table = tables.run
    mine = (table.c.tenant_id == tenant_id, table.c.started_at <= before)
    found = sa.select(table).where(*mine).order_by(table.c.started_at.desc()).limit(1)
    return sql.execute(found).one_or_none()
