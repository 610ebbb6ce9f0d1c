"""What stands against customers' invoices and charges: the ledger's matches, as allocations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final, Literal
from uuid import UUID

from services.sync import queries
from services.sync.gateways.ledger import Match
from services.sync.gateways.receivables import CustomerEntry, PartyEntry, SalesDocument
from services.sync.gateways.source import AccountingSource
from services.sync.model.naming import item_id_of
from shared.contracts.sync import Allocation
from shared.database import Database

Kind = Literal["payment", "credit_note", "charge", "other"]
_KINDS: Final[Mapping[str, Kind]] = {
    "payment": "payment",
    "credit_note": "credit_note",
    "charge": "charge",
}
_OWED: Final = frozenset({"invoice", "charge"})


class Allocating:
    def __init__(
        self, database: Database, source: AccountingSource, tenant_id: UUID, connection_id: UUID
    ) -> None:
        self._database = database
        self._source = source
        self._tenant_id = tenant_id
        self._connection_id = connection_id

    def against(self, entries: Sequence[CustomerEntry]) -> dict[int, tuple[Allocation, ...]]:
        """All that stands against each invoice and charge among these, by its entry number."""
        owed = [entry for entry in entries if entry.kind in _OWED]
        matched = {entry.entry_number for entry in owed if entry.remaining != entry.amount}
        pairs = self._source.matches_of(matched) if matched else ()
        partners = self._partners({pair.against for pair in pairs}, entries)
        found: dict[int, list[Allocation]] = {entry.entry_number: [] for entry in owed}
        for pair in sorted(pairs, key=lambda pair: (pair.matched_on, pair.against)):
            if pair.against in partners and pair.entry_number in found:
                found[pair.entry_number].append(self._allocation(pair, *partners[pair.against]))
        return {number: tuple(allocations) for number, allocations in found.items()}

    def with_partners(self, changed: Sequence[PartyEntry]) -> list[PartyEntry]:
        """The same, and what they are matched with and were, where that is to be told too.

        What stands against an invoice changes with its payments, though as much of it may remain; and
        a payment that nobody has told of is told before what it settles.
        """
        mine = [entry for entry in changed if isinstance(entry, CustomerEntry)]
        if not mine:
            return list(changed)
        numbers = {entry.entry_number for entry in mine}
        paying = {entry.entry_number for entry in mine if entry.kind not in _OWED}
        pairs = self._source.matches_of(numbers)
        settled = {pair.against for pair in pairs if pair.entry_number in paying}
        partners = {pair.against for pair in pairs} - settled
        with self._database.transaction([self._tenant_id]) as transaction:
            items = [item_id_of(self._connection_id, number) for number in paying]
            settled |= queries.matched_with(transaction.sql, self._tenant_id, items)
            told = queries.known_items(transaction.sql, self._tenant_id, partners)
        wanted = (settled | (partners - told.keys())) - numbers
        more = self._source.standing(wanted) if wanted else {}
        return sorted([*changed, *more.values()], key=_payments_first)

    def corrected(
        self, entries: Iterable[CustomerEntry], documents: Mapping[int, SalesDocument]
    ) -> dict[int, UUID]:
        """The invoice that each credit note takes back, where the note names one that we know."""
        credited = {
            entry.entry_number: document.credits
            for entry in entries
            if entry.kind == "credit_note"
            and (document := documents.get(entry.invoice_number or 0)) is not None
            and document.credits is not None
        }
        if not credited:
            return {}
        here = {
            entry.invoice_number: item_id_of(self._connection_id, entry.entry_number)
            for entry in entries
            if entry.kind == "invoice"
        }
        with self._database.transaction([self._tenant_id]) as transaction:
            known = queries.sales_entries(transaction.sql, self._tenant_id, credited.values())
        found = {**known, **{number: item for number, item in here.items() if number}}
        return {note: found[number] for note, number in credited.items() if number in found}

    def _partners(
        self, numbers: set[int], entries: Iterable[CustomerEntry]
    ) -> dict[int, tuple[str, date]]:
        """What each entry that was matched is, and its day: of these, of the mirror, or asked for."""
        here = {entry.entry_number: (str(entry.kind), entry.dated_on) for entry in entries}
        found = {number: here[number] for number in numbers & here.keys()}
        with self._database.transaction([self._tenant_id]) as transaction:
            known = queries.known_items(transaction.sql, self._tenant_id, numbers - found.keys())
        found |= {number: (row.kind, row.issued_on) for number, row in known.items()}
        if unknown := numbers - found.keys():
            for number, entry in self._source.standing(unknown).items():
                found[number] = (str(entry.kind), entry.dated_on)
        return found

    def _allocation(self, pair: Match, kind: str, dated_on: date) -> Allocation:
        return Allocation(
            entry_id=item_id_of(self._connection_id, pair.against),
            kind=_KINDS.get(kind, "other"),
            amount=pair.amount,
            value_on=dated_on,
            matched_on=pair.matched_on,
        )


def _payments_first(entry: PartyEntry) -> tuple[bool, int]:
    return entry.kind in _OWED, entry.entry_number
