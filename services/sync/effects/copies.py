"""The document of an invoice, fetched from the ledger and kept here."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from services.sync.commands import KeepCopy
from services.sync.effects import door
from services.sync.effects.door import Door
from services.sync.gateways import copies
from services.sync.gateways.errors import Gone, LedgerError
from services.sync.gateways.ledger import Document, VoucherRef
from services.sync.intents import COPY, FetchCopy
from services.sync.model.item import ITEM
from shared.effects.worker import Done, Later, Outcome, Refused, Task, Unknown
from shared.work import Work

TRIES: Final = 8


class FetchDocument:
    kind = COPY

    def __init__(self, way: Door) -> None:
        self._door = way

    def perform(self, task: Task, now: datetime) -> Outcome:
        if task.attempt > TRIES:
            return Refused("unreachable", "the document could not be fetched after several tries")
        wanted = msgspec.json.decode(task.body, type=FetchCopy)
        try:
            ledger = self._door.ledger(task.tenant_id)
            if wanted.invoice_number is not None:
                return Done(ledger.invoice_copy(wanted.invoice_number))
            return Done(ledger.document(VoucherRef(wanted.year, wanted.voucher)))
        except Gone:
            return Done(None)
        except LedgerError as error:
            return door.answer(error, task.attempt, now)

    def find(self, task: Task, now: datetime) -> Outcome:
        return self.perform(task, now)

    def record(self, work: Work, task: Task, outcome: Outcome) -> None:
        match outcome:
            case Done(Document() as document):
                kept = copies.keep(work.raw, work.tenant_id, document.content, document.media_type)
                work.execute(ITEM, task.aggregate_id, KeepCopy(kept))
            case Done() | Refused() | Later() | Unknown():
                pass
