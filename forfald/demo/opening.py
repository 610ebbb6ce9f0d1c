"""Brings the demonstration to its first morning, through the same doors as everybody else.

Two banking days are lived before the curtain rises, so that there is a last time to compare with.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from forfald.demo import outside_world as outside
from forfald.demo.creditors import Creditors, consent_of, creditor_of
from forfald.demo.outside_world import Company, OutsideWorld
from services.approvals import queries as approvals
from services.approvals.acts import answering
from services.approvals.acts.answering import Seen
from services.approvals.gateways.signing import Signer
from services.payments import queries as payments
from services.payments.acts import by_hand
from services.payments.gateways.opening import Opener
from services.payments.values import State
from services.sync.acts import consenting
from services.sync.commands import StartRun
from services.sync.model.connection import CONNECTION
from services.sync.model.naming import connection_id_of
from services.tenants.acts import demo as cast
from shared.contracts.values import PolicyTier
from shared.runtime import Runtime
from shared.work import Work

_TWO_OVER: Final = 50_000_00


@dataclass(frozen=True, slots=True)
class Client:
    """A client as both sides know it."""

    tenant_id: UUID
    company: Company
    approvers: tuple[UUID, ...] = ()


CLIENTS: Final = (
    Client(cast.FJORDVIG.client_id, outside.FJORDVIG, (cast.HENRIK.user_id, cast.ANNE.user_id)),
    Client(cast.NORDLYS.client_id, outside.NORDLYS, (cast.ELSA.user_id, cast.OSKAR.user_id)),
    Client(cast.HAVBLIK.client_id, outside.HAVBLIK, (cast.INGRID.user_id, cast.LARS.user_id)),
)


class Opening:
    """`settle` lets everybody come to rest; `travel` lets time pass up to an instant."""

    def __init__(
        self,
        runtimes: Mapping[str, Runtime],
        world: OutsideWorld,
        settle: Callable[[], None],
        travel: Callable[[datetime], object],
    ) -> None:
        self._runtimes = runtimes
        self._world = world
        self._settle = settle
        self._travel = travel
        surroundings = runtimes["payments"].surroundings
        follows = "dunning" in runtimes
        self.creditors = Creditors(runtimes, world, self._as_administrator) if follows else None
        self._opener = Opener(surroundings.opened())
        self._signer = Signer.read(surroundings.settings["approvals_private_key"])
        self._bank_token = surroundings.settings["bank_token"]

    def play(self, first_morning: datetime) -> None:
        today = self._runtimes["sync"].clock.now().date()
        self._world.open_accounts(self._bank_token)
        self._world.open_ledgers(today)
        self._world.book(outside.EARLIER, today)
        cast.seed(self._runtimes["tenants"])
        self._settle()
        if self.creditors is not None:
            self.creditors.sell(first_morning.date())
        for client in CLIENTS:
            self.set_up(client)
        if self.creditors is not None:
            self.creditors.set_up(frozenset(client.tenant_id for client in CLIENTS))
        self._settle()
        for client in CLIENTS:
            self.send_ready(client)
        self._settle()
        for client in CLIENTS:
            self.approve_all(client)
        self._settle()
        self._travel(first_morning)
        self._open_monday(first_morning)

    def _open_monday(self, morning: datetime) -> None:
        booked = self._world.book(outside.OPENING, morning.date())
        self._world.export_to_bank_file(outside.FJORDVIG.agreement, booked[outside.EXPORTED])
        self._world.let_the_bank_fall_silent(outside.SILENT_CREDITOR)
        for client in CLIENTS:
            self.sync_now(client)
        self._settle()
        fjordvig, nordlys, _ = CLIENTS
        # With the approvers: one that only the first of two has answered, and a late one.
        self.send_ready(fjordvig, {"2048311", "10044512"})
        self.send_ready(nordlys, {"LK-5521"})
        self._settle()
        self.approve_all(fjordvig, by=fjordvig.approvers[:1])
        self._world.drift(outside.HAVBLIK.agreement, "-1240.00", morning.date())
        self.sync_now(CLIENTS[2])
        self._settle()

    def set_up(self, client: Client) -> None:
        """Ledger, account to pay from, and who must approve what."""
        self._payments(client, lambda work: by_hand.set_up_payer(
            work, self._opener, cast.METTE.user_id, client.company.bank_account))  # fmt: skip
        tiers = (PolicyTier("DKK", 0, 1), PolicyTier("DKK", _TWO_OVER, 2))
        self._work("approvals", client, lambda work: answering.set_policy(
            work, cast.SOREN.user_id, tiers), cast.SOREN.user_id)  # fmt: skip
        self._consent(client)

    def _consent(self, client: Client) -> None:
        """The mandate; into the customers' ledger too where customers are followed up."""
        creditor = creditor_of(client.tenant_id) if self.creditors is not None else None
        consent = consent_of(client.company, creditor, self._now().date())
        vault = self._runtimes["sync"].surroundings.opened()
        self._as_administrator("sync", client.tenant_id, lambda work: consenting.give(
            work, vault, consent, cast.SOREN.user_id))  # fmt: skip

    def _as_administrator(
        self, service: str, tenant_id: UUID, command: Callable[[Work], object]
    ) -> object:
        actor = f"user:{cast.SOREN.user_id}"
        answer: object = self._runtimes[service].work(tenant_id, actor, command)
        return answer

    def _now(self) -> datetime:
        return self._runtimes["sync"].clock.now()

    def sync_now(self, client: Client) -> None:
        self._work("sync", client, lambda work: work.execute(
            CONNECTION, connection_id_of(client.tenant_id),
            StartRun(uuid4(), "person", work.now)))  # fmt: skip

    def send_ready(self, client: Client, numbers: set[str] | None = None) -> int:
        """Put what is ready to the approvers, all of it or the invoices named; how many."""

        def send(work: Work) -> int:
            ready = payments.payables(work.sql, client.tenant_id, {State.DRAFT})
            chosen = [one.payment_id for one in ready if numbers is None or one.number in numbers]
            if chosen:
                by_hand.ask_approval(work, self._opener, uuid4(), cast.METTE.user_id, chosen)
            return len(chosen)

        return self._payments(client, send)

    def approve_all(self, client: Client, by: tuple[UUID, ...] | None = None) -> int:
        """Each approver says yes to everything that waits for them; how many yeses."""
        return sum(self._approve(client, approver) for approver in by or client.approvers)

    def _approve(self, client: Client, approver: UUID) -> int:
        def approve(work: Work) -> int:
            waiting = approvals.inbox(work.sql, client.tenant_id, approver, work.now)
            answerable = [
                one for one in waiting if one.state == "awaiting" and not (one.own or one.said_yes)
            ]
            for one in answerable:
                seen = [Seen(one.item.payment_id, one.item.digest)]
                answering.approve(work, self._signer, one.request_id, approver, "session", seen)
            return len(answerable)

        found: int = self._work("approvals", client, approve, approver)
        return found

    def _payments(self, client: Client, command: Callable[[Work], int | None]) -> int:
        return int(self._work("payments", client, command) or 0)

    def _work(
        self,
        service: str,
        client: Client,
        command: Callable[[Work], object],
        person: UUID = cast.METTE.user_id,
    ) -> int:
        answer: int = self._runtimes[service].work(client.tenant_id, f"user:{person}", command)
        return answer
