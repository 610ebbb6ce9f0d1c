"""One life of the house: five services in one process go on from whatever is there, to the end.

Every person's act is done only where it is not done yet, as people would see on their pages. So the
same script begins the journey and finishes one that was cut off anywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from forfald.demo.opening import CLIENTS, Opening
from forfald.demo.outside_world import OutsideWorld
from forfald.house import PAYING, builder
from services.payments import queries as payments
from services.payments.acts import by_hand
from services.payments.model.naming import end_to_end_id
from services.payments.queries import Payable
from services.payments.values import State
from services.tenants.acts import demo as cast
from shared import faults
from shared.calendar import calendar_of
from shared.clock import SettableClock, WallClock
from shared.provision import Address, open_vault
from shared.runtime import Runtime
from shared.service import Surroundings
from shared.settings import Settings
from shared.work import Work
from tests.faults.standing_clock import StandingClock
from tests.journeys.house import builders

CLIENT = CLIENTS[0]
APPROVER = CLIENT.approvers[:1]
_A_WHILE = timedelta(minutes=2)
_PATIENCE = timedelta(days=5)
_STRIDE = timedelta(minutes=30)
_ALERT_AFTER = timedelta(hours=2)
_STEPS_MAX = 500
_LATER = """
    select min(due_at) from (
        select due_at from due where done_at is null
        union all
        select due_at from effect where state in ('intended', 'attempted', 'unknown')) later
    where due_at > %s
"""
_SAFE = """
    select (select case when is_called then last_value else 0 end from log_position)
         = (select safe from watermark)
"""


def prepare() -> None:
    """Import what is otherwise imported when it is first needed."""
    for name in PAYING:
        builder(name)
    calendar_of("DK")


def live(order: Mapping[str, Any]) -> None:
    """From what is there to the end of the journey, or to the crash point of the order."""
    with lived(surroundings_of(order)) as runtimes:
        faults.arm(at=order["at"], log=order["log"])
        Journey(runtimes).play()


@contextmanager
def lived(surroundings: Surroundings) -> Iterator[Mapping[str, Runtime]]:
    """All services, each with its parts; nothing stays open."""
    services = [build(surroundings) for build in builders(PAYING)]
    with ExitStack() as stack:
        stack.callback(surroundings.opened().close)
        runtimes = {service.name: Runtime(service, surroundings) for service in services}
        for runtime in runtimes.values():
            stack.callback(runtime.close)
        yield runtimes


def surroundings_of(order: Mapping[str, Any]) -> Surroundings:
    """`before`: how many have died. Each lives a while later, so that the leases of all have ended."""
    address = Address(**order["address"])
    wall = WallClock().now() + order["before"] * _A_WHILE
    return Surroundings(
        address=address,
        clock=StandingClock(Path(order["clock"])),
        vault=open_vault(address),
        settings=Settings(order["settings"]),
        wall=SettableClock(wall),
    )


class Journey:
    """One invoice: fetched, put to its approver, approved, paid, bookkept."""

    def __init__(self, runtimes: Mapping[str, Runtime]) -> None:
        self.runtimes = runtimes
        surroundings = runtimes["payments"].surroundings
        clock = surroundings.clock
        assert isinstance(clock, SettableClock)
        self._clock = clock
        settings = surroundings.settings
        world = OutsideWorld(settings["bank_url"], settings["economic_url"])
        self._opening = Opening(runtimes, world, self.settle, self._clock.move_to)

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

    def _orders(self) -> list[Payable]:
        with self.runtimes["payments"].app.transaction([CLIENT.tenant_id]) as transaction:
            return payments.payables(transaction.sql, CLIENT.tenant_id)

    def until(self, done: Callable[[Payable], bool]) -> None:
        """Let time pass, from one due instant to the next, until it is so of the one order."""
        self.settle()
        latest = self._clock.now() + _PATIENCE
        while not (orders := self._orders()) or not done(orders[0]):
            later = [instant for instant in map(self._later, self.runtimes) if instant]
            assert later, f"nothing will ever happen again: {orders}"
            assert min(later) < latest, f"five days later: {orders}"
            self._clock.move_to(max(min(later), self._clock.now() + _STRIDE))
            self.settle()
            self._ask_the_bank()

    def _ask_the_bank(self) -> None:
        """What is unknown for so long that people were told: two of them ring up the bank."""
        for order in self._orders():
            alerted = order.since_at + _ALERT_AFTER < self._clock.now()
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
        url = self.runtimes["payments"].surroundings.settings["bank_url"]
        book = httpx.get(f"{url}/control/book", timeout=10, trust_env=False).json()
        return any(o["end_to_end_id"] == order for p in book["payments"] for o in p["orders"])

    def settle(self) -> None:
        """Step all services in turn until none of them moves."""
        for _ in range(_STEPS_MAX):
            moved = sum(runtime.step() for runtime in self.runtimes.values())
            if not moved and all(map(self._is_safe, self.runtimes)):
                return
        raise AssertionError("the house does not come to rest")

    def _later(self, service: str) -> datetime | None:
        found: datetime | None = self._one(service, _LATER, self._clock.now())
        return found

    def _is_safe(self, service: str) -> bool:
        """Whether all that was appended is in everybody's sight."""
        return bool(self._one(service, _SAFE))

    def _one(self, service: str, query: str, *values: Any) -> Any:
        with self.runtimes[service].reader.connection() as transaction:
            row = transaction.raw.execute(query.encode(), values).fetchone()
        assert row is not None
        return row[0]


def _report(person: UUID, payment_id: UUID, work: Work, *, received: bool) -> None:
    by_hand.report_bank_word(work, person, payment_id, received=received)
