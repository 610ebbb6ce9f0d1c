"""What was read, put to the rules: each entry and card is told where it is another than told before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from services.sync import queries
from services.sync.commands import MissItem, NoteCustomer, NoteParty, ObserveEntry
from services.sync.effects.reader import Observed
from services.sync.model.customer import CUSTOMER
from services.sync.model.document import as_booked
from services.sync.model.item import ITEM
from services.sync.model.naming import customer_id_of, item_id_of, party_id_of
from services.sync.model.party import PARTY
from shared.work import Work


class Telling:
    """Each of these gives how many events it recorded."""

    def __init__(self, work: Work, connection_id: UUID) -> None:
        self._work = work
        self._connection_id = connection_id

    def suppliers(self, parties: Sequence[NoteParty]) -> int:
        return sum(
            len(self._work.execute(PARTY, party_id_of(self._connection_id, party.number), party))
            for party in parties
        )

    def customers(self, cards: Sequence[NoteCustomer]) -> int:
        return sum(
            len(
                self._work.execute(CUSTOMER, customer_id_of(self._connection_id, card.number), card)
            )
            for card in cards
        )

    def observed(self, observed: Observed) -> int:
        parties = self.suppliers(observed.suppliers) + self.customers(observed.customers)
        return parties + self._entries(observed.entries)

    def gone(self, numbers: Sequence[int]) -> int:
        missed = MissItem(self._work.now)
        return sum(
            len(self._work.execute(ITEM, item_id_of(self._connection_id, number), missed))
            for number in numbers
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


def _with_source(observed: ObserveEntry, source: queries.Source | None) -> ObserveEntry:
    """An entry that we booked, with its document and what stood against paying that."""
    if source is None:
        return observed
    entry = as_booked(observed.entry, source.reading)
    return replace(observed, entry=entry, copy_of=source.copy_of)
