"""A service at work: its parts, each of which takes one step at a time.

Every part answers `step()` with whether it did anything. A process runs each part in a thread of
its own; a test or a journey calls the steps in turn until nobody has anything left to do.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import structlog

from shared.back_off import wait_after
from shared.bell import TIME, Bell
from shared.database import UNAVAILABLE, Database
from shared.deciding import decided_anew
from shared.effects.worker import EffectWorker
from shared.eventstore.watermark import Watermark
from shared.isolation import refuse_holes
from shared.processes import wait_until_told
from shared.projecting.runner import FOLLOWED, Projector
from shared.projecting.waiting import wait_for
from shared.scheduler import Scheduler
from shared.service import Service, Surroundings
from shared.stream.broker import BROKERS, EMBEDDED, feed_of, kafka_servers, relay_of
from shared.stream.inbox import Inbox
from shared.telemetry import span
from shared.telemetry.lags import WATCHED, Lags
from shared.work import Cause, Work

_log = structlog.get_logger(__name__)
FEED = "feed"
_IDLE_S = 0.5
_BACK_OFF_S = 0.1
_BACK_OFF_MAX_S = 15.0


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a service that works by itself."""

    name: str
    step: Callable[[], bool]


class Runtime:
    """One service in one process: databases, parts, and the door for commands."""

    def __init__(self, service: Service, surroundings: Surroundings) -> None:
        self.service = service
        self.surroundings = surroundings
        self.clock = surroundings.clock
        address = surroundings.address
        self.app = service.database or surroundings.database_of(service.name)
        self.reader = Database(address.dsn(service.name, "reader"), pool_size=4)
        self.follower = Database(address.dsn(service.name, "follower"), pool_size=2)
        self._watermark: Watermark | None = None
        self._one_advances = threading.Lock()
        # A broker's records come by themselves: the other parts need not wait to be asked.
        self.inbox = Inbox(service.subscriptions, service.rules, self.app, self.clock, self.wake)
        sources = service.subscriptions.sources
        settings = surroundings.settings
        servers = settings.read("broker", kafka_servers, BROKERS, EMBEDDED)
        self.feed = feed_of(
            servers,
            self.inbox,
            {name: surroundings.feed_of(name) for name in sources},
            settings.get("instance"),
        )
        self.relay = relay_of(servers, service.name, address.dsn(service.name, "reader"))
        effects = EffectWorker(
            service.name,
            {performer.kind: performer for performer in service.performers},
            service.rules,
            self.app,
            self.reader,
            self.clock,
            surroundings.wall,
        )
        scheduler = Scheduler(
            service.name,
            service.jobs,
            service.rules,
            self.app,
            self.reader,
            self.clock,
            surroundings.wall,
        )
        self._projector = Projector(FOLLOWED, service.followed, service.rules.mapper, self.follower)
        self._lags = Lags(
            service.name,
            self.reader,
            self.clock,
            projections=[FOLLOWED] if service.followed else [],
            jobs=list(service.jobs),
            kinds=[performer.kind for performer in service.performers],
            subscriptions=service.subscriptions,
            feeds={name: address.dsn(name, "feed") for name in sources},
        )
        WATCHED.watch(self._lags)
        self.parts: Sequence[Part] = (
            Part("watermark", self._advance_watermark),
            *([Part("relay", self.relay.step)] if self.relay else []),
            Part(FEED, self.feed.step),
            Part("projector", self._projector.step),
            *([Part("schedules", scheduler.step)] if service.jobs else []),
            *([Part("effects", effects.step)] if service.performers else []),
        )
        self._wakes = {part.name: threading.Event() for part in self.parts}
        self._bell: Bell | None = None

    def work(
        self,
        tenant_id: UUID,
        actor: str,
        command: Callable[[Work], Any],
        correlation_id: UUID | None = None,
        *,
        shown: bool = False,
    ) -> Any:
        """Answer a command in one transaction; decided again when another writer was quicker.

        With `shown`, followed read tables show it on return, unless that takes too long for people.
        """
        return self.works(
            [tenant_id], actor, lambda works: command(works[tenant_id]), correlation_id, shown=shown
        )

    def works(
        self,
        tenant_ids: Sequence[UUID],
        actor: str,
        command: Callable[[Mapping[UUID, Work]], Any],
        correlation_id: UUID | None = None,
        *,
        shown: bool = False,
    ) -> Any:
        """The same over several tenants: all of it is recorded, or none.

        For what is one decision of one person, as the end of their work for every company. The
        tenants are those that the caller has been granted; streams are written in their order.
        """
        with span(f"command to {self.service.name}") as traceparent:
            cause = Cause(actor, correlation_id or uuid4(), None, traceparent)
            answer, position = decided_anew(lambda: self._answer(tenant_ids, command, cause))
        self.wake()
        if shown:
            wait_for(position, self._projector, self._advance_watermark)
        return answer

    def _answer(
        self,
        tenant_ids: Sequence[UUID],
        command: Callable[[Mapping[UUID, Work]], Any],
        cause: Cause,
    ) -> tuple[Any, int]:
        """The command's answer, and the last position that it took."""
        rules, now = self.service.rules, self.clock.now()
        doing = f"{self.service.name}:command"
        with self.app.recording(tenant_ids, doing) as transaction:
            works = {
                tenant_id: Work(rules, transaction, tenant_id, now, cause)
                for tenant_id in sorted(tenant_ids)
            }
            answer = command(works)
        return answer, max((work.position for work in works.values()), default=0)

    def wake(self) -> None:
        """Something was committed here: no part of ours needs to wait for the next poll.

        The feed reads what others have told; nothing of ours is news to it.
        """
        for name, event in self._wakes.items():
            if name != FEED:
                event.set()

    def _heard(self, rung: str) -> None:
        if rung == TIME:
            self.wake()
        elif rung in self.service.subscriptions.sources:
            self.feed.heard(rung)
        else:
            return
        self._wakes[FEED].set()

    def _advance_watermark(self) -> bool:
        with self._one_advances:
            if self._watermark is None:
                self._watermark = Watermark(self.reader)
            before = self._watermark.safe
            try:
                moved = self._watermark.advance() > before
            except UNAVAILABLE:
                self._watermark = None  # what comes back may be another database
                raise
        # Nobody else sees what was told before now.
        if moved and self._bell is not None:
            self._bell.ring()
        return moved

    def step(self) -> bool:
        """One step of every part; true if any did something."""
        return sum(part.step() for part in self.parts) > 0

    def refuse_to_leak(self) -> None:
        """Raise NotIsolated where the database would not keep tenants apart."""
        for role in ("app", "follower", "reader"):
            refuse_holes(self.surroundings.address.dsn(self.service.name, role))

    def run(self, stop: threading.Event, only: Collection[str] = ()) -> None:
        """All parts, or those named, each in its thread, until told to stop."""
        self._hang_bell()
        threads = [
            threading.Thread(target=self._run_part, args=(part, stop), name=part.name, daemon=True)
            for part in self.parts
            if not only or part.name in only
        ]
        for thread in threads:
            thread.start()
        wait_until_told(stop)
        for thread in threads:
            thread.join(timeout=10)

    def _hang_bell(self) -> None:
        """Settings `<service>_bell` and `bells`: our port and all ports, on a shared machine."""
        settings, name = self.surroundings.settings, f"{self.service.name}_bell"
        if name in settings:
            own = settings.port(name)
            others = [port for port in settings.ports("bells") if port != own]
            self._bell = Bell(self.service.name, own, others, self._heard)

    def _run_part(self, part: Part, stop: threading.Event) -> None:
        failures = 0
        while not stop.is_set():
            try:
                moved = part.step()
                failures = 0
            except Exception:  # noqa: BLE001  see below
                # Whatever it was, the part goes on: it holds nothing that a transaction does not.
                _log.exception("part failed", service=self.service.name, part=part.name)
                failures += 1
                moved = False
            if failures:
                stop.wait(wait_after(failures, _BACK_OFF_S, _BACK_OFF_MAX_S))
            elif not moved:
                self._wakes[part.name].wait(_IDLE_S)
                self._wakes[part.name].clear()
            else:
                self.wake()

    def close(self) -> None:
        WATCHED.forget(self._lags)
        if self._bell is not None:
            self._bell.close()
        self.feed.close()
        if self.relay is not None:
            self.relay.close()
        for database in (self.app, self.reader, self.follower):
            database.close()
