"""Bankgiro and PlusGiro numbers: digits of which the last is a Luhn digit.

A Bankgiro number has 7 or 8 digits and is written 507-3127 or 5050-1055; a PlusGiro number has 2
to 8 and is written 902003-3 (bankgirot.se; lengths as in the Peppol rules for Sweden).
"""

from __future__ import annotations

from shared.references.check_digits import is_digits, luhn
from shared.references.fault import Fault, FaultCode

BANKGIRO_LENGTHS = range(7, 9)
PLUSGIRO_LENGTHS = range(2, 9)


def bankgiro_faults(number: str) -> tuple[Fault, ...]:
    return _faults(number, BANKGIRO_LENGTHS, "a Bankgiro number has 7 or 8 digits", "7 or 8")


def plusgiro_faults(number: str) -> tuple[Fault, ...]:
    return _faults(number, PLUSGIRO_LENGTHS, "a PlusGiro number has 2 to 8 digits", "2 to 8")


def _faults(number: str, lengths: range, rule: str, expected: str) -> tuple[Fault, ...]:
    if not is_digits(number):
        return (Fault(FaultCode.ACCOUNT_CHARACTERS, "account", f"{rule} and nothing else"),)
    if len(number) not in lengths:
        return (Fault(FaultCode.ACCOUNT_LENGTH, "account", f"{rule}, not {len(number)}", expected),)
    check = luhn(number[:-1])
    if number[-1] != check:
        text = f"the number ends in {number[-1]}; its check digit is {check}"
        return (Fault(FaultCode.ACCOUNT_CHECK_DIGIT, "account", text, check),)
    return ()


def bankgiro_shown(number: str) -> str:
    """5073127 as 507-3127, 50501055 as 5050-1055."""
    return f"{number[:-4]}-{number[-4:]}"


def plusgiro_shown(number: str) -> str:
    """9020033 as 902003-3."""
    return f"{number[:-1]}-{number[-1:]}"
