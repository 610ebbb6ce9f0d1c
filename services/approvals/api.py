"""The JSON API, under /approvals/v1: what awaits a person, yes, no, and the policy.

Names and accounts stay sealed here: whoever approves by the API has the payments from its own
ledger, and says yes to their digests.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse

from services.approvals import queries
from services.approvals.acts import answering
from services.approvals.acts.answering import Answered, Seen
from services.approvals.desk import Desk
from services.approvals.queries import Happening, PolicyVersion, Shown
from shared.contracts.values import PolicyTier
from shared.web.frame import ADMINISTRATOR, APPROVER, BOOKKEEPER
from shared.web.idempotency import OnceKey, once
from shared.web.problem import not_found
from shared.web.routers import api_router
from shared.web.scope import TenantScope, tenant_scope
from shared.work import Work

AsApprover = Annotated[TenantScope, Depends(tenant_scope(APPROVER))]
AsReader = Annotated[TenantScope, Depends(tenant_scope(APPROVER, BOOKKEEPER, ADMINISTRATOR))]
AsAdministrator = Annotated[TenantScope, Depends(tenant_scope(ADMINISTRATOR))]
_AT_ONCE = 500


class PaymentSeen(BaseModel):
    """A payment and the digest that was shown with it."""

    payment_id: UUID
    digest: str = Field(max_length=200)


class Yes(BaseModel):
    payments: list[PaymentSeen] = Field(min_length=1, max_length=_AT_ONCE)


class No(BaseModel):
    payments: list[UUID] = Field(min_length=1, max_length=_AT_ONCE)
    reason: str = Field(max_length=2000)


class Tier(BaseModel):
    """Payments of more than `above_minor` (minor units) need this many approvers."""

    currency: str = Field(pattern="^[A-Z]{3}$")
    above_minor: int = Field(ge=0)
    approvers: int


class NewPolicy(BaseModel):
    tiers: list[Tier] = Field(max_length=200)


class InvoiceCopy(BaseModel):
    """Where the invoice is read: `GET /sync/v1/copies/{sha256}`."""

    model_config = ConfigDict(from_attributes=True)

    sha256: str
    media_type: str


class AwaitingPayment(BaseModel):
    request_id: UUID
    payment_id: UUID
    revision: int
    digest: str
    amount_minor: int
    currency: str
    invoice_number: str
    copy_of: InvoiceCopy | None
    due_on: date
    pay_on: date
    pays_on: date
    late: bool
    latest_approval_at: datetime
    warnings: tuple[str, ...]
    state: str
    because: str | None
    sought_by: UUID
    yes_by: tuple[UUID, ...]
    needed: int


class RequestHistory(BaseModel):
    payments: list[AwaitingPayment]
    happened: list[dict[str, Any]]


def api_of(desk: Desk) -> APIRouter:
    api = api_router("approvals", "/tenants/{tenant_id}")

    @api.get("/approvals")
    def awaiting(scope: AsApprover) -> list[AwaitingPayment]:
        """What this person is asked to approve."""
        with desk.reading(scope.tenant_id) as sql:
            rows = queries.inbox(sql, scope.tenant_id, scope.identity.user_id, desk.now())
        return [_awaiting(one) for one in rows]

    @api.get("/requests/{request_id}")
    def request(scope: AsReader, request_id: UUID) -> RequestHistory:
        """One request: its payments and everything that happened to it."""
        person_id = scope.identity.user_id
        with desk.reading(scope.tenant_id) as sql:
            rows = queries.shown(sql, scope.tenant_id, person_id, desk.now(), request_id)
            happened = queries.history(sql, scope.tenant_id, request_id)
        if not rows:
            raise not_found()
        return RequestHistory(
            payments=[_awaiting(one) for one in rows], happened=[_happening(h) for h in happened]
        )

    @api.post("/requests/{request_id}/yes")
    def approve(scope: AsApprover, request_id: UUID, yes: Yes, key: OnceKey) -> Response:
        """Say yes to payments as they were seen: each is answered by itself."""
        seen = [Seen(one.payment_id, one.digest) for one in yes.payments]

        def command(work: Work) -> tuple[int, Any]:
            return once(work, key, lambda: (200, _answers(desk.approve(
                work, request_id, scope.identity.user_id, seen
            ))))  # fmt: skip

        status, body = desk.work(scope, command)
        return JSONResponse(body, status)

    @api.post("/requests/{request_id}/no")
    def reject(scope: AsApprover, request_id: UUID, no: No, key: OnceKey) -> Response:
        """Say no to payments, with the reason that whoever asked will read."""

        def command(work: Work) -> tuple[int, Any]:
            return once(work, key, lambda: (200, _answers(desk.reject(
                work, request_id, scope.identity.user_id, no.payments, no.reason
            ))))  # fmt: skip

        status, body = desk.work(scope, command)
        return JSONResponse(body, status)

    @api.get("/policy")
    def policy(scope: AsReader) -> list[dict[str, Any]]:
        """All versions of the policy, newest first."""
        with desk.reading(scope.tenant_id) as sql:
            return [_policy(one) for one in queries.policy_versions(sql, scope.tenant_id)]

    @api.put("/policy")
    def set_policy(scope: AsAdministrator, new: NewPolicy) -> list[dict[str, Any]]:
        """Set how many must approve; fewer than before takes effect 24 hours later."""
        tiers = [PolicyTier(t.currency, t.above_minor, t.approvers) for t in new.tiers]
        desk.work(scope, lambda work: answering.set_policy(work, scope.identity.user_id, tiers))
        return policy(scope)

    return api


def _answers(answered: list[Answered]) -> list[dict[str, Any]]:
    return [
        {"payment_id": str(one.payment_id), "state": one.state, "refused": one.refused}
        for one in answered
    ]


def _awaiting(one: Shown) -> AwaitingPayment:
    item, copy_of = one.item, one.item.copy_of
    return AwaitingPayment(
        request_id=one.request_id,
        payment_id=item.payment_id,
        revision=item.revision,
        digest=item.digest,
        amount_minor=item.amount.minor,
        currency=item.amount.currency,
        invoice_number=item.invoice_number,
        copy_of=None if copy_of is None else InvoiceCopy.model_validate(copy_of),
        due_on=item.due_on,
        pay_on=item.pay_on,
        pays_on=one.pays_on,
        late=one.late,
        latest_approval_at=item.latest_approval_at,
        warnings=item.warnings,
        state=one.state,
        because=one.because,
        sought_by=one.sought_by,
        yes_by=one.yes_by,
        needed=item.needed,
    )


def _happening(one: Happening) -> dict[str, Any]:
    return {
        "happened_at": one.happened_at,
        "what": one.what,
        "payment_id": one.payment_id,
        "person_id": one.person_id,
        "code": one.code,
    }


def _policy(one: PolicyVersion) -> dict[str, Any]:
    return {
        "version": one.version,
        "tiers": [
            {
                "currency": tier.currency,
                "above_minor": tier.above_minor,
                "approvers": tier.approvers,
            }
            for tier in one.tiers
        ],
        "effective_at": one.effective_at,
        "set_by": one.set_by,
    }
