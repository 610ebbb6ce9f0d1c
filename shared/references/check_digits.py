"""Check digits: the arithmetic that catches a mistyped number. Each works on ASCII digits only.

Luhn (modulus 10: FIK, Bankgiro, PlusGiro, OCR, KID), modulus 11 (KID, Norwegian accounts), 7-3-1
(Finnish references) and ISO 7064 modulus 97-10 (RF, IBAN).
"""

from __future__ import annotations

from itertools import cycle

from stdnum import luhn as stdnum_luhn
from stdnum.iso7064 import mod_97_10 as stdnum_mod_97_10

MINUS = "-"
"""What modulus 11 prints where the check digit would be ten."""


def is_digits(text: str) -> bool:
    """Whether a text is one or more of 0 to 9; `str.isdigit` would let other scripts' digits in."""
    return text.isascii() and text.isdigit()


def luhn(body: str) -> str:
    """The Luhn digit (modulus 10, weights 2, 1, 2, … from the right) that belongs after a body."""
    return stdnum_luhn.calc_check_digit(body)


def mod11(body: str) -> str:
    """The modulus 11 digit (weights 2 to 7 from the right, again and again), "-" for ten."""
    weights = cycle(range(2, 8))
    total = sum(int(digit) * weight for digit, weight in zip(reversed(body), weights, strict=False))
    check = -total % 11
    return MINUS if check == 10 else str(check)  # noqa: PLR2004  ten has no digit of its own


def mod10_731(body: str) -> str:
    """The 7-3-1 digit (weights 7, 3, 1 from the right) of a Finnish reference."""
    weights = cycle((7, 3, 1))
    total = sum(int(digit) * weight for digit, weight in zip(reversed(body), weights, strict=False))
    return str(-total % 10)


def mod97(body: str) -> str:
    """The two ISO 7064 mod 97-10 digits that belong after a body of digits and letters A to Z."""
    return stdnum_mod_97_10.calc_check_digits(body)
