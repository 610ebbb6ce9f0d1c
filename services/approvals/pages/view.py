"""What the approver's page shows: opened values, warnings in words, who has said yes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import msgspec

from services.approvals.pages.words import cautions, happened, refusal
from services.approvals.queries import Happening, Known, Shown
from shared.money import Money, sums
from shared.references.instruction import CARDS, PaymentInstruction, reference_shown, shown
from shared.sealed import Erased
from shared.ui import formats
from shared.ui.language import translator
from shared.ui.parts import Card, Caution, Fact, TimelineEntry
from shared.ui.reader import Reader
from shared.vault import Vault

_PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class Opened:
    """A payment as it is read, its names and account opened for this drawing."""

    shown: Shown
    payee: str
    account: str
    href: str
    value: str
    cautions: Sequence[Caution]
    facts: Sequence[Fact]
    invoice_href: str
    picture: str
    """Of the invoice's first page, where it has pages; empty for what is no PDF."""
    can_answer: bool
    """Whether this person can still say yes."""


@dataclass(frozen=True, slots=True)
class Opener:
    """Opens for one reader and client."""

    vault: Vault
    tenant_id: UUID
    reader: Reader
    people: Mapping[UUID, Known]

    def opened(self, one: Shown) -> Opened:
        item = one.item
        copy_of = item.copy_of
        invoice = f"/sync/{self.tenant_id}/copies/{copy_of.sha256}" if copy_of else ""
        return Opened(
            shown=one,
            payee=self.vault.open(self.tenant_id, item.payee_name),
            account=self._account(one),
            href=f"/approvals/{self.tenant_id}/{one.request_id}/{item.payment_id}#one",
            value=value_of(one),
            cautions=cautions(item.warnings, self.reader.language),
            facts=self._facts(one),
            invoice_href=invoice,
            picture=f"{invoice}/pages/1" if copy_of and copy_of.media_type == _PDF else "",
            can_answer=not (one.own or one.said_yes) and one.state == "awaiting",
        )

    def card(self, one: Opened) -> Card:
        """Odd payments, and what this person cannot answer, are opened and not ticked."""
        gettext = self._gettext
        day = formats.day(one.shown.pays_on, self.reader)
        facts = [gettext("pays %(day)s") % {"day": day}]
        facts.append(gettext("invoice %(number)s") % {"number": one.shown.item.invoice_number})
        if one.shown.own:
            facts.append(gettext("put forward by you"))
        elif one.shown.said_yes:
            facts.append(gettext("you have said yes"))
        elif one.shown.yes_by:
            facts.append(gettext("%(names)s said yes") % {"names": self._names(one.shown.yes_by)})
        late = Caution(gettext("Late: it pays later than planned"))
        odd = [*one.cautions, *([late] if one.shown.late else [])]
        return Card(
            name=one.payee,
            href=one.href,
            amount=one.shown.item.amount,
            facts=" · ".join(facts),
            cautions=odd,
            value=one.value if one.can_answer and not odd else "",
        )

    def history(self, lines: Sequence[Happening], payment_id: UUID) -> list[TimelineEntry]:
        """What happened to one payment, newest first, with reasons opened."""
        entries = [self._entry(line) for line in lines if line.payment_id == payment_id]
        return entries[::-1]

    def name(self, person_id: UUID) -> str:
        known = self.people.get(person_id)
        if known is None or known.name is None:
            gettext = self._gettext
            return gettext("somebody")
        return self.vault.open(self.tenant_id, known.name)

    def _entry(self, line: Happening) -> TimelineEntry:
        who = self.name(line.person_id) if line.person_id else ""
        why = (
            refusal(line.code, self.reader.language)
            if line.what.endswith("_refused") and line.code
            else ""
        )
        reason = self.vault.open(self.tenant_id, line.reason) if line.reason else ""
        title = happened(line.what, self.reader.language)
        detail = " · ".join(part for part in (who, reason, why) if part)
        hot = line.what in {"rejected", "expired", "failed", "returned", "held"}
        return TimelineEntry(line.happened_at, title, detail, kind="hot" if hot else "past")

    def _facts(self, one: Shown) -> list[Fact]:
        gettext, item = self._gettext, one.item
        latest = formats.instant(item.latest_approval_at, self.reader)
        yes = self._names(one.yes_by) or gettext("none yet")
        needed = gettext("%(given)s of %(needed)s") % {
            "given": len(one.yes_by),
            "needed": item.needed,
        }
        return [
            Fact(gettext("To"), self._account(one)),
            Fact(gettext("For"), gettext("invoice %(number)s") % {"number": item.invoice_number}),
            Fact(gettext("Due"), formats.day(item.due_on, self.reader)),
            Fact(gettext("Put forward by"), self.name(one.sought_by)),
            Fact(gettext("Said yes"), f"{yes} ({needed})"),
            Fact(gettext("Answer by"), latest),
        ]

    def _account(self, one: Shown) -> str:
        opened = self.vault.open(self.tenant_id, one.item.account.sealed)
        if isinstance(opened, Erased):
            return opened
        return spelled(msgspec.json.decode(opened, type=PaymentInstruction))

    def _names(self, people: Sequence[UUID]) -> str:
        return ", ".join(self.name(person_id) for person_id in people)

    def _gettext(self, message: str) -> str:
        return str(translator(self.reader.language).gettext(message))


def spelled(instruction: PaymentInstruction) -> str:
    """Where the money goes, in full and as people write it: an approver compares it with the invoice."""
    parts = [shown(instruction), instruction.bic]
    if instruction.kind not in CARDS and instruction.reference:
        parts.append(reference_shown(instruction))
    return ", ".join(part for part in parts if part)


def value_of(one: Shown) -> str:
    """What a tick box sends: the payment and the digest it was shown with."""
    return f"{one.request_id}:{one.item.payment_id}:{one.item.digest}"


def totals(opened: Sequence[Opened]) -> list[Money]:
    return list(sums(one.shown.item.amount for one in opened).values())
