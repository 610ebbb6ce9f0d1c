"""A run, step by step: each reads a page, or the open set, and is recorded in one transaction.

Reading twice changes nothing, so a step whose answer was lost is simply read again; the page is
recorded together with the cursor behind it, so it is told once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import msgspec
import structlog

from services.sync import queries
from services.sync.commands import (
    FailRun,
    MissItem,
    NotePage,
    NoteParty,
    NoteSuppliers,
    NoteSweep,
    ObserveEntry,
)
from services.sync.effects import door
from services.sync.effects.door import Door
from services.sync.gateways.errors import Gone, LedgerError
from services.sync.gateways.ledger import (
    AccountingSource,
    OpenItem,
    Parked,
    Supplier,
    SupplierEntry,
)
from services.sync.gateways.sealing import KnownParty, Sealer
from services.sync.intents import READ, ReadStep
from services.sync.model.connection import CONNECTION
from services.sync.model.document import as_booked
from services.sync.model.item import ITEM
from services.sync.model.naming import item_id_of, party_id_of
from services.sync.model.party import PARTY
from services.sync.model.sweeping import Looked, differing, is_believable
from shared.effects.worker import Done, Later, Outcome, Refused, Task, Unknown
from shared.money import Money
from shared.work import Work

_log = structlog.get_logger(__name__)
TRIES: Final = 6
MOST_LOOKS: Final = 500
"""Entries looked at one by one in one sweep step."""
_FOR_ALL_TIME: Final = date.max
"""The open set knows no day, so the control account is asked for its last."""


@dataclass(frozen=True, slots=True)
class SuppliersPage:
    base_currency: str
    parties: Sequence[NoteParty]
    cursor: str | None
    parked: tuple[str, ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class EntriesPage:
    parties: Sequence[NoteParty]
    entries: Sequence[ObserveEntry]
    read: int
    cursor: str | None
    parked: tuple[str, ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class Sweep:
    """`gone` are missing entries of a set that is believed; `totals` ledger's and open set's."""

    parties: Sequence[NoteParty]
    entries: Sequence[ObserveEntry]
    gone: Sequence[int]
    open_items: int
    believable: bool
    totals: tuple[Money, Money] | None


class ReadLedger:
    kind = READ

    def __init__(self, way: Door, page: int = 500) -> None:
        self._door = way
        self._page = page

    def perform(self, task: Task, now: datetime) -> Outcome:
        if task.attempt > TRIES:
            return Refused("unreachable", "the ledger could not be read after several tries")
        step = msgspec.json.decode(task.body, type=ReadStep)
        try:
            source = self._door.ledger(task.tenant_id)
            reader = _Reader(self._door, source, task.tenant_id, task.aggregate_id, now)
            match step.step:
                case "suppliers":
                    return Done(reader.suppliers(step.cursor))
                case "entries":
                    return Done(reader.entries(step.cursor, self._page))
                case "open_set":
                    return Done(reader.open_set())
        except LedgerError as error:
            return door.answer(error, task.attempt, now)

    def find(self, task: Task, now: datetime) -> Outcome:
        return self.perform(task, now)

    def record(self, work: Work, task: Task, outcome: Outcome) -> None:
        run_id = msgspec.json.decode(task.body, type=ReadStep).run_id
        match outcome:
            case Done(answer):
                _Recorder(work, task.aggregate_id, run_id).record(answer)
            case Refused(code=code, text=text):
                work.execute(CONNECTION, task.aggregate_id, FailRun(run_id, code, text, work.now))
            case Later() | Unknown():
                pass


class _Reader:
    """Reads for one client, and seals what it has read."""

    def __init__(
        self,
        way: Door,
        source: AccountingSource,
        tenant_id: UUID,
        connection_id: UUID,
        now: datetime,
    ) -> None:
        self._door = way
        self._source = source
        self._tenant_id = tenant_id
        self._sealer = Sealer(way.vault, tenant_id, connection_id)
        self._today = now.date()

    def suppliers(self, cursor: str | None) -> SuppliersPage:
        base_currency = self._source.probe().base_currency
        page = self._source.suppliers(cursor)
        known = self._parties(supplier.number for supplier in page.records)
        return SuppliersPage(
            base_currency=base_currency,
            parties=[
                self._sealer.party(supplier)
                for supplier in page.records
                if supplier.number not in known
                or known[supplier.number].print != self._sealer.party_print(supplier)
            ],
            cursor=None if page.complete else page.next_cursor,
            parked=_parked(page.parked),
            complete=page.complete,
        )

    def entries(self, cursor: str | None, limit: int) -> EntriesPage:
        page = self._source.changes(cursor, limit)
        parties, entries, strangers = self._sealed(page.records)
        return EntriesPage(
            parties=parties,
            entries=entries,
            read=len(page.records),
            cursor=page.next_cursor,
            parked=(*_parked(page.parked), *strangers),
            complete=page.complete,
        )

    def open_set(self) -> Sweep:
        listed = {item.entry_number: item for item in self._source.open_set()}
        with self._door.database.transaction([self._tenant_id]) as transaction:
            mirror = queries.open_items(transaction.sql, self._tenant_id)
        differs = differing({n: self._as_told(item) for n, item in listed.items()}, mirror)
        lacking = [number for number in differs if number not in listed]
        found = {number: self._look(number) for number in lacking[:MOST_LOOKS]}
        standing = [listed[number].entry for number in differs if number in listed]
        standing += [entry for entry in found.values() if entry is not None]
        parties, entries, _ = self._sealed(standing)
        if len(lacking) > MOST_LOOKS and any(found.values()):
            return Sweep(parties, entries, (), len(listed), believable=True, totals=None)
        looked = {
            number: Looked(None if entry is None else entry.remaining)
            for number, entry in found.items()
        }
        believable = is_believable(listed, mirror, looked)
        return Sweep(
            parties=parties,
            entries=entries,
            gone=[n for n, entry in found.items() if entry is None] if believable else [],
            open_items=len(listed),
            believable=believable,
            totals=self._totals(listed.values()),
        )

    def _as_told(self, item: OpenItem) -> queries.ItemRow:
        return queries.ItemRow(item.remaining, self._sealer.entry_print(item.entry))

    def _look(self, number: int) -> SupplierEntry | None:
        try:
            return self._source.get(number)
        except Gone:
            return None

    def _totals(self, listed: Iterable[OpenItem]) -> tuple[Money, Money]:
        ledger = self._source.control_total(_FOR_ALL_TIME)
        mirrored = sum(item.remaining_in_base.minor for item in listed)
        return ledger, Money(mirrored, ledger.currency)

    def _parties(self, numbers: Iterable[int]) -> dict[int, queries.PartyRow]:
        with self._door.database.transaction([self._tenant_id]) as transaction:
            return queries.parties(transaction.sql, self._tenant_id, numbers)

    def _sealed(
        self, records: Sequence[SupplierEntry]
    ) -> tuple[list[NoteParty], list[ObserveEntry], tuple[str, ...]]:
        """Entries with their parties; those without a supplier are set aside."""
        known = self._parties(entry.supplier_number for entry in records)
        names = {number: KnownParty(number, row.name) for number, row in known.items()}
        notes: list[NoteParty] = []
        for number in {entry.supplier_number for entry in records} - names.keys():
            supplier = self._supplier(number)
            if supplier is not None:
                notes.append(self._sealer.party(supplier))
                names[number] = KnownParty(number, notes[-1].name)
        entries = [
            self._observed(entry, names[entry.supplier_number])
            for entry in records
            if entry.supplier_number in names
        ]
        strangers = [e for e in records if e.supplier_number not in names]
        return notes, entries, tuple(f"{entry.entry_number}:no supplier" for entry in strangers)

    def _observed(self, entry: SupplierEntry, party: KnownParty) -> ObserveEntry:
        return ObserveEntry(
            entry=self._sealer.entry(entry, party),
            remaining=entry.remaining,
            matched_on=entry.matched_on or self._today,
        )

    def _supplier(self, number: int) -> Supplier | None:
        """One that came into the ledger after this run had read the suppliers."""
        page = self._source.suppliers(str(number - 1))
        return next((found for found in page.records if found.number == number), None)


class _Recorder:
    """Writes what a step has read: parties, entries, the cursor, in the one transaction."""

    def __init__(self, work: Work, connection_id: UUID, run_id: UUID) -> None:
        self._work = work
        self._connection_id = connection_id
        self._run_id = run_id

    def record(self, answer: SuppliersPage | EntriesPage | Sweep) -> None:
        run = self._work.load(CONNECTION, self._connection_id).state.run
        if run is None or run.run_id != self._run_id:
            return  # the run has ended meanwhile: what it read is read again by the next
        match answer:
            case SuppliersPage():
                command: Any = NoteSuppliers(
                    self._run_id,
                    answer.base_currency,
                    answer.cursor,
                    self._parties(answer.parties),
                    answer.parked,
                    answer.complete,
                )
            case EntriesPage():
                told = self._parties(answer.parties) + self._entries(answer.entries)
                command = NotePage(
                    self._run_id,
                    answer.cursor,
                    answer.read,
                    told,
                    answer.parked,
                    answer.complete,
                )
            case Sweep():
                told = self._parties(answer.parties) + self._entries(answer.entries)
                command = NoteSweep(
                    self._run_id,
                    answer.open_items,
                    told + self._gone(answer.gone),
                    answer.believable,
                    answer.totals,
                    self._work.now,
                )
        for parked in getattr(answer, "parked", ()):
            _log.warning("record parked", connection=str(self._connection_id), record=parked)
        self._work.execute(CONNECTION, self._connection_id, command)

    def _parties(self, parties: Sequence[NoteParty]) -> int:
        return sum(
            len(self._work.execute(PARTY, party_id_of(self._connection_id, party.number), party))
            for party in parties
        )

    def _entries(self, entries: Sequence[ObserveEntry]) -> int:
        numbers = [observed.entry.number for observed in entries]
        sources = queries.sources_of_entries(self._work.sql, self._work.tenant_id, numbers)
        return sum(
            len(
                self._work.execute(
                    ITEM,
                    item_id_of(self._connection_id, observed.entry.number),
                    _with_source(observed, sources.get(observed.entry.number)),
                )
            )
            for observed in entries
        )

    def _gone(self, numbers: Sequence[int]) -> int:
        return sum(
            len(
                self._work.execute(
                    ITEM, item_id_of(self._connection_id, number), MissItem(self._work.now)
                )
            )
            for number in numbers
        )


def _with_source(observed: ObserveEntry, source: queries.Source | None) -> ObserveEntry:
    """An entry that we booked, with its document and what stood against paying that."""
    if source is None:
        return observed
    entry = as_booked(observed.entry, source.reading)
    return replace(observed, entry=entry, copy_of=source.copy_of)


def _parked(records: Iterable[Parked]) -> tuple[str, ...]:
    return tuple(f"{parked.source_id}:{parked.sha256}" for parked in records)
