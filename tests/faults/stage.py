"""Where the journey is played again and again: the house just before one invoice falls due.

The set-up is lived once. Each trial gets copies of its databases and of the bank's and the ledger's
books, simulators of its own, and lives of the house in processes that may be killed.
"""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import psycopg

from forfald.demo import outside_world as outside
from forfald.demo.outside_world import Invoice, bank
from forfald.house import PAYING, SERVICES
from forfald.verify import facts as checking
from forfald.verify.check import check
from forfald.verify.facts import Facts
from forfald.verify.invariants import Checked
from services.tenants.acts import demo as cast
from shared.postgres import Server, create_database, drop_database
from shared.provision import Address, make_database
from shared.service import Surroundings
from tests.faults.fork_server import Ended, ForkServer
from tests.faults.life import CLIENT, Journey, lived, surroundings_of
from tests.faults.standing_clock import StandingClock
from tests.journeys.house import THURSDAY, running, simulators

INVOICE = Invoice(12, "882041", "7906.25", 1, bank("97120004561238", "882041"))
_DATABASES = (*SERVICES, "keys")
_number = itertools.count()


@dataclass(frozen=True)
class Trial:
    """One journey, in as many lives as it takes."""

    server: Server
    forks: ForkServer
    address: Address
    settings: Mapping[str, str]
    folder: Path

    def live(self, *, at: str = "", log: str = "", before: int = 0) -> Ended:
        """One life: to the end of the journey, or to a crash point. `before` it, so many have died."""
        ended = self.forks.live(self._order(at=at, log=log, before=before))
        self._bury()
        return ended

    def _order(self, *, at: str = "", log: str = "", before: int = 0) -> dict[str, Any]:
        return {
            "address": asdict(self.address),
            "settings": dict(self.settings),
            "clock": str(self.folder / "clock"),
            "said": str(self.folder / "said"),
            "at": at,
            "log": log,
            "before": before,
        }

    def _bury(self) -> None:
        """PostgreSQL has noticed the death of a process and undone what it left open."""
        query = "select count(*) from pg_stat_activity where starts_with(datname, %s)"
        with psycopg.connect(self.server.dsn("postgres"), autocommit=True) as connection:
            while connection.execute(query, (self.address.prefix,)).fetchone() != (0,):
                pass

    def facts(self) -> Facts:
        return checking.read(
            self.address,
            PAYING,
            bank_url=self.settings["bank_url"],
            economic_url=self.settings["economic_url"],
            now=StandingClock(self.folder / "clock").now(),
        )

    def surroundings(self) -> Surroundings:
        return surroundings_of(self._order())

    @contextmanager
    def journey(self) -> Iterator[Journey]:
        """A life in the test's own process, for a test that has a hand in it."""
        with lived(self.surroundings()) as runtimes:
            yield Journey(runtimes)

    def answers(self) -> dict[str, Checked]:
        """What `forfald verify` says, by the invariants' numbers."""
        return {
            answer.number: answer
            for answer in check(self.surroundings(), shadow=True, services=PAYING)
        }

    def damage(self) -> list[str]:
        return [sentence for answer in self.answers().values() for sentence in answer.damage]


@dataclass(frozen=True)
class Stage:
    server: Server
    forks: ForkServer
    address: Address
    settings: Mapping[str, str]
    folder: Path

    @contextmanager
    def trial(self) -> Iterator[Trial]:
        """Everything as it was when the invoice had just been booked."""
        number = next(_number)
        address = replace(self.address, prefix=f"c{os.getpid()}_{number}")
        folder = self.folder / f"trial-{number}"
        folder.mkdir()
        for name in ("bank.json", "economic.json", "agency.json"):
            shutil.copy(self.folder / name, folder)
        clock = StandingClock(folder / "clock", THURSDAY)
        for name in _DATABASES:
            create_database(self.server, address.database(name), self.address.database(name))
            make_database(self.server.dsn("postgres"), name, address)
        try:
            with simulators(clock, folder) as urls:
                yield Trial(self.server, self.forks, address, {**self.settings, **urls}, folder)
        finally:
            for name in _DATABASES:
                drop_database(self.server, address.database(name))
            shutil.rmtree(folder)


@contextmanager
def stage(server: Server, folder: Path) -> Iterator[Stage]:
    """Live the set-up, leave no connection open, and keep it to be copied."""
    with ForkServer() as forks, running(server, folder=folder, services=PAYING, demo="on") as house:
        opening = house.opening()
        house.outside.open_accounts(house.runtimes["payments"].surroundings.settings["bank_token"])
        house.outside.open_ledgers(THURSDAY.date())
        cast.seed(house.runtimes["tenants"])
        house.settle()
        opening.set_up(CLIENT)
        house.settle()
        house.outside.book({outside.FJORDVIG.agreement: [INVOICE]}, THURSDAY.date())
        settings = dict(house.runtimes["payments"].surroundings.settings.values)
        for runtime in house.runtimes.values():
            runtime.close()
        house.vault.close()
        yield Stage(server, forks, house.address, settings, folder)
