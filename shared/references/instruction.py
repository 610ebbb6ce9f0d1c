"""Where a payment goes and what it says it pays: the words of the Nordic rails."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class InstructionKind(StrEnum):
    """Which rail an instruction speaks of; the Danish numbers are the card types of the payment slip."""

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
    """A creditor's account on one rail, with the reference that the creditor wants to read."""

    kind: InstructionKind
    account: str
    reference: str | None
    bic: str | None = None
