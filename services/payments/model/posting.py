"""What is bookkept of a payment: vouchers that balance to the minor unit.

    the client's policy      left for the bank         the bank's line seen     came to nothing
    direct                   -                         supplier -> bank         -
    through in-transit       supplier -> in transit    in transit -> bank       in transit -> supplier

A pooled line empties the in-transit account once, for all its orders together. A return is bank ->
supplier, and what the payee's bank kept is a fee. A positive amount is a debit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.payments.model.order import Payment
from shared.money import Money, sums

SUPPLIER, BANK, FEES, IN_TRANSIT = "supplier", "bank", "bank_fees", "in_transit"


@dataclass(frozen=True, slots=True)
class Line:
    """`account` is a role in the client's ledger; a supplier's line names whom and what it settles."""

    account: str
    amount: Money
    supplier_number: str | None = None
    invoice_number: str | None = None
    invoice_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Voucher:
    """Lines that add up to nothing, on a day. `text` is a code, since texts belong to the ledger's side."""

    on: date
    text: str
    lines: tuple[Line, ...]

    def __post_init__(self) -> None:
        unbalanced = {c: total for c, total in sums(x.amount for x in self.lines).items() if total}
        assert not unbalanced, f"a voucher balances, and this one does not: {unbalanced}"
        assert all(line.amount for line in self.lines), "a voucher has no empty lines"


def executed(
    payment: Payment, amount: Money, fee: Money | None, on: date, *, pooled: bool = False
) -> Voucher | None:
    """Cases A, D and G: what the bank took, whether or not it agrees with what was asked for.

    Out of in-transit where the money is there; if it went in a pool, it is bookkept with its pool.
    """
    came_from = Line(IN_TRANSIT, amount) if payment.is_in_transit else _supplier(payment, amount)
    lines = [] if payment.is_in_transit and pooled else [came_from, Line(BANK, -amount)]
    if fee:
        lines += [Line(FEES, fee), Line(BANK, -fee)]
    return Voucher(on, "payment", tuple(lines)) if lines else None


def submitted(payment: Payment, on: date) -> Voucher | None:
    """The first half of case E."""
    if not payment.in_transit:
        return None
    lines = (_supplier(payment, payment.amount), Line(IN_TRANSIT, -payment.amount))
    return Voucher(on, "payment_in_transit", lines)


def pool(amount: Money, on: date) -> Voucher:
    """Case E's second half: one bank line for all orders of the pool that are in transit."""
    return Voucher(on, "payment_pool", (Line(IN_TRANSIT, amount), Line(BANK, -amount)))


def taken_back(payment: Payment, on: date) -> Voucher | None:
    """Case H: refused or cancelled before the debit."""
    if not payment.in_transit or not payment.bytes_sha256 or payment.executed is not None:
        return None
    lines = (Line(IN_TRANSIT, payment.amount), _supplier(payment, -payment.amount))
    return Voucher(on, "payment_refused", lines)


def fee(amount: Money, on: date) -> Voucher:
    return Voucher(on, "payment_fee", (Line(FEES, amount), Line(BANK, -amount)))


def returned(payment: Payment, amount: Money, on: date) -> Voucher:
    """The supplier's item is open again in full; what came short is a cost."""
    paid = max(payment.executed or payment.amount, amount)
    lines = [Line(BANK, amount), _supplier(payment, -paid)]
    if paid > amount:
        lines.insert(1, Line(FEES, paid - amount))
    return Voucher(on, "payment_returned", tuple(lines))


def _supplier(payment: Payment, amount: Money) -> Line:
    invoice = payment.invoice
    return Line(SUPPLIER, amount, invoice.party_number, invoice.number, invoice.invoice_id)
