"""An invoice and all that can be asked of it. Its states are drawn in `receivable.py`.

Whatever a command causes, the same three things follow from where it leads: the invoice is settled or
open again, what was charged or given up is bookkept, and the next step is planned anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from services.dunning.commands import receivable as c
from services.dunning.commands.notice import NoteDownload
from services.dunning.events import receivable as e
from services.dunning.model import charging, collecting, ledger_facts, lettering, waiting
from services.dunning.model.planning import plan_of
from services.dunning.model.receivable import Receivable, State, evolve
from services.dunning.values import Terms
from shared.decider import Decider, Rejected

_NEEDS_NO_TERMS = (
    c.NoteCopy,
    c.SeekCopy,
    NoteDownload,
    c.NoteChargeEntry,
    c.NoteChargePaid,
    c.NotePosted,
    c.NotePostingRefused,
    c.AddComment,
)


def decide(command: c.ReceivableCommand, before: Receivable) -> Sequence[e.ReceivableEvent]:
    """The events that a command causes; none if it changes nothing; Rejected if it may not be."""
    if before.told is None and not isinstance(command, c.NoteInvoice):
        raise Rejected("there is no such invoice", code="unknown_invoice")
    events = list(_decide(command, before))
    if isinstance(command, _NEEDS_NO_TERMS):
        return events
    after = _fold(events, before)
    events += (closing := _closed_or_open(after, command.terms))
    events += charging.posting(events, command.terms.today_on)
    after = _fold(closing, after)
    plan = plan_of(after, command.terms)
    if plan != after.plan:
        events.append(e.StepPlanned(plan))
    return events


def _fold(events: Sequence[e.ReceivableEvent], receivable: Receivable) -> Receivable:
    for event in events:
        receivable = evolve(receivable, event)
    return receivable


def _closed_or_open(after: Receivable, terms: Terms) -> list[e.ReceivableEvent]:
    """Settled when nothing of the principal is owed; charges are then given up where that is the rule.

    An invoice that is open again has its principal back, and not the charges that were given up.
    """
    if after.state is State.SETTLED and after.principal.minor > 0:
        return [e.ReceivableReopened(after.principal)]
    if after.state is not State.OPEN or after.principal.minor > 0:
        return []
    paid_on = max((one.value_on for one in after.movements), default=terms.today_on)
    settled: list[e.ReceivableEvent] = [e.ReceivableSettled(paid_on)]
    if terms.write_offs.principal_paid and after.disputed is None:
        settled += charging.given_up(after.charges.values(), "principal_paid", terms.today_on)
    return settled


def _decide(  # noqa: C901, PLR0912  a closed union
    command: c.ReceivableCommand, before: Receivable
) -> Sequence[e.ReceivableEvent]:
    match command:
        case c.NoteInvoice():
            return ledger_facts.note_invoice(command, before)
        case c.NoteCopy():
            return ledger_facts.note_copy(command, before)
        case c.SeekCopy():
            return ledger_facts.seek_copy(command, before)
        case NoteDownload():
            return [e.InvoiceCopyDownloaded(command.sha256, command.link)]
        case c.NoteMovements():
            return ledger_facts.note_movements(command, before)
        case c.NoteWithdrawal():
            return ledger_facts.note_withdrawal(command, before)
        case c.Replan():
            return []
        case c.ListStep():
            return lettering.list_step(command, before)
        case c.SkipStep():
            return lettering.skip_step(command, before)
        case c.IssueLetter():
            return lettering.issue(command, before)
        case c.CountLetter():
            return lettering.count(command, before)
        case c.DropLetter():
            return lettering.drop(command, before)
        case c.NoteChargeEntry():
            return charging.note_entry(command, before)
        case c.NoteChargePaid():
            return charging.note_paid(command, before)
        case c.TakeBackCharges():
            return charging.take_back(command, before)
        case c.WriteOffCharges():
            return charging.write_off(command, before)
        case c.NotePosted():
            return charging.note_posted(command, before)
        case c.NotePostingRefused():
            return charging.note_posting_refused(command, before)
        case c.PauseInvoice():
            return waiting.pause(command, before)
        case c.ResumeInvoice():
            return waiting.resume(command, before)
        case c.DisputeInvoice():
            return waiting.dispute(command, before)
        case c.SettleDispute():
            return waiting.settle_dispute(command, before)
        case c.IncludeHistory():
            return waiting.include_history(command, before)
        case c.AddComment():
            return waiting.add_comment(command, before)
        case c.ConsiderCollection():
            return collecting.consider(command, before)
        case c.NoteHandOver():
            return collecting.note_hand_over(command, before)
        case c.NoteTakenBack():
            return collecting.note_taken_back(command, before)
        case _:
            assert_never(command)


RECEIVABLE: Decider[c.ReceivableCommand, Receivable, e.ReceivableEvent] = Decider(
    decide, evolve, Receivable()
)
