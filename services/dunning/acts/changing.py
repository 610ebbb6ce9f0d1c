"""What follows for other streams when something about an invoice or a debtor has changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from uuid import UUID

from services.dunning.acts import listing, statements
from services.dunning.acts.gathering import terms_of
from services.dunning.commands.notice import RecallNotice
from services.dunning.commands.receivable import ConsiderCollection, Replan, TakeBackCharges
from services.dunning.model import pricing
from services.dunning.model.following import RECEIVABLE
from services.dunning.model.gates import standing
from services.dunning.model.notice import NOTICE
from services.dunning.model.receivable import Receivable, State
from services.dunning.queries import standing as queries
from services.dunning.values import Claimed, DebtorKind, Terms
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
        return terms.frozen or terms.excluded or _drift(terms)
    return standing(receivable) or terms.frozen or terms.excluded or _drift(terms)


def _drift(terms: Terms) -> str | None:
    return "ledger_drifts" if terms.drift else None


def consider(work: Work, invoice_id: UUID, terms: Terms) -> None:
    """Is it ready for collection, or what holds it? Silent before its warning's deadline has passed."""
    receivable = work.load(RECEIVABLE, invoice_id).state
    warning = receivable.warning
    if warning is None or warning.deadline_on is None or warning.deadline_on >= terms.today_on:
        return
    work.execute(RECEIVABLE, invoice_id, ConsiderCollection(terms))


def take_back_crossed(work: Work, invoice_id: UUID, issued_on: date, terms: Terms) -> None:
    """What a letter of that day charged that had been paid before, as the ledger has told meanwhile."""
    receivable = work.load(RECEIVABLE, invoice_id).state
    known = tuple(one for one in receivable.movements if one.matched_on < issued_on)
    if known == receivable.movements:
        return
    before = replace(receivable, movements=known)
    _take_back(work, invoice_id, pricing.unlawful(receivable, terms, before), terms)


def take_back_of_another_kind(work: Work, debtor_id: UUID, kind: DebtorKind) -> None:
    """What a debtor of the kind that it was taken for could be charged, and this one cannot."""
    terms = terms_of(work, debtor_id)
    then = replace(terms, debtor_kind=kind)
    for row in queries.of_debtor(work.sql, work.tenant_id, debtor_id):
        receivable = work.load(RECEIVABLE, row.invoice_id).state
        wrong = pricing.unlawful(receivable, terms, receivable, then)
        _take_back(work, row.invoice_id, wrong, terms)


def _take_back(work: Work, invoice_id: UUID, wrong: tuple[Claimed, ...], terms: Terms) -> None:
    if wrong:
        work.execute(RECEIVABLE, invoice_id, TakeBackCharges(wrong, terms))


def replan(work: Work, debtor_id: UUID) -> None:
    """Something about the debtor has changed: every open invoice is planned anew."""
    terms = terms_of(work, debtor_id)
    open_ = queries.of_debtor(work.sql, work.tenant_id, debtor_id, {State.OPEN})
    for row in open_:
        work.execute(RECEIVABLE, row.invoice_id, Replan(terms))
    after_change(work, debtor_id, [row.invoice_id for row in open_])
