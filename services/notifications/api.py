"""The JSON API: reports of mail servers come in, the log of deliveries is read.

POST /notifications/v1/bounces                              a report as it came (RFC 3464)
GET  /notifications/v1/tenants/{tenant_id}/deliveries       newest first, whom by id only
GET  /notifications/v1/tenants/{tenant_id}/delivery-counts  by state, of the last seven days
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict

from services.notifications.desk import READERS, Here
from services.notifications.gateways.bounces import parse_bounce
from shared.web.problem import INVALID, Problem, not_signed_in
from shared.web.scope import TenantScope, tenant_scope

router = APIRouter()


class Taken(BaseModel):
    """The report was read. Whether it is about a mail of ours is not told."""

    status: str = "taken"


class DeliveryLine(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    delivery_id: UUID
    recipient_id: UUID
    occasion: str
    subject_id: UUID
    payments: int
    channel: str
    state: str
    code: str | None
    repeats: int
    intended_at: datetime
    changed_at: datetime


def mail_server(request: Request, desk: Here) -> None:
    """The mail server's own bearer: no person brings reports."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not desk.takes(token.strip()):
        raise not_signed_in()


async def report(request: Request) -> bytes:
    return await request.body()


@router.post("/bounces", status_code=202, dependencies=[Depends(mail_server)])
def bounces(raw: Annotated[bytes, Depends(report)], desk: Here) -> Taken:
    """Take a report (`message/rfc822`). One that has been taken before changes nothing."""
    bounce = parse_bounce(raw)
    if bounce is None:
        raise Problem(INVALID, "The body is not a report about one mail.", "not_a_report")
    desk.take(bounce)
    return Taken()


@router.get("/tenants/{tenant_id}/deliveries")
def deliveries(
    scope: Annotated[TenantScope, Depends(tenant_scope(*READERS))],
    desk: Here,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    after: UUID | None = None,
) -> list[DeliveryLine]:
    """`after` is the last delivery seen."""
    lines = desk.log(scope.tenant_id, limit=limit, after=after)
    return [DeliveryLine.model_validate(line) for line in lines]


@router.get("/tenants/{tenant_id}/delivery-counts")
def delivery_counts(
    scope: Annotated[TenantScope, Depends(tenant_scope(*READERS))], desk: Here
) -> dict[str, int]:
    counted = desk.counts([scope.tenant_id])
    return {state.value: count for state, count in counted.items()}
