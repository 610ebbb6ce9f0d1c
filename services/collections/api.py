"""The JSON interface: what is ready, what the agency has, what is asked of it; and where it calls.

Every POST that hands over, or brings something nearer to being handed over, takes an `Idempotency-Key`.
An agency's call needs no session: its signature is verified, and it says no more than that there is
something to ask for.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import structlog
from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from services.collections import queries
from services.collections.acts import by_hand, calling
from services.collections.desk import Desk, Prepares, Sees, existing, person
from services.collections.queries import CaseRow, ClaimRow
from shared.money import Money
from shared.web.idempotency import OnceKey, RequestKey, once
from shared.web.problem import not_found
from shared.web.routers import api_router
from shared.web.scope import TenantScope
from shared.work import Work

_MINOR_MAX = 10**15 - 1
_CREATED = 201
_CALL_MAX = 100_000
_log = structlog.get_logger(__name__)


class Amount(BaseModel):
    """Minor units (øre, öre, cents) of a currency (ISO 4217)."""

    minor: int = Field(ge=0, le=_MINOR_MAX)
    currency: str = Field(pattern="^[A-Z]{3}$")


class Claim(BaseModel):
    """An overdue invoice on its way to collection. The debtor's name is on the page, not in the list.

    `interest` has accrued by the day on which it became ready; it leaves with that of its own day.
    """

    invoice_id: UUID
    debtor_id: UUID
    invoice_number: str
    state: str
    holds: list[str]
    principal: Amount
    charges: Amount
    interest: Amount
    due_on: date | None
    deadline_on: date | None
    transfer_on: date | None
    goes_at: datetime | None
    case_id: UUID | None


class Case(BaseModel):
    """A case at an agency."""

    case_id: UUID
    debtor_id: UUID
    agency: str
    agency_reference: str | None
    state: str
    status: str | None
    agency_code: str | None
    invoices: list[UUID]
    principal: Amount
    charges: Amount
    interest: Amount
    told: Amount
    collected: Amount
    paid_out: Amount
    remaining: Amount | None
    sent_on: date
    automatic: bool


class Selection(BaseModel):
    invoices: list[UUID] = Field(min_length=1, max_length=500)


class Sent(BaseModel):
    """The cases that left, and the invoices that were held at the last look."""

    cases: list[UUID]
    held: list[UUID]


class Reason(BaseModel):
    reason: str = Field(min_length=1, max_length=1000)


class Ways(BaseModel):
    """By itself or by hand; banking days to stop a case; the weekday on which cases go (0 is Monday)."""

    automatic: bool
    stop_days: int = Field(ge=1, le=30)
    weekday: int | None = Field(default=None, ge=0, le=4)
    minimum: Amount | None = None


class Agreement(BaseModel):
    """The creditor's yes to an agency: the key that it gave out, and who speaks for the creditor there."""

    key: str = Field(min_length=1, max_length=400)
    email: str = Field(min_length=3, max_length=320)
    hook_secret: str = Field(default="", max_length=400)


class Standing(BaseModel):
    agency: str
    name: str
    state: str
    link: str
    agreed_on: date | None


class Happening(BaseModel):
    """One event of a case: when, by whom (`user:<id>` or `service:<name>`), and its stored name."""

    at: datetime
    actor: str
    event: str


def api_of(desk: Desk) -> APIRouter:
    api = api_router("collections", "/tenants/{tenant_id}")

    @api.get("/claims")
    def claims(scope: Sees) -> list[Claim]:
        with desk.reading(scope.tenant_id) as sql:
            return [_claim(one) for one in queries.claims(sql, scope.tenant_id)]

    @api.get("/cases")
    def cases(scope: Sees) -> list[Case]:
        with desk.reading(scope.tenant_id) as sql:
            return [_case(one) for one in queries.cases(sql, scope.tenant_id)]

    @api.get("/cases/{case_id}")
    def case(scope: Sees, case_id: UUID) -> Case:
        with desk.reading(scope.tenant_id) as sql:
            found = queries.case(sql, scope.tenant_id, case_id)
        if found is None:
            raise not_found()
        return _case(found)

    @api.get("/cases/{case_id}/history")
    def history(scope: Sees, case_id: UUID) -> list[Happening]:
        """What happened to one case, in order; it follows the log and may be a moment behind."""
        with desk.reading(scope.tenant_id) as sql:
            if queries.case(sql, scope.tenant_id, case_id) is None:
                raise not_found()
            moments = queries.timeline(sql, scope.tenant_id, case_id)
        return [Happening(at=one.at, actor=one.actor, event=one.event) for one in moments]

    @api.get("/agreements")
    def agreements(scope: Sees) -> list[Standing]:
        """The agencies to choose from, and how the agreement with each stands."""
        with desk.reading(scope.tenant_id) as sql:
            known = queries.agreements(sql, scope.tenant_id)
        return [
            Standing(
                agency=offer.code,
                name=offer.name,
                state=known[offer.code].state.value if offer.code in known else "none",
                link=known[offer.code].link if offer.code in known else "",
                agreed_on=known[offer.code].agreed_on if offer.code in known else None,
            )
            for offer in desk.agencies
        ]

    _asked(api, desk)
    _ways(api, desk)
    return api


def _asked(api: APIRouter, desk: Desk) -> None:
    """What hands over, or keeps from it."""

    def answer(scope: TenantScope, key: RequestKey, command: Callable[[Work], Any]) -> JSONResponse:
        """Created, or the first answer again."""
        status, content = desk.work(
            scope, lambda work: once(work, key, lambda: (_CREATED, command(work)))
        )
        return JSONResponse(content, status)

    @api.post("/transfers", status_code=_CREATED, response_model=Sent)
    def transfer(scope: Prepares, key: OnceKey, wanted: Selection) -> JSONResponse:
        """Hand over what is selected, as far as it is free at this instant."""

        def command(work: Work) -> Any:
            done = by_hand.send_now(work, desk.transferrer, wanted.invoices)
            return {"cases": list(done.cases), "held": list(done.held)}

        return answer(scope, key, command)

    @api.post("/claims/{invoice_id}/stops", status_code=_CREATED, response_model=Claim)
    def stop(scope: Prepares, key: OnceKey, invoice_id: UUID) -> JSONResponse:
        """It does not go, until somebody lets it."""

        def command(work: Work) -> Any:
            by_hand.stop(work, person(scope), invoice_id)
            return _claim(_existing_claim(work, invoice_id)).model_dump(mode="json")

        return answer(scope, key, command)

    @api.delete("/claims/{invoice_id}/stops", status_code=204)
    def end_stop(scope: Prepares, invoice_id: UUID) -> None:
        def command(work: Work) -> None:
            _existing_claim(work, invoice_id)
            by_hand.end_stop(work, person(scope), invoice_id)

        desk.work(scope, command)

    @api.post("/cases/{case_id}/recalls", status_code=_CREATED, response_model=Case)
    def recall(scope: Prepares, key: OnceKey, case_id: UUID, wanted: Reason) -> JSONResponse:
        """Ask the agency to let go of a case."""

        def command(work: Work) -> Any:
            existing(work, case_id)
            by_hand.recall(work, desk.opener, person(scope), case_id, wanted.reason)
            return _case(existing(work, case_id)).model_dump(mode="json")

        return answer(scope, key, command)


def _ways(api: APIRouter, desk: Desk) -> None:
    """How and to whom."""

    @api.put("/ways", status_code=204)
    def ways(scope: Prepares, wanted: Ways) -> None:
        least = wanted.minimum
        minimum = None if least is None else Money(least.minor, least.currency)
        desk.work(
            scope,
            lambda work: by_hand.set_ways(
                work,
                person(scope),
                automatic=wanted.automatic,
                stop_days=wanted.stop_days,
                weekday=wanted.weekday,
                minimum=minimum,
            ),
        )

    @api.put("/agreements/{agency}", status_code=204)
    def agree(scope: Prepares, agency: str, wanted: Agreement) -> None:
        """The creditor's yes; the agency is asked for its own."""
        desk.work(
            scope,
            lambda work: by_hand.offer_agreement(
                work,
                desk.agencies,
                desk.opener,
                person(scope),
                agency,
                wanted.key,
                wanted.email,
                wanted.hook_secret,
            ),
        )


def hooks_of(desk: Desk) -> APIRouter:
    """Where agencies call."""
    api = api_router("collections")

    @api.post("/hooks/{tenant_id}/{agency}", status_code=204)
    def hook(
        request: Request, tenant_id: UUID, agency: str, body: Annotated[bytes, Depends(_body)]
    ) -> None:
        """An agency says that something happened to a case: it is asked about it.

        Anything that is not signed with the secret of this creditor's agreement is not found.
        """
        headers = {name.lower(): value for name, value in request.headers.items()}
        actor = f"agency:{agency}"

        def take(work: Work) -> bool:
            return calling.take_call(work, desk.agencies, desk.opener, agency, headers, body)

        if len(body) > _CALL_MAX or not desk.runtime.work(tenant_id, actor, take):
            _log.warning("a call that is not believed", agency=agency)
            raise not_found()

    return api


async def _body(request: Request) -> bytes:
    return await request.body()


def _existing_claim(work: Work, invoice_id: UUID) -> ClaimRow:
    found = queries.claim(work.sql, work.tenant_id, invoice_id)
    if found is None:
        raise not_found()
    return found


def _amount(money: Money) -> Amount:
    return Amount.model_construct(minor=money.minor, currency=money.currency)


def _claim(one: ClaimRow) -> Claim:
    return Claim(
        invoice_id=one.invoice_id,
        debtor_id=one.debtor_id,
        invoice_number=one.number,
        state=one.state.value,
        holds=list(one.holds),
        principal=_amount(one.principal),
        charges=_amount(one.charges),
        interest=_amount(one.interest),
        due_on=one.due_on,
        deadline_on=one.deadline_on,
        transfer_on=one.transfer_on,
        goes_at=one.goes_at,
        case_id=one.case_id,
    )


def _case(one: CaseRow) -> Case:
    return Case(
        case_id=one.case_id,
        debtor_id=one.debtor_id,
        agency=one.agency,
        agency_reference=one.agency_reference,
        state=one.state.value,
        status=one.status,
        agency_code=one.agency_code,
        invoices=list(one.invoices),
        principal=_amount(one.principal),
        charges=_amount(one.charges),
        interest=_amount(one.interest),
        told=_amount(one.told),
        collected=_amount(one.collected),
        paid_out=_amount(one.paid_out),
        remaining=None if one.remaining is None else _amount(one.remaining),
        sent_on=one.sent_on,
        automatic=one.automatic,
    )
