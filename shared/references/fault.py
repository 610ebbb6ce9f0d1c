"""What is wrong with a payment instruction, in words for machines and for people."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FaultCode(StrEnum):
    """Stable codes: they are stored, counted and translated."""

    ACCOUNT_MISSING = "account_missing"
    ACCOUNT_CHARACTERS = "account_characters"
    ACCOUNT_LENGTH = "account_length"
    ACCOUNT_CHECK_DIGIT = "account_check_digit"
    ACCOUNT_NOT_A_CREDITOR = "account_not_a_creditor"
    INVALID_IBAN = "invalid_iban"
    INVALID_BIC = "invalid_bic"
    BIC_NOT_ALLOWED = "bic_not_allowed"
    REFERENCE_MISSING = "reference_missing"
    REFERENCE_NOT_ALLOWED = "reference_not_allowed"
    REFERENCE_CHARACTERS = "reference_characters"
    REFERENCE_LENGTH = "reference_length"
    REFERENCE_LENGTH_DIGIT = "reference_length_digit"
    REFERENCE_CHECK_DIGIT = "reference_check_digit"


@dataclass(frozen=True, slots=True)
class Fault:
    """One rule that an instruction breaks.

    `field` is the field of the instruction at fault; `expected` is what should have stood in the
    place that is wrong (a check digit, a length), where that can be known.
    """

    code: FaultCode
    field: str
    text: str
    expected: str | None = None
