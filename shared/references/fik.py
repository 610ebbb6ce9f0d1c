"""Danish inpayment forms: the joint form (FIK, card types 71, 73, 75) and giro (01, 04, 15).

The code line at the foot of the form says it all: `+71<026840149965328+80882939<` is the card
type, the payment id and the creditor. Lengths and check digits: giro-kort.dk and
formula-digital.dk for 71, 73 and 75; those of 01, 04 and 15 are unverified. No check digit of the
creditor or giro number itself is published, and none is checked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from shared.references.check_digits import is_digits, luhn
from shared.references.fault import Fault, FaultCode


class Card(StrEnum):
    """The two digits that open the code line."""

    FIK_71 = "71"
    FIK_73 = "73"
    FIK_75 = "75"
    GIRO_01 = "01"
    GIRO_04 = "04"
    GIRO_15 = "15"


ID_LENGTH = {
    Card.FIK_71: 15,
    Card.FIK_75: 16,
    Card.GIRO_04: 16,
    Card.GIRO_15: 16,
}
"""How many digits a payment id has, check digit included; the other cards carry none."""

GIRO = frozenset({Card.GIRO_01, Card.GIRO_04, Card.GIRO_15})
CREDITOR_LENGTH = 8
GIRO_LENGTHS = (7, 8)


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A code line taken apart. It need not be right: `id_faults` and `creditor_faults` say."""

    card: Card
    payment_id: str | None
    creditor: str


_NAME = r"(?:(?:FIK?|GIRO)[\s:]*)?"
_CARD = r"(?P<card>71|73|75|01|04|15)"
_LINE = re.compile(rf"{_NAME}[+>]?\s*{_CARD}(?P<rest>[\s<>+/#:-][0-9\s<>+/#:-]*)", re.IGNORECASE)
_BARE = re.compile(rf"{_NAME}[+>]?{_CARD}(?P<rest>[0-9]+)", re.IGNORECASE)


def read_line(text: str) -> PrintedLine | None:
    """Take a code line apart, as printed, typed or pasted; None if the text is not one.

    Spaces may stand anywhere, and the angle brackets and plus signs may be missing or be slashes,
    dashes or `#`; a card without a payment id needs one of its signs, or it could be any number.
    Digits are never added: an id that lost its leading zeros is one of the wrong length, since
    nobody can know whether the digits it lost were zeros.
    """
    match = _LINE.fullmatch(text.strip()) or _BARE.fullmatch(text.strip())
    if match is None:
        return None
    card, rest = Card(match["card"]), match["rest"]
    if card not in ID_LENGTH and not set(rest) & set("+<"):
        return None
    # The plus between id and creditor is the one sign that says for certain where to cut.
    identity, plus, creditor = rest.rpartition("+")
    if plus:
        return _line(card, _digits_of(identity), _digits_of(creditor))
    groups = re.findall(r"[0-9]+", rest)
    if card in ID_LENGTH and len(groups) == 2:  # noqa: PLR2004  an id and a creditor
        return _line(card, *groups)
    cut = ID_LENGTH.get(card, 0)
    digits = "".join(groups)
    return _line(card, digits[:cut], digits[cut:])


def _line(card: Card, payment_id: str, creditor: str) -> PrintedLine | None:
    fits = len(creditor) in (GIRO_LENGTHS if card in GIRO else (CREDITOR_LENGTH,))
    if not fits or bool(payment_id) != (card in ID_LENGTH):
        return None
    return PrintedLine(card, payment_id or None, creditor)


def _digits_of(text: str) -> str:
    return re.sub(r"[^0-9]", "", text)


def printed(line: PrintedLine) -> str:
    """The code line as people know it: `+71<026840149965328 +80882939<`, `+73< +80882939<`."""
    return f"+{line.card}<{line.payment_id or ''} +{line.creditor}<"


def make(card: Card, body: str) -> str:
    """The payment id of a body of digits, padded with zeros: 1 on card 71 gives 000000000000018.

    Raises ValueError where the card carries no id, or the body is too long or not of digits.
    """
    length = ID_LENGTH.get(card)
    if length is None or not is_digits(body) or len(body) >= length:
        raise ValueError(f"{body!r} is no body of a payment id on card type {card}")
    padded = body.zfill(length - 1)
    return padded + luhn(padded)


def id_faults(card: Card, payment_id: str | None) -> tuple[Fault, ...]:
    """What is wrong with a payment id on a card of this type."""
    length = ID_LENGTH.get(card)
    if length is None:
        if not payment_id:
            return ()
        text = f"card type {card} carries no payment id; the payer writes a message instead"
        return (Fault(FaultCode.REFERENCE_NOT_ALLOWED, "reference", text),)
    if not payment_id:
        text = f"card type {card} needs a payment id of {length} digits"
        return (Fault(FaultCode.REFERENCE_MISSING, "reference", text, str(length)),)
    if not is_digits(payment_id):
        text = "a payment id has digits only"
        return (Fault(FaultCode.REFERENCE_CHARACTERS, "reference", text),)
    if len(payment_id) != length:
        text = f"card type {card} has a payment id of {length} digits, not {len(payment_id)}"
        return (Fault(FaultCode.REFERENCE_LENGTH, "reference", text, str(length)),)
    expected = luhn(payment_id[:-1])
    if payment_id[-1] != expected:
        text = f"the payment id ends in {payment_id[-1]}; its check digit is {expected}"
        return (Fault(FaultCode.REFERENCE_CHECK_DIGIT, "reference", text, expected),)
    return ()


def creditor_faults(card: Card, creditor: str) -> tuple[Fault, ...]:
    """What is wrong with the creditor or giro number on a card of this type."""
    if not is_digits(creditor):
        text = "a creditor number has digits only"
        return (Fault(FaultCode.ACCOUNT_CHARACTERS, "account", text),)
    if card in GIRO:
        if len(creditor) in GIRO_LENGTHS:
            return ()
        text = f"a giro number has 7 or 8 digits, not {len(creditor)}"
        return (Fault(FaultCode.ACCOUNT_LENGTH, "account", text, "7 or 8"),)
    if len(creditor) != CREDITOR_LENGTH:
        text = f"a creditor number has {CREDITOR_LENGTH} digits, not {len(creditor)}"
        return (Fault(FaultCode.ACCOUNT_LENGTH, "account", text, str(CREDITOR_LENGTH)),)
    if not creditor.startswith("8"):
        text = "a creditor number starts with 8"
        return (Fault(FaultCode.ACCOUNT_NOT_A_CREDITOR, "account", text, "8"),)
    return ()
