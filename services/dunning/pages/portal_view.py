"""A debtor's account in words: what is owed and why, what happens next, and how that is stopped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

import msgspec

from services.dunning.acts.accounts import Account
from services.dunning.model.gates import standing
from services.dunning.model.receivable import Charged, Receivable
from services.dunning.queries.standing import NoticeRow
from services.dunning.values import Credit, NoticeKind, Span
from shared.money import Money, sums
from shared.references.instruction import (
    CARDS,
    PaymentInstruction,
    reference_shown,
    shown,
)
from shared.sealed import ERASED
from shared.ui import formats
from shared.ui.language import translator
from shared.ui.reader import Reader
from shared.vault import CannotOpen, Vault


@dataclass(frozen=True, slots=True)
class Line:
    """A movement or charge of an invoice. `law` and `days` say what a charge rests on."""

    title: str
    amount: Money
    law: str = ""
    days: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """An invoice that is owed: what it comes to by now, and of what."""

    title: str
    detail: str
    amount: Money
    lines: Sequence[Line]
    pay_to: str
    href: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a list; `href` leads to the document behind it."""

    title: str
    on: date | None
    amount: Money
    href: str = ""


@dataclass(frozen=True, slots=True)
class Links:
    """Below which address invoices and letters are fetched; empty where they cannot be."""

    invoices: str
    letters: str

    def invoice(self, invoice_id: UUID) -> str:
        return f"{self.invoices}/{invoice_id}" if self.invoices else ""

    def letter(self, notice_id: UUID) -> str:
        return f"{self.letters}/{notice_id}" if self.letters else ""


@dataclass(frozen=True, slots=True)
class Next:
    """What happens to whom does nothing; `on` is None where nobody knows the day."""

    on: date | None
    text: str


@dataclass(frozen=True, slots=True)
class Portal:
    creditor: str
    debtor: str
    totals: Sequence[Money]
    next: Next
    items: Sequence[Item]
    away: Sequence[Item]
    credits: Sequence[Entry]
    letters: Sequence[Entry]
    settled: Sequence[Entry]
    gives_copies: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """Writes one account for one reader; names are opened for it and for nobody else."""

    vault: Vault
    tenant_id: UUID
    account: Account
    reader: Reader
    links: Links

    def portal(self) -> Portal:
        account, gettext, links = self.account, self._gettext, self.links
        contact, open_ = account.debtor.contact, account.open_.values()
        return Portal(
            creditor=account.creditor.name or gettext("your creditor"),
            debtor=self.vault.open(self.tenant_id, contact.name) if contact else "",
            totals=list(sums(one.principal + one.open_charges for one in open_).values()),
            next=self._next(),
            items=[self._item(invoice_id, one) for invoice_id, one in account.open_.items()],
            away=[self._item(invoice_id, one) for invoice_id, one in account.away.items()],
            credits=[
                Entry(self._credit(one), one.dated_on, one.remaining) for one in account.credits
            ],
            letters=[self._sent(one) for one in account.letters],
            settled=[
                Entry(
                    gettext("Invoice %(number)s") % {"number": one.number},
                    one.settled_on,
                    one.gross,
                    links.invoice(one.invoice_id),
                )
                for one in account.settled
            ],
            gives_copies=bool(links.invoices),
        )

    def _gettext(self, message: str) -> str:
        return str(translator(self.reader.language).gettext(message))

    # ----- what happens next

    def _next(self) -> Next:
        """The first of what comes by itself, over all that is open."""
        account, gettext = self.account, self._gettext
        open_ = account.open_.values()
        if not open_:
            return Next(None, gettext("Nothing: you owe nothing here."))
        if account.debtor.statement_on is not None:
            text = gettext(
                "A new statement is sent as long as something is open. It costs nothing."
            )
            return Next(account.debtor.statement_on, text)
        if account.terms.frozen or account.terms.excluded:
            return Next(None, gettext("No letter is planned now."))
        plans = [one.plan for one in open_ if one.plan and standing(one) is None]
        deadlines = [
            one.warning.deadline_on
            for one in open_
            if one.warning and one.warning.deadline_on and standing(one) is None
        ]
        if deadlines:
            text = gettext(
                "The deadline of the collection warning. What is unpaid after it may be handed to a "
                "collection agency, which costs more."
            )
            return Next(min(deadlines), text)
        if not plans:
            return Next(None, gettext("No letter is planned now."))
        first = min(plans, key=lambda plan: plan.planned_on)
        if first.kind is NoticeKind.WARNING:
            text = gettext(
                "A warning of collection is sent, with charges, unless it is paid before."
            )
        elif first.charged:
            text = gettext("A reminder with charges is sent, unless it is paid before.")
        else:
            text = gettext("A reminder is sent, unless it is paid before. It costs nothing.")
        return Next(max(first.planned_on, account.terms.today_on), text)

    # ----- what is owed

    def _item(self, invoice_id: UUID, one: Receivable) -> Item:
        invoice, gettext = one.invoice, self._gettext
        due = formats.day(invoice.due_on, self.reader)
        detail = gettext("due %(day)s") % {"day": due}
        if one.disputed is not None:
            contested = gettext("you contest it")
            detail = f"{detail} · {contested}"
        return Item(
            title=gettext("Invoice %(number)s") % {"number": invoice.number},
            detail=detail,
            amount=one.principal + one.open_charges,
            lines=[*self._principal(one), *self._charges(one)],
            pay_to=self._pay_to(one),
            href=self.links.invoice(invoice_id),
        )

    def _principal(self, one: Receivable) -> list[Line]:
        invoice, gettext = one.invoice, self._gettext
        issued = formats.day(invoice.issued_on, self.reader)
        lines = [Line(gettext("Invoice of %(day)s") % {"day": issued}, invoice.gross)]
        words = {
            "payment": gettext("Paid %(day)s"),
            "credit_note": gettext("Credit note %(day)s"),
        }
        for movement in one.movements:
            text = words.get(movement.kind, gettext("Set off %(day)s"))
            day = formats.day(movement.value_on, self.reader)
            lines.append(Line(text % {"day": day}, -movement.amount))
        return lines

    def _charges(self, one: Receivable) -> list[Line]:
        return [line for charged in one.charges.values() for line in self._charge(charged)]

    def _charge(self, charged: Charged) -> list[Line]:
        gettext, charge = self._gettext, charged.charge
        day = {"day": formats.day(charged.charged_on, self.reader)}
        title = {
            "fee": gettext("Reminder fee %(day)s"),
            "interest": gettext("Interest to %(day)s"),
            "compensation": gettext("Compensation %(day)s"),
            "absorbed": gettext("Set off against the compensation %(day)s"),
        }[charge.kind]
        days = [self._span(span) for span in charge.spans]
        lines = [Line(title % day, charged.lawful, charge.law, days)]
        if charged.paid:
            lines.append(Line(gettext("Paid of it"), -charged.paid))
        if charged.written_off:
            lines.append(Line(gettext("Not asked for any more"), -charged.written_off))
        return lines if charged.lawful else []

    def _span(self, span: Span) -> str:
        gettext = self._gettext
        return gettext("%(first)s to %(last)s: %(days)s days of %(base)s at %(rate)s %%") % {
            "first": formats.day(span.from_on, self.reader),
            "last": formats.day(span.through_on, self.reader),
            "days": span.days,
            "base": formats.money(span.base, self.reader),
            "rate": rate_of(span.rate, self.reader),
        }

    def _pay_to(self, one: Receivable) -> str:
        """Where the money goes, in full: the debtor types it into a bank."""
        account = one.invoice.account
        if account is None:
            return ""
        try:
            opened = self.vault.open(self.tenant_id, account.sealed)
        except CannotOpen:
            return ""
        if opened == ERASED:
            return ""
        instruction = msgspec.json.decode(opened, type=PaymentInstruction)
        parts = [shown(instruction), instruction.bic]
        if instruction.kind not in CARDS and instruction.reference:
            parts.append(reference_shown(instruction))
        return ", ".join(part for part in parts if part)

    def _credit(self, one: Credit) -> str:
        gettext = self._gettext
        words: Mapping[str, str] = {
            "payment": gettext("Payment %(number)s"),
            "credit_note": gettext("Credit note %(number)s"),
        }
        return words.get(one.kind, gettext("Entry %(number)s")) % {"number": one.number}

    def _sent(self, one: NoticeRow) -> Entry:
        href = self.links.letter(one.notice_id) if one.copy_of else ""
        return Entry(self._letter(one.kind), one.issued_on, one.total, href)

    def _letter(self, kind: NoticeKind) -> str:
        gettext = self._gettext
        return {
            NoticeKind.REMINDER: gettext("Reminder"),
            NoticeKind.WARNING: gettext("Collection warning"),
            NoticeKind.STATEMENT: gettext("Statement of account"),
        }[kind]


def rate_of(text: str, reader: Reader) -> str:
    """A rate as the reader writes numbers, without zeros at its end: 9,75."""
    plain = format(Decimal(text).normalize(), "f")
    point = "," if reader.language != "en" else "."
    return plain.replace(".", point)
