"""What became of a letter, told to the invoices that stood in it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from services.dunning.acts import changing, listing, statements
from services.dunning.acts.gathering import creditor_of, terms_of
from services.dunning.commands.debtor import DropLetterSent, NoteLetterSent
from services.dunning.commands.notice import NoteFailed, NoteSent, NoteWithheld
from services.dunning.commands.receivable import CountLetter, DropLetter
from services.dunning.model.debtor import DEBTOR
from services.dunning.model.following import RECEIVABLE
from services.dunning.model.notice import NOTICE
from services.dunning.values import NoticeKind
from shared.clock import day_of
from shared.work import Work


def count(work: Work, notice_id: UUID, sent: NoteSent) -> None:
    """A channel has taken it: from that day its steps are done and its charges owed."""
    if not work.execute(NOTICE, notice_id, sent):
        return
    letter = work.load(NOTICE, notice_id).state.composed
    terms = terms_of(work, letter.debtor_id)
    sent_on = day_of(sent.sent_at, creditor_of(work).zone)
    for line in sorted(letter.lines, key=lambda one: one.invoice_id):
        command = CountLetter(
            notice_id=notice_id,
            charged=letter.charged,
            sent_on=sent_on,
            deadline_on=letter.pay_by_on,
            channel=sent.channel,
            added=line.added,
            terms=terms,
        )
        work.execute(RECEIVABLE, line.invoice_id, command)
        changing.take_back_crossed(work, line.invoice_id, letter.issued_on, terms)
    note = NoteLetterSent(notice_id, letter.kind, letter.fee, sent_on)
    work.execute(DEBTOR, letter.debtor_id, note)
    changing.after_change(work, letter.debtor_id, [line.invoice_id for line in letter.lines])


def fail(work: Work, notice_id: UUID, failed: NoteFailed) -> None:
    """No step is consumed and nothing is charged: it stands on the list again, if it may."""
    if work.execute(NOTICE, notice_id, failed):
        _drop(work, notice_id, failed.code)


def withhold(work: Work, notice_id: UUID) -> None:
    if work.execute(NOTICE, notice_id, NoteWithheld()):
        _drop(work, notice_id, "recalled")


def _drop(work: Work, notice_id: UUID, code: str) -> None:
    letter = work.load(NOTICE, notice_id).state.composed
    terms = terms_of(work, letter.debtor_id)
    invoices: Sequence[UUID] = sorted(line.invoice_id for line in letter.lines)
    for invoice_id in invoices:
        work.execute(RECEIVABLE, invoice_id, DropLetter(notice_id, code, terms))
    work.execute(DEBTOR, letter.debtor_id, DropLetterSent(notice_id, code))
    if letter.kind is NoticeKind.STATEMENT:
        statements.plan(work, letter.debtor_id)
        return
    listing.look_at(work, letter.debtor_id, invoices)
    changing.after_change(work, letter.debtor_id, invoices)
