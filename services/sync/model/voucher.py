"""A balanced voucher in roles, or charges of a customer, as lines that balance one by one.

The money's own account (the bank's, else the one in transit) is the contra account of every other
line, so what is left over when all others have been entered is nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from services.sync.model.naming import CHARGE_TEXTS
from services.sync.values import AskedCharges, PostingLine, RoleLine
from shared.money import sums

SUPPLIER: Final = "supplier"
_CONTRA: Final = ("bank", "in_transit")


class Unbookable(Exception):
    """The voucher cannot be written into this client's ledger; `code` is stable."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


def ledger_lines(
    lines: Sequence[RoleLine], accounts: Mapping[str, int], word: str
) -> tuple[PostingLine, ...]:
    """The lines to enter. Raises Unbookable."""
    if any(sums(line.amount for line in lines).values()):
        raise Unbookable("unbalanced", "debit is not credit")
    roles = {line.role for line in lines}
    contra = next((role for role in _CONTRA if role in roles), None)
    rest = [line for line in lines if line.role != contra]
    if contra is None or not rest:
        raise Unbookable("no_contra", "the voucher moves no money from one account to another")
    return tuple(_entered(rest, accounts, _account(contra, accounts), word))


def charge_lines(
    asked: AskedCharges, accounts: Mapping[str, int], language: str
) -> tuple[PostingLine, ...]:
    """Charges as lines to enter on the customer's account, each from its own income. Raises Unbookable."""
    customer = _number(asked.customer_number, "customer_unknown")
    if not asked.lines:
        raise Unbookable("no_lines", "nothing is charged and nothing given up")
    return tuple(
        PostingLine(
            contra_account=_account(line.income, accounts),
            amount=line.amount,
            text=f"{_word(line.income, language)} {asked.invoice_number}",
            customer_number=customer,
            due_on=asked.due_on,
            gives_up=line.settles,
        )
        for line in asked.lines
    )


def _word(income: str, language: str) -> str:
    words = CHARGE_TEXTS[income]
    return words.get(language, words["en"])


def _entered(
    lines: Iterable[RoleLine], accounts: Mapping[str, int], contra: int, word: str
) -> Iterable[PostingLine]:
    for line in lines:
        text = f"{word} {line.invoice_number}" if line.invoice_number else word
        if line.role == SUPPLIER:
            yield PostingLine(
                contra,
                line.amount,
                text,
                supplier_number=_number(line.supplier_number or "", "supplier_unknown"),
                invoice_number=line.invoice_number,
                settles=line.settles,
            )
        else:
            yield PostingLine(contra, line.amount, text, account=_account(line.role, accounts))


def _account(role: str, accounts: Mapping[str, int]) -> int:
    if role not in accounts:
        raise Unbookable("account_missing", f"the client has named no account for {role}")
    return accounts[role]


def _number(written: str, code: str) -> int:
    if not (written.isascii() and written.isdigit()):
        raise Unbookable(code, f"{written!r} is nobody of the ledger")
    return int(written)
