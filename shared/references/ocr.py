"""OCR: the Swedish payment reference, 2 to 25 digits of which the last is a Luhn digit.

Each payee agrees with its bank how strictly references are held to that (bankgirot.se): soft lets
anything through as a message, hard refuses a wrong check digit, and hard with a length digit also
wants the last digit but one to be the number of digits, modulus 10. Only the payee's bank knows
which it is, and from autumn 2026 files are refused that break it. The upper bound of 25 is
unverified.
"""

from __future__ import annotations

from enum import StrEnum

from shared.references.check_digits import is_digits, luhn
from shared.references.fault import Fault, FaultCode

LENGTHS = range(2, 26)
_SHORTEST_WITH_LENGTH_DIGIT = 3


class OcrControl(StrEnum):
    """What the payee has agreed with its bank about references."""

    UNKNOWN = "unknown"
    """The usual case: a reference of digits is taken to be an OCR number, any other a message."""
    SOFT = "soft"
    HARD = "hard"
    HARD_WITH_LENGTH_DIGIT = "hard_with_length_digit"


def make(body: str, *, length_digit: bool = False) -> str:
    """The OCR number of a body: 12345 gives 123455, with a length digit 1234574."""
    if length_digit:
        body += str((len(body) + 2) % 10)
    return body + luhn(body)


def faults(reference: str, control: OcrControl = OcrControl.UNKNOWN) -> tuple[Fault, ...]:
    """What a payee's bank would hold against a reference."""
    if control is OcrControl.SOFT:
        return ()
    if not is_digits(reference):
        if control is OcrControl.UNKNOWN:
            return ()
        return (_fault(FaultCode.REFERENCE_CHARACTERS, "an OCR number has digits only"),)
    if len(reference) not in LENGTHS:
        text = f"an OCR number has 2 to 25 digits, not {len(reference)}"
        return (_fault(FaultCode.REFERENCE_LENGTH, text, "2 to 25"),)
    check = luhn(reference[:-1])
    if reference[-1] != check:
        text = f"the OCR number ends in {reference[-1]}; its check digit is {check}"
        return (_fault(FaultCode.REFERENCE_CHECK_DIGIT, text, check),)
    if control is OcrControl.HARD_WITH_LENGTH_DIGIT:
        return _length_digit_faults(reference)
    return ()


def _length_digit_faults(reference: str) -> tuple[Fault, ...]:
    if len(reference) < _SHORTEST_WITH_LENGTH_DIGIT:
        text = "an OCR number with a length digit has at least 3 digits"
        return (_fault(FaultCode.REFERENCE_LENGTH, text, "3 to 25"),)
    expected = str(len(reference) % 10)
    if reference[-2] == expected:
        return ()
    text = f"the last digit but one is {reference[-2]}; the length digit is {expected}"
    return (_fault(FaultCode.REFERENCE_LENGTH_DIGIT, text, expected),)


def _fault(code: FaultCode, text: str, expected: str | None = None) -> Fault:
    return Fault(code, "reference", text, expected)
