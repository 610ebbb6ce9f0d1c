"""The journey over HTTP, with a bank that keeps a book of its own."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from psycopg import sql

from services.payments.acts import by_hand as desk
from services.payments.app import build
from services.payments.values import State
from shared.contracts import payments as told
from shared.decider import Rejected
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
RELEASE_AT = datetime(2026, 3, 9, 9, 30, tzinfo=UTC)
BANKS_KEY = "sesam-of-the-bank"


class LateClock:
    """The world's clock, for a bank that is built before the world is."""

    world: World | None = None

    def now(self) -> datetime:
        return self.world.clock.now() if self.world else START


@contextmanager
def office_at_a_bank(server: Server, *faults: Fault) -> Iterator[tuple[Office, Book]]:
    key, clock, book = Ed25519PrivateKey.generate(), LateClock(), Book()
    book.open_account(DEBTOR, {"DKK": 10_000_000}, BANKS_KEY, Money(250, "DKK"))
    for fault in faults:
        book.add_fault(fault)
    with serve(create_app(clock, book)) as address:
        settings = {
            "approvals_public_key": base64.b64encode(key.public_key().public_bytes_raw()).decode(),
            "bank_url": address,
            "bank_token": BANKS_KEY,
            "bank_timeout": "0.5",
        }
        services = [build, *map(stand_in, ("sync", "approvals", "tenants"))]
        with World(server, services, START, settings) as world:
            clock.world = world
            office = Office(world, None, key)
            office.open()
            yield office, book


@pytest.mark.capability("S3")
@pytest.mark.capability("S10")
@pytest.mark.parametrize("fault", [None, FaultKind.ERROR_AFTER])
def test_the_banks_own_book_shows_one_debit(postgres_server: Server, fault: Any) -> None:
    """Nobody but us has gone to the bank; its key is not kept with what we know."""
    faults = [] if fault is None else [Fault(fault)]
    with office_at_a_bank(postgres_server, *faults) as (office, book):
        to_account = office.book("A-1", "1250.00")
        by_form = office.book("A-2", "900.00", pays_to=FIK, due_on=date(2026, 3, 11))
        office.approve(to_account, by_form)
        # A form leaves the evening before the last banking day, an account transfer on the day.
        office.until(datetime(2026, 3, 6, 22, 30, tzinfo=UTC))
        first = State.SUBMITTED if fault is None else State.OUTCOME_UNKNOWN
        assert office.state(by_form) is first
        office.until(RELEASE_AT)
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
        kept = list(everything_kept(office))
        assert any(str(to_account).encode() in value for value in kept)
        assert not any(BANKS_KEY.encode() in value for value in kept)


@pytest.mark.case("integrations", 14)
@pytest.mark.case("rails", 17)
@pytest.mark.property_("P7")
def test_an_answer_that_never_came_freezes_the_order_through_a_restart_until_the_statement_shows_it(
    postgres_server: Server,
) -> None:
    """The bank has the order, and cannot be asked for it: it never told us its number."""
    with office_at_a_bank(postgres_server, Fault(FaultKind.TIMEOUT_AFTER)) as (office, book):
        order = office.book("A-1", "1250.00")
        office.approve(order)
        office.until(RELEASE_AT)
        assert office.state(order) is State.OUTCOME_UNKNOWN
        office.world.restart("payments")
        office.world.settle()
        assert office.state(order) is State.OUTCOME_UNKNOWN
        for again in (
            lambda: office.ask(order),
            lambda: office.do(
                lambda work: desk.revise(work, office.anna, order, amount=dkk("1.00"))
            ),
            lambda: office.do(
                lambda work: desk.pay_again(
                    work, office.anna, office.payment(order).invoice.invoice_id
                )
            ),
        ):
            with pytest.raises(Rejected):
                again()
        for _ in range(24 * 4):
            office.until(office.world.clock.now() + timedelta(minutes=15))
        assert office.state(order) is State.RECONCILED
        assert [one.executed_on for one in office.told(told.PaymentExecuted)] == [DAY]
        assert len(book.inspect()["requests"]) == 1, "nothing was sent again"
        assert [debit["amount"]["minor"] for debit in book.inspect()["debits"]] == [125_000]


def everything_kept(office: Office) -> Iterator[bytes]:
    """Every value in every table of payments."""
    address = office.world.address
    with psycopg.connect(office.world.server.dsn(address.database("payments"))) as connection:
        tables = connection.execute(
            "select schemaname, tablename from pg_tables where schemaname in ('public', 'read')"
        ).fetchall()
        for place in tables:
            for row in connection.execute(
                sql.SQL("select * from {}").format(sql.Identifier(*place))
            ):
                yield from (v if isinstance(v, bytes) else str(v).encode() for v in row)
