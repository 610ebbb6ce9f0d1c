"""A customer's invoice whose document is wanted here: it is overdue, or somebody asks for it."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from services.sync import queries
from services.sync.intents import COPY, FetchCopy
from services.sync.model.item import ITEM
from shared.decider import Rejected
from shared.effects.intents import Intent
from shared.work import Work

MOST: Final = 200
"""Documents that one run asks for; the next asks for more."""


def want_overdue(work: Work) -> None:
    """A document is first needed once its invoice is overdue: most are paid, and never are."""
    today = work.now.date()
    for one in queries.uncopied(work.sql, work.tenant_id, MOST, due_before=today):
        _want(work, one.item_id, FetchCopy(one.year, one.voucher, int(one.number)))


def want(work: Work, invoice_id: UUID) -> None:
    """One that a person or another service asks for; one that is kept already is not fetched again."""
    item = work.load(ITEM, invoice_id).state
    entry = item.entry
    if entry is None or entry.kind != "invoice" or entry.side != "receivable":
        raise Rejected("there is no such customer's invoice", code="unknown_invoice")
    if not entry.documented:
        raise Rejected("it was typed into a journal, and has no document", code="no_document")
    if item.copy_of is None:
        _want(work, invoice_id, FetchCopy(entry.year, entry.voucher, int(entry.invoice_number)))


def _want(work: Work, invoice_id: UUID, body: FetchCopy) -> None:
    # Wanted twice, it is fetched once.
    work.intend(invoice_id, Intent(COPY, key=str(invoice_id), body=body))
