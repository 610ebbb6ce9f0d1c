"""People, payments and answers that the tests of approvals speak of."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid5

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec.structs import replace as changed

from services.approvals.commands import RequestApproval, SayNo, SayYes
from services.approvals.events import ApprovalRequested, Item
from shared.contracts.values import Grant, SealedAccount
from shared.money import Money
from shared.sealed import Sealed

_NAMES = UUID("6f1d2c3b-0000-4000-8000-000000000000")


def named(name: str) -> UUID:
    return uuid5(_NAMES, name)


ANNA, BERTIL, CARLA, DAVID = (named(name) for name in ("Anna", "Bertil", "Carla", "David"))
REQUEST_ID, ROOF, WINDOWS = named("request"), named("roof"), named("windows")
SOUGHT_AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
LATEST_AT = datetime(2026, 3, 9, 9, 59, 59, 999999, tzinfo=UTC)
EXPIRES_AT = datetime(2026, 3, 23, 9, 59, 59, 999999, tzinfo=UTC)
REASON = Sealed(BERTIL, "c2VhbGVk")
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def item(payment_id: UUID = ROOF, *, needed: int = 1, **others: Any) -> Item:
    return changed(
        Item(
            payment_id=payment_id,
            revision=1,
            digest=f"digest of {payment_id}",
            amount=Money.of("94500.00", "DKK"),
            payee_id=named("Kronborg"),
            payee_name=Sealed(named("Kronborg"), "bmFtZQ=="),
            account=SealedAccount("fik_71", "f", "6218", Sealed(named("Kronborg"), "YWNjb3VudA==")),
            invoice_id=named("20-1184"),
            invoice_number="20-1184",
            due_on=date(2026, 3, 9),
            pay_on=date(2026, 3, 9),
            latest_approval_at=LATEST_AT,
            needed=needed,
            remind_at=(),
            expires_at=EXPIRES_AT,
        ),
        **others,
    )


def asking(*items: Item, **others: Any) -> RequestApproval:
    """Anna puts payments to Bertil and Carla."""
    return replace(
        RequestApproval(
            items=items or (item(),),
            sought_by=ANNA,
            sought_at=SOUGHT_AT,
            policy_version=1,
            calendar_version="DK.test",
            approvers=(BERTIL, CARLA),
            links=(),
            outdated=frozenset(),
            by_policy=(),
        ),
        **others,
    )


def requested(*items: Item) -> ApprovalRequested:
    return ApprovalRequested(
        items=items or (item(),),
        sought_by=ANNA,
        sought_at=SOUGHT_AT,
        policy_version=1,
        calendar_version="DK.test",
        approvers=(BERTIL, CARLA),
    )


def grant(person_id: UUID, payment_id: UUID = ROOF, **others: Any) -> Grant:
    return replace(
        Grant(
            payment_id=payment_id,
            revision=1,
            digest=f"digest of {payment_id}",
            approver_id=person_id,
            granted_at=SOUGHT_AT,
            method="passkey",
            policy_version=1,
            key_id="key",
            signature="signature",
        ),
        **others,
    )


def yes(person_id: UUID, payment_id: UUID = ROOF, *, may: bool = True, **others: Any) -> SayYes:
    return SayYes(grant(person_id, payment_id, **others), may_approve=may)


def no(person_id: UUID, payment_id: UUID = ROOF, *, may: bool = True) -> SayNo:
    return SayNo(payment_id, person_id, REASON, may_approve=may, at=SOUGHT_AT)
