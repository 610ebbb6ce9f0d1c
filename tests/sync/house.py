"""Sync at work against the simulated vendor, beside services that only speak."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID, uuid4, uuid5

import msgspec

from services.sync.acts import booking
from services.sync.acts.intake import receive
from services.sync.app import build
from services.sync.commands import GiveConsent, StartRun
from services.sync.model.connection import CONNECTION, Connection
from services.sync.model.document import DOCUMENT, Document
from services.sync.model.item import ITEM, Item
from services.sync.model.naming import connection_id_of, item_id_of
from services.sync.values import Receivables, Settings
from shared.contracts.base import Contract
from shared.contracts.payments import PaymentPostingSought, VoucherLine
from shared.contracts.tenants import ClientAttached
from shared.decider import Decider
from shared.money import Money
from shared.postgres import Server
from shared.sealed import Sealed
from shared.service import Service, Surroundings
from shared.testing.stand_in import say, stand_in
from shared.testing.world import World
from shared.work import Work
from tests.sync.economic_world import BANK, BUTIK, FEES, JOURNAL, PAYABLES, running
from tests.sync.economic_world import World as Vendor

SHOP = UUID("00000000-0000-4000-8000-00000000000a")
METTE = UUID("00000000-0000-4000-8000-00000000000b")
CONNECTION_ID = connection_id_of(SHOP)
EXPENSE = 1310


def dkk(amount: str) -> Money:
    return Money.of(amount, "DKK")


class House:
    """One client's connection to the shop's books, and everything a test asks of it."""

    def __init__(self, server: Server, vendor: Vendor, **settings: str) -> None:
        self.vendor = vendor
        self.invoice = 0
        chosen = {"economic_secret": "secret", "economic_url": vendor.address} | settings
        services: list[Callable[[Surroundings], Service]] = [
            partial(build, wall=vendor.clock),
            *map(stand_in, ("payments", "tenants", "dunning")),
        ]
        self.world = World(server, services, vendor.clock.now(), chosen)

    def advance(self, **units: int) -> None:
        self.world.clock.advance(**units)
        self.vendor.clock.advance(**units)

    def settle(self) -> None:
        self.world.settle()

    def say(self, contract: Contract, tenant: UUID = SHOP) -> None:
        say(self.world, tenant, contract)

    def attach(self, zone: str = "Europe/Copenhagen") -> None:
        self.say(
            ClientAttached(
                client_id=SHOP,
                agency_id=METTE,
                name="Butik ApS",
                country="DK",
                time_zone=zone,
                language="da",
            )
        )
        self.settle()

    def consent(
        self,
        grant: str = "grant-shop",
        agreement: int = BUTIK,
        receivables: Receivables | None = None,
        **accounts: int,
    ) -> None:
        at = self.world.clock.now()
        command = GiveConsent(
            system="economic",
            agreement=str(agreement),
            settings=Settings(
                JOURNAL,
                (PAYABLES,),
                {"bank": BANK, "bank_fees": FEES} | accounts,
                EXPENSE,
                "I25",
                receivables,
            ),
            grant=self.world.vault.seal(SHOP, SHOP, grant),
            institute="Nordbetaling A/S",
            licence="FT 34012",
            given_by=METTE,
            given_on=at.date(),
            run_id=uuid4(),
            at=at,
        )
        self.ask(command)
        self.settle()

    def ask(self, command: Any) -> Any:
        return self.world.work(
            "sync", SHOP, lambda work: work.execute(CONNECTION, CONNECTION_ID, command)
        )

    def sync_now(self) -> None:
        at = self.world.clock.now()
        self.ask(StartRun(uuid4(), "person", at))
        self.settle()

    def receive(self, document: bytes) -> UUID:
        vault = self.world.vault
        found: UUID = self.world.work("sync", SHOP, lambda work: receive(work, vault, document))
        self.settle()
        return found

    def connection(self) -> Connection:
        found: Connection = self.state(CONNECTION, CONNECTION_ID)
        return found

    def item(self, entry: int) -> Item:
        found: Item = self.state(ITEM, item_id_of(CONNECTION_ID, entry))
        return found

    def document(self, document_id: UUID) -> Document:
        found: Document = self.state(DOCUMENT, document_id)
        return found

    def book(self, document_id: UUID, *, confirmed: bool = False) -> None:
        def book(work: Work) -> None:
            booking.book(work, document_id, confirmed=confirmed)

        self.world.work("sync", SHOP, book)
        self.settle()

    def state(self, decider: Decider[Any, Any, Any], aggregate_id: UUID) -> Any:
        return self.world.work("sync", SHOP, lambda work: work.load(decider, aggregate_id).state)

    def told(self, *names: str) -> list[tuple[str, dict[str, Any]]]:
        """What was published, in order: each as its name and fields; all, or those named."""
        with self.world.runtimes["sync"].app.transaction([SHOP]) as transaction:
            rows = transaction.raw.execute(
                "select body, headers from outbox order by position"
            ).fetchall()
        found = [(_name(headers), msgspec.json.decode(body)) for body, headers in rows]
        return [one for one in found if not names or one[0] in names]

    def names(self, *names: str) -> list[str]:
        return [name for name, _ in self.told(*names)]

    def opened(self, sealed: dict[str, str]) -> str:
        value = Sealed(UUID(sealed["subject"]), sealed["sealed"])
        return self.world.vault.open(SHOP, value)

    def effects(self) -> list[tuple[str, str]]:
        with self.world.runtimes["sync"].app.transaction([SHOP]) as transaction:
            rows = transaction.raw.execute(
                "select kind, state from effect order by intended_at, kind"
            ).fetchall()
        return [(kind, state) for kind, state in rows]

    def pay(
        self, entry: int, amount: str, on: date, token: str, *, fee: str = "2.50"
    ) -> PaymentPostingSought:
        """Payments asks for a voucher: the invoice paid from the bank, with a fee."""
        state = self.item(entry).entry
        assert state is not None
        lines = [
            VoucherLine(
                "supplier",
                dkk(amount),
                state.party_number,
                state.invoice_number,
                item_id_of(CONNECTION_ID, entry),
            ),
            VoucherLine("bank", -dkk(amount)),
            VoucherLine("bank_fees", dkk(fee)),
            VoucherLine("bank", -dkk(fee)),
        ]
        contract = PaymentPostingSought(
            posting_id=uuid5(SHOP, token),
            payment_id=uuid5(SHOP, f"payment:{token}"),
            token=token,
            voucher_on=on,
            text="payment",
            lines=tuple(lines),
        )
        self.say(contract)
        return contract


def _name(headers: bytes) -> str:
    type_name: str = msgspec.json.decode(headers)["ce_type"]
    return type_name.split(".")[2]


@contextmanager
def living(
    server: Server, page_size: int = 1000, of: type[House] = House, **settings: str
) -> Iterator[House]:
    with running(page_size) as vendor:
        house = of(server, vendor, **settings)
        with house.world:
            yield house
