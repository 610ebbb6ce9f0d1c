"""Values that this service's commands, events and rules share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from shared.contracts.values import Copy, SealedAccount
from shared.money import Money
from shared.sealed import Sealed


class State(StrEnum):
    """Where a payment order is. The values are stored and shown by code."""

    NEW = "new"
    DRAFT = "draft"
    BLOCKED = "blocked"
    AWAITING_APPROVAL = "awaiting_approval"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    HELD = "held"
    RELEASING = "releasing"
    SUBMITTED = "submitted"
    OUTCOME_UNKNOWN = "outcome_unknown"
    ACCEPTED = "accepted"
    AWAITING_FUNDS = "awaiting_funds"
    CANCEL_PENDING = "cancel_pending"
    CANCELLED = "cancelled"
    BANK_REJECTED = "bank_rejected"
    EXECUTED = "executed"
    RECONCILED = "reconciled"
    RETURNED = "returned"


OPEN = frozenset({State.DRAFT, State.BLOCKED, State.AWAITING_APPROVAL, State.APPROVED})
"""Before anything is planned at the bank."""
BEFORE_RELEASE = OPEN | {State.SCHEDULED, State.HELD}
"""Everything may still be changed: nothing has been sealed."""
AT_BANK = frozenset(
    {
        State.RELEASING,
        State.SUBMITTED,
        State.OUTCOME_UNKNOWN,
        State.ACCEPTED,
        State.AWAITING_FUNDS,
        State.CANCEL_PENDING,
    }
)
"""Sealed, and the bank's last word is still to come."""
CANCELLABLE = frozenset({State.SUBMITTED, State.ACCEPTED, State.AWAITING_FUNDS})
"""The bank has it and may still be asked to stop."""
OVER = frozenset({State.CANCELLED, State.BANK_REJECTED, State.RETURNED})
"""This order will not move the money any more; the invoice may be paid by a new one."""
PAID = frozenset({State.EXECUTED, State.RECONCILED})
APPROVED = frozenset({State.APPROVED, State.SCHEDULED}) | AT_BANK | PAID
"""People have said yes, and nothing has been found against it since."""


@dataclass(frozen=True, slots=True)
class Invoice:
    """What the ledger says of the invoice that an order pays. `remaining` is at the time of telling."""

    invoice_id: UUID
    party_id: UUID
    party_name: Sealed
    party_number: str
    number: str
    voucher: str
    issued_on: date
    due_on: date
    gross: Money
    remaining: Money
    account: SealedAccount | None
    copy_of: Copy | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """When an order is to be executed, and until when a yes keeps that day.

    `calendar_version` is the bank calendar's that the dates were reckoned with, so that a replay can
    say why.
    """

    rail: str
    pay_on: date
    latest_approval_at: datetime
    calendar_version: str


@dataclass(frozen=True, slots=True)
class BatchOrder:
    """One order as it stands in sealed bytes."""

    payment_id: UUID
    revision: int
    end_to_end_id: str
    amount: Money
    digest: str


@dataclass(frozen=True, slots=True)
class RequestedOrder:
    """One order as it is put to the approvers: what its digest covers, and what helps to decide."""

    payment_id: UUID
    revision: int
    digest: str
    amount: Money
    payee_id: UUID
    payee_name: Sealed
    account: SealedAccount
    invoice_id: UUID
    invoice_number: str
    due_on: date
    pay_on: date
    latest_approval_at: datetime
    warnings: tuple[str, ...] = ()
    copy_of: Copy | None = None
