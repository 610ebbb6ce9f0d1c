"""RF: the international creditor reference (ISO 11649), `RF` + two check digits + 1 to 21 more."""

from __future__ import annotations

import re

from shared.references.check_digits import mod97
from shared.references.fault import Fault, FaultCode

_SHAPE = re.compile(r"RF[0-9]{2}[0-9A-Z]*")
LENGTHS = range(5, 26)


def looks_like_rf(reference: str) -> bool:
    """Whether a reference opens as an RF reference and has no other characters than one."""
    return _SHAPE.fullmatch(reference) is not None


def make(body: str) -> str:
    """The RF reference around a body of digits and capitals: 1234561 gives RF341234561."""
    return f"RF{mod97(body + 'RF')}{body}"


def faults(reference: str) -> tuple[Fault, ...]:
    """What is wrong with an RF reference, written in capitals and without spaces."""
    if not looks_like_rf(reference):
        text = "an RF reference is RF, two digits, and digits or capitals A to Z"
        return (Fault(FaultCode.REFERENCE_CHARACTERS, "reference", text),)
    if len(reference) not in LENGTHS:
        text = f"an RF reference has 5 to 25 characters, not {len(reference)}"
        return (Fault(FaultCode.REFERENCE_LENGTH, "reference", text, "5 to 25"),)
    expected = mod97(reference[4:] + "RF")
    if reference[2:4] != expected:
        text = f"the check digits are {reference[2:4]}; they should be {expected}"
        return (Fault(FaultCode.REFERENCE_CHECK_DIGIT, "reference", text, expected),)
    return ()


def shown(reference: str) -> str:
    """RF341234561 as RF34 1234 561."""
    return " ".join(reference[at : at + 4] for at in range(0, len(reference), 4))
