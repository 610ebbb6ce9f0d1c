"""What the ledger tells of an invoice: booked, changed, matched, gone."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from services.dunning.commands.receivable import (
    NoteCopy,
    NoteInvoice,
    NoteMovements,
    NoteWithdrawal,
    SeekCopy,
)
from services.dunning.events import receivable as e
from services.dunning.model import charging
from services.dunning.model.receivable import Receivable, State


def note_invoice(command: NoteInvoice, before: Receivable) -> Sequence[e.ReceivableEvent]:
    """Told again it may have changed, or come back. What remains of it is believed before the matches are told."""
    if before.told is None:
        return [e.ReceivableOpened(command.invoice, command.remaining)]
    # A copy that is kept is not lost when the invoice is told again without it.
    kept = command.invoice.copy_of or before.told.copy_of
    invoice = msgspec.structs.replace(command.invoice, copy_of=kept)
    events: list[e.ReceivableEvent] = []
    if invoice != before.told:
        events.append(e.ReceivableRestated(invoice))
    if command.remaining != before.remaining:
        events.append(e.PrincipalMoved(command.remaining, before.movements))
    if before.state is State.WITHDRAWN:
        # It is there again: whether anything of it is owed follows at once.
        events.append(e.ReceivableReopened(command.remaining))
    return events


def note_copy(command: NoteCopy, before: Receivable) -> Sequence[e.ReceivableEvent]:
    return [] if before.invoice.copy_of == command.copy_of else [e.CopyNoted(command.copy_of)]


def seek_copy(command: SeekCopy, before: Receivable) -> Sequence[e.ReceivableEvent]:
    """Once a day: whoever looks again in a moment asks nobody again."""
    if before.invoice.copy_of is not None or before.copy_sought_on == command.today_on:
        return []
    return [e.InvoiceCopySought(command.today_on)]


def note_movements(command: NoteMovements, before: Receivable) -> Sequence[e.ReceivableEvent]:
    movements = tuple(sorted(command.movements, key=lambda one: (one.value_on, str(one.entry_id))))
    if (command.remaining, movements) == (before.remaining, before.movements):
        return []
    moved: list[e.ReceivableEvent] = [e.PrincipalMoved(command.remaining, movements)]
    corrected = charging.taken_back(command.unlawful, before, "corrected", command.terms.today_on)
    return [*moved, *corrected]


def note_withdrawal(_: NoteWithdrawal, before: Receivable) -> Sequence[e.ReceivableEvent]:
    return [] if before.state is State.WITHDRAWN else [e.ReceivableWithdrawn()]
