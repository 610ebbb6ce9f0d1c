"""A debtor's account at its creditor, gathered for whoever may see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.dunning.acts.gathering import creditor_of, debtor_of, terms_between
from services.dunning.model.creditor import Creditor
from services.dunning.model.debtor import Debtor
from services.dunning.model.following import RECEIVABLE
from services.dunning.model.notice import State as NoticeState
from services.dunning.model.receivable import Receivable, State
from services.dunning.queries import standing as queries
from services.dunning.queries.accounts import Settled, settled
from services.dunning.queries.standing import NoticeRow
from services.dunning.values import Credit, Terms
from shared.work import Work

_SETTLED_MOST = 100


@dataclass(frozen=True, slots=True)
class Account:
    """`open_` are owed here, `away` are with an agency, `settled` the latest that are paid.

    All as the ledger stood at `as_of_at`; None before the first whole reading of it.
    """

    creditor: Creditor
    debtor: Debtor
    terms: Terms
    open_: Mapping[UUID, Receivable]
    away: Mapping[UUID, Receivable]
    settled: Sequence[Settled]
    credits: Sequence[Credit]
    letters: Sequence[NoticeRow]
    as_of_at: datetime | None


def account_of(work: Work, debtor_id: UUID) -> Account:
    creditor, debtor = creditor_of(work), debtor_of(work, debtor_id)
    rows = queries.of_debtor(work.sql, work.tenant_id, debtor_id)

    def loaded(state: State) -> dict[UUID, Receivable]:
        chosen = [row.invoice_id for row in rows if row.state is state]
        return {invoice_id: work.load(RECEIVABLE, invoice_id).state for invoice_id in chosen}

    credits_ = [one for one in debtor.credits.values() if one.remaining.minor > 0]
    letters = queries.notices_of(work.sql, work.tenant_id, debtor_id)
    return Account(
        creditor=creditor,
        debtor=debtor,
        terms=terms_between(work, creditor, debtor),
        open_=loaded(State.OPEN),
        away=loaded(State.AT_AGENCY),
        settled=settled(work.sql, work.tenant_id, debtor_id, _SETTLED_MOST),
        credits=sorted(credits_, key=lambda one: (one.dated_on, one.number)),
        letters=[one for one in letters if one.state is NoticeState.SENT],
        as_of_at=queries.mirror_at(work.sql, work.tenant_id),
    )
