"""From people's spellings to payment instructions: what ledgers, invoices and persons write."""

from __future__ import annotations

import re

from shared.references import accounts, fik, kid, rf
from shared.references.instruction import CARDS, InstructionKind, PaymentInstruction

_KINDS = {card: kind for kind, card in CARDS.items()}


def normalised(
    kind: InstructionKind, account: str, reference: str | None = None, bic: str | None = None
) -> PaymentInstruction:
    """The instruction that people's spellings mean.

    Accounts lose their spaces, dashes and dots, references of digits and RF references their
    spaces; an IBAN, a BIC and an RF reference get capitals. What cannot be read for certain is left
    as it was written, for `faults` to refuse: nothing here guesses at a number.
    """
    return PaymentInstruction(
        kind,
        _account(kind, account),
        _reference(kind, reference),
        _compact(bic or "").upper() or None,
    )


def read_line(text: str) -> PaymentInstruction | None:
    """The instruction that a Danish form's code line is; None if the text is not one."""
    line = fik.read_line(text)
    if line is None:
        return None
    return PaymentInstruction(_KINDS[line.card], line.creditor, line.payment_id)


def _account(kind: InstructionKind, account: str) -> str:
    if kind is InstructionKind.DK_ACCOUNT:
        return accounts.danish(account) or account.strip()
    return _compact(account).upper()


def _reference(kind: InstructionKind, reference: str | None) -> str | None:
    written = (reference or "").strip()
    unspaced = "".join(written.split())
    if rf.looks_like_rf(unspaced.upper()):
        return unspaced.upper()
    a_message = kind in {InstructionKind.DK_ACCOUNT, InstructionKind.SE_ACCOUNT}
    if kid.looks_like_kid(unspaced) and not a_message:
        return unspaced
    return written or None


def _compact(text: str) -> str:
    """Without white space, dots and any kind of dash."""
    return re.sub(r"[\s.\-\u2010-\u2015]", "", text)
