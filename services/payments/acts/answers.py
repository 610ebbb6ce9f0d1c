"""The bank's word on an order, brought to the order that it is about.

An answer counts only for an order of this tenant, in the batch that it left by; anything else is
logged and changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import structlog

from services.payments import queries
from services.payments.commands import Command, NoteBankStatus
from services.payments.gateways.bank import EntryStatus
from services.payments.model.payment import PAYMENT
from shared.decider import Rejected
from shared.work import Work

_log = structlog.get_logger(__name__)


def take_statuses(work: Work, batch_id: UUID, entries: Sequence[EntryStatus]) -> None:
    """The bank's status of each order of a batch."""
    ids = [entry.end_to_end_id for entry in entries]
    known = queries.released_as(work.sql, work.tenant_id, ids)
    for entry in sorted(entries, key=lambda entry: str(known.get(entry.end_to_end_id))):
        note = NoteBankStatus(batch_id, entry.status.value, entry.reason)
        payment_id = known.get(entry.end_to_end_id)
        if payment_id is None:
            _log.warning("status of an order that is not ours", batch=str(batch_id))
        else:
            tell(work, payment_id, note)


def tell(work: Work, payment_id: UUID, note: Command) -> str | None:
    """Give an order the bank's word. A word that does not fit is logged, and the others go on: the
    code of its refusal.
    """
    try:
        work.execute(PAYMENT, payment_id, note)
    except Rejected as refused:
        _log.warning("the bank's word was refused", payment=str(payment_id), code=refused.code)
        return refused.code
    return None
