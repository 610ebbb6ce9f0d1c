"""Records as Debitura's OpenAPI document describes them, and what a request may ask for."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec

from shared.money import Money, MoneyError
from simulators.agency.state import CLOSED, Case, Chat, Creditor, Hook, Payment, Sent

_encode = msgspec.json.Encoder(decimal_format="number").encode
_REFERENCE_MAX = 50
EVENTS = (
    "case.created", "case.updated", "case.closed", "payment.created", "payment.deleted",
    "chat.created",
)  # fmt: skip
_ROLES = {0: "Partner", 1: "Creditor"}


class MalformedError(ValueError):
    """A request that breaks the document: the text names the field."""


def encode(content: Any) -> bytes:
    return _encode(content)


def read_case(body: bytes) -> tuple[dict[str, Any], int]:
    """What is asked for, and the amount to recover in minor units. Raises MalformedError."""
    asked = _object(body)
    currency, amount = asked.get("currencyCode"), asked.get("amountToRecover")
    if not isinstance(currency, str) or len(currency) != 3:
        raise MalformedError("currencyCode")
    reference = asked.get("creditorReference")
    if reference is not None and len(str(reference)) > _REFERENCE_MAX:
        raise MalformedError("creditorReference")
    debtor = asked.get("debtor") or {}
    if debtor.get("type") not in {"Company", "Private", "Person"}:
        raise MalformedError("debtor.type")
    for name in ("name", "countryAlpha2"):
        if not debtor.get(name):
            raise MalformedError(f"debtor.{name}")
    try:
        total = Money.of(Decimal(str(amount)), currency)
    except (ArithmeticError, MoneyError) as error:
        raise MalformedError("amountToRecover") from error
    if total.minor <= 0:
        raise MalformedError("amountToRecover")
    return asked, total.minor


def _object(body: bytes) -> dict[str, Any]:
    """Numbers as their digits: no amount is ever a float."""
    try:
        found = msgspec.json.Decoder(dict[str, Any], float_hook=Decimal).decode(body)
    except msgspec.DecodeError as error:
        raise MalformedError("the body is no JSON object") from error
    return found


def read_object(body: bytes) -> dict[str, Any]:
    return _object(body)


def _major(minor: int, currency: str) -> Decimal:
    return Money(minor, currency).decimal


def case_of(case: Case, creditor: Creditor) -> dict[str, Any]:
    debtor = case.asked["debtor"]
    known = ("name", "companyRegistrationNumber", "address", "zipCode", "city", "countryAlpha2",
             "email", "phone")  # fmt: skip
    told: dict[str, Any] = {
        "id": case.case_id,
        "dateCreated": case.at,
        "dateUpdated": case.changed_at,
        "reference": case.reference,
        "creditorReference": case.creditor_reference,
        "claimDescription": case.asked.get("claimDescription"),
        "grossAmount": _major(case.gross_minor, case.currency),
        "remainder": _major(case.remainder_minor, case.currency),
        "interestFees": 0,
        "reminderFees": 0,
        "collectionFees": 0,
        "totalAddedFees": 0,
        "currency": case.currency,
        "isTestCase": case.is_test,
        "lifecycle": case.lifecycle,
        "date": case.asked.get("date") or case.at,
        "dueDate": case.asked.get("dueDate") or case.asked.get("date") or case.at,
        "dateFinished": case.closed_at,
        "closeCode": case.close_code,
        "currentEngagementPhase": case.phase,
        "preLegalSuccessFee": Decimal(creditor.fee),
        "debtor": {
            "type": "Company" if debtor["type"] == "Company" else "Person",
            **{name: debtor[name] for name in known if debtor.get(name)},
        },
        "creditor": {"id": creditor.creditor_id, "companyName": creditor.company},
    }
    return told


def payment(one: Payment, case: Case) -> dict[str, Any]:
    return {
        "id": one.payment_id,
        "dateCreated": one.at,
        "date": one.at,
        "grossAmount": _major(one.minor, case.currency),
        "recipient": one.recipient,
        "method": "BankTransfer",
        "currency": case.currency,
        "invoice": {
            "status": case.lifecycle,
            "reference": case.reference,
            "invoiceId": case.case_id,
        },
    }


def chat(one: Chat) -> dict[str, Any]:
    return {
        "id": one.chat_id,
        "dateCreated": one.at,
        "role": one.role,
        "roleLabel": _ROLES[one.role],
        "message": one.message,
        "isSeen": one.read,
    }


def timeline(case: Case) -> dict[str, Any]:
    made: list[tuple[datetime, str, str]] = [(case.at, "CaseCreated", "The case was created")]
    made += [(one.at, "PaymentAdded", "A payment was registered") for one in case.payments]
    made += [(one.at, "ChatMessage", "A message was written") for one in case.chats]
    if case.closed_at is not None:
        made.append((case.closed_at, "CaseClosed", f"Closed: {case.close_code}"))
    items = [
        {"date": at, "type": kind, "title": title, "description": title,
         "actor": {"type": "System"}}
        for at, kind, title in sorted(made)
    ]  # fmt: skip
    return {"items": items, "currentEngagementPhase": case.phase}


def page(total: int, size: int, current: int, shown: int) -> dict[str, int]:
    return {
        "totalResults": total,
        "pageSize": size,
        "currentPage": current,
        "responseCount": shown,
        "totalPages": -(-total // size),
    }


def hook(one: Hook, *, with_secret: bool) -> dict[str, Any]:
    return {
        "id": one.hook_id,
        "url": one.url,
        "events": one.events,
        "isActive": True,
        "createdUtc": one.at,
        "updatedUtc": one.at,
        "secret": one.secret if with_secret else None,
        "isTestMode": one.is_test,
    }


def sent(one: Sent) -> dict[str, Any]:
    return {
        "id": one.event_id,
        "subscriptionId": one.hook_id,
        "caseId": one.case_id,
        "eventType": one.event,
        "payload": one.payload,
        "createdAt": one.at,
        "deliveredAt": one.delivered_at,
        "attemptCount": one.attempts,
        "lastResponseCode": one.status,
        "lastError": one.error,
    }


def error(text: str, kind: str = "Invalid") -> dict[str, Any]:
    return {
        "error": kind,
        "message": text,
        "businessErrors": [{"type": kind, "message": text}],
    }


def business_error(kind: str, text: str) -> dict[str, Any]:
    return {"businessErrors": [{"type": kind, "message": text}]}


def state_of(case: Case) -> str:
    """As the test calls name where a case is."""
    if case.lifecycle != CLOSED:
        return case.lifecycle
    known = {"Paid": "Closed:Paid", "PreLegalExhaustedNoPayment": "Closed:NoPayment"}
    return known.get(case.close_code or "", "Closed")
