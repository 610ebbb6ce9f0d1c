"""Approvals in a world of its own, and stand-ins for the services that it listens to or speaks to."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa

from services.approvals import queries
from services.approvals.acts import answering, asking
from services.approvals.acts.answering import Answered, Seen
from services.approvals.app import build
from services.approvals.gateways.signing import Signer
from services.approvals.queries import Shown
from services.approvals.registers.links import Lead, Links
from shared.clock import SettableClock
from shared.contracts import approvals as told
from shared.contracts.base import CONTRACTS, Contract
from shared.contracts.payments import ApprovalSought, OrderToApprove
from shared.contracts.tenants import ClientAttached, RoleGranted, UserInvited
from shared.contracts.values import Copy, PolicyTier, SealedAccount
from shared.eventstore.events import Event
from shared.eventstore.mapper import EventMapper
from shared.money import Money
from shared.postgres import Server
from shared.projecting.read_schema import metadata
from shared.service import Service, Surroundings
from shared.stream.subscriptions import Subscriptions
from shared.testing.stand_in import say, stand_in
from shared.testing.world import World
from shared.work import Rules, Work
from tests.approvals.facts import ANNA, BERTIL, CARLA, LATEST_AT, SOUGHT_AT, named

INSTRUCTION = json.dumps(
    {"kind": "fik71", "account": "80882939", "reference": "026840149965328", "bic": None}
)
PRIVATE_KEY = base64.b64encode(bytes(range(32))).decode()
COPY = Copy("9f" * 32, "application/pdf", 20_000)
TENANT = named("Fjordvig Byg")
_NAMES = {ANNA: "Anna", BERTIL: "Bertil", CARLA: "Carla"}
C = TypeVar("C", bound=Contract)
T = TypeVar("T")


class Listened(Event, frozen=True, tag="notifications.Listened.v1"):
    contract: str
    body: str


def _listener(heard: list[Contract]) -> Callable[[Surroundings], Service]:
    """A service that keeps all that approvals tells, in order."""
    subscriptions = Subscriptions("notifications")
    for contract in CONTRACTS.values():
        if contract.publisher == "approvals":
            subscriptions._handlers[contract.type_name] = (contract, lambda e, _: heard.append(e))

    def build_listener(_: Surroundings) -> Service:
        return Service("notifications", Rules(EventMapper(Listened)), subscriptions, metadata())

    return build_listener


@dataclass
class Outside:
    """What a test does to approvals from outside, and what it hears from it."""

    world: World
    wall: SettableClock
    heard: list[Contract]
    signer: Signer = field(default_factory=lambda: Signer.read(PRIVATE_KEY))

    def say(self, contract: Contract, about: UUID = TENANT, tenant: UUID = TENANT) -> None:
        say(self.world, tenant, contract, about)

    def settle(self) -> None:
        self.world.settle()
        parked = self.sql(lambda sql: sql.execute(sa.text("select error from parked")).all())
        assert parked == []

    def people(self, *approvers: UUID) -> None:
        """Fjordvig Byg with Anna as bookkeeper, and these approvers."""
        self.say(
            ClientAttached(
                client_id=TENANT, agency_id=named("office"), name="Fjordvig Byg ApS",
                country="DK", time_zone="Europe/Copenhagen", language="da",
            )
        )  # fmt: skip
        for user_id in {ANNA, *approvers}:
            name = self.world.vault.seal(TENANT, user_id, _NAMES[user_id])
            self.say(
                UserInvited(
                    user_id=user_id, client_id=TENANT, name=name, email=name, language="da"
                ),
                user_id,
            )
        for user_id in approvers:
            self.role(user_id, "approver")

    def role(self, user_id: UUID, role: str) -> None:
        self.say(RoleGranted(user_id=user_id, client_id=TENANT, role=role), user_id)

    def policy(self, *tiers: PolicyTier) -> None:
        """Set by Anna, who is made an administrator for it."""
        self.role(ANNA, "administrator")
        self.settle()
        self.work(lambda work: answering.set_policy(work, ANNA, tiers))

    def order(self, payment: str, amount: str = "94500.00", **others: Any) -> OrderToApprove:
        payee = named("Kronborg")
        facts: dict[str, Any] = {
            "payment_id": named(payment),
            "revision": 1,
            "digest": f"digest of {payment}",
            "amount": Money.of(amount, "DKK"),
            "payee_id": payee,
            "payee_name": self.world.vault.seal(TENANT, payee, "Kronborg Tagentreprise A/S"),
            "account": SealedAccount(
                "fik71", "f", "2939", self.world.vault.seal(TENANT, payee, INSTRUCTION)
            ),
            "copy_of": COPY,
            "invoice_id": named(f"invoice of {payment}"),
            "invoice_number": "20-1184",
            "due_on": date(2026, 3, 9),
            "pay_on": date(2026, 3, 9),
            "latest_approval_at": LATEST_AT,
        }
        return OrderToApprove(**{**facts, **others})

    def seek(self, *orders: OrderToApprove, request: str = "request") -> UUID:
        """Anna puts payments forward."""
        request_id = named(request)
        contract = ApprovalSought(
            request_id=request_id, orders=orders, sought_by=ANNA, sought_at=self.world.clock.now()
        )
        self.say(contract, request_id)
        self.settle()
        return request_id

    def approve(self, person_id: UUID, request_id: UUID, *payments: str) -> list[Answered]:
        """Say yes to what the page shows."""
        shown = {one.item.payment_id: one.item.digest for one in self.shown(request_id)}
        seen = [Seen(named(payment), shown[named(payment)]) for payment in payments]
        answered: list[Answered] = self.work(
            lambda work: answering.approve(
                work, self.signer, request_id, person_id, "passkey", seen
            )
        )
        self.settle()
        return answered

    def reject(
        self, person_id: UUID, request_id: UUID, payment: str, reason: str
    ) -> list[Answered]:
        answered: list[Answered] = self.work(
            lambda work: answering.reject(
                work, self.world.vault, request_id, person_id, [named(payment)], reason
            )
        )
        self.settle()
        return answered

    def roles(self, user_id: UUID) -> frozenset[str]:
        client = self.work(asking.client_of)
        return client.person(user_id).roles

    def inbox(self, person_id: UUID, tenant: UUID = TENANT) -> list[Shown]:
        now = self.world.clock.now()
        return self.sql(lambda sql: queries.inbox(sql, tenant, person_id, now), tenant)

    def shown(self, request_id: UUID, person_id: UUID = BERTIL) -> list[Shown]:
        now = self.world.clock.now()
        return self.sql(lambda sql: queries.shown(sql, TENANT, person_id, now, request_id))

    def history(self, request_id: UUID) -> list[tuple[str, str | None]]:
        lines = self.sql(lambda sql: queries.history(sql, TENANT, request_id))
        return [(line.what, line.code) for line in lines]

    def link_of(self, contract: told.ApprovalRequested | told.ApprovalReminded, who: UUID) -> str:
        """The token in the mail that this person gets."""
        sealed = next(link for link in contract.links if link.subject == who)
        return self.world.vault.open(TENANT, sealed).rpartition("/")[2]

    def lead(self, token: str, person_id: UUID, *tenants: UUID) -> Lead | None:
        links = Links(self.world.vault, self.wall)
        with self.world.runtimes["approvals"].app.transaction(tenants or [TENANT]) as transaction:
            return links.find(transaction.raw, token, person_id)

    def told(self, contract: type[C]) -> list[C]:
        return [one for one in self.heard if isinstance(one, contract)]

    def events(self) -> list[tuple[Any, ...]]:
        """Every event of approvals about the client, in order."""
        query = "select position, name, body from event order by position"
        return self.sql(lambda sql: [tuple(row) for row in sql.exec_driver_sql(query)])

    def work(self, command: Callable[[Work], T]) -> T:
        answer: T = self.world.work("approvals", TENANT, command)
        return answer

    def sql(self, query: Callable[[sa.Connection], T], tenant: UUID = TENANT) -> T:
        with self.world.runtimes["approvals"].app.transaction([tenant]) as transaction:
            return query(transaction.sql)


@contextmanager
def outside(server: Server, more: Mapping[str, str] | None = None) -> Iterator[Outside]:
    heard: list[Contract] = []
    wall = SettableClock(datetime(2026, 11, 21, tzinfo=UTC))
    services: Sequence[Callable[[Surroundings], Service]] = [
        lambda surroundings: build(surroundings, wall),
        stand_in("payments"),
        stand_in("tenants"),
        _listener(heard),
    ]
    settings = {"approvals_private_key": PRIVATE_KEY, **(more or {})}
    with World(server, services, SOUGHT_AT, settings) as world:
        yield Outside(world, wall, heard)
