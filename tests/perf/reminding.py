"""The daily run of reminders over many invoices: what is due is paid for, what is open is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from statistics import median
from typing import Any, Final
from uuid import UUID

import msgspec

from services.dunning.acts import counting
from services.dunning.commands.notice import NoteSent
from services.dunning.intents import LIST
from services.dunning.model.defaults import TIMELINES
from services.dunning.model.law.packs import law_book
from services.dunning.schedules import list_today
from services.dunning.values import NoticeKind, Step
from shared.calendar import calendar_version
from shared.clock import WallClock
from shared.postgres import Server
from shared.scheduler import Occurrence
from tests.dunning.house import House, house, moves_in
from tests.perf.customers import Customers, load, make_read_tables, open_invoices
from tests.perf.report import Line

AIM: Final = 2000
"""Due invoices per second, decided and stored."""
IDLE_S: Final = 2.0
_DUE_ON: Final = date(2026, 2, 20)
_NOT_DUE_ON: Final = date(2026, 6, 1)
_LISTED_AT: Final = datetime(2026, 3, 2, 6, tzinfo=UTC)
_GOES_AT: Final = datetime(2026, 3, 2, 8, tzinfo=UTC)
_ROUNDS: Final = 9
_NOTICES = "select aggregate_id from event where name = 'dunning.NoticeComposed.v1'"
_ADDED = "select count(*) from event where name = 'dunning.ChargeAdded.v1'"


@dataclass(frozen=True, slots=True)
class Run:
    """Seconds of each part of a day's run, over so many invoices in so many letters."""

    invoices: int
    letters: int
    listing_s: float
    composing_s: float
    counting_s: float

    @property
    def whole_s(self) -> float:
        return self.listing_s + self.composing_s + self.counting_s


def runs(server: Server, sizes: tuple[int, ...]) -> Iterator[Line]:
    """A letter with a fee and interest for every two invoices, all of them due at once."""
    for size in sizes:
        run = a_run(server, size)
        yield _rate(f"{size:,} due invoices put on the list", size, run.listing_s)
        yield _rate(f"the same priced, in {run.letters:,} letters", size, run.composing_s)
        yield _rate("the same counted and charged", size, run.counting_s)
        yield _rate(f"a run of {size:,} due invoices, all three", size, run.whole_s)


def _rate(what: str, invoices: int, seconds: float) -> Line:
    rate = invoices / seconds
    return Line(what, f"{rate:,.0f}/s", f"aim {AIM:,}/s", ratio=rate / AIM, limit=1)


def a_run(server: Server, invoices: int) -> Run:
    """The list at seven, letters at nine, and that they have left."""
    with _creditor(server) as here:
        load(here.world, Customers.of(here.world, here.tenant), open_invoices(invoices, _DUE_ON))
        make_read_tables(here.world)
        clock, schedules = here.world.clock, _part(here, "schedules")
        clock.move_to(_LISTED_AT)
        listing_s = _timed(lambda: _to_the_end(schedules))
        clock.move_to(_GOES_AT)
        here.reads_the_ledger()
        _to_the_end(_part(here, "feed"))
        composing_s = _timed(lambda: _to_the_end(schedules))
        notices = [notice_id for (notice_id,) in _ask(here, _NOTICES)]
        counting_s = _timed(lambda: _leave(here, notices))
        [(added,)] = _ask(here, _ADDED)
        assert added >= invoices, "each invoice has its interest"
        return Run(invoices, len(notices), listing_s, composing_s, counting_s)


def idle(server: Server, sizes: tuple[int, ...]) -> Iterator[Line]:
    """What the morning costs where nothing is due, for each size and against the smallest."""
    spent: dict[int, float] = {}
    for size in sizes:
        with _creditor(server) as here:
            customers = Customers.of(here.world, here.tenant)
            load(here.world, customers, open_invoices(size, _NOT_DUE_ON))
            make_read_tables(here.world)
            here.world.clock.move_to(_LISTED_AT)
            spent[size] = median(_timed(partial(_morning, here)) for _ in range(_ROUNDS))
        yield Line(
            f"idle run over {size:,} open invoices",
            f"{spent[size] * 1000:.1f} ms",
            f"at most {IDLE_S:.0f} s",
            ratio=IDLE_S / spent[size],
            limit=1,
        )
    least, most = min(sizes), max(sizes)
    yield Line(
        f"idle run, {least:,} against {most:,} open",
        f"{spent[most] * 1000:.1f} ms",
        f"{spent[least] * 1000:.1f} ms",
        ratio=spent[least] / spent[most],
    )


def _morning(here: House) -> None:
    """Both lots of the list, of invoices and of statements, and its publication."""
    for key in ("", "statements:" + str(UUID(int=0))):
        occurrence = Occurrence(here.tenant, LIST, key, _LISTED_AT)
        here.world.work("dunning", here.tenant, partial(list_today, occurrence))


@contextmanager
def _creditor(server: Server) -> Iterator[House]:
    """Danish, with letters that go by themselves, of which the first bears a fee."""
    charged = Step(NoticeKind.REMINDER, 7, charged=True)
    timeline = msgspec.structs.replace(TIMELINES["DK"], steps=(charged,), mode="automatic")
    for known in (law_book, calendar_version):
        known()  # made once in the life of a process: not a cost of this day
    with house(server) as empty:
        here = moves_in(empty)
        here.sets(timeline)
        yield here


def _part(here: House, name: str) -> Callable[[], bool]:
    runtime = here.world.runtimes["dunning"]
    return next(part.step for part in runtime.parts if part.name == name)


def _to_the_end(step: Callable[[], bool]) -> None:
    while step():
        pass


def _leave(here: House, notices: list[UUID]) -> None:
    """Each letter in a transaction of its own, as notifications tells of it."""
    sent = NoteSent("mail", here.now, 1)
    for notice_id in notices:
        here.world.work(
            "dunning", here.tenant, partial(counting.count, notice_id=notice_id, sent=sent)
        )


def _ask(here: House, query: str) -> list[tuple[Any, ...]]:
    with here.world.runtimes["dunning"].reader.connection() as transaction:
        return transaction.raw.execute(query).fetchall()


def _timed(act: Callable[[], object]) -> float:
    clock = WallClock()
    before = clock.monotonic()
    act()
    return clock.monotonic() - before
