"""What the agency remembers: plain data, written to a file as it stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

PENDING, ACTIVE, PAUSED, CLOSED = "PendingVerification", "Active", "Paused", "Closed"
PAID, EXHAUSTED, WITHDRAWN = "Paid", "PreLegalExhaustedNoPayment", "WithdrawnByCreditor"
TO_AGENCY, TO_CREDITOR = "CollectionPartner", "Creditor"
"""Who got a payment of the debtor's."""


@dataclass(slots=True)
class Creditor:
    """A client of the agency's. `fee` is the success fee in percent, written as digits."""

    creditor_id: str
    key: str = field(repr=False)
    company: str
    signed: bool = True
    fee: str = "0"
    member: str = ""
    """The mail address of whoever speaks for it; chats of others are refused. Empty: anybody's."""


@dataclass(slots=True)
class Chat:
    chat_id: str
    at: datetime
    message: str
    role: int
    """0 for the agency's people, 1 for the creditor's."""
    read: bool = False
    """Whether the agency's people have done what it asks for."""


@dataclass(slots=True)
class Payment:
    """The debtor has paid: minor units of the case's currency."""

    payment_id: str
    at: datetime
    minor: int
    recipient: str


@dataclass(slots=True)
class Case:
    case_id: str
    creditor_id: str
    reference: str
    at: datetime
    asked: dict[str, Any]
    """As it was asked for."""
    currency: str
    gross_minor: int
    lifecycle: str = PENDING
    phase: str = "Pre-legal"
    close_code: str | None = None
    closed_at: datetime | None = None
    changed_at: datetime | None = None
    payments: list[Payment] = field(default_factory=list)
    chats: list[Chat] = field(default_factory=list)

    @property
    def creditor_reference(self) -> str | None:
        found: str | None = self.asked.get("creditorReference")
        return found

    @property
    def is_test(self) -> bool:
        return bool(self.asked.get("isTest"))

    @property
    def remainder_minor(self) -> int:
        return max(0, self.gross_minor - sum(payment.minor for payment in self.payments))


@dataclass(slots=True)
class Hook:
    """A subscription to events; the secret is base64, and shown once."""

    hook_id: str
    creditor_id: str
    url: str
    events: list[str]
    secret: str = field(repr=False)
    at: datetime
    is_test: bool = False


@dataclass(slots=True)
class Sent:
    """One event on its way to one subscription."""

    event_id: str
    hook_id: str
    case_id: str
    event: str
    payload: str
    at: datetime
    delivered_at: datetime | None = None
    attempts: int = 0
    status: int | None = None
    error: str | None = None


@dataclass(slots=True)
class Replay:
    """What was answered under an idempotency key."""

    key: str
    creditor_id: str
    digest: str
    status: int
    body: str


@dataclass(slots=True)
class Request:
    """A request to make a case, accepted or not: what an independent checker counts."""

    at: datetime
    key: str
    creditor_reference: str | None
    digest: str
    case_id: str | None = None


class FaultKind(StrEnum):
    """Each a way in which agencies fail."""

    TIMEOUT_BEFORE = "timeout_before"
    """The request is read, nothing is done, no answer comes."""
    TIMEOUT_AFTER = "timeout_after"
    """It is done, no answer comes."""
    ERROR_BEFORE = "error_before"
    """503, nothing done."""
    ERROR_AFTER = "error_after"
    """500, and yet it is done."""
    GARBAGE_AFTER = "garbage_after"
    """It is done and the answer is no JSON."""
    REFUSE = "refuse"
    """422 with `reason` as the business error's type."""
    BUSY = "busy"
    """429, with Retry-After."""
    HIDE = "hide"
    """A case is not found by the creditor's reference."""
    DOUBLE_HOOK = "double_hook"
    """A webhook is delivered twice."""


@dataclass(slots=True)
class Fault:
    """A fault and what it strikes: `on` is cases (to make one), chats (to write one), lookup or hooks."""

    kind: FaultKind
    on: str = "cases"
    times: int | None = 1
    reason: str = "NoPartnerAvailable"
    retry_after: int = 60


@dataclass(slots=True)
class Pages:
    """All of it."""

    creditors: list[Creditor] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    hooks: list[Hook] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    replays: list[Replay] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    number: int = 0
