"""Where and how the payee wants the money: the house's one word for it.

An instruction is what an invoice says, normalised (`reading.py` does it) but not therefore right:
`faults` names every rule it breaks, and an instruction with faults is kept, shown and not paid.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from shared.references import accounts, fik, finnish, iban, kid, ocr, rf, swedish_giro
from shared.references.check_digits import is_digits
from shared.references.fault import Fault, FaultCode
from shared.references.ocr import OcrControl

LONGEST_MESSAGE = 140
"""ISO 20022 unstructured remittance information (Ustrd)."""
_HEAD_OFFICE = 3 * "X"  # the branch code of a BIC that names no branch (ISO 9362)
_SHOWN_DIGITS = 4
_LONG_ENOUGH_TO_SHOW_SOME = 7


class InstructionKind(StrEnum):
    """The ways of paying a Nordic supplier. The values are stored."""

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
    """An account of some kind and what to quote when paying to it.

    `account` is digits, or an IBAN in capitals, without spaces or dashes. `reference` is what the
    payee's books look for: a FIK payment id, an OCR number, a KID, an RF or Finnish reference, or a
    message where the rail carries one. `bic` is the payee's bank, for an IBAN outside SEPA.
    """

    kind: InstructionKind
    account: str
    reference: str | None
    bic: str | None = None


CARDS = {
    InstructionKind.FIK71: fik.Card.FIK_71,
    InstructionKind.FIK73: fik.Card.FIK_73,
    InstructionKind.FIK75: fik.Card.FIK_75,
    InstructionKind.GIRO01: fik.Card.GIRO_01,
    InstructionKind.GIRO04: fik.Card.GIRO_04,
    InstructionKind.GIRO15: fik.Card.GIRO_15,
}
"""The kinds that are a Danish inpayment form, with the card type of each."""
_SWEDISH_GIRO = frozenset({InstructionKind.BANKGIRO, InstructionKind.PLUSGIRO})


def faults(
    instruction: PaymentInstruction, *, ocr_control: OcrControl = OcrControl.UNKNOWN
) -> tuple[Fault, ...]:
    """Every rule that an instruction breaks, the account's first; none, and it can be sent.

    A Swedish payee's agreement about its OCR numbers may be given, where it is known.
    """
    if instruction.account:
        found = _account_faults(instruction)
    else:
        found = (Fault(FaultCode.ACCOUNT_MISSING, "account", "there is no account to pay to"),)
    return found + _reference_faults(instruction, ocr_control) + _bic_faults(instruction)


def _account_faults(instruction: PaymentInstruction) -> tuple[Fault, ...]:
    account = instruction.account
    match instruction.kind:
        case InstructionKind.DK_ACCOUNT:
            return accounts.danish_faults(account)
        case InstructionKind.BANKGIRO:
            return swedish_giro.bankgiro_faults(account)
        case InstructionKind.PLUSGIRO:
            return swedish_giro.plusgiro_faults(account)
        case InstructionKind.SE_ACCOUNT:
            return accounts.swedish_faults(account)
        case InstructionKind.NO_ACCOUNT:
            return accounts.norwegian_faults(account)
        case InstructionKind.IBAN:
            return iban.iban_faults(account)
        case _:
            return fik.creditor_faults(CARDS[instruction.kind], account)


def _reference_faults(instruction: PaymentInstruction, control: OcrControl) -> tuple[Fault, ...]:
    kind, reference = instruction.kind, instruction.reference
    if kind in CARDS:
        return fik.id_faults(CARDS[kind], reference)
    if not reference:
        return _missing_ocr(kind, control)
    country = "NO" if kind is InstructionKind.NO_ACCOUNT else instruction.account[:2]
    found: tuple[Fault, ...] = ()
    if kind in _SWEDISH_GIRO:
        found = ocr.faults(reference, control)
    elif rf.looks_like_rf(reference):
        found = rf.faults(reference)
    elif country == "NO" and kid.looks_like_kid(reference):
        found = kid.faults(reference)
    elif country == "FI" and is_digits(reference):
        found = finnish.faults(reference)
    return found or _message_faults(reference)


def _missing_ocr(kind: InstructionKind, control: OcrControl) -> tuple[Fault, ...]:
    hard = control in {OcrControl.HARD, OcrControl.HARD_WITH_LENGTH_DIGIT}
    if hard and kind in _SWEDISH_GIRO:
        text = "this payee takes no payment without an OCR number"
        return (Fault(FaultCode.REFERENCE_MISSING, "reference", text),)
    return ()


def _message_faults(message: str) -> tuple[Fault, ...]:
    if not message.isprintable():
        text = "a message has no line breaks or control characters"
        return (Fault(FaultCode.REFERENCE_CHARACTERS, "reference", text),)
    if len(message) > LONGEST_MESSAGE:
        text = f"a message has at most {LONGEST_MESSAGE} characters, not {len(message)}"
        return (Fault(FaultCode.REFERENCE_LENGTH, "reference", text, str(LONGEST_MESSAGE)),)
    return ()


def _bic_faults(instruction: PaymentInstruction) -> tuple[Fault, ...]:
    if instruction.bic is None:
        return ()
    if instruction.kind is not InstructionKind.IBAN:
        text = "only an IBAN is paid with a BIC"
        return (Fault(FaultCode.BIC_NOT_ALLOWED, "bic", text),)
    return iban.bic_faults(instruction.bic)


def shown(instruction: PaymentInstruction) -> str:
    """The account as people write it; a Danish form as its whole code line.

    `Bankgiro 507-3127`, `3409 0012400781`, `+71<026840149965328 +80882939<`. An account with a
    fault is shown as it was written, so that the fault can be seen.
    """
    account, grouped = instruction.account, not _account_faults(instruction)
    match instruction.kind:
        case InstructionKind.DK_ACCOUNT:
            return accounts.danish_shown(account) if grouped else account
        case InstructionKind.BANKGIRO:
            return f"Bankgiro {swedish_giro.bankgiro_shown(account) if grouped else account}"
        case InstructionKind.PLUSGIRO:
            return f"PlusGiro {swedish_giro.plusgiro_shown(account) if grouped else account}"
        case InstructionKind.SE_ACCOUNT:
            return account
        case InstructionKind.NO_ACCOUNT:
            return accounts.norwegian_shown(account) if grouped else account
        case InstructionKind.IBAN:
            return iban.iban_shown(account) if grouped else account
        case _:
            card = CARDS[instruction.kind]
            return fik.printed(fik.PrintedLine(card, instruction.reference, account))


def reference_shown(instruction: PaymentInstruction) -> str:
    """The reference in the groups that people read it in; empty if there is none."""
    reference = instruction.reference or ""
    if rf.looks_like_rf(reference):
        return rf.shown(reference)
    if instruction.account.startswith("FI") and is_digits(reference):
        return finnish.shown(reference)
    return reference


def masked(instruction: PaymentInstruction) -> str:
    """For logs and traces: the kind and the account's last four, never the reference.

    A PlusGiro number may be so short that four digits are all of it; then none is shown.
    """
    account = instruction.account
    enough = len(account) >= _LONG_ENOUGH_TO_SHOW_SOME
    return f"{instruction.kind} …{account[-_SHOWN_DIGITS:] if enough else ''}"


def account_key(instruction: PaymentInstruction) -> str:
    """The same text for the same account, whatever is paid to it; for keys, not for people.

    A creditor number is one account on every card type, and so is a giro number. A bank's head
    office is the same with and without its branch code. A Danish account and the IBAN around it
    have different keys: to say that they are one is the payee's word, not arithmetic.
    """
    bank, branch = (instruction.bic or "")[:8], (instruction.bic or "")[8:]
    bic = bank if branch == _HEAD_OFFICE else bank + branch
    return ":".join(filter(None, (_family(instruction.kind), instruction.account, bic)))


def _family(kind: InstructionKind) -> str:
    match kind:
        case InstructionKind.FIK71 | InstructionKind.FIK73 | InstructionKind.FIK75:
            return "fik"
        case InstructionKind.GIRO01 | InstructionKind.GIRO04 | InstructionKind.GIRO15:
            return "giro"
        case (
            InstructionKind.DK_ACCOUNT
            | InstructionKind.BANKGIRO
            | InstructionKind.PLUSGIRO
            | InstructionKind.SE_ACCOUNT
            | InstructionKind.NO_ACCOUNT
            | InstructionKind.IBAN
        ):
            return kind.value
        case _:
            assert_never(kind)
