"""The balance of an invoice, krone by krone: each part opens to its facts, its rule and its law.

Read from the charges as they were made, never computed anew: what a letter charged is what it says,
whatever the law has become since.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from services.dunning.model.receivable import POSTED, Charged, Receivable
from services.dunning.pages import words
from services.dunning.pages.view import percent
from services.dunning.pages.words import Say
from services.dunning.values import ChargeKind, Movement, Span
from shared.money import Money
from shared.ui import formats
from shared.ui.reader import Reader

_PARTS: Final[Sequence[tuple[str, frozenset[ChargeKind]]]] = (
    ("interest", frozenset({"interest"})),
    ("fees", frozenset({"fee"})),
    ("compensation", frozenset({"compensation", "absorbed"})),
)


@dataclass(frozen=True, slots=True)
class Fact:
    """A line under the principal: what happened on which day, and what was owed then."""

    title: str
    on: date
    amount: Money
    then: Money


@dataclass(frozen=True, slots=True)
class Days:
    """A span of interest as a table shows it."""

    from_on: date
    through_on: date
    days: int
    base: Money
    rate: str


@dataclass(frozen=True, slots=True)
class Made:
    """One charge as it stands: what it was, what has become of it, and what allows it."""

    title: str
    letter: str
    on: date
    amount: Money
    less: Sequence[tuple[str, Money]]
    open: Money
    law: str
    rules: Sequence[tuple[str, date | None]]
    unverified: bool
    days: Sequence[Days]
    voucher: str


@dataclass(frozen=True, slots=True)
class Part:
    key: str
    title: str
    detail: str
    amount: Money
    facts: Sequence[Fact] = ()
    made: Sequence[Made] = ()


@dataclass(frozen=True, slots=True)
class Chain:
    """Writes the parts of one invoice. `vouchers` are the numbers of its postings, by their place."""

    receivable: Receivable
    vouchers: Mapping[int, str]
    reader: Reader
    gettext: Say

    def parts(self) -> list[Part]:
        return [self._principal(), *self._charges()]

    @property
    def total(self) -> Money:
        return self.receivable.principal + self.receivable.open_charges

    def _principal(self) -> Part:
        gettext, invoice = self.gettext, self.receivable.invoice
        then = invoice.gross
        booked = gettext("Invoice %(number)s, voucher %(voucher)s") % {
            "number": invoice.number, "voucher": invoice.voucher}  # fmt: skip
        facts = [Fact(booked, invoice.issued_on, invoice.gross, then)]
        for one in sorted(self.receivable.movements, key=lambda one: one.value_on):
            then -= one.amount
            facts.append(Fact(self._moved(one), one.value_on, -one.amount, then))
        said = gettext("%(sum)s as invoiced") if len(facts) == 1 else gettext(
            "%(sum)s, less what has been paid and credited")  # fmt: skip
        detail = said % {"sum": formats.amount(invoice.gross, self.reader)}
        return Part("principal", gettext("Principal"), detail, self.receivable.principal, facts)

    def _moved(self, one: Movement) -> str:
        gettext = self.gettext
        if one.kind == "credit_note" and one.correction:
            return gettext("Credit note that corrects it: never owed")
        return {
            "payment": gettext("Paid in"),
            "credit_note": gettext("Credit note"),
            "charge": gettext("Charge of ours"),
            "other": gettext("Other posting"),
        }[one.kind]

    def _charges(self) -> Iterable[Part]:
        titles = {
            "interest": self.gettext("Interest"),
            "fees": self.gettext("Reminder fees"),
            "compensation": self.gettext("Compensation"),
        }
        zero = Money.zero(self.receivable.invoice.gross.currency)
        for key, kinds in _PARTS:
            found = [one for one in self.receivable.charges.values() if one.charge.kind in kinds]
            open_ = sum((one.open for one in found), zero)
            yield Part(
                key,
                titles[key],
                self._detail(found),
                open_,
                made=[self._made(one) for one in found],
            )

    def _detail(self, found: Sequence[Charged]) -> str:
        gettext = self.gettext
        if not found:
            return gettext("none")
        if len(found) == 1:
            return gettext("charged once")
        return gettext("charged %(count)s times") % {"count": len(found)}

    def _made(self, one: Charged) -> Made:
        charge = one.charge
        return Made(
            title=words.charge(charge.kind, self.gettext),
            letter=self._letter(one.notice_id),
            on=one.charged_on,
            amount=charge.amount,
            less=list(self._less(one)),
            open=one.open,
            law=charge.law,
            rules=rules(charge.law_version) or [(charge.rule_id, None)],
            unverified=charge.unverified,
            days=[self._days(span) for span in charge.spans],
            voucher=self._voucher(one),
        )

    def _less(self, one: Charged) -> Iterable[tuple[str, Money]]:
        gettext = self.gettext
        if one.reversed:
            yield gettext("taken back, since it was not owed"), -one.reversed
        if one.paid:
            yield gettext("paid"), -one.paid
        if one.written_off:
            waived = gettext("given up, and not asked for any more")
            booked = gettext("given up in the books, still owed")
            yield waived if one.waived else booked, -one.written_off

    def _days(self, span: Span) -> Days:
        rate = f"{percent(span.rate, self.reader)}\N{NO-BREAK SPACE}%"
        return Days(span.from_on, span.through_on, span.days, span.base, rate)

    def _letter(self, notice_id: UUID | None) -> str:
        sent = next((one for one in self.receivable.sent if one.notice_id == notice_id), None)
        if sent is None:
            return ""
        return words.letter(sent.kind, sent.level, self.gettext, charged=sent.charged)

    def _voucher(self, one: Charged) -> str:
        """Where it is bookkept, or how far that has come."""
        gettext = self.gettext
        if one.line is None:
            return gettext("not bookkept yet")
        posting, _ = one.line
        standing = self.receivable.postings.get(posting)
        if standing == POSTED:
            return gettext("voucher %(number)s") % {"number": self.vouchers.get(posting, "")}
        if standing is None:
            return gettext("being bookkept")
        return gettext("refused by the ledger (%(code)s)") % {"code": standing}


def rules(versions: str) -> list[tuple[str, date | None]]:
    """The rules that a charge rests on, each with the day from which its row holds (`charge.versions`)."""
    found: list[tuple[str, date | None]] = []
    for version in versions.split():
        rule_id, _, row = version.partition("@")
        start = row.partition("/")[0]
        found.append((rule_id, date.fromisoformat(start) if start[:1].isdecimal() else None))
    return found
