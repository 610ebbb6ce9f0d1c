"""An invoice of which the next letter is planned: what was sent, and where it waits."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from services.dunning.model.planning import plan_of
from services.dunning.model.receivable import Pause, Receivable, Sent, State
from services.dunning.values import (
    ChargePolicy,
    Invoice,
    NoticeKind,
    Plan,
    ReminderRules,
    Step,
    Terms,
    Timeline,
    WriteOffRules,
)
from shared.money import Money

_GROSS = Money(1_000_00, "DKK")
_EVERY_DAY = range(7)


class Planned:
    """`steps` are kinds, each with its days after the due date."""

    def __init__(
        self,
        due_on: date,
        steps: Sequence[tuple[NoticeKind, int]],
        gap_days: int = 0,
        list_days: Collection[int] = _EVERY_DAY,
    ) -> None:
        told = Invoice(
            debtor_id=UUID(int=1),
            number="1",
            voucher="1",
            debtor_number="1",
            issued_on=due_on - timedelta(days=30),
            sent_on=due_on - timedelta(days=30),
            due_on=due_on,
            due_basis="agreed",
            gross=_GROSS,
            gross_in_base=_GROSS,
        )
        self.invoice = Receivable(state=State.OPEN, told=told, remaining=_GROSS)
        self._terms = Terms(
            today_on=due_on,
            country="DK",
            home_currency="DKK",
            debtor_kind="consumer",
            timeline=Timeline(
                "main",
                tuple(Step(kind, days, charged=False) for kind, days in steps),
                gap_days,
                tuple(sorted(list_days)),
            ),
            rules=ReminderRules(),
            policy=ChargePolicy(),
            write_offs=WriteOffRules(),
        )

    def next_letter(self) -> Plan:
        plan = plan_of(self.invoice, self._terms)
        assert plan is not None, "a step is left"
        return plan

    def is_sent(self, on: date) -> None:
        """The next letter, which sets no day to pay by."""
        plan = self.next_letter()
        letters = self.invoice.sent
        sent = Sent(
            UUID(int=len(letters) + 2), plan.kind, plan.step, len(letters) + 1,
            charged=False, sent_on=on, deadline_on=None,
        )  # fmt: skip
        self.invoice = replace(self.invoice, sent=(*letters, sent))

    def is_paused(self, until_on: date) -> None:
        self.invoice = replace(self.invoice, pause=Pause("by_hand", until_on))

    def goes_on(self, on: date) -> None:
        self.invoice = replace(self.invoice, pause=None, resumed_on=on)
