"""The whole house for a journey: five services, the simulated outside world, one settable clock."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from forfald.demo.installation import fresh_keys
from forfald.demo.opening import Opening
from forfald.demo.outside_world import OutsideWorld
from forfald.demo.time_travel import TOGETHER
from forfald.house import SERVICES, builder
from shared.clock import Clock, SettableClock
from shared.postgres import Server
from shared.runtime import Runtime
from shared.service import Service, Surroundings
from shared.testing.servers import serve
from shared.testing.stand_in import stand_in
from shared.testing.world import World
from simulators.agency.app import create_app as agency_app
from simulators.agency.office import Office
from simulators.bank.app import create_app as bank_app
from simulators.bank.book import Book
from simulators.economic.app import create_app as economic_app
from simulators.economic.books import Books
from simulators.mailbox.app import create as mailbox_app
from simulators.print.app import create as print_app
from simulators.push.app import create as push_app

THURSDAY = datetime(2026, 2, 26, 7, 40, tzinfo=UTC)
MONDAY = datetime(2026, 3, 2, 7, 40, tzinfo=UTC)


class House(World):
    """A world whose clock can be walked forward from one due instant to the next."""

    outside: OutsideWorld
    urls: dict[str, str]
    played: Sequence[str]

    def travel(self, target: datetime) -> None:
        """Let time pass: everybody comes to rest before each step, which takes what is due together."""
        self.settle()
        while self.clock.now() < target:
            due = [i + TOGETHER for i in map(self._next_due, self.runtimes) if i is not None]
            self.clock.move_to(min([target, *due]))
            self.settle()

    def days(self, number: int) -> None:
        self.travel(self.clock.now() + timedelta(days=number))

    def restart(self, service: str) -> None:
        """It ends in good order, and another begins with what it has kept."""
        surroundings = self.runtimes[service].surroundings
        self.runtimes[service].close()
        self.runtimes[service] = Runtime(builder(service)(surroundings), surroundings)

    def opening(self) -> Opening:
        played = {name: self.runtimes[name] for name in self.played}
        return Opening(played, self.outside, self.settle, self.travel)

    def _next_due(self, service: str) -> datetime | None:
        with self.runtimes[service].reader.connection() as transaction:
            row = transaction.raw.execute(
                "select min(due_at) from (select due_at from due where done_at is null"
                " union all select due_at from effect"
                " where state in ('intended', 'attempted', 'unknown')) later where due_at > %s",
                (self.clock.now(),),
            ).fetchone()
        found: datetime | None = row[0] if row else None
        return found


@contextmanager
def simulators(clock: Clock, folder: Path | None = None) -> Iterator[dict[str, str]]:
    """The outside world on loopback, as settings; with a folder, its books are kept there."""
    with ExitStack() as stack:
        book = Book.load(folder / "bank.json") if folder else Book()
        books = Books.load(folder / "economic.json") if folder else Books()
        office = Office.load(folder / "agency.json") if folder else Office()
        mailbox = mailbox_app(clock, smtp_port=0, under="/mailbox")
        urls = {
            "bank_url": stack.enter_context(serve(bank_app(clock, book))),
            "economic_url": stack.enter_context(serve(economic_app(clock, books))),
            "mailbox_url": stack.enter_context(serve(mailbox)),
            "push_services": stack.enter_context(serve(push_app(clock))),
            "print_url": stack.enter_context(serve(print_app(clock))),
            "agency_url": stack.enter_context(serve(agency_app(clock, office))),
        }
        yield {
            **urls,
            "smtp_host": "127.0.0.1",
            "smtp_port": str(mailbox.state.smtp_port),
        }


def builders(services: Sequence[str]) -> list[Callable[[Surroundings], Service]]:
    """Of these services; the others are there and say nothing, so that whoever listens to them can."""
    return [builder(name) if name in services else stand_in(name) for name in SERVICES]


@contextmanager
def running(
    server: Server,
    start: datetime = THURSDAY,
    folder: Path | None = None,
    services: Sequence[str] = SERVICES,
    **settings: str,
) -> Iterator[House]:
    """The house with its simulators on loopback; it ends with the block."""
    with ExitStack() as stack:
        # The simulators live on the same clock as the services.
        clock = SettableClock(start)
        urls = stack.enter_context(simulators(clock, folder))
        values: dict[str, Any] = {
            **fresh_keys(),
            **urls,
            "bank_token": secrets.token_hex(8),
            "economic_secret": "secret",
            "mail_from": "forfald@forfald.example",
            "mail_domain": "forfald.example",
            "public_url": "http://127.0.0.1:8000",
            "print_organisation": "house",
            "print_client": "house",
            "print_secret": "secret",
            "debitura_url": urls["agency_url"],
            "debitura_portal_url": urls["agency_url"],
            "debitura_test": "on",
            "debitura_timeout": "2",
            "economic_timeout": "2",
            "bank_timeout": "2",
            **settings,
        }
        house = stack.enter_context(House(server, builders(services), start, values, clock))
        house.played = services
        house.urls = urls
        house.outside = OutsideWorld(urls["bank_url"], urls["economic_url"], urls["agency_url"])
        stack.callback(house.outside.close)
        yield house
