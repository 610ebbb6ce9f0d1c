"""How a letter is paid: the payee's account, a reference for each invoice, and what a phone can read.

Each invoice is paid under its own reference, since the ledger matches by it. A code is made only where
one payment settles the whole letter, and only in a form that banks read: EPC069-12 for euros to an IBAN,
UsingQR for Swedish giro. Elsewhere the code leads to the debtor's page.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from shared.money import Money
from shared.references import rf
from shared.references.instruction import (
    CARDS,
    InstructionKind,
    PaymentInstruction,
    reference_shown,
    shown,
)

_GIRO: Final = {InstructionKind.BANKGIRO: "BG", InstructionKind.PLUSGIRO: "PG"}
_NAMES: Final = {
    **dict.fromkeys(CARDS, "FIK"),
    **dict.fromkeys(_GIRO, "OCR"),
    InstructionKind.NO_ACCOUNT: "KID",
}
_EPC_NAME_MAX: Final = 70
_EPC_TEXT_MAX: Final = 140


@dataclass(frozen=True, slots=True)
class Owed:
    """One invoice as it is paid. `instruction` is none where nobody knows the account."""

    number: str
    amount: Money
    instruction: PaymentInstruction | None


@dataclass(frozen=True, slots=True)
class SlipLine:
    """`reference_name` is empty where the language's own word is to be used."""

    number: str
    account: str
    reference_name: str
    reference: str
    amount: Money


def slip_lines(owed: Sequence[Owed]) -> tuple[SlipLine, ...]:
    """In the order of the letter; an invoice without an account is left out."""
    return tuple(
        SlipLine(
            one.number,
            shown(one.instruction),
            _NAMES.get(one.instruction.kind, ""),
            "" if one.instruction.kind in CARDS else reference_shown(one.instruction),
            one.amount,
        )
        for one in owed
        if one.instruction is not None
    )


def code(owed: Sequence[Owed], payee: str, pay_by_on: date | None) -> str:
    """What a banking app reads, in one payment for everything; empty where there is no such form."""
    if len(owed) != 1 or owed[0].instruction is None or owed[0].amount.minor <= 0:
        return ""
    amount, instruction = owed[0].amount, owed[0].instruction
    if instruction.kind is InstructionKind.IBAN and amount.currency == "EUR":
        return _epc(instruction, amount, payee)
    if instruction.kind in _GIRO and amount.currency == "SEK" and instruction.reference:
        return _using_qr(instruction, amount, payee, pay_by_on)
    return ""


def _epc(instruction: PaymentInstruction, amount: Money, payee: str) -> str:
    """EPC069-12 version 2: a reference is structured (RF) or text, never both."""
    reference = instruction.reference or ""
    structured = rf.looks_like_rf(reference)
    return "\n".join(
        (
            "BCD",
            "002",
            "1",
            "SCT",
            instruction.bic or "",
            payee[:_EPC_NAME_MAX],
            instruction.account,
            f"EUR{amount.decimal}",
            "",
            reference if structured else "",
            "" if structured else reference[:_EPC_TEXT_MAX],
        )
    )


def _using_qr(
    instruction: PaymentInstruction, amount: Money, payee: str, pay_by_on: date | None
) -> str:
    """UsingQR 1 (usingqr.com), type 1: an invoice to a giro number. From memory, not yet scanned."""
    facts = {
        "uqr": 1,
        "tp": 1,
        "nme": payee,
        "iref": instruction.reference,
        "due": str(amount.decimal),
        "pt": _GIRO[instruction.kind],
        "acc": instruction.account,
    }
    if pay_by_on is not None:
        facts["ddt"] = pay_by_on.strftime("%Y%m%d")
    # The amount is a number in that form; written by hand, since no float touches money here.
    written = json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
    return written.replace(f'"due":"{amount.decimal}"', f'"due":{amount.decimal}')
