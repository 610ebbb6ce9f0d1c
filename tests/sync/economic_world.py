"""A simulated e-conomic on a real socket, with the adapter in front of it and a person behind it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import msgspec

from services.sync.gateways.economic import EconomicLedger, EconomicSettings
from services.sync.gateways.source import AccountingSource
from services.sync.gateways.transport import Credentials, EconomicHttp, Hosts
from shared.clock import SettableClock
from shared.testing.servers import serve
from simulators.economic import Books, control, create_app, open_agreement
from simulators.economic.books import Agreement, Supplier
from tests.asking import program

JOURNAL = 4
PAYABLES, BANK, FEES = 6800, 5820, 4310
MARCH = date(2026, 3, 2)
BUTIK, BAGER = 1001, 1002
FIK = {"paymentTypeNumber": 3, "creditorId": "81234567", "creditorInvoiceId": "000000000012344"}


class World:
    """Two agreements: a shop, and a bakery whose accounting year runs from July."""

    def __init__(self, page_size: int = 1000) -> None:
        self.clock = SettableClock(datetime(2026, 3, 2, 8, tzinfo=UTC))
        self.shop = with_suppliers(open_agreement(BUTIK, "grant-shop", "Butik ApS"))
        years = (date(2025, 7, 1), date(2026, 7, 1))
        self.bakery = with_suppliers(
            open_agreement(BAGER, "grant-bakery", "Bageren A/S", first_days=years)
        )
        self.app = create_app(self.clock, Books([self.shop, self.bakery]), page_size=page_size)
        self.address = ""
        self.person = program()
        self._opened: list[EconomicHttp] = []

    def http(
        self,
        grant: str = "grant-shop",
        address: str | None = None,
        timeout_seconds: float = 5,
        made_by: type[EconomicHttp] = EconomicHttp,
    ) -> EconomicHttp:
        here = address or self.address
        credentials = Credentials(app_secret="secret", grant=grant)
        http = made_by(credentials, self.clock, Hosts(here, here), timeout_seconds)
        self._opened.append(http)
        return http

    def ledger(
        self, grant: str = "grant-shop", agreement: int = BUTIK, **http: Any
    ) -> AccountingSource:
        settings = EconomicSettings(str(agreement), JOURNAL, (PAYABLES,))
        return EconomicLedger(self.http(grant, **http), settings)

    def does(self, action: str, agreement: int = BUTIK, **body: Any) -> int:
        """A person's act in the vendor's own screens; the number of the entry, if there is one."""
        answer = self.person.post(f"{self.address}/control/{agreement}/{action}", json=body)
        assert answer.status_code == 200, answer.text
        return int(answer.json().get("entryNumber", 0))

    def invoice(self, number: str, amount: str, **more: Any) -> int:
        body: dict[str, Any] = {
            "supplier": 70,
            "bookedOn": MARCH.isoformat(),
            "dueOn": "2026-03-31",
        } | more
        return self.does("invoices", number=number, amount=amount, **body)

    def many_invoices(self, count: int) -> list[int]:
        """Straight into the books, since a thousand requests take their time."""
        for n in range(count):
            body = {"supplier": 70, "number": f"F-{n}", "amount": "10.00", "document": False}
            control.book_invoice(
                self.shop, msgspec.json.encode(body | {"bookedOn": MARCH}), self.clock.now()
            )
        return [row.entry_number for row in self.shop.entries if row.supplier_number is not None]

    def fails(self, path: str, **fault: Any) -> None:
        answer = self.person.post(f"{self.address}/control/faults", json=[{"path": path, **fault}])
        assert answer.status_code == 200, answer.text

    def books(self, agreement: int = BUTIK) -> dict[str, Any]:
        """The independent checker's view."""
        answer = self.person.get(f"{self.address}/control/books").text
        every = json.loads(answer, parse_float=Decimal)["agreements"]
        return next(each for each in every if each["agreementNumber"] == agreement)

    def texts(self) -> list[str]:
        """One text per booked voucher."""
        return [voucher["entries"][0]["text"] for voucher in self.books()["vouchers"]]

    def close(self) -> None:
        for agreement in (BUTIK, BAGER):
            for voucher in self.books(agreement)["vouchers"]:
                assert voucher["debit"] == voucher["credit"], voucher
        for http in self._opened:
            http.close()
        self.person.close()


@contextmanager
def running(page_size: int = 1000) -> Iterator[World]:
    world = World(page_size)
    with serve(world.app) as address:
        world.address = address
        yield world
        world.close()


def with_suppliers(agreement: Agreement) -> Agreement:
    agreement.suppliers += [
        Supplier(70, "Nørrebro Papir (engros)", vat_number="12345674"),
        Supplier(71, "Holz GmbH", currency="EUR"),
    ]
    return agreement
