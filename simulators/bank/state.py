"""What the bank remembers: plain data, written to a file as it stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from shared.money import Money

FINAL = frozenset({"ACSC", "RJCT", "CANC"})


@dataclass(slots=True)
class Account:
    """A customer's account: a balance per currency in minor units, and how its statement is written."""

    resource_id: str
    number: str
    """IBAN or BBAN."""
    token: str = field(repr=False)
    """The bearer token of the connection that may use it."""
    balances: dict[str, int]
    fee: Money | None = None
    """Per executed order, booked as a line of its own."""
    pooled: bool = False
    """Whether orders of one bulk executed together are booked as one line."""


@dataclass(slots=True)
class Order:
    """One order of a bulk payment on its way."""

    end_to_end_id: str
    amount: Money
    creditor_account: str
    element: dict[str, Any]
    """As it was asked for."""
    execute_on: date
    status: str
    reason: str | None = None
    next_on: date | None = None
    """The day of its next step; none once it is final."""
    waited: int = 0
    """Banking days without money."""
    silent_until: date | None = None

    def shown(self, today: date) -> str:
        """The status that the bank gives out."""
        silent = self.silent_until is not None and today < self.silent_until
        return "RCVD" if silent else self.status


@dataclass(slots=True)
class Payment:
    """One bulk payment as it was accepted."""

    payment_id: str
    product: str
    message_id: str
    request_id: str
    resource_id: str
    requested_on: date
    received_at: datetime
    orders: list[Order]


@dataclass(slots=True)
class Line:
    """One booked line of a statement; debits are negative."""

    entry_reference: str
    resource_id: str
    amount: Money
    booked_on: date
    code: str
    """ISO 20022 bank transaction code: domain-family-subfamily."""
    details: list[tuple[str, Money]] = field(default_factory=list)
    """The orders it debits: one, or a pool."""
    end_to_end_id: str | None = None
    """The order that a fee or a return is about."""
    text: str = ""


@dataclass(slots=True)
class Debit:
    """Money that left for one order: what an independent checker counts."""

    end_to_end_id: str
    amount: Money
    account: str
    creditor_account: str
    message_id: str
    request_id: str
    payment_id: str
    booked_on: date
    entry_reference: str


@dataclass(slots=True)
class Return:
    """Money that comes back on a day."""

    end_to_end_id: str
    amount: Money
    resource_id: str
    reason: str
    on: date
    entry_reference: str = ""
    """None before it is booked."""


@dataclass(slots=True)
class Request:
    """A request to pay, accepted or not."""

    request_id: str
    message_id: str
    digest: str
    received_at: datetime
    payment_id: str | None = None
