"""What the rules need to know, gathered: what the creditor has set, how the debtor stands, which day it is."""

from __future__ import annotations

from uuid import UUID

from services.dunning.model.creditor import CREDITOR, Creditor
from services.dunning.model.debtor import DEBTOR, Debtor
from services.dunning.model.naming import creditor_id_of
from services.dunning.model.terms import terms_on
from services.dunning.values import Terms
from shared.clock import day_of
from shared.work import Work


def creditor_of(work: Work) -> Creditor:
    return work.load(CREDITOR, creditor_id_of(work.tenant_id)).state


def debtor_of(work: Work, debtor_id: UUID) -> Debtor:
    return work.load(DEBTOR, debtor_id).state


def terms_of(work: Work, debtor_id: UUID) -> Terms:
    """All that decides about a debtor's invoices beside their own histories."""
    return terms_between(work, creditor_of(work), debtor_of(work, debtor_id))


def terms_between(work: Work, creditor: Creditor, debtor: Debtor) -> Terms:
    return terms_on(day_of(work.now, creditor.zone), creditor, debtor)
