"""Where a journey is played again and again: the house just before one invoice falls due.

The set-up is lived once. Each trial gets copies of its databases and of the bank's and the ledger's
books, simulators of its own, and lives of the house in processes that may be killed.
"""

from __future__ import annotations

import itertools
import os
import shutil
import signal
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Generic

import psycopg

from forfald.house import SERVICES
from forfald.verify import facts as checking
from forfald.verify.check import check
from forfald.verify.facts import Facts
from forfald.verify.invariants import Checked
from shared.postgres import Server, create_database, drop_database
from shared.provision import Address, make_database
from shared.service import Surroundings
from tests.faults.fork_server import Ended, ForkServer
from tests.faults.life import lived, surroundings_of
from tests.faults.play import J, Play
from tests.faults.standing_clock import StandingClock
from tests.journeys.house import running, simulators

_DATABASES = (*SERVICES, "keys")
_BOOKS = ("bank_url", "economic_url", "mailbox_url", "print_url", "agency_url")
_number = itertools.count()


@dataclass(frozen=True)
class Trial(Generic[J]):
    """One journey, in as many lives as it takes."""

    play: Play[J]
    server: Server
    forks: ForkServer
    address: Address
    settings: Mapping[str, str]
    folder: Path

    def live(self, *, at: Collection[str] = (), log: str = "", before: int = 0) -> Ended:
        """One life: to the end of the journey, or to the first of these crash points that it comes by.

        `before` it, so many have died.
        """
        ended = self.forks.live(self._order(at=at, log=log, before=before))
        self._bury()
        return ended

    def killed_at_each(self, places: Sequence[str]) -> list[str]:
        """Play to the end, with a death at each of the places; those that nobody came by.

        Who goes on after a death asks what became of things, and so may come by fewer places.
        """
        left = list(places)
        passed = self.folder / "passed"
        while True:
            passed.write_text("")
            ended = self.live(at=left, log=str(passed), before=len(places) - len(left))
            if ended.signal != signal.SIGKILL:
                said = f"with {left} left of {places}: {ended.said[-6000:]}"
                assert (ended.signal, ended.code) == (0, 0), said
                return left
            left.remove(passed.read_text(encoding="utf-8").splitlines()[-1])

    def _order(self, *, at: Collection[str] = (), log: str = "", before: int = 0) -> dict[str, Any]:
        return {
            "play": self.play.name,
            "address": asdict(self.address),
            "settings": dict(self.settings),
            "clock": str(self.folder / "clock"),
            "said": str(self.folder / "said"),
            "at": list(at),
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
            self.play.services,
            **{name: self.settings[name] for name in _BOOKS},
            now=StandingClock(self.folder / "clock").now(),
        )

    def surroundings(self) -> Surroundings:
        return surroundings_of(self._order())

    @contextmanager
    def journey(self) -> Iterator[J]:
        """A life in the test's own process, for a test that has a hand in it."""
        with lived(self.surroundings(), self.play.services) as runtimes:
            yield self.play.journey(runtimes)

    def answers(self) -> dict[str, Checked]:
        """What `forfald verify` says, by the invariants' numbers."""
        return {
            answer.number: answer
            for answer in check(self.surroundings(), shadow=True, services=self.play.services)
        }

    def damage(self) -> list[str]:
        return [sentence for answer in self.answers().values() for sentence in answer.damage]


@dataclass(frozen=True)
class Stage(Generic[J]):
    play: Play[J]
    server: Server
    forks: ForkServer
    address: Address
    settings: Mapping[str, str]
    folder: Path

    @contextmanager
    def trial(self) -> Iterator[Trial[J]]:
        """Everything as it was when the invoice had just been booked."""
        number = next(_number)
        address = replace(self.address, prefix=f"c{os.getpid()}_{number}")
        folder = self.folder / f"trial-{number}"
        folder.mkdir()
        for book in self.folder.glob("*.json"):
            shutil.copy(book, folder)
        clock = StandingClock(folder / "clock", self.play.begins_at)
        for name in _DATABASES:
            create_database(self.server, address.database(name), self.address.database(name))
            make_database(self.server.dsn("postgres"), name, address)
        try:
            with simulators(clock, folder) as urls:
                settings = {**self.settings, **urls, "debitura_url": urls["agency_url"]}
                yield Trial(self.play, self.server, self.forks, address, settings, folder)
        finally:
            for name in _DATABASES:
                drop_database(self.server, address.database(name))
            shutil.rmtree(folder)


@contextmanager
def stage(play: Play[J], server: Server, folder: Path) -> Iterator[Stage[J]]:
    """Live the set-up, leave no connection open, and keep it to be copied."""
    with (
        ForkServer() as forks,
        running(server, play.begins_at, folder, play.services, demo="on") as house,
    ):
        play.set_up(house)
        house.settle()
        settings = dict(house.runtimes["tenants"].surroundings.settings.values)
        for runtime in house.runtimes.values():
            runtime.close()
        house.vault.close()
        yield Stage(play, server, forks, house.address, settings, folder)
