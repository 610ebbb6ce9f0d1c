"""Statements of account: planned when something opens or closes, listed in the morning, sent as letters are."""

from __future__ import annotations

from uuid import UUID, uuid5

from services.dunning.acts import sending
from services.dunning.acts.gathering import creditor_of, debtor_of, terms_between, terms_of
from services.dunning.commands import (
    ComposeNotice,
    IssueLetter,
    ListStatement,
    PlanStatement,
    SeekCheck,
    TakeStatement,
)
from services.dunning.model.debtor import DEBTOR
from services.dunning.model.following import RECEIVABLE
from services.dunning.model.notice import NOTICE
from services.dunning.model.receivable import State
from services.dunning.model.statement import next_on, statements
from services.dunning.queries import standing
from services.dunning.queries import statements as queries
from services.dunning.registers.portal_links import PortalLinks
from services.dunning.values import Letter, NoticeKind, Terms
from shared.clock import day_of
from shared.work import Work

LOT = 200
"""Debtors per transaction."""


def plan(work: Work, debtor_id: UUID, terms: Terms | None = None) -> None:
    """The day of the next statement follows from what is open now. For all others this costs nothing."""
    terms, debtor = terms or terms_of(work, debtor_id), debtor_of(work, debtor_id)
    if debtor.statements_under_way:
        return
    if not terms.timeline.is_statement and debtor.statement_on is None:
        return
    opened_on = queries.opened_on(work.sql, work.tenant_id, debtor_id)
    work.execute(DEBTOR, debtor_id, PlanStatement(next_on(debtor, opened_on, terms)))
    if debtor.statement_listed_on is not None or debtor.statement_skipped is not None:
        work.execute(DEBTOR, debtor_id, ListStatement(terms))


def lot(work: Work, after: UUID) -> UUID | None:
    """Put the next lot of statements on today's list, or say why not; the last debtor looked at."""
    today = day_of(work.now, creditor_of(work).zone)
    due = queries.due(work.sql, work.tenant_id, today, after, LOT)
    for debtor_id in due:
        work.execute(DEBTOR, debtor_id, ListStatement(terms_of(work, debtor_id)))
    return due[-1] if due else None


def send(work: Work, debtor_id: UUID, by: UUID | None, portal: PortalLinks | None = None) -> None:
    """Send the statement that stands on the list, after a look at the ledger where ours is old."""
    debtor = debtor_of(work, debtor_id)
    if sending.is_fresh(work, debtor):
        issue(work, debtor_id, by, portal)
        return
    check_id = uuid5(debtor_id, f"check:{work.load(DEBTOR, debtor_id).version}")
    # A check that is asked for no invoices is a statement's.
    work.execute(DEBTOR, debtor_id, SeekCheck(check_id, work.now, (), by))


def issue(work: Work, debtor_id: UUID, by: UUID | None, portal: PortalLinks | None = None) -> int:
    """Compose it, one letter per currency; how many. What is not on the list any more does not go."""
    plan(work, debtor_id)
    letters = composed(work, debtor_id)
    if not letters:
        return 0
    terms = terms_of(work, debtor_id)
    for notice_id, letter in letters.items():
        linked = sending.with_link(work, notice_id, letter, portal)
        work.execute(NOTICE, notice_id, ComposeNotice(linked, by))
        for line in sorted(letter.lines, key=lambda one: one.invoice_id):
            command = IssueLetter(notice_id, None, NoticeKind.STATEMENT, letter.level, terms)
            work.execute(RECEIVABLE, line.invoice_id, command)
    work.execute(DEBTOR, debtor_id, TakeStatement(tuple(letters), terms.today_on))
    return len(letters)


def composed(work: Work, debtor_id: UUID) -> dict[UUID, Letter]:
    """Its statements as they would leave now, by the ids that they have today; none that is not listed."""
    creditor, debtor = creditor_of(work), debtor_of(work, debtor_id)
    if debtor.statement_listed_on is None:
        return {}
    terms = terms_between(work, creditor, debtor)
    rows = standing.of_debtor(work.sql, work.tenant_id, debtor_id, {State.OPEN})
    invoices = {row.invoice_id: work.load(RECEIVABLE, row.invoice_id).state for row in rows}
    if any(one.under_way is not None for one in invoices.values()):
        return {}
    return {
        sending.new_notice(work, debtor_id, terms, letter.kind, _items(letter)): letter
        for letter in statements(debtor_id, invoices, debtor, terms)
    }


def _items(letter: Letter) -> list[UUID]:
    """What it is about: a statement of credits alone has no invoice to be named after."""
    return [line.invoice_id for line in letter.lines] or [one.item_id for one in letter.credits]
