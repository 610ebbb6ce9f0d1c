"""All that decides about a debtor's invoices on a day, beside their own histories."""

from __future__ import annotations

from datetime import date
from typing import Final

from services.dunning.model.creditor import Creditor
from services.dunning.model.debtor import Debtor
from services.dunning.values import NoticeKind, Step, Terms, Timeline

_NONE_YET: Final = Timeline("", (Step(NoticeKind.REMINDER, 8),), gap_days=11, mode="off")
"""Before a creditor has any timeline nothing goes."""


def terms_on(today: date, creditor: Creditor, debtor: Debtor) -> Terms:
    contact, excluded = debtor.contact, debtor.excluded
    return Terms(
        today_on=today,
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
        excluded_until_on=excluded.until_on if excluded else None,
        drift=creditor.drift,
    )
