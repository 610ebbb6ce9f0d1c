"""The JSON API: reports of mail servers come in, the log is read, people's devices are registered.

POST /notifications/v1/bounces                              a report as it came (RFC 3464)
GET  /notifications/v1/tenants/{tenant_id}/deliveries       newest first, whom by id only
GET  /notifications/v1/tenants/{tenant_id}/delivery-counts  by state, of the last seven days
GET  /notifications/v1/push-key                             what a browser subscribes with
POST, GET, DELETE  /notifications/v1/tenants/{tenant_id}/devices  one's own
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from services.notifications.desk import READERS, Here
from services.notifications.gateways.bounces import parse_bounce
from services.notifications.model.device import ENDPOINT_LENGTH_MAX, subscription_of
from shared.web.problem import CONFLICT, INVALID, Problem, not_signed_in
from shared.web.routers import api_router
from shared.web.scope import SignedIn, TenantScope, tenant_scope

router = api_router("notifications")
_KEY_LENGTH_MAX = 200


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
    device_id: UUID | None
    state: str
    code: str | None
    repeats: int
    intended_at: datetime
    changed_at: datetime


class PushKey(BaseModel):
    """`applicationServerKey` of the browser's `pushManager.subscribe`; none: no pushes from here."""

    public_key: str | None


class Keys(BaseModel):
    p256dh: str = Field(max_length=_KEY_LENGTH_MAX)
    auth: str = Field(max_length=_KEY_LENGTH_MAX)


class NewDevice(BaseModel):
    """As the browser's `PushSubscription.toJSON()` gives it."""

    endpoint: str = Field(max_length=ENDPOINT_LENGTH_MAX)
    keys: Keys


class Registered(BaseModel):
    device_id: UUID


class DeviceLine(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    device_id: UUID
    push_service: str
    registered_at: datetime


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


@router.get("/push-key")
def push_key(_: SignedIn, desk: Here) -> PushKey:
    return PushKey(public_key=desk.push_key or None)


@router.post("/tenants/{tenant_id}/devices", status_code=201)
def register_device(
    scope: Annotated[TenantScope, Depends(tenant_scope())], new: NewDevice, desk: Here
) -> Registered:
    """Tell this device what the client's mails tell. The same device again is the same device."""
    if not desk.push_key:
        raise Problem(CONFLICT, "This installation sends no push messages.", "push_off")
    keys = new.keys
    found = subscription_of(new.endpoint, keys.p256dh, keys.auth, desk.push_services)
    return Registered(device_id=desk.register(scope, found))


@router.get("/tenants/{tenant_id}/devices")
def devices(scope: Annotated[TenantScope, Depends(tenant_scope())], desk: Here) -> list[DeviceLine]:
    """The devices of whoever asks, and nobody else's."""
    return [DeviceLine.model_validate(one) for one in desk.devices(scope)]


@router.delete("/tenants/{tenant_id}/devices/{device_id}", status_code=204)
def forget_device(
    scope: Annotated[TenantScope, Depends(tenant_scope())], device_id: UUID, desk: Here
) -> None:
    """Also where one has no such device: afterwards there is none."""
    desk.forget(scope, device_id)
