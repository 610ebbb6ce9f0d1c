"""One supplier's invoice: fetched, put to its approver, approved, paid, bookkept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import Final
from uuid import UUID

import httpx

from forfald.demo import outside_world as outside
from forfald.demo.opening import CLIENTS, Opening
from forfald.demo.outside_world import Invoice, OutsideWorld, bank
from forfald.house import PAYING
from services.payments import queries as payments
from services.payments.acts import by_hand
from services.payments.model.naming import end_to_end_id
from services.payments.queries import Payable
from services.payments.values import State
from services.tenants.acts import demo as cast
from shared.runtime import Runtime
from shared.work import Work
from tests.faults.journey import Journey
from tests.faults.play import Play
from tests.journeys.house import THURSDAY, House

CLIENT: Final = CLIENTS[0]
APPROVER: Final = CLIENT.approvers[:1]
INVOICE: Final = Invoice(12, "882041", "7906.25", 1, bank("97120004561238", "882041"))
_ALERT_AFTER: Final = timedelta(hours=2)


class Paying(Journey):
    """The people's part, and to ring up the bank where nobody else can know."""

    patience = timedelta(days=5)
    stride = timedelta(minutes=30)

    def __init__(self, runtimes: Mapping[str, Runtime]) -> None:
        super().__init__(runtimes)
        world = OutsideWorld(self.settings["bank_url"], self.settings["economic_url"])
        self._opening = Opening(runtimes, world, self.settle, self.clock.move_to)

    def play(self) -> None:
        self.approve()
        self.until(lambda order: order.bookkept_at is not None)

    def approve(self) -> None:
        """The people's part: fetch the invoice, put it to its approver, say yes."""
        self.settle()
        if not self._orders():
            self._opening.sync_now(CLIENT)
        self.until(lambda order: order.state in State)
        self._opening.send_ready(CLIENT)
        self.settle()
        self._opening.approve_all(CLIENT, by=APPROVER)
        self.settle()

    def until(self, done: Callable[[Payable], bool]) -> None:
        """Let time pass until it is so of the one order."""

        def is_done() -> bool:
            orders = self._orders()
            return bool(orders) and done(orders[0])

        self.let_time_pass(is_done, self._ask_the_bank, self._orders)

    def _orders(self) -> list[Payable]:
        with self.runtimes["payments"].app.transaction([CLIENT.tenant_id]) as transaction:
            return payments.payables(transaction.sql, CLIENT.tenant_id)

    def _ask_the_bank(self) -> None:
        """What is unknown for so long that people were told: two of them ring up the bank."""
        for order in self._orders():
            alerted = order.since_at + _ALERT_AFTER < self.clock.now()
            if order.state is State.OUTCOME_UNKNOWN and alerted:
                received = self._bank_has(end_to_end_id(order.payment_id, order.revision))
                for person in (cast.METTE.user_id, cast.HENRIK.user_id):
                    self.runtimes["payments"].work(
                        CLIENT.tenant_id,
                        f"user:{person}",
                        partial(_report, person, order.payment_id, received=received),
                    )
                self.settle()

    def _bank_has(self, order: str) -> bool:
        url = self.settings["bank_url"]
        book = httpx.get(f"{url}/control/book", timeout=10, trust_env=False).json()
        return any(o["end_to_end_id"] == order for p in book["payments"] for o in p["orders"])


def _report(person: UUID, payment_id: UUID, work: Work, *, received: bool) -> None:
    by_hand.report_bank_word(work, person, payment_id, received=received)


def _set_up(house: House) -> None:
    opening = house.opening()
    house.outside.open_accounts(house.runtimes["payments"].surroundings.settings["bank_token"])
    house.outside.open_ledgers(THURSDAY.date())
    cast.seed(house.runtimes["tenants"])
    house.settle()
    opening.set_up(CLIENT)
    house.settle()
    house.outside.book({outside.FJORDVIG.agreement: [INVOICE]}, THURSDAY.date())


PLAY: Final = Play("paying", Paying, PAYING, THURSDAY, _set_up)
