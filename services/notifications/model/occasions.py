"""The occasions on which somebody who works here gets a mail.

An occasion has a field for every fact that its mail may state, and none for an amount, a payee, an
account or the reason of a rejection: a mail is read by whoever holds the mailbox, so what it does
not carry cannot leak. Those facts stand behind the link, after sign-in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class Payments:
    """How many payments of which client a mail is about."""

    client: str
    payments: int

    def __post_init__(self) -> None:
        assert self.payments >= 1, "a mail is about at least one payment"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRequested(Payments):
    """To an approver: answer by the last instant at which the payments can still be in time."""

    asked_by: str
    answer_by: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalReminder(Payments):
    """To an approver who has not answered, before the last possible hour."""

    asked_by: str
    answer_by: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalExpired(Payments):
    """To the creator: nobody answered, and the request is void."""

    expired_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentsRejected(Payments):
    """To the creator: an approver said no."""

    rejected_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentsFailed(Payments):
    """To bookkeeper and operations: the bank refused, and no money moved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentsUnknown(Payments):
    """To bookkeeper and operations: sent, and nobody knows whether the bank has them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentsReturned(Payments):
    """To bookkeeper and operations: executed, and the money came back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListWaits(Payments):
    """To who subscribes to it: today's list of reminders waits. `payments` counts its invoices."""

    debtors: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ListGoes(Payments):
    """The same, where it goes by itself. `payments` counts its invoices."""

    debtors: int
    goes_at: datetime


Occasion: TypeAlias = (
    ApprovalRequested
    | ApprovalReminder
    | ApprovalExpired
    | PaymentsRejected
    | PaymentsFailed
    | PaymentsUnknown
    | PaymentsReturned
    | ListWaits
    | ListGoes
)
