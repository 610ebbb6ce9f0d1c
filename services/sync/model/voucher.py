"""A balanced voucher in roles, as lines of a ledger that balance one by one.

The money's own account (the bank's, else the one in transit) is the contra account of every other
line, so what is left over when all others have been entered is nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from services.sync.values import PostingLine, RoleLine
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
                supplier_number=_supplier(line),
                invoice_number=line.invoice_number,
                settles=line.settles,
            )
        else:
            yield PostingLine(contra, line.amount, text, account=_account(line.role, accounts))


def _account(role: str, accounts: Mapping[str, int]) -> int:
    if role not in accounts:
        raise Unbookable("account_missing", f"the client has named no account for {role}")
    return accounts[role]


def _supplier(line: RoleLine) -> int:
    number = line.supplier_number or ""
    if not (number.isascii() and number.isdigit()):
        raise Unbookable("supplier_unknown", "the line names no supplier of the ledger")
    return int(number)
