"""The journey over HTTP, with a bank that keeps a book of its own."""

from __future__ import annotations

import base64
from datetime import UTC, date, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.payments.app import build
from services.payments.values import State
from shared.contracts import payments as told
from shared.money import Money
from shared.postgres import Server
from shared.testing.servers import serve
from shared.testing.stand_in import stand_in
from shared.testing.world import World
from simulators.bank.app import create_app
from simulators.bank.book import Book
from simulators.bank.faults import Fault, FaultKind
from tests.payments.office_of_anna import DEBTOR, FIK, START, Office, dkk

DAY = date(2026, 3, 9)


class LateClock:
    """The world's clock, for a bank that is built before the world is."""

    world: World | None = None

    def now(self) -> datetime:
        return self.world.clock.now() if self.world else START


@pytest.mark.capability("S3")
@pytest.mark.capability("S8")
@pytest.mark.parametrize("fault", [None, FaultKind.ERROR_AFTER])
def test_the_banks_own_book_shows_one_debit(postgres_server: Server, fault: Any) -> None:
    key, clock, book = Ed25519PrivateKey.generate(), LateClock(), Book()
    book.open_account(DEBTOR, {"DKK": 10_000_000}, "sesam", Money(250, "DKK"))
    if fault is not None:
        book.add_fault(Fault(fault))
    with serve(create_app(clock, book)) as address:
        settings = {
            "approvals_public_key": base64.b64encode(key.public_key().public_bytes_raw()).decode(),
            "bank_url": address,
            "bank_token": "sesam",
        }
        services = [build, *map(stand_in, ("sync", "approvals", "tenants"))]
        with World(postgres_server, services, START, settings) as world:
            clock.world = world
            office = Office(world, None, key)
            office.open()
            to_account = office.book("A-1", "1250.00")
            by_form = office.book("A-2", "900.00", pays_to=FIK, due_on=date(2026, 3, 11))
            office.approve(to_account, by_form)
            # A form leaves the evening before the last banking day, an account transfer on the day.
            office.until(datetime(2026, 3, 6, 22, 30, tzinfo=UTC))
            first = State.SUBMITTED if fault is None else State.OUTCOME_UNKNOWN
            assert office.state(by_form) is first
            office.until(datetime(2026, 3, 9, 9, 30, tzinfo=UTC))
            for day in (10, 11, 12):
                office.until(datetime(2026, 3, day, 12, tzinfo=UTC))
                office.until(datetime(2026, 3, day, 14, tzinfo=UTC))
            assert office.state(to_account) is State.RECONCILED
            assert office.state(by_form) is State.RECONCILED
            executed = office.told(told.PaymentExecuted)
            assert sorted(one.amount.minor for one in executed) == [90_000, 125_000]
            assert {one.fee for one in executed} == {dkk("2.50")}
            debits = book.inspect()["debits"]
            assert len(debits) == 2
            office.until(datetime(2026, 3, 20, 12, tzinfo=UTC))
            assert len(book.inspect()["debits"]) == 2
