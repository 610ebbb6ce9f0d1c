"""The life of an invoice as people read it: what comes, and what happened, newest first.

Read from its own log, so that each line says what its event holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from markupsafe import Markup

from services.dunning.events import receivable as e
from services.dunning.pages import reasons, words
from services.dunning.pages.words import Say
from services.dunning.queries.standing import Row
from services.dunning.registers.portal_links import PORTAL
from services.dunning.values import Plan
from shared.eventstore.events import Recorded, stored_name
from shared.sealed import Sealed
from shared.ui import formats
from shared.ui.parts import TimelineEntry
from shared.ui.reader import Reader
from shared.vault import Vault

History = Sequence[Recorded[Any]]
_HOT: Final = (
    e.InvoiceDisputed, e.LetterFell, e.PostingFailed, e.HeldFromCollection, e.StepSkipped,
    e.ReceivableReopened,
)  # fmt: skip
QUIET: Final = (
    e.StepPlanned, e.StepListed, e.LetterIssued, e.ChargeEntryNoted, e.PostingSought, e.CopyNoted,
    e.InvoiceCopySought,
)  # fmt: skip
"""What the machine notes for itself; people ask for it when they want to know exactly."""
_STRONG: Final = (e.LetterCounted, e.ReceivableSettled, e.BecameReady, e.HandedOver)


@dataclass(frozen=True, slots=True)
class Narrator:
    """Opens names and texts, and writes for one reader."""

    vault: Vault
    tenant_id: UUID
    people: Mapping[UUID, Sealed]
    reader: Reader
    gettext: Say

    def actor(self, actor: str) -> str:
        """A person by name; what runs by itself is Forfald."""
        if actor == PORTAL:
            return self.gettext("the debtor")
        if not actor.startswith("user:"):
            return "Forfald"
        names = (self.person(known) for known in self.people if actor == f"user:{known}")
        return next(names, self.gettext("a person"))

    def person(self, user_id: UUID) -> str:
        known = self.people.get(user_id)
        return str(self.vault.open(self.tenant_id, known)) if known else self.gettext("a person")

    def planned(self, row: Row, today: date) -> list[TimelineEntry]:
        """What comes by itself, the farthest first."""
        gettext = self.gettext
        found: list[tuple[date, str, str]] = []
        if row.kind is not None and row.planned_on is not None and row.planned_on >= today:
            title = words.letter(row.kind, (row.step or 0) + 1, gettext, charged=row.charged)
            found.append((row.planned_on, title, reasons.because(row, gettext)))
        if row.deadline_on is not None and row.deadline_on >= today:
            found.append((row.deadline_on, gettext("the deadline of the last letter"), ""))
        if row.paused_until_on is not None and row.paused_until_on >= today:
            found.append((row.paused_until_on, gettext("the last day of the pause"), ""))
        found.sort(key=lambda one: one[0], reverse=True)
        return [TimelineEntry(on, title, why, kind="plan") for on, title, why in found]

    def told(self, history: History) -> list[TimelineEntry]:
        """Newest first: what happened, what it says, who did it, and the event's stored name."""
        titles = happened(self.gettext)
        return [self._entry(one, titles) for one in reversed(history)]

    def _entry(self, recorded: Recorded[Any], titles: Mapping[str, str]) -> TimelineEntry:
        event, stored = recorded.event, stored_name(recorded.event)
        parts = [self._detail(event), f"{self.actor(recorded.meta.actor)} · {stored}"]
        return TimelineEntry(
            recorded.meta.recorded_at,
            titles.get(type(event).__name__, stored),
            Markup("<br>").join(part for part in parts if part),
            kind="hot" if isinstance(event, _HOT) else "past",
            strong=isinstance(event, _STRONG),
        )

    def _text(self, sealed: Sealed | None) -> str:
        return f"“{self.vault.open(self.tenant_id, sealed)}”" if sealed else ""

    def _said(self, *parts: str) -> str:
        return ", ".join(part for part in parts if part)

    def _day(self, day: date | None, gettext_of: str) -> str:
        return gettext_of % {"day": formats.day(day, self.reader)} if day else ""

    def _detail(self, event: e.ReceivableEvent) -> str:  # noqa: C901, PLR0912  a union
        gettext, reader = self.gettext, self.reader
        match event:
            case e.ReceivableOpened():
                due = self._day(event.invoice.due_on, gettext("due %(day)s"))
                return self._said(formats.money(event.invoice.gross, reader), due)
            case e.PrincipalMoved():
                return gettext("%(sum)s is left") % {"sum": formats.money(event.remaining, reader)}
            case e.ReceivableReopened():
                return formats.money(event.principal, reader)
            case e.StepPlanned():
                return self._plan(event.plan)
            case e.StepListed() | e.LetterIssued():
                return words.letter(event.kind, event.level, gettext, charged=True)
            case e.StepSkipped():
                return reasons.title(event.code, gettext)
            case e.LetterCounted():
                name = words.letter(event.kind, event.level, gettext, charged=event.charged)
                deadline = self._day(event.deadline_on, gettext("to be paid by %(day)s"))
                return self._said(name, words.channel(event.channel, gettext), deadline)
            case e.ChargeAdded():
                amount = formats.money(event.charge.amount, reader)
                name = words.charge(event.charge.kind, gettext)
                return self._said(f"{name} {amount}", event.charge.law)
            case e.ChargePaid():
                return formats.money(event.paid, reader)
            case e.ChargesWrittenOff():
                amounts = [formats.money(one.amount, reader) for one in event.amounts]
                waived = gettext("the debtor owes them no more") if event.claim_waived else ""
                why = words.write_off(event.code, gettext)
                return self._said(*amounts, why, waived, self._text(event.text))
            case e.ChargesReversed():
                return self._said(*(formats.money(one.amount, reader) for one in event.amounts))
            case e.PostingDone():
                return gettext("voucher %(number)s") % {"number": event.voucher}
            case e.PostingFailed():
                return event.code
            case e.InvoicePaused():
                why = words.pause(event.code, gettext)
                return self._said(why, self._day(event.until_on, gettext("until %(day)s")))
            case e.InvoiceDisputed():
                why = words.disputes(gettext).get(event.code, "")
                return self._said(why, self._text(event.text))
            case e.DisputeSettled():
                right, wrong = gettext("The debtor was right."), gettext("The invoice stands.")
                return right if event.upheld else wrong
            case e.CommentAdded():
                named = ", ".join(self.person(one) for one in event.mentions)
                told = gettext("told to %(names)s") % {"names": named} if named else ""
                return self._said(self._text(event.text), told)
            case e.BecameReady():
                total = event.principal + event.charges + event.interest
                return formats.money(total, reader)
            case e.HeldFromCollection():
                return reasons.held(event.code, gettext)
            case e.HandedOver():
                return event.agency
            case _:
                return ""

    def _plan(self, plan: Plan | None) -> str:
        if plan is None:
            return self.gettext("no letter is to come")
        name = words.letter(plan.kind, plan.step + 1, self.gettext, charged=plan.charged)
        return f"{name}, {formats.day(plan.planned_on, self.reader)}"


def happened(gettext: Say) -> dict[str, str]:
    """Each event as a line of "What happened"."""
    return {
        "ReceivableOpened": gettext("Booked in the ledger"),
        "ReceivableRestated": gettext("Changed in the ledger"),
        "CopyNoted": gettext("The invoice can be seen"),
        "InvoiceCopySought": gettext(
            "The debtor asked for a copy, and it was sought in the ledger"
        ),
        "InvoiceCopyDownloaded": gettext("The debtor fetched a copy of the invoice"),
        "PrincipalMoved": gettext("The ledger matched something with it"),
        "ReceivableSettled": gettext("Paid in full"),
        "ReceivableReopened": gettext("Owed again"),
        "ReceivableWithdrawn": gettext("Gone from the ledger"),
        "StepPlanned": gettext("The next step was planned"),
        "StepListed": gettext("Stood on the day’s list"),
        "StepSkipped": gettext("Its day had come, and it was not on the list"),
        "LetterIssued": gettext("Put into a letter"),
        "LetterCounted": gettext("The letter was sent"),
        "LetterFell": gettext("The letter did not go: its step stands as before"),
        "ChargeAdded": gettext("Charged"),
        "ChargeEntryNoted": gettext("The charge stands in the ledger"),
        "ChargePaid": gettext("The charge was paid"),
        "ChargesWrittenOff": gettext("Charges were given up"),
        "ChargesReversed": gettext("Charges were taken back: they were not owed"),
        "PostingSought": gettext("A voucher was asked for"),
        "PostingDone": gettext("Bookkept in the ledger"),
        "PostingFailed": gettext("The ledger refused the voucher"),
        "InvoicePaused": gettext("Paused"),
        "InvoiceResumed": gettext("Resumed"),
        "InvoiceDisputed": gettext("Disputed by the debtor"),
        "DisputeSettled": gettext("The dispute is settled"),
        "HistoryIncluded": gettext("Somebody said that it is to be followed up"),
        "CommentAdded": gettext("Note"),
        "BecameReady": gettext("Ready for collection"),
        "HeldFromCollection": gettext("Not handed over yet"),
        "HandedOver": gettext("Handed over to the agency"),
        "TakenBack": gettext("Back from the agency"),
    }
