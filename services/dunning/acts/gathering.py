"""What the rules need to know, gathered: what the creditor has set, how the debtor stands, which day it is."""

from __future__ import annotations

from uuid import UUID

from services.dunning.model.creditor import CREDITOR, Creditor
from services.dunning.model.debtor import DEBTOR, Debtor
from services.dunning.model.naming import creditor_id_of
from services.dunning.values import NoticeKind, Step, Terms, Timeline
from shared.clock import day_of
from shared.work import Work

_NONE_YET = Timeline("", (Step(NoticeKind.REMINDER, 8),), gap_days=11, mode="off")
"""Before a creditor has any timeline nothing goes."""


def creditor_of(work: Work) -> Creditor:
    return work.load(CREDITOR, creditor_id_of(work.tenant_id)).state


def debtor_of(work: Work, debtor_id: UUID) -> Debtor:
    return work.load(DEBTOR, debtor_id).state


def terms_of(work: Work, debtor_id: UUID) -> Terms:
    """All that decides about a debtor's invoices beside their own histories."""
    return terms_between(work, creditor_of(work), debtor_of(work, debtor_id))


def terms_between(work: Work, creditor: Creditor, debtor: Debtor) -> Terms:
    contact, excluded = debtor.contact, debtor.excluded
    return Terms(
        today=day_of(work.now, creditor.zone),
        country=creditor.country,
        home_currency=creditor.home_currency,
        # Of whom nothing is known, the law protects a consumer.
        debtor_kind=contact.kind if contact is not None else "consumer",
        timeline=creditor.timeline_of(debtor.timeline) or _NONE_YET,
        rules=creditor.rules,
        policy=creditor.policy,
        write_offs=creditor.write_offs,
        credits=debtor.credit_sums(),
        channels=debtor.channels,
        frozen=debtor.frozen,
        excluded=excluded.code if excluded else None,
        excluded_until=excluded.until_on if excluded else None,
        drift=creditor.drift,
    )
