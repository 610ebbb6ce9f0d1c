"""Today's list by programs: what goes, what does not and why, and sending."""

from __future__ import annotations

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from services.dunning.acts import by_hand, explaining, listing, previewing
from services.dunning.acts.gathering import creditor_of
from services.dunning.api import answers
from services.dunning.api.answers import CREATED, Amount, LetterAnswer, ReceivableAnswer
from services.dunning.desk import Desk, Follows, Sees
from services.dunning.queries import waiting
from shared.clock import day_of
from shared.web.idempotency import OnceKey
from shared.web.routers import api_router
from shared.work import Work

_DEBTORS: Final = 100
_PAGE: Final = 200


class Reminders(BaseModel):
    """Letters of up to a hundred debtors; `after` of the next request is `next`, while there is one."""

    letters: list[LetterAnswer]
    next: UUID | None


class WhyNot(BaseModel):
    """`code` names the rule; the sums are those that it weighed."""

    code: str
    receivable: ReceivableAnswer
    overdue: Amount
    credit: Amount | None
    minimum: Amount | None


class WhyNots(BaseModel):
    """`counts` are of all open invoices that are not on the list, by rule."""

    counts: dict[str, int]
    invoices: list[WhyNot]


class Chosen(BaseModel):
    """A letter of today's list."""

    debtor_id: UUID
    letter_id: UUID


class Sending(BaseModel):
    """Letters as today's list names them: one that has changed since is not sent."""

    letters: list[Chosen] = Field(min_length=1, max_length=500)


class Sent(BaseModel):
    sent: int
    left_out: int


def reminders_api(desk: Desk) -> APIRouter:
    api = api_router("dunning", "/tenants/{tenant_id}/reminders")

    @api.get("")
    def reminders(scope: Sees, after: UUID = listing.FIRST) -> Reminders:
        """What stands on today's list, grouped as it will be sent, with what each letter charges."""

        def look(work: Work) -> Reminders:
            debtors = previewing.debtors_listed(work.sql, work.tenant_id, after, _DEBTORS)
            letters = [answers.letter(one) for one in previewing.letters(work, debtors)]
            return Reminders(
                letters=letters, next=debtors[-1] if len(debtors) == _DEBTORS else None
            )

        return desk.work(scope, look)

    @api.get("/why-not")
    def why_not(
        scope: Sees,
        code: Annotated[str, Query(max_length=40)] = "",
        offset: Annotated[int, Query(ge=0, le=10**7)] = 0,
        limit: Annotated[int, Query(ge=1, le=_PAGE)] = 50,
    ) -> WhyNots:
        """Every open invoice that is not on the list, and the rule that keeps it off."""

        def look(work: Work) -> WhyNots:
            creditor = creditor_of(work)
            today = day_of(work.now, creditor.zone)
            page = waiting.page(
                work.sql, work.tenant_id, creditor, today, code=code, offset=offset, limit=limit
            )
            counts = waiting.counts(work.sql, work.tenant_id, creditor, today)
            found = explaining.why_not(work, [one.invoice_id for one in page])
            return WhyNots(counts=dict(counts), invoices=[_why_not(one) for one in found])

        return desk.work(scope, look)

    @api.post("/letters", status_code=CREATED, response_model=Sent)
    def send(scope: Follows, key: OnceKey, wanted: Sending) -> JSONResponse:
        """Send these; what is owed is read again first where it was read more than an hour ago."""
        chosen = {one.letter_id for one in wanted.letters}
        debtors = {one.debtor_id for one in wanted.letters}

        def command(work: Work) -> Any:
            sent = by_hand.send(work, scope.identity.user_id, chosen, debtors, desk.portal)
            return {"sent": sent, "left_out": len(chosen) - sent}

        return answers.created(desk, scope, key, command)

    return api


def _why_not(one: explaining.Answer) -> WhyNot:
    return WhyNot(
        code=one.code,
        receivable=answers.receivable(one.row),
        overdue=answers.amount(one.overdue),
        credit=answers.amount(one.credit) if one.credit else None,
        minimum=answers.amount(one.minimum) if one.minimum else None,
    )
