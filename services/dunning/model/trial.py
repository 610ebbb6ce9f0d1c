"""Trying settings on what has happened: what would have been sent, and what charged.

The facts of one debtor (invoices, payments, pauses, disputes, credits) are gone through once more, day
by day, by the same rules that decide today, under other settings. Nothing is recorded. Facts are kept
apart from behaviour: everybody pays on the day on which they did pay, and what went to an agency goes
there when it did; each letter leaves on the day on which it stands on the list.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from services.dunning import commands as c
from services.dunning.events import debtor as d
from services.dunning.events import receivable as e
from services.dunning.model import collecting, pricing
from services.dunning.model.arrears import Overdue, unbroken_since
from services.dunning.model.composing import grouped
from services.dunning.model.creditor import Creditor
from services.dunning.model.debtor import DEBTOR, Debtor, why_no_statement
from services.dunning.model.following import RECEIVABLE
from services.dunning.model.naming import notice_id_of
from services.dunning.model.planning import list_day
from services.dunning.model.pricing import Arrears, Item, PricedLetter
from services.dunning.model.receivable import Receivable, State, evolve
from services.dunning.model.statement import next_on, statements
from services.dunning.model.tally import Charging, Sending, Tally, tallied
from services.dunning.model.terms import terms_on
from services.dunning.values import NoticeKind, Terms
from shared.money import Money

_DAY: Final = timedelta(days=1)
_HALF_YEARS: Final = ((1, 1), (7, 1))
"""When a rate that was missing may be known."""
_OUTER = (
    e.InvoicePaused,
    e.InvoiceResumed,
    e.InvoiceDisputed,
    e.DisputeSettled,
    e.HistoryIncluded,
    e.HandedOver,
    e.TakenBack,
)
"""What people and agencies did: it stands as it was, whatever the settings."""
_OUTER_OF_DEBTOR = (
    d.DebtorLearnt,
    d.ChannelsLearnt,
    d.TimelineAssigned,
    d.GroupingChanged,
    d.DebtorExcluded,
    d.DebtorIncluded,
    d.DebtorFrozen,
    d.DebtorUnfrozen,
    d.CreditSeen,
    d.CreditMatched,
)
FACTS: Final[tuple[type, ...]] = (
    e.ReceivableOpened,
    e.ReceivableRestated,
    e.PrincipalMoved,
    e.ReceivableWithdrawn,
    *_OUTER,
    *_OUTER_OF_DEBTOR,
)
"""What happened to us. All else followed from what was set then, and is decided anew."""


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened, and the first day on whose list it counts. `stream` is the invoice,
    or the debtor.
    """

    on: date
    stream: UUID
    event: e.ReceivableEvent | d.DebtorEvent


def tried(
    debtor_id: UUID, facts: Sequence[Fact], creditor: Creditor, from_on: date, through_on: date
) -> Tally:
    """What one debtor would have been sent and charged within these days, under these settings.

    `facts` are in the order in which they happened.
    """
    life = _Life(debtor_id, replace(creditor, drift=False))
    life.live(facts, through_on)
    return tallied(life.sent, life.charged, life.ready, from_on, through_on)


@dataclass
class _Life:
    debtor_id: UUID
    creditor: Creditor
    debtor: Debtor = field(default_factory=Debtor)
    receivables: dict[UUID, Receivable] = field(default_factory=dict)
    settled_on: dict[UUID, date] = field(default_factory=dict)
    sent: list[Sending] = field(default_factory=list)
    charged: list[Charging] = field(default_factory=list)
    ready: dict[UUID, date] = field(default_factory=dict)
    days: list[date] = field(default_factory=list)

    def live(self, facts: Sequence[Fact], through_on: date) -> None:
        waiting = sorted(facts, key=lambda fact: fact.on)  # stable: within a day as they happened
        self.days = [fact.on for fact in waiting]
        heapq.heapify(self.days)
        last = date.min
        while self.days and self.days[0] <= through_on:
            day = heapq.heappop(self.days)
            if day == last:
                continue
            last = day
            while waiting and waiting[0].on <= day:
                self._happen(waiting.pop(0), day)
            self._morning(day)

    # ----- what happens

    def _happen(self, fact: Fact, day: date) -> None:
        event = fact.event
        if isinstance(event, _OUTER_OF_DEBTOR):
            self.debtor = DEBTOR.evolve(self.debtor, event)
            terms = terms_on(day, self.creditor, self.debtor)
            for invoice_id, one in self.receivables.items():
                if one.state is State.OPEN:
                    self._ask(invoice_id, c.Replan(terms))
            return
        terms = terms_on(day, self.creditor, self.debtor)
        before = self.receivables.get(fact.stream, Receivable())
        match event:
            case e.ReceivableOpened():
                self._ask(fact.stream, c.NoteInvoice(event.invoice, event.remaining, terms))
                # Its principal counts from here for the least amount that is reminded of.
                self._look_on(event.invoice.due_on + _DAY, day)
            case e.ReceivableRestated():
                self._ask(fact.stream, c.NoteInvoice(event.invoice, before.principal, terms))
            case e.PrincipalMoved():
                after = evolve(before, event)
                wrong = pricing.unlawful(after, terms, before)
                command = c.NoteMovements(event.remaining, event.movements, terms, wrong)
                self._ask(fact.stream, command)
            case e.ReceivableWithdrawn():
                self._ask(fact.stream, c.NoteWithdrawal(terms))
            case _ if isinstance(event, _OUTER):
                self.receivables[fact.stream] = evolve(before, event)
                self._ask(fact.stream, c.Replan(terms))
            case _:
                pass

    def _ask(self, invoice_id: UUID, command: c.ReceivableCommand) -> None:
        """Put it to the rules; what they answer is what would have been recorded."""
        receivable = self.receivables.get(invoice_id, Receivable())
        for event in RECEIVABLE.decide(command, receivable):
            receivable = evolve(receivable, event)
            match event:
                case e.ReceivableSettled():
                    self.settled_on[invoice_id] = event.settled_on
                case e.ReceivableReopened():
                    self.settled_on.pop(invoice_id, None)
                case e.StepPlanned(plan=plan) if plan is not None:
                    heapq.heappush(self.days, plan.planned_on)
                case e.ChargeAdded():
                    charge = event.charge
                    self.charged.append(Charging(event.charged_on, charge.kind, charge.amount))
                case e.ChargesReversed():
                    for claimed in event.amounts:
                        kind = receivable.charges[claimed.charge_id].charge.kind
                        self.charged.append(Charging(event.reversed_on, kind, -claimed.amount))
                case _:
                    pass
        self.receivables[invoice_id] = receivable

    # ----- what is sent

    def _morning(self, day: date) -> None:
        terms = terms_on(day, self.creditor, self.debtor)
        self._consider(terms)
        if terms.timeline.is_statement:
            self._statement(terms)
            return
        due = [
            invoice_id
            for invoice_id, one in self.receivables.items()
            if one.plan is not None and one.plan.planned_on <= day and one.under_way is None
        ]
        if not due:
            return
        if day.weekday() not in terms.timeline.list_days:
            self._look_on(list_day(day, terms.timeline.list_days), day)
            return
        overdue = self._overdue(day)
        for invoice_id in due:
            currency = self.receivables[invoice_id].invoice.gross.currency
            owed = overdue.get(currency, Money.zero(currency))
            self._ask(invoice_id, c.ListStep(terms, owed))
        items = [
            Item(invoice_id, one)
            for invoice_id in sorted(due)
            if (one := self.receivables[invoice_id]).listed_on is not None
        ]
        for group in grouped(items, self.debtor, terms):
            self._letter(group, terms)

    def _overdue(self, day: date) -> Mapping[str, Money]:
        owed: dict[str, Money] = {}
        for one in self.receivables.values():
            if one.state is State.OPEN and one.invoice.due_on < day:
                currency = one.principal.currency
                owed[currency] = owed.get(currency, Money.zero(currency)) + one.principal
        credits_ = self.debtor.credit_sums()
        return {
            currency: amount - credits_.get(currency, Money.zero(currency))
            for currency, amount in owed.items()
        }

    def _letter(self, group: Sequence[Item], terms: Terms) -> None:
        plan, day = group[0].plan, terms.today_on
        invoices = [item.invoice_id for item in group]
        notice_id = notice_id_of(self.debtor_id, day, plan.kind, invoices, 1)
        own = {one.notice_id for one in group[0].receivable.sent}
        since = unbroken_since(self._times(day), day)
        compensated = [
            invoice_id
            for invoice_id, one in self.receivables.items()
            if any(
                added.charge.kind == "compensation" and added.lawful and added.charged_on >= since
                for added in one.charges.values()
            )
        ]
        arrears = Arrears(self.debtor.fee_letters_since(since, own), compensated)
        priced = pricing.letter(group, notice_id, arrears, terms)
        if priced.against is not None:
            for invoice_id in invoices:
                self._ask(invoice_id, c.SkipStep(priced.against, terms))
            self._look_on(_next_half_year(day), day)
            return
        for item in group:
            self._send(item, notice_id, priced, terms)
        self._count(notice_id, plan.kind, day, invoices, charged=plan.charged, priced=priced)
        if plan.kind is NoticeKind.WARNING and priced.pay_by_on is not None:
            self._look_on(priced.pay_by_on + _DAY, day)

    def _send(self, item: Item, notice_id: UUID, priced: PricedLetter, terms: Terms) -> None:
        plan = item.plan
        issue = c.IssueLetter(notice_id, plan.step, plan.kind, plan.step + 1, terms)
        self._ask(item.invoice_id, issue)
        count = c.CountLetter(
            notice_id=notice_id,
            charged=plan.charged,
            sent_on=terms.today_on,
            deadline_on=priced.pay_by_on,
            channel="",
            added=priced.added.get(item.invoice_id, ()),
            terms=terms,
        )
        self._ask(item.invoice_id, count)

    def _count(
        self,
        notice_id: UUID,
        kind: NoticeKind,
        day: date,
        invoices: Sequence[UUID],
        *,
        charged: bool,
        priced: PricedLetter,
    ) -> None:
        fee = Money.zero(self.creditor.home_currency)
        for added in priced.added.values():
            for charge in added:
                if charge.kind == "fee":
                    fee = charge.amount
        self.debtor = DEBTOR.evolve(self.debtor, d.LetterSent(notice_id, kind, fee, day))
        late = tuple((day - self.receivables[one].invoice.due_on).days for one in invoices)
        first = all(len(self.receivables[one].letters) == 1 for one in invoices)
        self.sent.append(Sending(day, kind, charged=charged, late_days=late, first=first))

    def _statement(self, terms: Terms) -> None:
        day = terms.today_on
        open_ = [one.invoice.issued_on for one in self._open().values()]
        credits_ = [one.dated_on for one in self.debtor.credits.values() if one.remaining.minor > 0]
        planned_on = next_on(self.debtor, min([*open_, *credits_], default=None), terms)
        if planned_on is None:
            return
        if planned_on > day or day.weekday() not in terms.timeline.list_days:
            self._look_on(list_day(max(planned_on, day), terms.timeline.list_days), day)
            return
        if why_no_statement(terms) is not None:
            return
        letters = statements(self.debtor_id, self._open(), self.debtor, terms)
        for letter in letters:
            notice_id = notice_id_of(self.debtor_id, day, f"statement:{letter.currency}", [], 1)
            none = Money.zero(letter.currency)
            sent = d.LetterSent(notice_id, NoticeKind.STATEMENT, none, day)
            self.debtor = DEBTOR.evolve(self.debtor, sent)
            self.sent.append(Sending(day, NoticeKind.STATEMENT))
        if letters:
            self._look_on(day + terms.timeline.steps[0].after_days * _DAY, day)

    def _open(self) -> Mapping[UUID, Receivable]:
        return {key: one for key, one in self.receivables.items() if one.state is State.OPEN}

    def _consider(self, terms: Terms) -> None:
        """Which of the warned are ready for collection from this day on."""
        for invoice_id, one in self.receivables.items():
            warning = one.warning
            if warning is None or warning.deadline_on is None or invoice_id in self.ready:
                continue
            if warning.deadline_on < terms.today_on and collecting.held_by(one, terms) is None:
                self.ready[invoice_id] = terms.today_on

    def _times(self, day: date) -> Iterable[Overdue]:
        for invoice_id, one in self.receivables.items():
            settled_on, due_on = self.settled_on.get(invoice_id), one.invoice.due_on
            if settled_on is None and one.state in {State.OPEN, State.AT_AGENCY}:
                yield Overdue(due_on, None)
            elif settled_on is not None and due_on < settled_on <= day:
                yield Overdue(due_on, settled_on)

    def _look_on(self, day: date, today: date) -> None:
        if day > today:
            heapq.heappush(self.days, day)


def _next_half_year(day: date) -> date:
    return next(
        begins
        for year in (day.year, day.year + 1)
        for month, first in _HALF_YEARS
        if (begins := date(year, month, first)) > day
    )
