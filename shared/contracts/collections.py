"""What collections tells: overdue cases handed to an agency, and what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from shared.contracts.base import Contract
from shared.money import Money


@dataclass(frozen=True, slots=True)
class CaseClaim:
    """One invoice of a case as it was handed over.

    `charges` have been made and posted; `interest` has accrued beyond them and is told to the agency
    only.
    """

    invoice_id: UUID
    principal: Money
    charges: Money
    interest: Money


class AgencyAgreed(Contract, publisher="collections", aggregate="agency"):
    """Creditor and agency have both said that they work together."""

    agency: str
    agreed_on: date


class TransferPlanned(Contract, publisher="collections", aggregate="case"):
    """It goes to the agency by itself on this day, unless somebody stops it.

    It is told of each invoice: those of one debtor that go at the same time make one case.
    """

    debtor_id: UUID
    invoices: tuple[UUID, ...]
    principal: Money
    transfer_on: date


class TransferStopped(Contract, publisher="collections", aggregate="case"):
    """It does not go by itself any more: a person said so, or something came in the way."""

    debtor_id: UUID
    invoices: tuple[UUID, ...]
    code: str


class CaseSentToCollection(Contract, publisher="collections", aggregate="case"):
    """The claims left for the agency, after a last look at the instant of leaving."""

    case_id: UUID
    debtor_id: UUID
    agency: str
    claims: tuple[CaseClaim, ...]
    sent_on: date
    sent_at: datetime
    automatic: bool


class CaseOutcomeUnknown(Contract, publisher="collections", aggregate="case"):
    """Nobody knows whether the agency has it. It is not sent again."""

    case_id: UUID
    debtor_id: UUID


class CaseAccepted(Contract, publisher="collections", aggregate="case"):
    case_id: UUID
    debtor_id: UUID
    agency_reference: str


class CaseRefused(Contract, publisher="collections", aggregate="case"):
    """The agency does not take it: its claims are the creditor's own again."""

    case_id: UUID
    debtor_id: UUID
    invoices: tuple[UUID, ...]
    code: str


class CasePaymentReported(Contract, publisher="collections", aggregate="case"):
    """What the debtor paid to the creditor after the hand-over was told to the agency."""

    case_id: UUID
    debtor_id: UUID
    invoice_id: UUID
    amount: Money
    value_on: date
    reported_at: datetime


class CasePaidOut(Contract, publisher="collections", aggregate="case"):
    """The agency has collected and pays out: recognised by its settlement, never told back."""

    case_id: UUID
    debtor_id: UUID
    amount: Money
    paid_out_on: date


class CaseStatusChanged(Contract, publisher="collections", aggregate="case"):
    """The agency's progress in our words, and in its own code."""

    case_id: UUID
    debtor_id: UUID
    status: Literal["active", "paused", "legal", "paying", "surveillance"]
    agency_code: str
    remaining: Money | None


class CaseRecalled(Contract, publisher="collections", aggregate="case"):
    """Taken back by the creditor: the claims are its own again."""

    case_id: UUID
    debtor_id: UUID
    invoices: tuple[UUID, ...]
    recalled_on: date


class CaseClosed(Contract, publisher="collections", aggregate="case"):
    """It is over: `code` says how (paid, settled, uncollectable, withdrawn, expired)."""

    case_id: UUID
    debtor_id: UUID
    invoices: tuple[UUID, ...]
    code: str
    closed_on: date
