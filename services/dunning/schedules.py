"""The clock's part: today's list, what goes by itself, and days that have come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Final
from uuid import UUID

from services.dunning.acts import changing, listing, sending, statements, trying
from services.dunning.acts.gathering import creditor_of, debtor_of, terms_of
from services.dunning.commands.debtor import IncludeDebtor
from services.dunning.commands.receivable import Replan, ResumeInvoice, WriteOffCharges
from services.dunning.intents import (
    AFTER_HAND_OVER,
    AGE,
    FREEZE,
    INCLUDE,
    LIST,
    MONTH_END,
    READY,
    REPLAN,
    RESUME,
    SEND,
    TRIAL,
    PackToFreeze,
)
from services.dunning.model.debtor import DEBTOR
from services.dunning.model.following import RECEIVABLE
from services.dunning.model.listing_hours import first_list, first_packs
from services.dunning.model.report import report_id_of
from services.dunning.queries import standing as queries
from services.dunning.queries import statements as statement_queries
from services.dunning.queries.reports.packs import KINDS, has_ledger, last_position
from services.dunning.registers.portal_links import PortalLinks
from shared.clock import day_of
from shared.effects.intents import Due, Intent
from shared.scheduler import Job, Occurrence
from shared.work import Work

_DAY: Final = timedelta(days=1)
_DEBTORS: Final = 200
_INVOICES: Final = 500
_STATEMENTS: Final = "statements:"
"""Begins the key of a lot of debtors who get statements, after the lots of invoices."""


def list_today(occurrence: Occurrence, work: Work) -> None:
    """One lot of today's debtors; after the last, the list is published. Missed days are one."""
    if not occurrence.key:
        tomorrow = first_list(max(occurrence.due_at, work.now), creditor_of(work).zone)
        work.remind(Due(LIST, "", tomorrow))
    key = occurrence.key
    if not key.startswith(_STATEMENTS):
        last = listing.lot(work, UUID(key) if key else listing.FIRST)
        if last is not None:
            work.remind(Due(LIST, str(last), work.now))
            return
        key = ""
    last = statements.lot(work, _after(key))
    if last is not None:
        work.remind(Due(LIST, f"{_STATEMENTS}{last}", work.now))
    else:
        listing.announce(work)


def _after(key: str) -> UUID:
    return UUID(key.removeprefix(_STATEMENTS)) if key else listing.FIRST


def send_by_itself(occurrence: Occurrence, work: Work, portal: PortalLinks) -> None:
    """What stands on the list of debtors whose timeline asks nobody."""
    if occurrence.key.startswith(_STATEMENTS):
        _send_statements(work, _after(occurrence.key), portal)
        return
    after = UUID(occurrence.key) if occurrence.key else listing.FIRST
    debtors = queries.listed_debtors(work.sql, work.tenant_id, after, _DEBTORS)
    creditor = creditor_of(work)
    work.gather(DEBTOR, debtors)
    for debtor_id in debtors:
        timeline = creditor.timeline_of(debtor_of(work, debtor_id).timeline)
        if timeline is not None and listing.goes_by_itself(timeline, work.now, creditor):
            rows = queries.listed(work.sql, work.tenant_id, debtor_id)
            sending.send(work, debtor_id, [row.invoice_id for row in rows], None, portal)
    following = str(debtors[-1]) if debtors else _STATEMENTS + str(listing.FIRST)
    work.remind(Due(SEND, following, work.now))


def _send_statements(work: Work, after: UUID, portal: PortalLinks) -> None:
    creditor = creditor_of(work)
    today = day_of(work.now, creditor.zone)
    debtors = statement_queries.due(work.sql, work.tenant_id, today, after, _DEBTORS)
    for debtor_id in debtors:
        if listing.goes_by_itself(terms_of(work, debtor_id).timeline, work.now, creditor):
            statements.send(work, debtor_id, None, portal)
    if debtors:
        work.remind(Due(SEND, f"{_STATEMENTS}{debtors[-1]}", work.now))


def replan(occurrence: Occurrence, work: Work) -> None:
    if occurrence.key.startswith(_STATEMENTS):
        _replan_statements(work, _after(occurrence.key))
        return
    after = UUID(occurrence.key) if occurrence.key else listing.FIRST
    rows = queries.open_invoices(work.sql, work.tenant_id, after, _INVOICES)
    work.gather(RECEIVABLE, (invoice_id for invoice_id, _ in rows))
    work.gather(DEBTOR, {debtor_id for _, debtor_id in rows})
    terms = {debtor_id: terms_of(work, debtor_id) for _, debtor_id in rows}
    invoices: dict[UUID, list[UUID]] = defaultdict(list)
    for invoice_id, debtor_id in rows:
        work.execute(RECEIVABLE, invoice_id, Replan(terms[debtor_id]))
        invoices[debtor_id].append(invoice_id)
    for debtor_id, theirs in invoices.items():
        changing.after_change(work, debtor_id, theirs)
    following = str(rows[-1][0]) if rows else _STATEMENTS + str(listing.FIRST)
    work.remind(Due(REPLAN, following, work.now))


def _replan_statements(work: Work, after: UUID) -> None:
    """Debtors who owe nothing and are owed something: their invoices have led nobody to them."""
    debtors = statement_queries.with_plan(work.sql, work.tenant_id, after, _DEBTORS)
    for debtor_id in debtors:
        statements.plan(work, debtor_id)
    if debtors:
        work.remind(Due(REPLAN, f"{_STATEMENTS}{debtors[-1]}", work.now))


def consider(occurrence: Occurrence, work: Work) -> None:
    """The day after a warning's deadline."""
    row = queries.receivable(work.sql, work.tenant_id, UUID(occurrence.key))
    if row is not None:
        changing.consider(work, row.invoice_id, terms_of(work, row.debtor_id))


def resume(occurrence: Occurrence, work: Work) -> None:
    row = queries.receivable(work.sql, work.tenant_id, UUID(occurrence.key))
    if row is not None:
        terms = terms_of(work, row.debtor_id)
        work.execute(RECEIVABLE, row.invoice_id, ResumeInvoice(None, terms))
        changing.after_change(work, row.debtor_id, [row.invoice_id])


def include(occurrence: Occurrence, work: Work) -> None:
    """Unless it was excluded for longer meanwhile."""
    debtor_id = UUID(occurrence.key)
    terms = terms_of(work, debtor_id)
    if terms.excluded_until_on is not None and terms.excluded_until_on < terms.today_on:
        work.execute(DEBTOR, debtor_id, IncludeDebtor(None, terms.excluded_until_on + _DAY))
        changing.replan(work, debtor_id)


def age(occurrence: Occurrence, work: Work) -> None:
    """Charges that have become as old as the creditor lets them; a pause does not stop this clock."""
    row = queries.receivable(work.sql, work.tenant_id, UUID(occurrence.key))
    if row is not None:
        terms = terms_of(work, row.debtor_id)
        command = WriteOffCharges("aged", claim_waived=False, terms=terms)
        work.execute(RECEIVABLE, row.invoice_id, command)


def after_hand_over(occurrence: Occurrence, work: Work) -> None:
    """The agency claims the charges now, so the books do not; it was not taken back meanwhile."""
    invoice_id, case_id = map(UUID, occurrence.key.split(":"))
    row = queries.receivable(work.sql, work.tenant_id, invoice_id)
    if row is not None and row.case_id == case_id:
        command = WriteOffCharges(
            "handed_over", claim_waived=False, terms=terms_of(work, row.debtor_id)
        )
        work.execute(RECEIVABLE, invoice_id, command)


def freeze_month(occurrence: Occurrence, work: Work) -> None:
    """The packs of the month before this day; months that were missed follow one after another.

    They are reckoned outside this transaction, since a long report would hold up the whole house.
    """
    zone = creditor_of(work).zone
    work.remind(Due(MONTH_END, "", first_packs(occurrence.due_at, zone)))
    if not has_ledger(work.sql, work.tenant_id):
        return
    period = f"{day_of(occurrence.due_at, zone) - _DAY:%Y-%m}"
    position = last_position(work.sql, work.tenant_id)
    for kind in KINDS:
        pack = PackToFreeze(kind, period, known_at=work.now, position=position)
        report_id = report_id_of(work.tenant_id, kind, period)
        work.intend(report_id, Intent(FREEZE, f"{kind}:{period}", pack))


def try_on(occurrence: Occurrence, work: Work) -> None:
    trial_id, after = map(UUID, occurrence.key.split(":"))
    trying.go_on(work, trial_id, after)


JOBS: Final[dict[str, Job]] = {
    LIST: list_today,
    REPLAN: replan,
    READY: consider,
    RESUME: resume,
    INCLUDE: include,
    AGE: age,
    AFTER_HAND_OVER: after_hand_over,
    MONTH_END: freeze_month,
    TRIAL: try_on,
}


def jobs_of(portal: PortalLinks) -> Mapping[str, Job]:
    """All of these, and the one whose letters carry links to the debtor's account."""
    return {**JOBS, SEND: partial(send_by_itself, portal=portal)}
