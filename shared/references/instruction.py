"""A payment instruction: which account, by which rail, with which reference.

What is checked is what can be computed: lengths and check digits. Whether the account belongs to
the creditor is another question.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from schwifty import IBAN
from schwifty.exceptions import SchwiftyException
from stdnum import luhn


class InstructionKind(StrEnum):
    FIK71 = "fik71"
    FIK73 = "fik73"
    FIK75 = "fik75"
    GIRO01 = "giro01"
    GIRO04 = "giro04"
    GIRO15 = "giro15"
    DK_ACCOUNT = "dk_account"
    BANKGIRO = "bankgiro"
    PLUSGIRO = "plusgiro"
    SE_ACCOUNT = "se_account"
    NO_ACCOUNT = "no_account"
    IBAN = "iban"


@dataclass(frozen=True, slots=True)
class PaymentInstruction:
    """Where the money goes. ``account`` and ``reference`` are without spaces."""

    kind: InstructionKind
    account: str
    reference: str | None
    bic: str | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """Why an instruction cannot be paid; ``expected`` is the digit or length that would be right."""

    code: str
    field: str
    text: str
    expected: str | None = None


_REFERENCE_DIGITS: Final = {
    InstructionKind.FIK71: 15,
    InstructionKind.FIK75: 16,
    InstructionKind.GIRO04: 16,
    InstructionKind.GIRO15: 16,
}


def faults(instruction: PaymentInstruction) -> tuple[Fault, ...]:
    """Everything about the instruction that is wrong for certain."""
    found: list[Fault] = []
    if instruction.kind is InstructionKind.IBAN:
        found += _iban(instruction.account)
    elif not (instruction.account.isascii() and instruction.account.isdigit()):
        found.append(Fault("account_digits", "account", "an account number is digits only"))
    if instruction.kind in _REFERENCE_DIGITS:
        found += _fixed(instruction.reference or "", _REFERENCE_DIGITS[instruction.kind])
    elif instruction.kind is InstructionKind.NO_ACCOUNT and instruction.reference:
        found += _kid(instruction.reference)
    return tuple(found)


def _iban(account: str) -> list[Fault]:
    try:
        IBAN(account)
    except SchwiftyException:
        return [Fault("invalid_iban", "account", "not an IBAN: its check digits do not hold")]
    return []


def _fixed(reference: str, digits: int) -> list[Fault]:
    if len(reference) != digits or not (reference.isascii() and reference.isdigit()):
        text = f"the reference has {digits} digits"
        return [Fault("reference_length", "reference", text, str(digits))]
    if luhn.is_valid(reference):
        return []
    expected = luhn.calc_check_digit(reference[:-1])
    return [Fault("reference_check_digit", "reference", "the last digit is wrong", expected)]


def _kid(reference: str) -> list[Fault]:
    body, last = reference[:-1], reference[-1]
    if not (body.isascii() and body.isdigit()):
        return [Fault("reference_digits", "reference", "a KID is 2 to 25 digits")]
    weights = [2 + place % 6 for place in range(len(body))]
    rest = sum(int(d) * w for d, w in zip(reversed(body), weights, strict=True)) % 11
    eleven = {0: "0", 1: "-"}.get(rest, str(11 - rest))
    if last in {luhn.calc_check_digit(body), eleven}:
        return []
    text = "the KID fails both modulus 10 and modulus 11"
    return [Fault("reference_check_digit", "reference", text, luhn.calc_check_digit(body))]
