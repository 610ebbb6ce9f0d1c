"""The life of one payment as people read it: seven stations, and what happened, newest first.

Both are read from the order's own log, so that each line says what its event holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, get_args
from uuid import UUID

from markupsafe import Markup

from services.payments.events import order as e
from services.payments.model.order import Payment
from services.payments.pages import reasons, words
from services.payments.pages.words import Say
from services.payments.queries import Payable
from services.payments.values import AT_BANK, State
from shared.clock import day_of
from shared.eventstore.events import Recorded, stored_name
from shared.sealed import Sealed
from shared.ui import formats
from shared.ui.parts import Station, TimelineEntry
from shared.ui.reader import Reader
from shared.ui.states import STATION_STATES
from shared.vault import Vault

History = Sequence[Recorded[Any]]
Stop = Literal["booked", "ready", "asked", "approved", "scheduled", "paid", "bookkept"]
_ROUTE: Sequence[Stop] = get_args(Stop)
_MARKS: Mapping[type[Any], Stop] = {
    e.PaymentDrafted: "booked",
    e.PaymentReady: "ready",
    e.ApprovalAsked: "asked",
    e.PaymentApproved: "approved",
    e.PaymentScheduled: "scheduled",
    e.PaymentExecuted: "paid",
    e.PaymentBookkept: "bookkept",
}
_VOID = (e.PaymentRevised, e.InvoiceRevised, e.PaymentRejected, e.ApprovalExpired)
"""After these every yes is sought anew."""
_HOT = (
    e.PaymentBlocked, e.PaymentRejected, e.PaymentHeld, e.PaymentOutcomeUnknown,
    e.OutcomeAlertRaised, e.PaymentRefusedByBank, e.PaymentReturned, e.PostingRefused,
    e.ApprovalEvidenceRefused, e.ApprovalExpired, e.MisfitNoted,
)  # fmt: skip
_STILL_HERE = frozenset({State.APPROVED, State.SCHEDULED})
_BEFORE_A_YES = frozenset({State.DRAFT, State.AWAITING_APPROVAL})
_STRONG = (e.ApprovalAsked, e.PaymentApproved, e.PaymentExecuted, e.PaymentBookkept)


@dataclass(frozen=True, slots=True)
class Narrator:
    """Opens names and texts, and writes for one reader."""

    vault: Vault
    tenant_id: UUID
    people: Mapping[UUID, Sealed]
    reader: Reader
    gettext: Say
    numbers: reasons.Numbers
    now: datetime

    def person(self, user_id: UUID) -> str:
        gettext = self.gettext
        known = self.people.get(user_id)
        return self.vault.open(self.tenant_id, known) if known else gettext("a person")

    def persons(self, user_ids: Sequence[UUID]) -> str:
        return ", ".join(self.person(user_id) for user_id in dict.fromkeys(user_ids))

    def actor(self, actor: str) -> str:
        """A person by name; what runs by itself is Forfald."""
        gettext = self.gettext
        if not actor.startswith("user:"):
            return "Forfald"
        names = (self.person(known) for known in self.people if actor == f"user:{known}")
        return next(names, gettext("a person"))

    def stations(self, one: Payable, order: Payment, history: History) -> list[Station]:
        """What is behind, where it is since when, and what is ahead."""
        reached = _reached(history)
        at = _place(order, reached)
        behind = [self._behind(name, reached.get(name)) for name in _ROUTE[:at]]
        ahead = [self._ahead(name, order) for name in _ROUTE[at + 1 :]]
        return [*behind, self._now(_ROUTE[at], one, reached), *ahead]

    def _behind(self, name: Stop, mark: Recorded[Any] | None) -> Station:
        if mark is None:
            return Station(name, "done")
        return Station(
            name, "done", day_of(mark.meta.recorded_at, self.reader.zone), self._who(mark)
        )

    def _now(self, name: Stop, one: Payable, reached: Mapping[Stop, Recorded[Any]]) -> Station:
        gettext = self.gettext
        shape = words.shape_of(one)
        as_named = name in reached and shape.word == STATION_STATES[name].word
        said = gettext(shape.word) % words.figures(one)
        return Station(name, "now", one.since_at, self._who(reached[name]) if as_named else said,
                       shape)  # fmt: skip

    def _ahead(self, name: Stop, order: Payment) -> Station:
        gettext = self.gettext
        by_itself = gettext("by itself") if name in {"scheduled", "paid", "bookkept"} else ""
        when = order.execute_on if name == "paid" else None
        return Station(name, "ahead", when or "", by_itself)

    def _who(self, mark: Recorded[Any]) -> str:
        gettext, event = self.gettext, mark.event
        match event:
            case e.PaymentDrafted():
                return gettext("voucher %(number)s") % {"number": event.invoice.voucher}
            case e.PaymentReady():
                return gettext("no objections")
            case e.PaymentApproved():
                return self.persons([grant.approver_id for grant in event.evidence])
            case e.PaymentScheduled():
                day = formats.day(event.execute_on, self.reader)
                return gettext("for %(day)s") % {"day": day}
            case _:
                return self.actor(mark.meta.actor)

    def planned(self, one: Payable) -> list[TimelineEntry]:
        """What comes by itself, or is the last moment for somebody; the farthest first."""
        gettext = self.gettext
        leaves = one.execute_on or one.pay_on
        found: list[tuple[date, str]] = []
        if one.state in _BEFORE_A_YES and one.latest_approval_at > self.now:
            found.append(
                (one.latest_approval_at, gettext("last moment for a yes that keeps the day"))
            )
        if one.state in _STILL_HERE and leaves >= self.reader.day:
            found.append((leaves, gettext("it leaves for the bank")))
        if one.state in AT_BANK:
            found.append((leaves, gettext("the bank pays it; its statement is read")))
        return [TimelineEntry(at, title, kind="plan") for at, title in reversed(found)]

    def told(self, history: History) -> list[TimelineEntry]:
        """Newest first: what happened, what it says, who did it, and the event's stored name."""
        titles = words.happened(self.gettext)
        return [self._entry(recorded, titles) for recorded in reversed(history)]

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

    def _detail(self, event: e.PaymentEvent) -> str:  # noqa: C901, PLR0912  a union
        gettext, reader = self.gettext, self.reader
        match event:
            case e.PaymentDrafted():
                return gettext("voucher %(number)s") % {"number": event.invoice.voucher}
            case e.PaymentBlocked():
                return " ".join(reasons.told(event.reasons, gettext, self.numbers))
            case e.PaymentHeld() | e.BlockLifted():
                return reasons.sentence([event.reason], gettext, self.numbers)
            case e.BlockCleared() | e.HoldReleased():
                text = self.vault.open(self.tenant_id, event.text) if event.text else ""
                return f"“{text}”" if text else ""
            case e.PaymentRevised():
                return f"{formats.money(event.amount, reader)}, " + gettext("pays %(day)s") % {
                    "day": formats.day(event.plan.pay_on, reader)}  # fmt: skip
            case e.RemainingChanged():
                return formats.money(event.remaining, reader)
            case e.GrantNoted():
                return self.person(event.approver_id)
            case e.PaymentApproved():
                return self.persons([grant.approver_id for grant in event.evidence])
            case e.PaymentRejected():
                return self.person(event.rejected_by)
            case e.PaymentScheduled():
                return gettext("for %(day)s") % {"day": formats.day(event.execute_on, reader)}
            case e.BankWordReported() | e.OutcomeProved():
                received = gettext("It has the order.")
                return received if event.received else gettext("It never came.")
            case e.PaymentExecuted():
                return formats.money(event.amount, reader)
            case e.PaymentReturned():
                said = reasons.bank_said(event.code, gettext)
                return f"{formats.money(event.amount, reader)}: {said}"
            case e.MisfitNoted():
                why = reasons.misfit(event.code, gettext)
                return f"{formats.money(event.amount, reader)}. {why}"
            case e.PaymentFeeTaken():
                return formats.money(event.fee, reader)
            case e.PaymentRefusedByBank() | e.CancelRefused():
                return reasons.bank_said(event.code, gettext)
            case e.PostingRefused():
                return reasons.ledger_said(event.code, gettext)
            case e.ApprovalEvidenceRefused():
                return reasons.doubt(event.code, gettext)
            case e.PaymentBookkept():
                return gettext("voucher %(number)s") % {"number": event.voucher}
            case _:
                return ""


def _reached(history: History) -> dict[Stop, Recorded[Any]]:
    """The last event at each station, without what a change or a no has made void."""
    found: dict[Stop, Recorded[Any]] = {}
    for recorded in history:
        if isinstance(recorded.event, _VOID):
            found = {name: mark for name, mark in found.items() if name in {"booked", "ready"}}
        if (name := _MARKS.get(type(recorded.event))) is not None:
            found[name] = recorded
    return found


def _place(order: Payment, reached: Mapping[Stop, Any]) -> int:
    """The station where an order is: the last one it reached, and at the bank on its way to paid."""
    if order.state in {State.DRAFT, State.BLOCKED}:
        return _ROUTE.index("ready")
    last = max(_ROUTE.index(name) for name in reached)
    at_bank = order.batch_id is not None and order.state not in {State.SCHEDULED, State.HELD}
    return max(last, _ROUTE.index("paid")) if at_bank else last
