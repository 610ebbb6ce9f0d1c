"""Debitura's records as they travel (Customer API v1, as its OpenAPI document describes it).

Amounts are decimal numbers in the currency's major unit, encoded from and decoded into digits: none is
ever a float. Read in the document: all fields, the lifecycles, the idempotency of `POST /cases`, the
signature of webhooks. Unverified, since the document names no values: close codes but `Paid` and
`PreLegalExhaustedNoPayment`, whether `v1` is hexadecimal, who a payment's `recipient` can be.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

import msgspec

from services.collections.gateways.agency import BadCaseError, ClaimDetails, Submission
from services.collections.values import Collected, Seen, Status
from shared.money import Money, sums

_encode = msgspec.json.Encoder(decimal_format="number").encode
_REFERENCE_MAX = 50
_PERCENT = 100
# Debitura is Danish: VAT of 25 % comes on top of its fee.
_VAT_ON_FEE = Decimal("1.25")
_AGES: Final = (("six", 180), ("twelve", 365), ("twenty_four", 730))
_PHASES: Final = {"Legal", "Enforcement"}
_SURVEILLANCE: Final = "Surveillance"
_CLOSE_CODES: Final = {
    "Paid": "paid",
    "PaidInFull": "paid",
    "Settled": "settled",
    "Withdrawn": "withdrawn",
    "WithdrawnByCreditor": "withdrawn",
    "PreLegalExhaustedNoPayment": "uncollectable",
    "Bankruptcy": "uncollectable",
    "Expired": "expired",
}
CREDITOR: Final = "Creditor"
"""The recipient of a payment that did not go to the agency."""


class Wire(msgspec.Struct, rename="camel", omit_defaults=True):
    """A record of Debitura's: what we do not use is passed over."""


class Debtor(Wire):
    type: str
    name: str
    address: str | None = None
    zip_code: str | None = None
    city: str | None = None
    country_alpha2: str | None = msgspec.field(name="countryAlpha2", default=None)
    company_registration_number: str | None = None
    email: str | None = None
    phone: str | None = None


class NewCase(Wire):
    currency_code: str
    date: str
    due_date: str
    creditor_reference: str
    amount_to_recover: Decimal
    debtor: Debtor
    claim_description: str
    over_six: Decimal | None = msgspec.field(name="amountToRecoverOver6Months", default=None)
    over_twelve: Decimal | None = msgspec.field(name="amountToRecoverOver12Months", default=None)
    over_twenty_four: Decimal | None = msgspec.field(
        name="amountToRecoverOver24Months", default=None
    )
    is_test: bool = False
    assigned_user_email: str | None = None


class Case(Wire):
    id: str
    lifecycle: str
    currency: str
    remainder: Decimal
    reference: str | None = None
    creditor_reference: str | None = None
    close_code: str | None = None
    current_engagement_phase: str | None = None
    pre_legal_success_fee: Decimal | None = None


class Payment(Wire):
    id: str
    date: datetime
    gross_amount: Decimal
    currency: str
    recipient: str | None = None


class Chat(Wire):
    message: str | None = None


class BusinessError(Wire):
    type: str | None = None
    message: str | None = None


class Refusal(Wire):
    """Every form that Debitura says no in."""

    error: str | None = None
    message: str | None = None
    business_errors: list[BusinessError] | None = None
    errors: dict[str, list[str]] | None = None


class Contract(Wire):
    signed: bool = False
    requires_resigning: bool = False
    invalidation_reason: str | None = None
    solution_url: str | None = None


class WebhookEvent(Wire):
    id: str
    event_type: str | None = None
    case_id: str | None = None
    created_at: datetime | None = None


class CalledAbout(Wire):
    case_id: str | None = None


class Call(Wire):
    """What a webhook carries. Only that it is about a case is used: the rest is asked for."""

    id: str
    event: str
    timestamp: datetime
    data: CalledAbout


class SendChat(Wire):
    message: str
    user_email: str | None = None


def encode(record: Wire) -> bytes:
    return _encode(record)


def new_case(submission: Submission, *, is_test: bool) -> bytes:
    """A case to create: principal and charges already made are to be recovered, the interest that has
    accrued beyond them is said, since Debitura reckons interest itself.
    """
    if len(submission.reference) > _REFERENCE_MAX:
        raise BadCaseError("Debitura takes references of fifty characters")
    totals = sums(claim.principal + claim.charges for claim in submission.claims)
    if len(totals) != 1:
        raise BadCaseError("Debitura takes a case in one currency")
    if not submission.debtor.country:
        raise BadCaseError("Debitura takes no debtor without a country")
    (total,) = totals.values()
    ages = _ages(submission.claims, submission.on)
    debtor = submission.debtor
    return encode(
        NewCase(
            currency_code=total.currency,
            date=_day(min(claim.issued_on for claim in submission.claims)),
            due_date=_day(min(claim.due_on for claim in submission.claims)),
            creditor_reference=submission.reference,
            amount_to_recover=total.decimal,
            debtor=Debtor(
                type="Company" if debtor.is_company else "Private",
                name=debtor.name,
                address=debtor.street or None,
                zip_code=debtor.postal_code or None,
                city=debtor.city or None,
                country_alpha2=debtor.country,
                company_registration_number=debtor.id_number if debtor.is_company else None,
                email=debtor.email,
                phone=debtor.phone,
            ),
            claim_description=described(submission.claims),
            over_six=ages.get("six"),
            over_twelve=ages.get("twelve"),
            over_twenty_four=ages.get("twenty_four"),
            is_test=is_test,
            assigned_user_email=submission.contact_email or None,
        )
    )


def described(claims: Sequence[ClaimDetails]) -> str:
    """What a case is made of, one line per invoice, in English as the agency works internationally."""
    return "\n".join(
        f"Invoice {claim.number} of {claim.issued_on}, due {claim.due_on}: principal"
        f" {claim.principal.decimal} {claim.principal.currency}, charges made"
        f" {claim.charges.decimal}, interest accrued beyond them {claim.interest.decimal}"
        for claim in claims
    )


def _ages(claims: Sequence[ClaimDetails], on: date) -> dict[str, Decimal]:
    """How much of a case of several invoices is older than six, twelve and twenty-four months."""
    if len(claims) == 1:
        return {}
    zero = Money.zero(claims[0].principal.currency)
    return {
        name: sum(
            (
                claim.principal + claim.charges
                for claim in claims
                if on - claim.due_on > timedelta(days=days)
            ),
            start=zero,
        ).decimal
        for name, days in _AGES
    }


def _day(day: date) -> str:
    """A day in a field of instants: its midnight in UTC."""
    return f"{day.isoformat()}T00:00:00Z"


def collected(case: Case, payments: Sequence[Payment]) -> tuple[Collected, ...]:
    """What went to the agency, and the most that it keeps: its fee, with VAT upon it."""
    fee = (case.pre_legal_success_fee or Decimal()) / _PERCENT * _VAT_ON_FEE
    return tuple(
        Collected(
            settlement_id=payment.id,
            amount=Money.rounded(payment.gross_amount, payment.currency),
            collected_on=payment.date.date(),
            kept_at_most=Money.rounded(
                payment.gross_amount * min(fee, Decimal(1)), payment.currency
            ),
        )
        for payment in payments
        if payment.recipient != CREDITOR
    )


def seen(case: Case, payments: Sequence[Payment], now: datetime) -> Seen:
    """How a case stands, in our words; its own code is kept beside them."""
    over = case.lifecycle == "Closed"
    return Seen(
        status=_status(case),
        agency_code=(case.close_code or case.lifecycle) if over else case.lifecycle,
        remaining=Money.rounded(case.remainder, case.currency),
        collected=collected(case, payments),
        closed=_closed_as(case) if over else None,
        seen_at=now,
    )


def _status(case: Case) -> Status:
    if case.lifecycle == "Paused":
        return "paused"
    if case.current_engagement_phase in _PHASES:
        return "legal"
    return "surveillance" if case.current_engagement_phase == _SURVEILLANCE else "active"


def _closed_as(case: Case) -> str:
    """An unknown code is read by what is left: nothing means that it was paid."""
    known = _CLOSE_CODES.get(case.close_code or "")
    return known or ("paid" if case.remainder <= 0 else "uncollectable")
