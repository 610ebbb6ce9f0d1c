"""Who stands in front of the toy services' operations, and what is made to wait there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx

from shared.clock import SettableClock
from shared.effects.unsettled import Unsettled
from shared.effects.worker import Unknown
from shared.runtime import Runtime
from shared.stream.parking import Parking
from shared.testing.site import Site
from shared.testing.world import World
from shared.web.app import web_app
from shared.web.csrf import form_token
from shared.web.doorkeeper import SESSION_COOKIE, Doorkeeper
from shared.web.identity import Grant, Identity, sign
from shared.web.operations import operations_of
from tests.shared.toy import PURSE, FillPurse, Mint
from tests.shared.web_kit import KEY, NOW, PUBLIC

TENANT, FOREIGN = uuid4(), uuid4()
OTTO = Identity(uuid4(), "Otto", "en", (Grant(TENANT, frozenset({"operations"}), "Fjordvig Byg"),))
SESSION = "o" * 43
BECAUSE = {"reason": "the ledger was closed"}
PARKED, EFFECTS = "/teller/operations/parked", "/purse/operations/effects"


@dataclass
class Sessions:
    identity: Identity
    audience: str

    def assertion(self, cookie: str) -> str | None:
        known = cookie == SESSION
        return sign(self.identity, KEY, audience=self.audience, now=NOW) if known else None


@dataclass
class Visitor:
    """A person in front of one service, with a browser's headers."""

    runtime: Runtime
    identity: Identity = OTTO
    token: str = form_token(SESSION)

    @property
    def app(self) -> Any:
        name = self.runtime.service.name
        keeper = Doorkeeper(
            audience=name,
            keys=PUBLIC,
            sessions=Sessions(self.identity, name),
            clock=SettableClock(NOW),
        )
        pages = [operations_of(self.runtime, own=lambda _, who: f"<p>own part for {who.name}</p>")]
        return web_app(name, doorkeeper=keeper, business_clock=self.runtime.clock, pages=pages)

    def get(self, path: str) -> httpx.Response:
        return Site(self.app).get(path, headers=self._headers)

    def post(self, path: str, **fields: str) -> httpx.Response:
        data = {"form_token": self.token, **fields}
        return Site(self.app).post(path, data=data, headers=self._headers)

    @property
    def _headers(self) -> dict[str, str]:
        return {
            "Cookie": f"{SESSION_COOKIE}={SESSION}",
            "Accept": "text/html",
            "Sec-Fetch-Site": "same-origin",
        }


def fill(world: World, coins: int, purse: UUID, tenant: UUID = TENANT) -> None:
    world.work("purse", tenant, lambda work: work.execute(PURSE, purse, FillPurse(coins)))


def park(world: World, behind: int = 0, tenant: UUID = TENANT) -> UUID:
    """A message that teller cannot handle, and some behind it."""
    purse = uuid4()
    fill(world, 13, purse, tenant)
    for _ in range(behind):
        fill(world, 1, purse, tenant)
    world.settle()
    return purse


def stick(world: World, mint: Mint, tenant: UUID = TENANT) -> str:
    """An effect of which nobody knows and after which nobody asks; the path of its page."""
    mint.answers.append(Unknown("the line closed"))
    fill(world, 1, uuid4(), tenant)
    world.settle()
    [effect] = Unsettled(world.runtimes["purse"].app, world.clock).waiting([tenant])
    return f"{EFFECTS}/{effect.effect_id}"


def place(world: World, tenant: UUID = TENANT) -> str:
    """The path of the first message that waits."""
    teller = world.runtimes["teller"]
    parking = Parking(teller.service.subscriptions, teller.service.rules, teller.app, teller.clock)
    first = parking.keys([tenant])[0].first
    return f"{PARKED}/{first.key.topic}/{first.key.partition}/{first.seq}"


def rows(world: World, service: str, query: str) -> list[tuple[Any, ...]]:
    with world.runtimes[service].reader.connection() as transaction:
        return transaction.raw.execute(query).fetchall()


def someone(*roles: str, tenant: UUID = TENANT) -> Identity:
    return Identity(uuid4(), "Berit", "en", (Grant(tenant, frozenset(roles), "Another A/S"),))
