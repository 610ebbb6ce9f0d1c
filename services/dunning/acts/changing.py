"""What follows for other streams when something about an invoice or a debtor has changed."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from services.dunning.acts import listing, statements
from services.dunning.acts.gathering import terms_of
from services.dunning.commands.notice import RecallNotice
from services.dunning.commands.receivable import ConsiderCollection, Replan
from services.dunning.model.following import RECEIVABLE
from services.dunning.model.gates import standing
from services.dunning.model.notice import NOTICE
from services.dunning.model.receivable import Receivable, State
from services.dunning.queries import standing as queries
from services.dunning.values import Terms
from shared.work import Work


def after_change(work: Work, debtor_id: UUID, invoices: Iterable[UUID]) -> None:
    """A letter that should not go any more is called back; the list and readiness follow at once."""
    terms = terms_of(work, debtor_id)
    listed: list[UUID] = []
    for invoice_id in sorted(invoices):
        receivable = work.load(RECEIVABLE, invoice_id).state
        letter = receivable.under_way
        if letter is not None and (code := _against(receivable, terms)) is not None:
            work.execute(NOTICE, letter.notice_id, RecallNotice(code))
        if receivable.listed_on is not None or receivable.skipped is not None:
            listed.append(invoice_id)
        consider(work, invoice_id, terms)
    if listed:
        listing.look_at(work, debtor_id, listed)
    statements.plan(work, debtor_id, terms)


def _against(receivable: Receivable, terms: Terms) -> str | None:
    """What came between a letter's composition and its leaving."""
    letter = receivable.under_way
    if letter is not None and letter.step is None and receivable.state is State.OPEN:
        # A statement says what is open, also of what is disputed or paused.
        return terms.frozen or terms.excluded
    return standing(receivable) or terms.frozen or terms.excluded


def consider(work: Work, invoice_id: UUID, terms: Terms) -> None:
    """Is it ready for collection, or what holds it? Silent before its warning's deadline has passed."""
    receivable = work.load(RECEIVABLE, invoice_id).state
    warning = receivable.warning
    if warning is None or warning.deadline_on is None or warning.deadline_on >= terms.today_on:
        return
    work.execute(RECEIVABLE, invoice_id, ConsiderCollection(terms))


def replan(work: Work, debtor_id: UUID) -> None:
    """Something about the debtor has changed: every open invoice is planned anew."""
    terms = terms_of(work, debtor_id)
    open_ = queries.of_debtor(work.sql, work.tenant_id, debtor_id, {State.OPEN})
    for row in open_:
        work.execute(RECEIVABLE, row.invoice_id, Replan(terms))
    after_change(work, debtor_id, [row.invoice_id for row in open_])
