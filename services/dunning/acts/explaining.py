"""Why an invoice is not on today's list: the rules' own answer for one invoice, with what it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.dunning.acts.gathering import terms_of
from services.dunning.model import gates
from services.dunning.model.following import RECEIVABLE
from services.dunning.queries import standing as queries
from services.dunning.queries import waiting
from services.dunning.queries.standing import Row
from shared.money import Money
from shared.work import Work


@dataclass(frozen=True, slots=True)
class Answer:
    """`code` names the rule; `credit`, `overdue` and `minimum` are the sums that it weighed."""

    row: Row
    code: str
    overdue: Money
    credit: Money | None
    minimum: Money | None


def why_not(work: Work, invoices: Sequence[UUID]) -> list[Answer]:
    """In the order asked for; what is on the list, or over, answers nothing."""
    rows = [queries.receivable(work.sql, work.tenant_id, one) for one in invoices]
    known = [row for row in rows if row is not None]
    if not known:
        return []
    debtors = {row.debtor_id for row in known}
    terms = {debtor_id: terms_of(work, debtor_id) for debtor_id in debtors}
    today = next(iter(terms.values())).today_on
    overdue = queries.overdue_of(work.sql, work.tenant_id, debtors, today)
    answers = []
    for row in known:
        own, currency = terms[row.debtor_id], row.gross.currency
        owed = overdue.get((row.debtor_id, currency), Money.zero(currency))
        receivable = work.load(RECEIVABLE, row.invoice_id).state
        code = gates.why_not(receivable, own, owed)
        if code is None:
            code = row.skipped if row.skipped in waiting.WAITS_FOR_LAW else waiting.NEXT_LIST
        least = next((one for one in own.rules.minimum if one.currency == currency), None)
        answers.append(Answer(row, code, owed, own.credits.get(currency), least))
    return answers
