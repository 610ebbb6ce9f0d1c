"""What payments tells: supplier invoices on their way to the bank."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from shared.contracts.base import Contract
from shared.contracts.values import Copy, Fault, SealedAccount
from shared.money import Money
from shared.sealed import Sealed


@dataclass(frozen=True, slots=True)
class OrderToApprove:
    """One payment as it is put to the approvers: exactly what its digest covers, and the rest.

    `digest` is computed by payments over the opened values (see `shared.evidence`). `pay_on` is the
    wanted day; the bank pays then or, when the yes comes late, on the first day it can.
    `warnings` are codes: new_account, account_differs, amount_unusual, first_payment.
    """

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


@dataclass(frozen=True, slots=True)
class VoucherLine:
    """One line: a positive amount is debit, a negative one credit.

    `account` is an account's role in the client's ledger (bank, bank_fees, in_transit), or
    `supplier` with the supplier's number and the invoice that the line settles.
    """

    account: str
    amount: Money
    supplier_number: str | None = None
    invoice_number: str | None = None
    invoice_id: UUID | None = None


class PaymentReady(Contract, publisher="payments", aggregate="payment"):
    """An order drafted from a booked invoice may be sent to approval."""

    payment_id: UUID
    invoice_id: UUID
    revision: int
    amount: Money
    due_on: date
    pay_on: date


class PaymentBlocked(Contract, publisher="payments", aggregate="payment"):
    """It may not yet: each reason with what is at fault."""

    payment_id: UUID
    invoice_id: UUID
    revision: int
    amount: Money
    reasons: tuple[Fault, ...]


class PaymentUnblocked(Contract, publisher="payments", aggregate="payment"):
    payment_id: UUID
    reason: str
    cleared_by: UUID


class PaymentRevised(Contract, publisher="payments", aggregate="payment"):
    """Payee, account, amount, currency or date changed: every yes to an earlier revision is void."""

    payment_id: UUID
    revision: int
    amount: Money
    pay_on: date
    because: str


class ApprovalSought(Contract, publisher="payments", aggregate="approval"):
    """One or more orders are put to the approvers."""

    request_id: UUID
    orders: tuple[OrderToApprove, ...]
    sought_by: UUID
    sought_at: datetime


class PaymentScheduled(Contract, publisher="payments", aggregate="payment"):
    payment_id: UUID
    revision: int
    execute_on: date


class PaymentHeld(Contract, publisher="payments", aggregate="payment"):
    """It waits although it was approved; `reason` is a code."""

    payment_id: UUID
    revision: int
    reason: str


class PaymentCancelled(Contract, publisher="payments", aggregate="payment"):
    payment_id: UUID
    revision: int
    because: str


class PaymentSubmitted(Contract, publisher="payments", aggregate="payment"):
    """It left for the bank: in which batch, under which end-to-end id, as which bytes."""

    payment_id: UUID
    revision: int
    batch_id: UUID
    end_to_end_id: str
    bytes_sha256: str


class PaymentOutcomeUnknown(Contract, publisher="payments", aggregate="payment"):
    """Nobody knows whether it left. It is not sent again."""

    payment_id: UUID
    batch_id: UUID
    since_at: datetime


class PaymentExecuted(Contract, publisher="payments", aggregate="payment"):
    """The bank moved the money."""

    payment_id: UUID
    invoice_id: UUID
    amount: Money
    fee: Money | None
    executed_on: date
    bank_reference: str


class PaymentFailed(Contract, publisher="payments", aggregate="payment"):
    """The bank refused it: the supplier's item is open again."""

    payment_id: UUID
    invoice_id: UUID
    code: str


class PaymentReturned(Contract, publisher="payments", aggregate="payment"):
    """The bank gave it back, perhaps weeks later and perhaps less."""

    payment_id: UUID
    invoice_id: UUID
    amount: Money
    code: str
    returned_on: date


class PaymentPostingSought(Contract, publisher="payments", aggregate="payment"):
    """A balanced voucher is to be bookkept: the only thing sync bookkeeps payments from."""

    posting_id: UUID
    payment_id: UUID
    token: str
    voucher_on: date
    text: str
    lines: tuple[VoucherLine, ...]
