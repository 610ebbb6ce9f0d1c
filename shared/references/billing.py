"""The reference under which a customer pays an invoice, made from the invoice's number.

FIK 71 and 75, giro 04 and 15 (payment id), bankgiro and PlusGiro (OCR), Norwegian accounts (KID)
have a reference of digits with a check digit; to any other account the number goes as a message,
to a Finnish IBAN as a Finnish reference.
"""

from __future__ import annotations

from typing import Final, Literal

from shared.references import fik, finnish, kid, ocr
from shared.references.check_digits import is_digits
from shared.references.instruction import CARDS, InstructionKind

_GIRO: Final = frozenset({InstructionKind.BANKGIRO, InstructionKind.PLUSGIRO})
_FEWEST_FINNISH: Final = 3


def reference_of(
    kind: InstructionKind,
    account: str,
    invoice_number: str,
    *,
    digits: int | None = None,
    length_digit: bool = False,
    modulus: Literal[10, 11] = 10,
) -> str | None:
    """The reference of an invoice, None where its number cannot be one.

    `digits` is the whole reference's agreed length, `length_digit` and `modulus` what the payee has
    agreed with its bank about OCR and KID.
    """
    if kind in CARDS:
        return _payment_id(CARDS[kind], invoice_number)
    checked = 2 if length_digit else 1
    body = invoice_number.zfill((digits or 0) - checked)
    if kind in _GIRO:
        return ocr.make(body, length_digit=length_digit) if is_digits(body) else None
    if kind is InstructionKind.NO_ACCOUNT:
        return kid.make(body, modulus=modulus) if is_digits(body) else None
    if kind is InstructionKind.IBAN and account.startswith("FI") and is_digits(invoice_number):
        return finnish.make(invoice_number.lstrip("0").zfill(_FEWEST_FINNISH))
    return invoice_number


def _payment_id(card: fik.Card, number: str) -> str | None:
    try:
        return fik.make(card, number)
    except ValueError:
        return None
