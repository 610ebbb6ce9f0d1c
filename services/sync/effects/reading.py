"""A run, step by step: each reads a page, or the open set, and is recorded in one transaction.

Reading twice changes nothing, so a step whose answer was lost is simply read again; the page is
recorded together with the cursor behind it, so it is told once.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
import structlog

from services.sync.acts import copying
from services.sync.commands import FailRun, NoteCustomers, NotePage, NoteSuppliers, NoteSweep
from services.sync.effects import door
from services.sync.effects.door import Door
from services.sync.effects.reader import CustomersPage, EntriesPage, Reader, SuppliersPage, Sweep
from services.sync.effects.telling import Telling
from services.sync.gateways.errors import LedgerError
from services.sync.intents import READ, ReadStep
from services.sync.model.connection import CONNECTION
from shared.effects.worker import Done, Later, Outcome, Refused, Task, Unknown
from shared.work import Work

_log = structlog.get_logger(__name__)
TRIES: Final = 6


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
            reader = Reader(self._door, source, task.tenant_id, task.aggregate_id, now)
            match step.step:
                case "suppliers":
                    return Done(reader.suppliers(step.cursor))
                case "customers":
                    return Done(reader.customers(step.cursor, step.since))
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


class _Recorder:
    """Writes what a step has read: parties, entries, the cursor, in the one transaction."""

    def __init__(self, work: Work, connection_id: UUID, run_id: UUID) -> None:
        self._work = work
        self._connection_id = connection_id
        self._run_id = run_id

    def record(self, answer: SuppliersPage | CustomersPage | EntriesPage | Sweep) -> None:
        run = self._work.load(CONNECTION, self._connection_id).state.run
        if run is None or run.run_id != self._run_id:
            return  # the run has ended meanwhile: what it read is read again by the next
        telling = Telling(self._work, self._connection_id)
        match answer:
            case SuppliersPage():
                command: Any = NoteSuppliers(
                    self._run_id,
                    answer.base_currency,
                    answer.cursor,
                    telling.suppliers(answer.parties),
                    answer.parked,
                    answer.complete,
                )
            case CustomersPage():
                command = NoteCustomers(
                    self._run_id,
                    answer.cursor,
                    telling.customers(answer.parties),
                    answer.parked,
                    answer.complete,
                    answer.newest,
                )
            case EntriesPage():
                command = NotePage(
                    self._run_id,
                    answer.cursor,
                    answer.read,
                    telling.observed(answer.observed),
                    answer.parked,
                    answer.complete,
                )
            case Sweep():
                told = telling.observed(answer.observed) + telling.gone(answer.gone)
                command = self._swept(answer, told)
                if answer.sides:
                    copying.want_overdue(self._work)
        for parked in getattr(answer, "parked", ()):
            _log.warning("record parked", connection=str(self._connection_id), record=parked)
        self._work.execute(CONNECTION, self._connection_id, command)

    def _swept(self, sweep: Sweep, told: int) -> NoteSweep:
        payables, receivables = sweep.sides.get("payable"), sweep.sides.get("receivable")
        return NoteSweep(
            self._run_id,
            sweep.open_items,
            told,
            believable=payables is not None and payables.believable,
            totals=None if payables is None else payables.totals,
            at=self._work.now,
            receivables=None
            if receivables is None
            else (receivables.believable, receivables.totals),
        )
