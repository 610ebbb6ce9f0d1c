"""One customer's open items, read again because a letter is about to be made of them.

What is found is told before the check is: a payment of noon, and the documents of the open invoices,
which such a letter may carry.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec
import structlog

from services.sync import queries
from services.sync.commands import KeepCopy, NoteCheck
from services.sync.effects import door
from services.sync.effects.door import Door
from services.sync.effects.reader import Observed, Reader
from services.sync.effects.telling import Telling
from services.sync.gateways import copies
from services.sync.gateways.errors import LedgerError
from services.sync.gateways.ledger import Document
from services.sync.gateways.source import AccountingSource
from services.sync.intents import CHECK, CheckItems
from services.sync.model.customer import CUSTOMER
from services.sync.model.item import ITEM
from services.sync.model.naming import connection_id_of, item_id_of
from services.sync.queries import Uncopied
from shared.effects.worker import Done, Later, Outcome, Refused, Task, Unknown
from shared.work import Work

_log = structlog.get_logger(__name__)
TRIES: Final = 4
"""After some fifteen minutes the letter is told that nobody knows."""
MOST_COPIES: Final = 25


@dataclass(frozen=True, slots=True)
class Checked:
    """What stands otherwise than told, and documents by the item of their invoice."""

    observed: Observed
    documents: Sequence[tuple[UUID, Document]]


class CheckOpenItems:
    kind = CHECK

    def __init__(self, way: Door) -> None:
        self._door = way

    def perform(self, task: Task, now: datetime) -> Outcome:
        if task.attempt > TRIES:
            return Refused("unreachable", "the ledger could not be read after several tries")
        wanted = msgspec.json.decode(task.body, type=CheckItems)
        number = wanted.customer_number
        if not (number.isascii() and number.isdigit()):
            return Refused("customer_unknown", "the ledger has no such customer")
        connection_id = connection_id_of(task.tenant_id)
        try:
            source = self._door.ledger(task.tenant_id)
            reader = Reader(self._door, source, task.tenant_id, connection_id, now)
            observed = reader.open_items_of(int(number))
            lacking = self._lacking(task.tenant_id, number, observed)
            return Done(Checked(observed, _documents(source, lacking)))
        except LedgerError as error:
            return door.answer(error, task.attempt, now)

    def find(self, task: Task, now: datetime) -> Outcome:
        return self.perform(task, now)

    def record(self, work: Work, task: Task, outcome: Outcome) -> None:
        check_id = msgspec.json.decode(task.body, type=CheckItems).check_id
        match outcome:
            case Done(Checked() as checked):
                Telling(work, connection_id_of(work.tenant_id)).observed(checked.observed)
                for item_id, document in checked.documents:
                    content, media_type = document.content, document.media_type
                    kept = copies.keep(work.raw, work.tenant_id, content, media_type)
                    work.execute(ITEM, item_id, KeepCopy(kept))
                self._note(work, task, check_id, complete=True)
            case Refused():
                self._note(work, task, check_id, complete=False)
            case Done() | Later() | Unknown():
                pass

    def _note(self, work: Work, task: Task, check_id: UUID, *, complete: bool) -> None:
        work.execute(CUSTOMER, task.aggregate_id, NoteCheck(check_id, work.now, complete))

    def _lacking(self, tenant_id: UUID, number: str, observed: Observed) -> list[Uncopied]:
        """The customer's invoices that have no document here, but for those found to be paid."""
        connection_id = connection_id_of(tenant_id)
        paid = {
            item_id_of(connection_id, one.entry.number)
            for one in observed.entries
            if not one.remaining
        }
        with self._door.database.transaction([tenant_id]) as transaction:
            found = queries.uncopied(transaction.sql, tenant_id, MOST_COPIES, party_number=number)
        return [one for one in found if one.item_id not in paid]


def _documents(
    source: AccountingSource, lacking: Sequence[Uncopied]
) -> list[tuple[UUID, Document]]:
    """One that does not come keeps no letter waiting."""
    found = []
    for one in lacking:
        try:
            found.append((one.item_id, source.invoice_copy(int(one.number))))
        except LedgerError as error:
            _log.warning("no copy of an invoice", item=str(one.item_id), why=str(error))
    return found
