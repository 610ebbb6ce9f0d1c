"""The services that notifications listens to, as far as they tell of things, a mailbox, and devices."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
from fastapi import FastAPI, Response

from forfald.secret_files import fresh
from services.notifications.acts.devices import register
from services.notifications.app import build
from services.notifications.model.device import subscription_of
from services.notifications.subscriptions import subscriptions
from shared.contracts.approvals import ApprovalExpired, ApprovalReminded, ApprovalRequested
from shared.contracts.base import Contract
from shared.contracts.tenants import ClientAttached, RoleGranted, UserInvited
from shared.postgres import Server
from shared.sealed import Sealed
from shared.testing.stand_in import say, stand_in
from shared.testing.visiting import JWKS
from shared.testing.world import World
from shared.work import Cause, Work
from simulators.mailbox.app import create
from simulators.print.app import create as create_print
from simulators.push.app import create as create_push
from simulators.push.device import Device
from tests.simulators.serving import serving

START = datetime(2026, 3, 2, 8, 40, tzinfo=UTC)
SENDER = "bounces@mail.forfald.example"
SITE = "https://forfald.example"
BOUNCE_TOKEN = "t" * 43
PUSH_KEY = fresh()["push_private_key"]


@dataclass(frozen=True)
class Town:
    """A client, its people, and everybody's mailboxes."""

    world: World
    pages: httpx.Client
    pushes: httpx.Client
    printer: httpx.Client
    client: UUID
    copies: dict[str, bytes]
    """What sync would give out, by hash."""

    def tell(self, contract: Contract) -> None:
        """Publish, as its publisher would."""
        say(self.world, self.client, contract)

    def hear_twice(self, contract: Contract) -> None:
        """Take in one message of one id two times, each as far as it leads."""
        event_id, runtime = uuid4(), self.world.runtimes["notifications"]
        found = subscriptions.find(contract.type_name)
        assert found is not None
        for _ in range(2):
            with runtime.app.recording([self.client], "twice") as transaction:
                cause = Cause("service:test", uuid4(), event_id)
                now = self.world.clock.now()
                work = Work(runtime.service.rules, transaction, self.client, now, cause)
                found[1](contract, work)
            self.world.settle()

    def happen(self, *contracts: Contract) -> None:
        for contract in contracts:
            self.tell(contract)
        self.world.settle()

    def seal(self, person: UUID, value: str) -> Sealed:
        return self.world.vault.seal(self.client, person, value)

    def invite(
        self, name: str, *roles: str, language: str = "en", person: UUID | None = None
    ) -> UUID:
        """A person who gets mail at `<name>@fjordvig.example`."""
        person = person or uuid4()
        self.tell(
            UserInvited(
                user_id=person,
                client_id=self.client,
                name=self.seal(person, name.title()),
                email=self.seal(person, address(name)),
                language=language,
            )
        )
        for role in roles:
            self.tell(RoleGranted(user_id=person, client_id=self.client, role=role))
        self.world.settle()
        return person

    def mails(self, name: str | None = None) -> list[dict[str, Any]]:
        """The mails to one person or all, oldest first, without those that came back."""
        asked = {"to": address(name)} if name else {}
        found = self.pages.get("/control/mails", params=asked).json()
        return [mail for mail in reversed(found) if mail["recipient"] != SENDER]

    def fault(self, kind: str, **more: Any) -> None:
        assert self.pages.post("/control/faults", json={"kind": kind, **more}).status_code == 201

    def device(self) -> Device:
        """A browser that has subscribed, and is not registered with us yet."""
        return Device(str(self.pushes.base_url).rstrip("/"))

    def carries(self, person: UUID) -> Device:
        """A device that this person has registered."""
        device = self.device()
        given, vault = device.subscription(), self.world.vault
        found = subscription_of(
            given["endpoint"], given["keys"]["p256dh"], given["keys"]["auth"], [device.service]
        )
        self.world.work(
            "notifications", self.client, lambda work: register(work, vault, person, found)
        )
        return device

    def told(self, device: Device) -> list[dict[str, Any]]:
        """What came for a device, oldest first, opened: beside the request's own facts."""
        came = self.pushes.get("/control/messages").json()
        return [
            {**one, "read": device.read(b64decode(one["body"]))}
            for one in came
            if one["device"] == device.name
        ]

    def push_fault(self, kind: str, **more: Any) -> None:
        fault = {"kind": kind, **more}
        assert self.pushes.post("/control/faults", json=fault).status_code == 201

    def print_fault(self, kind: str, **more: Any) -> None:
        fault = {"kind": kind, **more}
        assert self.printer.post("/control/faults", json=fault).status_code == 201

    def looked_through(self) -> None:
        """The print partner has found nothing wrong with what it was given, and has been asked again."""
        self.world.clock.advance(minutes=2)
        self.world.settle()

    def printed(self) -> list[dict[str, Any]]:
        """The letters at the print partner, oldest first."""
        found: list[dict[str, Any]] = self.printer.get("/control/letters").json()
        return found

    def rows(self, query: str, service: str = "notifications") -> list[tuple[Any, ...]]:
        with self.world.runtimes[service].reader.connection() as transaction:
            return transaction.raw.execute(query).fetchall()

    def states(self) -> list[tuple[str, str | None]]:
        """State and code of each mail, in the order of their intents."""
        return self.states_by("mail")

    def states_by(self, channel: str) -> list[tuple[str, str | None]]:
        found = self.rows(
            f"select state, code from read.delivery where channel = '{channel}'"
            " order by intended_at, delivery_id"
        )
        return [(state, code) for state, code in found]

    def published(self, contract: type[Contract]) -> list[Any]:
        rows = self.rows("select headers, body from outbox order by position")
        wanted = f'"{contract.type_name}"'.encode()
        return [contract.model_validate_json(body) for headers, body in rows if wanted in headers]


def reminded(request: ApprovalRequested, *, links: tuple[Sealed, ...] = ()) -> ApprovalReminded:
    return ApprovalReminded(
        request_id=request.request_id,
        approvers=request.approvers,
        payments=request.payments,
        latest_approval_at=request.latest_approval_at,
        links=links,
    )


def expired(request: ApprovalRequested) -> ApprovalExpired:
    return ApprovalExpired(
        request_id=request.request_id, payments=request.payments, sought_by=request.sought_by
    )


def sync_door(kept: dict[str, bytes]) -> FastAPI:
    """Sync, as far as it gives out copies to services."""
    app = FastAPI()

    @app.get("/sync/internal/tenants/{tenant_id}/copies/{sha}")
    def copy(tenant_id: UUID, sha: str) -> Response:
        found = kept.get(sha)
        return Response(status_code=404) if found is None else Response(found)

    return app


class TownClock:
    """The world's clock, for a mailbox that is there before the world is."""

    world: World | None = None

    def now(self) -> datetime:
        return START if self.world is None else self.world.clock.now()


def address(name: str) -> str:
    return f"{name}@fjordvig.example"


def asked(
    approvers: Sequence[UUID], by: UUID, *, payments: int = 1, links: tuple[Sealed, ...] = ()
) -> ApprovalRequested:
    return ApprovalRequested(
        request_id=uuid4(),
        approvers=tuple(approvers),
        payments=tuple(uuid4() for _ in range(payments)),
        sought_by=by,
        latest_approval_at=datetime(2026, 3, 5, 9, 30, tzinfo=UTC),
        links=links,
    )


@contextmanager
def town(server: Server) -> Iterator[Town]:
    """All of it, mailbox and push service on real ports of their own, and one clock for everybody."""
    clock = TownClock()
    mailbox = create(clock, smtp_port=0)
    copies: dict[str, bytes] = {}
    with (
        serving(mailbox) as pages,
        serving(create_push(clock)) as pushes,
        serving(create_print(clock)) as printer,
        serving(sync_door(copies)) as sync,
    ):
        settings = {
            "smtp_host": "127.0.0.1",
            "smtp_port": str(mailbox.state.smtp_port),
            "mail_from": SENDER,
            "mail_domain": "mail.forfald.example",
            "public_url": SITE,
            "mailbox_url": str(pages.base_url),
            "bounce_token": BOUNCE_TOKEN,
            "assertion_keys": JWKS,
            "push_private_key": PUSH_KEY,
            "push_services": str(pushes.base_url).rstrip("/"),
            "print_url": str(printer.base_url).rstrip("/"),
            "sync_url": str(sync.base_url).rstrip("/"),
            "print_organisation": "o1",
            "print_client": "c1",
            "print_secret": "only in tests",
        }
        publishers = [
            stand_in(name) for name in ("tenants", "approvals", "payments", "sync", "dunning")
        ]
        with World(server, [build, *publishers], START, settings) as world:
            clock.world = world
            here = Town(world, pages, pushes, printer, uuid4(), copies)
            here.tell(
                ClientAttached(
                    client_id=here.client,
                    agency_id=uuid4(),
                    name="Fjordvig Byg ApS",
                    country="DK",
                    time_zone="Europe/Copenhagen",
                    language="da",
                )
            )
            yield here
