"""Vouchers that were asked for, and invoices that were received, entered into the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from services.sync import queries, values
from services.sync.commands import (
    ConfirmBooking,
    ConfirmPosting,
    KeepCopy,
    KeepReading,
    NoteUncertain,
    RefuseBooking,
    RefusePosting,
    StartRun,
)
from services.sync.effects import once
from services.sync.effects.door import Door
from services.sync.effects.once import Order, Posted
from services.sync.gateways.ledger import (
    AccountLine,
    ChargeLine,
    InvoiceLine,
    PaymentLine,
    PostingLine,
)
from services.sync.gateways.sealing import Sealer
from services.sync.intents import BOOK, POST, BookDocument, PostVoucher
from services.sync.model.connection import CONNECTION
from services.sync.model.document import DOCUMENT
from services.sync.model.item import ITEM
from services.sync.model.naming import connection_id_of, item_id_of, run_id_of
from services.sync.model.posting import POSTING
from shared.effects.worker import Done, Later, Outcome, Refused, Task, Unknown
from shared.work import Work


class PostOnce:
    """What was asked for by a balanced voucher."""

    kind = POST

    def __init__(self, way: Door) -> None:
        self._door = way

    def perform(self, task: Task, now: datetime) -> Outcome:
        order = self._order(task)
        return once.post(lambda: self._door.ledger(task.tenant_id), order, task.attempt, now)

    def find(self, task: Task, now: datetime) -> Outcome:
        order = self._order(task)
        return once.find(lambda: self._door.ledger(task.tenant_id), order, task.attempt, now)

    def _order(self, task: Task) -> Order:
        wanted = msgspec.json.decode(task.body, type=PostVoucher)
        marks = {line.gives_up for line in wanted.lines if line.gives_up is not None}
        if not marks:
            return _order(wanted, {})
        with self._door.database.transaction([task.tenant_id]) as transaction:
            return _order(wanted, queries.charge_entries(transaction.sql, task.tenant_id, marks))

    def record(self, work: Work, task: Task, outcome: Outcome) -> None:
        match outcome:
            case Done(Posted() as posted):
                command = ConfirmPosting(
                    posted.voucher,
                    posted.posted_on,
                    posted.moved_because,
                    posted.unmatched,
                    posted.customer_entries,
                )
                work.execute(POSTING, task.aggregate_id, command)
            case Refused(code=code, text=text):
                work.execute(POSTING, task.aggregate_id, RefusePosting(code, text))
            case Unknown(text=text):
                work.execute(POSTING, task.aggregate_id, NoteUncertain(text))
            case Done() | Later():
                pass


class BookOnce:
    """An e-invoice that a bookkeeper has said yes to."""

    kind = BOOK

    def __init__(self, way: Door) -> None:
        self._door = way

    def perform(self, task: Task, now: datetime) -> Outcome:
        order = self._order(task)
        return once.post(lambda: self._door.ledger(task.tenant_id), order, task.attempt, now)

    def find(self, task: Task, now: datetime) -> Outcome:
        order = self._order(task)
        return once.find(lambda: self._door.ledger(task.tenant_id), order, task.attempt, now)

    def record(self, work: Work, task: Task, outcome: Outcome) -> None:
        match outcome:
            case Done(Posted(supplier_entry=int(entry)) as posted):
                command = ConfirmBooking(
                    posted.voucher, entry, posted.posted_on, posted.moved_because
                )
                work.execute(DOCUMENT, task.aggregate_id, command)
                _link(work, task, entry)
            case Refused(code=code, text=text):
                work.execute(DOCUMENT, task.aggregate_id, RefuseBooking(code, text))
            case Done() | Later() | Unknown():
                pass

    def _order(self, task: Task) -> Order:
        wanted = msgspec.json.decode(task.body, type=BookDocument)
        sealer = Sealer(self._door.vault, task.tenant_id, connection_id_of(task.tenant_id))
        line = InvoiceLine(
            supplier_number=wanted.supplier_number,
            invoice_number=wanted.invoice_number,
            amount=wanted.amount,
            contra_account=wanted.contra_account,
            text=wanted.invoice_number,
            due_on=wanted.due_on,
            contra_vat_code=wanted.vat_code,
            payment_details=None if wanted.account is None else sealer.opened(wanted.account),
        )
        return Order(
            token=wanted.token,
            key=f"{wanted.token}:{wanted.attempt}",
            voucher_on=wanted.voucher_on,
            lines=(line,),
            settles=(),
            after_entry=wanted.after_entry,
        )


def _link(work: Work, task: Task, entry: int) -> None:
    """The entry's document is the one that it was booked from; a run tells the entry soon."""
    connection_id = connection_id_of(work.tenant_id)
    document = work.load(DOCUMENT, task.aggregate_id).state
    assert document.copy_of is not None, "what was booked had been received"
    assert document.reading is not None, "what was booked had been read"
    item_id = item_id_of(connection_id, entry)
    work.execute(ITEM, item_id, KeepCopy(document.copy_of))
    work.execute(ITEM, item_id, KeepReading(document.reading))
    version = work.load(CONNECTION, connection_id).version
    started = StartRun(run_id_of(connection_id, version), "booking", work.now)
    work.execute(CONNECTION, connection_id, started)


def _order(wanted: PostVoucher, known: Mapping[str, int]) -> Order:
    """`known` are the entries of charges of ours by their marks."""
    numbered = list(enumerate(wanted.lines, start=1))
    settles = [(n, line.settles) for n, line in numbered if line.settles is not None]
    gives_up = [(n, line.gives_up) for n, line in numbered if line.gives_up is not None]
    return Order(
        token=wanted.token,
        key=f"{wanted.token}:{wanted.attempt}",
        voucher_on=wanted.voucher_on,
        lines=tuple(_line(line) for line in wanted.lines),
        settles=(*settles, *((n, known[mark]) for n, mark in gives_up if mark in known)),
        after_entry=wanted.after_entry,
        gives_up=tuple((n, mark) for n, mark in gives_up if mark not in known),
    )


def _line(line: values.PostingLine) -> PostingLine:
    if line.customer_number is not None:
        return ChargeLine(
            line.customer_number, line.amount, line.contra_account, line.text, line.due_on
        )
    if line.supplier_number is not None:
        return PaymentLine(
            line.supplier_number,
            line.invoice_number,
            line.amount,
            line.contra_account,
            line.text,
        )
    assert line.account is not None, "a line names a party or an account"
    return AccountLine(line.account, line.contra_account, line.amount, line.text)
