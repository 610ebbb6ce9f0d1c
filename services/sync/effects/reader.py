"""What is read of a client's ledger, sealed: a page, the open set, or one customer's open items."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Final, TypeVar
from uuid import UUID

from services.sync import queries
from services.sync.commands import NoteCustomer, NoteParty, ObserveEntry
from services.sync.effects.allocating import Allocating
from services.sync.effects.door import Door, NotConnected
from services.sync.gateways.customer_sealing import CustomerSealer
from services.sync.gateways.ledger import Parked, Supplier, SupplierEntry
from services.sync.gateways.receivables import (
    Customer,
    CustomerEntry,
    OpenItem,
    PartyEntry,
    SalesDocument,
)
from services.sync.gateways.sealing import KnownParty, Sealer
from services.sync.gateways.source import AccountingSource
from services.sync.model.sweeping import Looked, differing, is_believable
from services.sync.values import Side
from shared.money import Money
from shared.vault import Forgotten

T = TypeVar("T")

MOST_LOOKS: Final = 500
"""Entries looked at one by one in one sweep step."""
_FOR_ALL_TIME: Final = date.max
"""The open set knows no day, so the control account is asked for its last."""
_OVERLAP: Final = timedelta(minutes=15)
"""How far back cards are read again: one may have changed while the page after it was read."""


@dataclass(frozen=True, slots=True)
class Observed:
    """Entries as they stand now, with the parties that were not known before them."""

    suppliers: list[NoteParty] = field(default_factory=list)
    customers: list[NoteCustomer] = field(default_factory=list)
    entries: list[ObserveEntry] = field(default_factory=list)
    strangers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SuppliersPage:
    base_currency: str
    parties: Sequence[NoteParty]
    cursor: str | None
    parked: tuple[str, ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class CustomersPage:
    parties: Sequence[NoteCustomer]
    cursor: str | None
    parked: tuple[str, ...]
    complete: bool
    newest: str | None


@dataclass(frozen=True, slots=True)
class EntriesPage:
    observed: Observed
    read: int
    cursor: str | None
    parked: tuple[str, ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class SideSwept:
    """Whether a side's set is to be believed, and its totals: the ledger's and the open set's."""

    believable: bool
    totals: tuple[Money, Money]


@dataclass(frozen=True, slots=True)
class Sweep:
    """`gone` are missing entries of a set that is believed; no `sides`: there is more to look at."""

    observed: Observed
    gone: Sequence[int]
    open_items: int
    sides: Mapping[Side, SideSwept]


class Reader:
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
        self._today = now.date()
        self._sealer = Sealer(way.vault, tenant_id, connection_id)
        with way.database.transaction([tenant_id]) as transaction:
            row = queries.connection(transaction.sql, tenant_id)
        if row is None or row.consent is None:
            raise NotConnected("the client has not let us into a ledger")
        chosen = row.consent.settings.receivables
        self._customers = (
            None if chosen is None else CustomerSealer(way.vault, tenant_id, connection_id, chosen)
        )
        self._allocating = Allocating(way.database, source, tenant_id, connection_id)

    def suppliers(self, cursor: str | None) -> SuppliersPage:
        base_currency = self._source.probe().base_currency
        page = self._source.suppliers(cursor)
        known = self._known(supplier.number for supplier in page.records)
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

    def customers(self, cursor: str | None, since: str | None) -> CustomersPage:
        sealer = self._customers
        if sealer is None:
            return CustomersPage((), None, (), complete=True, newest=None)
        page = self._source.customers(cursor, _overlapping(since))
        known = self._known_customers(customer.number for customer in page.records)
        cards = [
            _unless_forgotten(partial(sealer.card, customer))
            for customer in page.records
            if customer.number not in known
            or known[customer.number].print != sealer.card_print(customer)
        ]
        return CustomersPage(
            parties=[card for card in cards if card is not None],
            cursor=None if page.complete else page.next_cursor,
            parked=_parked(page.parked),
            complete=page.complete,
            newest=max((one.updated_at for one in page.records if one.updated_at), default=None),
        )

    def entries(self, cursor: str | None, limit: int) -> EntriesPage:
        page = self._source.changes(cursor, limit)
        observed = self._observed(page.records)
        return EntriesPage(
            observed=observed,
            read=len(page.records),
            cursor=page.next_cursor,
            parked=(*_parked(page.parked), *observed.strangers),
            complete=page.complete,
        )

    def open_set(self) -> Sweep:
        listed = {item.entry_number: item for item in self._source.open_set()}
        mirrors = {side: self._open_items(side) for side in self._sides}
        mirror = {n: row for rows in mirrors.values() for n, row in rows.items()}
        differs = differing({n: self._as_told(item.entry) for n, item in listed.items()}, mirror)
        lacking = [number for number in differs if number not in listed]
        looked_at = lacking[:MOST_LOOKS]
        found = self._source.standing(looked_at) if looked_at else {}
        standing = [listed[number].entry for number in differs if number in listed]
        standing += [found[number] for number in looked_at if number in found]
        observed = self._observed(self._allocating.with_partners(standing))
        if len(lacking) > MOST_LOOKS and found:
            return Sweep(observed, (), len(listed), {})
        looked = {
            number: Looked(found[number].remaining if number in found else None)
            for number in looked_at
        }
        sides: dict[Side, SideSwept] = {}
        for side in self._sides:
            of_side = [item for item in listed.values() if _side_of(item.entry) == side]
            numbers = [item.entry_number for item in of_side]
            sides[side] = SideSwept(
                is_believable(numbers, mirrors[side], looked), self._totals(side, of_side)
            )
        gone = [
            number
            for side, swept in sides.items()
            for number in looked_at
            if swept.believable and number in mirrors[side] and number not in found
        ]
        return Sweep(observed, gone, len(listed), sides)

    def open_items_of(self, customer_number: int) -> Observed:
        """One customer's open items against what was told of them: what stands otherwise now."""
        if self._customers is None:
            raise NotConnected("the client has not opened its customers' ledger")
        number = str(customer_number)
        listed = {e.entry_number: e for e in self._source.open_items_of(customer_number)}
        mirror = self._open_items("receivable", number)
        differs = differing({n: self._as_told(entry) for n, entry in listed.items()}, mirror)
        found = self._source.standing([n for n in differs if n not in listed])
        standing = [listed.get(number) or found.get(number) for number in differs]
        return self._observed(
            self._allocating.with_partners([entry for entry in standing if entry is not None])
        )

    def _observed(self, records: Sequence[PartyEntry]) -> Observed:
        """Entries with their parties; those without one are set aside."""
        observed = Observed()
        supplied = [entry for entry in records if isinstance(entry, SupplierEntry)]
        sold = [entry for entry in records if isinstance(entry, CustomerEntry)]
        suppliers = self._supplier_names(supplied, observed)
        customers = self._customer_names(sold, observed)
        documents = self._documents(sold)
        corrected = self._allocating.corrected(sold, documents)
        against = self._allocating.against(sold)
        strangers = []
        for entry in records:
            if isinstance(entry, SupplierEntry):
                party = suppliers.get(entry.supplier_number)
                sealed = None if party is None else self._sealer.entry(entry, party)
            else:
                party = customers.get(entry.customer_number)
                document = documents.get(entry.invoice_number or 0)
                sealed = (
                    None
                    if party is None or self._customers is None
                    else _unless_forgotten(
                        partial(
                            self._customers.entry,
                            entry,
                            party,
                            document,
                            corrected.get(entry.entry_number),
                        )
                    )
                )
            if sealed is None:
                strangers.append(f"{entry.entry_number}:no party")
                continue
            observed.entries.append(
                ObserveEntry(
                    entry=sealed,
                    remaining=entry.remaining,
                    matched_on=entry.matched_on or self._today,
                    allocations=against.get(entry.entry_number),
                )
            )
        return Observed(observed.suppliers, observed.customers, observed.entries, tuple(strangers))

    def _supplier_names(
        self, entries: Sequence[SupplierEntry], observed: Observed
    ) -> dict[int, KnownParty]:
        numbers = {entry.supplier_number for entry in entries}
        known = self._known(numbers)
        names = {number: KnownParty(number, row.name) for number, row in known.items()}
        for number in sorted(numbers - names.keys()):
            supplier = self._supplier(number)
            if supplier is not None:
                observed.suppliers.append(self._sealer.party(supplier))
                names[number] = KnownParty(number, observed.suppliers[-1].name)
        return names

    def _customer_names(
        self, entries: Sequence[CustomerEntry], observed: Observed
    ) -> dict[int, KnownParty]:
        if self._customers is None:
            return {}
        numbers = {entry.customer_number for entry in entries}
        known = self._known_customers(numbers)
        names = {number: KnownParty(number, row.name) for number, row in known.items()}
        for number in sorted(numbers - names.keys()):
            customer: Customer | None = self._source.customer(number)
            if customer is None:
                continue
            card = _unless_forgotten(partial(self._customers.card, customer))
            if card is not None:
                observed.customers.append(card)
                names[number] = KnownParty(number, card.name)
        return names

    def _documents(self, entries: Iterable[CustomerEntry]) -> dict[int, SalesDocument]:
        """What booked invoices and credit notes say beside their entries."""
        numbers = {
            entry.invoice_number
            for entry in entries
            if entry.kind in {"invoice", "credit_note"} and entry.invoice_number
        }
        return self._source.sales_documents(numbers) if numbers else {}

    def _supplier(self, number: int) -> Supplier | None:
        """One that came into the ledger after this run had read the suppliers."""
        page = self._source.suppliers(str(number - 1))
        return next((found for found in page.records if found.number == number), None)

    @property
    def _sides(self) -> tuple[Side, ...]:
        return ("payable",) if self._customers is None else ("payable", "receivable")

    def _as_told(self, entry: PartyEntry) -> queries.ItemRow:
        if isinstance(entry, SupplierEntry):
            return queries.ItemRow(entry.remaining, self._sealer.entry_print(entry))
        assert self._customers is not None, "customers' entries are read where they are wanted"
        return queries.ItemRow(entry.remaining, self._customers.entry_print(entry))

    def _totals(self, side: Side, listed: Iterable[OpenItem]) -> tuple[Money, Money]:
        ledger = self._source.control_total(_FOR_ALL_TIME, side)
        mirrored = sum(item.remaining_in_base.minor for item in listed)
        return ledger, Money(mirrored, ledger.currency)

    def _open_items(self, side: Side, party: str | None = None) -> dict[int, queries.ItemRow]:
        with self._door.database.transaction([self._tenant_id]) as transaction:
            return queries.open_items(transaction.sql, self._tenant_id, side, party)

    def _known(self, numbers: Iterable[int]) -> dict[int, queries.PartyRow]:
        with self._door.database.transaction([self._tenant_id]) as transaction:
            return queries.parties(transaction.sql, self._tenant_id, numbers)

    def _known_customers(self, numbers: Iterable[int]) -> dict[int, queries.PartyRow]:
        with self._door.database.transaction([self._tenant_id]) as transaction:
            return queries.customers(transaction.sql, self._tenant_id, numbers)


def _unless_forgotten(sealed: Callable[[], T]) -> T | None:
    """Nothing new is kept of somebody whose key was destroyed, whatever the ledger still says."""
    try:
        return sealed()
    except Forgotten:
        return None


def _side_of(entry: PartyEntry) -> Side:
    return "payable" if isinstance(entry, SupplierEntry) else "receivable"


def _overlapping(since: str | None) -> str | None:
    if since is None:
        return None
    earlier = datetime.fromisoformat(since).astimezone(UTC) - _OVERLAP
    return f"{earlier:%Y-%m-%dT%H:%M:%SZ}"


def _parked(records: Collection[Parked]) -> tuple[str, ...]:
    return tuple(f"{parked.source_id}:{parked.sha256}" for parked in records)
