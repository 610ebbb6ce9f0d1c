"""The shop's customers: a house whose client lets us into its customers' ledger too."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import UUID, uuid4, uuid5

import msgspec

from services.sync.model.naming import customer_id_of, item_id_of
from services.sync.values import PayTo, Receivables
from shared.contracts.dunning import ChargeLine, ChargePostingSought, OpenItemsCheckSought
from shared.money import Money
from shared.postgres import Server
from tests.sync.economic_world import BUTIK, MARCH
from tests.sync.house import CONNECTION_ID, SHOP, House, living

RECEIVABLES = 5600
FEES_EARNED, INTEREST_EARNED, COMPENSATION_EARNED = 1311, 4305, 1315
KLARUP, KARIN, NORDVIK, VESTBY = 201, 202, 203, 204
DUE = date(2026, 3, 16)
CARDS: list[dict[str, Any]] = [
    {
        "number": KLARUP,
        "name": "Klarup Tømrer ApS",
        "address": "Havnegade 4",
        "zip": "9000",
        "city": "Aalborg",
        "country": "Danmark",
        "email": "bogholderi@klarup.example.dk",
        "mobilePhone": "20 12 34 56",
        "corporateIdentificationNumber": "31884209",
    },
    {
        "number": KARIN,
        "name": "Karin Holm",
        "address": "Søndergade 12, 2. tv",
        "zip": "8000",
        "city": "Aarhus C",
        "email": "karin@holm.example.dk",
        "corporateIdentificationNumber": "010185-1234",
    },
    {
        "number": NORDVIK,
        "name": "Nordvik Bygg AB",
        "address": "Storgatan 1",
        "zip": "113 30",
        "city": "Stockholm",
        "country": "Sverige",
        "email": "faktura@nordvik.example.se",
        "mobilePhone": "070-123 45 67",
        "corporateIdentificationNumber": "556016-0680",
        "currency": "SEK",
    },
    {
        "number": VESTBY,
        "name": "Vestby Båt AS",
        "address": "Havna 3",
        "zip": "5003",
        "city": "Bergen",
        "country": "NO",
        "email": "post@vestby.example.no",
        "corporateIdentificationNumber": "NO 923 609 016 MVA",
        "currency": "NOK",
    },
]


class SalesHouse(House):
    """Everything that a test asks of the customers' side."""

    def open_sales(self, grant: str = "grant-shop", **chosen: Any) -> None:
        """The client consents; `chosen` differs from the usual settings of its customers' ledger."""
        fik = self.world.vault.seal(SHOP, SHOP, "81234567")
        giro = self.world.vault.seal(SHOP, SHOP, "5050-1055")
        settings: dict[str, Any] = {
            "accounts": (RECEIVABLES,),
            "pay_to": (PayTo("fik71", "DKK", fik), PayTo("bankgiro", "SEK", giro)),
        } | chosen
        self.consent(
            grant,
            receivables=Receivables(**settings),
            fee_income=FEES_EARNED,
            interest_income=INTEREST_EARNED,
            compensation_income=COMPENSATION_EARNED,
        )

    def consent_without_income(self) -> None:
        """The customers' ledger is open, and no account is named for what charges earn."""
        self.consent(receivables=Receivables((RECEIVABLES,)))

    def sells(self, amount: str, customer: int = KLARUP, **more: Any) -> int:
        body: dict[str, Any] = {
            "customer": customer,
            "bookedOn": MARCH.isoformat(),
            "dueOn": DUE.isoformat(),
        } | more
        return self.vendor.does("customer-invoices", amount=amount, **body)

    def is_paid(self, entry: int, on: str = "2026-03-05", **more: Any) -> int:
        return self.vendor.does("customer-payments", entry=entry, bookedOn=on, **more)

    def charges(
        self,
        entry: int,
        token: str,
        *lines: ChargeLine,
        on: date = MARCH,
    ) -> ChargePostingSought:
        """Dunning asks for a voucher on the customer of an invoice."""
        invoice = self.item(entry).entry
        assert invoice is not None
        contract = ChargePostingSought(
            posting_id=uuid5(SHOP, token),
            invoice_id=item_id_of(CONNECTION_ID, entry),
            debtor_id=invoice.party_id,
            party_number=invoice.party_number,
            invoice_number=invoice.invoice_number,
            token=token,
            voucher_on=on,
            due_on=DUE,
            lines=lines,
        )
        self.say(contract)
        self.settle()
        return contract

    def checks(self, customer: int = KLARUP) -> UUID:
        """Dunning wants to know how a customer stands, before a letter goes."""
        check_id = uuid4()
        self.say(
            OpenItemsCheckSought(
                check_id=check_id, debtor_id=party(customer), party_number=str(customer)
            )
        )
        self.settle()
        return check_id

    def later(self, **units: int) -> None:
        """Time passes, and the ledger is read again."""
        self.advance(**units)
        self.sync_now()

    def story(self, entry: int) -> list[tuple[str, dict[str, Any]]]:
        """What was told of one entry, in order, each time by its name and fields."""
        named = {"invoice_id", "item_id", "entry_id", "credit_note_id"}
        return [
            (name, fields)
            for name, fields in self.told()
            if any(fields.get(field) == item(entry) for field in named)
        ]

    def true_of(self, entry: int) -> list[date | None]:
        """The day that each telling of an invoice is true of, where it is not that of the telling."""
        with self.world.runtimes["sync"].app.transaction([SHOP]) as transaction:
            rows = transaction.raw.execute("select body, headers from outbox order by position")
            found = [(msgspec.json.decode(body), msgspec.json.decode(head)) for body, head in rows]
        days = [head.get("ce_effectiveon") for body, head in found
                if body.get("invoice_id") == item(entry)]  # fmt: skip
        return [None if day is None else date.fromisoformat(day) for day in days]

    def names_of(self, entry: int) -> list[str]:
        return [name for name, _ in self.story(entry)]

    def card(self, number: int) -> list[dict[str, Any]]:
        """How a customer was told, each time."""
        every = self.of_customers("PartyChanged")
        return [fields for fields in every if fields["number"] == str(number)]

    def of_customers(self, *names: str) -> list[dict[str, Any]]:
        return [fields for _, fields in self.told(*names) if fields["side"] == "receivable"]


def item(entry: int) -> str:
    return str(item_id_of(CONNECTION_ID, entry))


def party(number: int) -> UUID:
    return customer_id_of(CONNECTION_ID, number)


def charge(amount: str, income: str = "fee_income", settles: str | None = None) -> ChargeLine:
    return ChargeLine(uuid4(), income, Money.of(amount, "DKK"), settles)  # type: ignore[arg-type]


def minor(amount: str, currency: str = "DKK") -> dict[str, Any]:
    return {"minor": Money.of(amount, currency).minor, "currency": currency}


@contextmanager
def selling(server: Server, page_size: int = 1000, **settings: str) -> Iterator[SalesHouse]:
    with living(server, page_size, SalesHouse, **settings) as house:
        assert isinstance(house, SalesHouse)
        house.attach()
        for card in CARDS:
            house.vendor.does("customers", BUTIK, **card)
        yield house
