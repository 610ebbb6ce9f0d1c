"""KID: the Norwegian payment reference, 2 to 25 digits with a modulus 10 or modulus 11 digit.

Which modulus, and which lengths, each payee agrees with its bank, so a reference that passes either
is let through. Where modulus 11 comes to ten, the last character is "-". Mastercard Payment
Services, which runs the scheme, names 4 to 25; older texts 2 to 25, which is what is held here.
"""

from __future__ import annotations

from typing import Literal

from shared.references.check_digits import MINUS, is_digits, luhn, mod11
from shared.references.fault import Fault, FaultCode

LENGTHS = range(2, 26)


def looks_like_kid(reference: str) -> bool:
    """Whether a reference is digits, the last perhaps a minus, and so must be a KID."""
    return is_digits(reference.removesuffix(MINUS))


def make(body: str, *, modulus: Literal[10, 11] = 10) -> str:
    """The KID of a body: 12345678 gives 123456782 by modulus 10 and 123456785 by modulus 11."""
    return body + {10: luhn, 11: mod11}[modulus](body)


def faults(reference: str) -> tuple[Fault, ...]:
    """What is wrong with a KID."""
    if not looks_like_kid(reference):
        text = "a KID has digits only, except that the last may be a minus"
        return (Fault(FaultCode.REFERENCE_CHARACTERS, "reference", text),)
    if len(reference) not in LENGTHS:
        text = f"a KID has 2 to 25 digits, not {len(reference)}"
        return (Fault(FaultCode.REFERENCE_LENGTH, "reference", text, "2 to 25"),)
    body, last = reference[:-1], reference[-1]
    # In this order and once each: some bodies have the same digit under both.
    accepted = tuple(dict.fromkeys((luhn(body), mod11(body))))
    if last in accepted:
        return ()
    expected = " or ".join(accepted)
    text = f"the KID ends in {last}; by modulus 10 or 11 it ends in {expected}"
    return (Fault(FaultCode.REFERENCE_CHECK_DIGIT, "reference", text, expected),)
