"""Viitenumero: the Finnish payment reference, 4 to 20 digits of which the last is a 7-3-1 digit.

Finance Finland, "Kotimaisen viitteen rakenneohje": leading zeros are not printed, the digits stand
in groups of five from the right.
"""

from __future__ import annotations

from shared.references.check_digits import is_digits, mod10_731
from shared.references.fault import Fault, FaultCode

LENGTHS = range(4, 21)
_GROUP = 5


def make(body: str) -> str:
    """The reference of a body: 123456 gives 1234561."""
    return body + mod10_731(body)


def faults(reference: str) -> tuple[Fault, ...]:
    """What is wrong with a national reference; leading zeros, which machines print, are ignored."""
    if not is_digits(reference):
        text = "a Finnish reference has digits only"
        return (Fault(FaultCode.REFERENCE_CHARACTERS, "reference", text),)
    digits = reference.lstrip("0")
    if len(digits) not in LENGTHS:
        text = f"a Finnish reference has 4 to 20 digits, not {len(digits)}"
        return (Fault(FaultCode.REFERENCE_LENGTH, "reference", text, "4 to 20"),)
    expected = mod10_731(digits[:-1])
    if digits[-1] != expected:
        text = f"the reference ends in {digits[-1]}; its check digit is {expected}"
        return (Fault(FaultCode.REFERENCE_CHECK_DIGIT, "reference", text, expected),)
    return ()


def shown(reference: str) -> str:
    """1234561 as 12 34561."""
    digits = reference.lstrip("0")
    first = len(digits) % _GROUP
    groups = [digits[:first], *(digits[at : at + 5] for at in range(first, len(digits), _GROUP))]
    return " ".join(group for group in groups if group)
