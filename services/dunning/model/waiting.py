"""Reminders wait because somebody says so, or because the debtor contests the invoice.

A pause moves the next step and skips none; a deadline already told to the debtor stays as it was, and
interest goes on. Disputed invoices are neither written about nor handed over (inkassoforskriften
and inkassolagen ask for that, and we do it everywhere).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from services.dunning.commands.receivable import (
    AddComment,
    DisputeInvoice,
    IncludeHistory,
    PauseInvoice,
    ResumeInvoice,
    SettleDispute,
)
from services.dunning.events import receivable as e
from services.dunning.model import charging
from services.dunning.model.receivable import Pause, Receivable, State
from shared.decider import Rejected


def pause(command: PauseInvoice, before: Receivable) -> Sequence[e.ReceivableEvent]:
    today, until = command.terms.today_on, command.until_on
    if until is not None and until < today:
        raise Rejected("a pause ends today or later", code="in_the_past", field="until_on")
    if before.pause == Pause(command.code, until):
        return []
    return [e.InvoicePaused(command.code, today, until, command.paused_by)]


def resume(command: ResumeInvoice, before: Receivable) -> Sequence[e.ReceivableEvent]:
    """By a person from today on, also what came back from an agency; by the calendar on the day after
    the pause's last.
    """
    today, pause = command.terms.today_on, before.pause
    if command.resumed_by is not None:
        waits = pause is not None or before.taken_back is not None
        return [e.InvoiceResumed(today, command.resumed_by)] if waits else []
    if pause is None or pause.until_on is None or pause.until_on >= today:
        return []
    return [e.InvoiceResumed(pause.until_on + timedelta(days=1), None)]


def dispute(command: DisputeInvoice, before: Receivable) -> Sequence[e.ReceivableEvent]:
    if before.disputed == command.code:
        return []
    today = command.terms.today_on
    return [e.InvoiceDisputed(command.code, today, command.noted_by, command.text)]


def settle_dispute(command: SettleDispute, before: Receivable) -> Sequence[e.ReceivableEvent]:
    if before.disputed is None:
        return []
    today = command.terms.today_on
    settled: list[e.ReceivableEvent] = [e.DisputeSettled(command.upheld, today, command.settled_by)]
    if before.state is State.SETTLED and command.terms.write_offs.principal_paid:
        # They were kept for as long as it was contested what is owed.
        settled += charging.given_up(before.charges.values(), "principal_paid", today)
    return settled


def include_history(command: IncludeHistory, before: Receivable) -> Sequence[e.ReceivableEvent]:
    if before.included or not before.invoice.historical:
        return []
    return [e.HistoryIncluded(command.included_by)]


def add_comment(command: AddComment, before: Receivable) -> Sequence[e.ReceivableEvent]:
    assert before.told is not None, "decide lets no other command pass"
    return [e.CommentAdded(command.text, command.written_by, command.mentions)]
