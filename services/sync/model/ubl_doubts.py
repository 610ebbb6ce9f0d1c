"""What stands against a UBL document: of its form, its amounts and its payment means.

Each rule is a function from what was read to findings. What could make us pay wrongly, pay twice
or pay the wrong one blocks; what a person should merely know does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from services.sync.model.einvoice import (
    Adjustment,
    Dialect,
    Finding,
    Kind,
    Line,
    PaymentMeans,
    Road,
    Totals,
)
from services.sync.model.ubl_means import MOST_MEANS, means_read, ranked
from services.sync.model.ubl_path import Place, day, decimal
from shared.money import Money, MoneyError, exponent
from shared.references.instruction import InstructionKind, faults

_TOTAL: Final = "cac:LegalMonetaryTotal"
_AMOUNTS: Final = {
    "lines": f"{_TOTAL}/cbc:LineExtensionAmount",
    "net": f"{_TOTAL}/cbc:TaxExclusiveAmount",
    "gross": f"{_TOTAL}/cbc:TaxInclusiveAmount",
    "prepaid": f"{_TOTAL}/cbc:PrepaidAmount",
    "rounding": f"{_TOTAL}/cbc:PayableRoundingAmount",
    "to_pay": f"{_TOTAL}/cbc:PayableAmount",
}
_DATES: Final = {
    "issued_on": "cbc:IssueDate",
    "due_on": "cbc:DueDate",
}
# At most one each by the schema or the rules; two would let two readers read two invoices.
_SINGLE: Final = {
    **_AMOUNTS,
    **_DATES,
    "number": "cbc:ID",
    "currency": "cbc:DocumentCurrencyCode",
    "seller_name": "cac:AccountingSupplierParty/cac:Party",
    "payee_name": "cac:PayeeParty",
}
_SINGLE_IN_MEANS: Final = (
    ("rail", "cbc:PaymentMeansCode"),
    ("rail", "cbc:PaymentChannelCode"),
    ("reference", "cbc:PaymentID"),
    ("reference", "cbc:InstructionID"),
    ("account", "cac:PayeeFinancialAccount/cac:FinancialInstitutionBranch/cbc:ID"),
)
# Where the one account may stand: an account in each is two accounts.
_ACCOUNTS: Final = ("cac:PayeeFinancialAccount/cbc:ID", "cac:CreditAccount/cbc:AccountID")
_CARRY_REFERENCES: Final = frozenset(
    {
        InstructionKind.BANKGIRO,
        InstructionKind.PLUSGIRO,
        InstructionKind.NO_ACCOUNT,
        InstructionKind.IBAN,
    }
)


def of_form(root: Place, currency: str) -> Iterator[Finding]:
    """What is said twice, cannot be read, or is in another currency than the document."""
    for field, path in _SINGLE.items():
        yield from _said_twice(root, field, path)
    if len(list(root.all("cac:PaymentMeans"))) > MOST_MEANS:
        text = f"more than {MOST_MEANS} ways to pay; the rest is not looked at"
        yield Finding("too_many_means", "account", text, blocks=True, expected=str(MOST_MEANS))
    for means in means_read(root):
        for field, path in _SINGLE_IN_MEANS:
            yield from _said_twice(means, field, path)
        yield from _said_twice(means, "account", *_ACCOUNTS)
        yield from _unreadable(means, "due_on", "cbc:PaymentDueDate", day)
    for field, path in _AMOUNTS.items():
        yield from _unreadable(root, field, path, decimal)
        yield from _in_another_currency(root, field, path, currency)
    for field, path in _DATES.items():
        yield from _unreadable(root, field, path, day)


def _said_twice(place: Place, field: str, *paths: str) -> Iterator[Finding]:
    found = sum(1 for path in paths for _ in place.all(path))
    if found > 1:
        text = f"{' or '.join(paths)} stands {found} times, not once"
        yield Finding("said_twice", field, text, blocks=True, stated=str(found))


def _unreadable(
    place: Place, field: str, path: str, reader: Callable[[str], object]
) -> Iterator[Finding]:
    for found in place.all(path):
        if reader(found.text) is None:
            text = f"“{found.text[:40]}” at {found.path} is not what stands there by the standard"
            yield Finding("unreadable", field, text, blocks=True, stated=found.text[:40])


def _in_another_currency(place: Place, field: str, path: str, currency: str) -> Iterator[Finding]:
    for found in place.all(path):
        written = found.element.attribute("currencyID")
        if written is not None and written != currency:
            text = f"{found.path} is in {written[:10]}, the document in {currency or 'none'}"
            yield Finding("another_currency", field, text, blocks=True, stated=written[:10],
                          expected=currency)  # fmt: skip


def of_absence(values: Mapping[str, str | None], kind: Kind) -> Iterator[Finding]:
    """What every invoice has and this one lacks."""
    for field in ("number", "issued_on", "currency", "seller_name", "to_pay"):
        if not values.get(field):
            yield Finding("missing", field, "the document does not say it", blocks=True)
    if kind is Kind.INVOICE and not values.get("due_on"):
        yield Finding("missing", "due_on", "no due date: a day has to be chosen", blocks=False)


def of_dates(issued_on: date | None, due_on: date | None) -> Iterator[Finding]:
    if issued_on and due_on and due_on < issued_on:
        text = f"due {due_on}, before it was issued, {issued_on}"
        yield Finding("due_before_issue", "due_on", text, blocks=False, stated=due_on.isoformat(),
                      expected=issued_on.isoformat())  # fmt: skip


def of_amount(payable: Decimal | None, currency: str, kind: Kind) -> Iterator[Finding]:
    """Whether what is to be paid is an amount of money that can be owed."""
    if payable is None:
        return
    try:
        Money.of(payable, currency)
    except MoneyError as error:
        yield Finding("not_money", "to_pay", str(error), blocks=True, stated=str(payable))
    if exponent(currency) == 0:
        text = f"{currency} has no decimals: make sure that the amount is not a hundredfold"
        yield Finding("currency_without_decimals", "currency", text, blocks=True, stated=currency)
    if kind is Kind.CREDIT_NOTE:
        yield Finding("credit_note", "document", "a credit note: nothing to pay", blocks=True)
    elif payable == 0:
        yield Finding("nothing_to_pay", "to_pay", "the amount to pay is zero", blocks=True)
    if payable < 0:
        text = f"the total is {payable}"
        yield Finding("negative_total", "to_pay", text, blocks=True, stated=str(payable))


def of_sums(
    totals: Totals, lines: Sequence[Line], adjustments: Sequence[Adjustment], dialect: Dialect
) -> Iterator[Finding]:
    """Whether the sums add up (EN 16931 BR-CO-10, 13, 15 and 16).

    OIOUBL documents are seen both with and without the rounding inside TaxInclusiveAmount, so
    both are taken as right there (unverified against its own rules).
    """
    written = [line.total for line in lines if line.total is not None]
    adjusted = sum((one.amount for one in adjustments), Decimal(0))
    rounding = totals.rounding or Decimal(0)
    slack = {Decimal(0), rounding} if dialect is Dialect.OIOUBL else {Decimal(0)}
    if len(written) != len(lines):
        lacking = str(len(lines) - len(written))
        text = f"{lacking} of {len(lines)} lines have no amount"
        yield Finding("unreadable", "lines", text, blocks=False, stated=lacking,
                      expected=str(len(lines)))  # fmt: skip
    elif totals.lines is not None:
        yield from _differs("lines", totals.lines, sum(written, Decimal(0)), blocks=False)
    if totals.lines is not None and totals.net is not None:
        yield from _differs("net", totals.net, totals.lines + adjusted, blocks=False)
    if totals.gross is None:
        return
    if totals.net is not None and totals.tax is not None:
        due = totals.net + totals.tax
        yield from _differs("gross", totals.gross, due, blocks=True, slack=slack)
    if totals.payable is not None:
        due = totals.gross - (totals.prepaid or Decimal(0)) + rounding
        back = {-amount for amount in slack}
        yield from _differs("to_pay", totals.payable, due, blocks=True, slack=back)


def _differs(
    field: str,
    stated: Decimal,
    computed: Decimal,
    *,
    blocks: bool,
    slack: set[Decimal] | None = None,
) -> Iterator[Finding]:
    if stated - computed not in (slack or {Decimal(0)}):
        text = f"stated {stated}, its parts make {computed}"
        yield Finding("does_not_add_up", field, text, blocks=blocks, stated=str(stated),
                      expected=str(computed))  # fmt: skip


def of_means(means: Sequence[PaymentMeans]) -> Iterator[Finding]:
    """Whether there is one way to pay, ours to use, with digits that hold. Invoices only."""
    offered = [one for one in means if not one.payers]
    usable = ranked(means)
    if any(one.road is Road.DIRECT_DEBIT for one in means):
        text = "the seller collects it by direct debit: paying it too would be paying twice"
        yield Finding("direct_debit", "account", text, blocks=True)
    for one in means:
        if one.payers and one.road is not Road.DIRECT_DEBIT:
            text = f"{one.source} names an account of the payer and is set aside"
            yield Finding("payers_means", "account", text, blocks=False)
    if len({(one.road, one.account, one.instruction) for one in offered}) > 1:
        text = f"{len(offered)} ways to pay are offered: choose one"
        yield Finding("several_means", "account", text, blocks=True, stated=str(len(offered)))
    if usable:
        yield from _faulty(usable[0])
    elif offered or all(one.road is not Road.DIRECT_DEBIT for one in means):
        yield from _unpayable(offered)


def _unpayable(offered: Sequence[PaymentMeans]) -> Iterator[Finding]:
    roads = {one.road for one in offered}
    if Road.NEMKONTO in roads:
        text = "to a NemKonto, which only public payers can reach: there is no account"
        yield Finding("nemkonto", "account", text, blocks=True)
    elif Road.TRANSFER in roads and any(one.account for one in offered):
        text = "no IBAN, and it lacks what a domestic rail needs (country, branch, card type)"
        yield Finding("account_not_understood", "account", text, blocks=True)
    elif Road.OTHER in roads:
        codes = ", ".join(sorted({one.code[:10] or "none" for one in offered}))
        text = f"payment means code {codes} is not a transfer; it may be paid already"
        yield Finding("not_a_transfer", "account", text, blocks=True, stated=codes)
    else:
        yield Finding("no_account", "account", "the document names no account", blocks=True)


def _faulty(chosen: PaymentMeans) -> Iterator[Finding]:
    assert chosen.instruction is not None, "only payable means are chosen"
    for fault in faults(chosen.instruction):
        text = f"{fault.text} (expected {fault.expected})" if fault.expected else fault.text
        yield Finding(fault.code, fault.field, text, blocks=True, expected=fault.expected or "")
    if chosen.text and chosen.instruction.kind in _CARRY_REFERENCES:
        text = f"“{chosen.text}” is no reference of the rail and goes along as text"
        yield Finding("reference_is_text", "reference", text, blocks=False, stated=chosen.text)
