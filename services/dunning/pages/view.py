"""Letters and invoices as people read them: names opened, channels and charges in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from babel.dates import get_day_names
from babel.lists import format_list

from services.dunning.acts.previewing import Preview
from services.dunning.pages import reasons, words
from services.dunning.pages.words import Say
from services.dunning.queries.standing import DebtorRow
from services.dunning.values import Charge, LetterLine
from shared.money import Money, sums
from shared.ui import formats
from shared.ui.parts import Link
from shared.ui.reader import Reader
from shared.ui.states import RECEIVABLE_STATES
from shared.ui.states import State as Shape
from shared.vault import Vault

_WEEK: Final = 7
_NAMED: Final = 3
"""Invoices that a letter's line names before it counts the rest."""


@dataclass(frozen=True, slots=True)
class ChargeLine:
    """A charge of a letter: what it is, from what it was computed, and by which law."""

    title: str
    detail: str
    amount: Money
    law: str
    unverified: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One letter of the list. `channel` is empty where there is no way to send it."""

    notice_id: UUID
    debtor_id: UUID
    debtor: str
    href: str
    title: str
    invoices: Sequence[Link]
    more: int
    late: str
    due_on: date
    channel: str
    faults: Sequence[str]
    charges: Sequence[ChargeLine]
    short: str
    principal: Money
    added: Money
    total: Money
    shape: Shape
    reasons: Sequence[str]
    can_send: bool


@dataclass(frozen=True, slots=True)
class Lines:
    """Writes letters for one reader. `goes_at` is when what runs by itself is sent, if it is today."""

    vault: Vault
    tenant_id: UUID
    reader: Reader
    gettext: Say
    debtors: Mapping[UUID, DebtorRow]
    goes_at: datetime | None

    @property
    def home(self) -> str:
        return f"/dunning/{self.tenant_id}"

    def line(self, one: Preview) -> Line:
        letter = one.letter
        debtor = self.debtors.get(letter.debtor_id)
        oldest = letter.lines[0].due_on
        return Line(
            notice_id=one.notice_id,
            debtor_id=letter.debtor_id,
            debtor=self.name(letter.debtor_id),
            href=f"{self.home}/debtors/{letter.debtor_id}",
            title=words.letter(letter.kind, letter.level, self.gettext, charged=letter.charged),
            invoices=[self._invoice(line) for line in letter.lines[:_NAMED]],
            more=max(0, len(letter.lines) - _NAMED),
            late=late(oldest, self.reader, self.gettext),
            due_on=oldest,
            channel=words.channel(letter.channels[0], self.gettext) if letter.channels else "",
            faults=reasons.address(debtor.faults, self.gettext) if debtor else (),
            charges=[
                self.charge(charge, line.number if len(letter.lines) > 1 else "")
                for line in letter.lines
                for charge in line.added
            ],
            short=self._short(one),
            principal=one.principal,
            added=one.added,
            total=letter.total,
            shape=self._shape(one),
            reasons=list(self._reasons(one)),
            can_send=one.against is None and bool(letter.channels),
        )

    def name(self, debtor_id: UUID) -> str:
        return debtor_name(self.vault, self.tenant_id, self.debtors.get(debtor_id), self.gettext)

    def charge(self, charge: Charge, number: str = "") -> ChargeLine:
        title = words.charge(charge.kind, self.gettext)
        if number:
            title = self.gettext("%(what)s, invoice %(number)s") % {
                "what": title, "number": number}  # fmt: skip
        return ChargeLine(
            title, spans(charge, self.reader, self.gettext), charge.amount, charge.law,
            charge.unverified)  # fmt: skip

    def _short(self, one: Preview) -> str:
        """Its charges by kind, in one line: fee 100.00, interest 58.77."""
        kinds: dict[str, Money] = {}
        for charge in (charge for line in one.letter.lines for charge in line.added):
            name = words.charge(charge.kind, self.gettext)
            kinds[name] = kinds.get(name, Money.zero(one.letter.currency)) + charge.amount
        said = ", ".join(
            f"{name} {formats.amount(sum_, self.reader)}" for name, sum_ in kinds.items()
        )
        return said[:1].upper() + said[1:].lower()

    def _invoice(self, line: LetterLine) -> Link:
        return Link(line.number, f"{self.home}/receivables/{line.invoice_id}")

    def _shape(self, one: Preview) -> Shape:
        if one.against is not None:
            return RECEIVABLE_STATES["rule_missing"]
        return words.BY_ITSELF if one.mode == "automatic" else words.ASKED

    def _reasons(self, one: Preview) -> Iterator[str]:
        gettext, letter = self.gettext, one.letter
        if one.against is None and not one.added:
            yield gettext("Charges nothing.")
        if one.against is not None:
            yield reasons.title(one.against, gettext)
        elif not one.letter.channels:
            yield gettext("There is no way to send it.")
        elif one.mode == "automatic" and self.goes_at is not None:
            at = formats.clock_time(self.goes_at, self.reader)
            yield gettext("Today at %(time)s, unless you stop it.") % {"time": at}
        elif one.mode == "automatic":
            yield gettext("With the next list, or now if you send it.")
        for credit in sums(credit.remaining for credit in letter.credits).values():
            yield gettext("%(sum)s is unmatched and stands in the letter.") % {
                "sum": formats.money(credit, self.reader)}  # fmt: skip
        if any(charge.unverified for line in letter.lines for charge in line.added):
            yield gettext("Rests on a rule that nobody has verified yet.")


def debtor_name(vault: Vault, tenant_id: UUID, debtor: DebtorRow | None, gettext: Say) -> str:
    """As the ledger has it; a debtor that has been forgotten stays a number."""
    if debtor is None or debtor.name is None:
        return gettext("Customer %(number)s") % {"number": debtor.number if debtor else ""}
    return str(vault.open(tenant_id, debtor.name))


def late(due_on: date, reader: Reader, gettext: Say) -> str:
    over = (reader.day - due_on).days
    if over <= 0:
        return ""
    return gettext("1 day over") if over == 1 else gettext("%(days)s days over") % {"days": over}


def spans(charge: Charge, reader: Reader, gettext: Say) -> str:
    """Days and rates of interest in a few words; empty for what has none."""
    if not charge.spans:
        return ""
    days = sum(span.days for span in charge.spans)
    rates = list(dict.fromkeys(span.rate for span in charge.spans))
    rate = " / ".join(f"{percent(rate, reader)}\N{NO-BREAK SPACE}%" for rate in rates)
    return gettext("%(days)s days at %(rate)s a year") % {"days": days, "rate": rate}


def percent(rate: str, reader: Reader) -> str:
    """A rate as the reader writes numbers."""
    return rate.replace(".", ",") if reader.language != "en" else rate


def weekdays(days: Sequence[int], reader: Reader) -> str:
    """Mon, Tue and Wed, as the reader names them; empty where it is every day."""
    if len(set(days)) == _WEEK:
        return ""
    names = get_day_names("abbreviated", locale=reader.locale)
    said: str = format_list([names[day] for day in sorted(set(days))], locale=reader.locale)
    return said
