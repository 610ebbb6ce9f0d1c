"""`make bench`: all cells in one run. `--seconds` is per cell and bracket, `--full` the large sizes of
`make bench-full`, `--only` one half of the house.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from shared.clock import WallClock
from shared.postgres import EmbeddedPostgres, Server, create_database
from shared.testing.kafka import KafkaBroker, KafkaUnavailable
from shared.testing.world import World
from tests.perf import append, consume, house, lag, library, rebuild, receivables, report
from tests.perf.bracket import Bracketed, Pgbench
from tests.perf.crowd import rate
from tests.perf.report import Line
from tests.shared.toy import Mint, purse_service

_SMALL_POOL = 16
_LARGE_POOL = 32
HALVES = ("store", "receivables")
_BOOKED_TO_READY = "invoice booked to payment ready, across two processes"


class Bench:
    def __init__(self, server: Server, seconds: float, rounds: int) -> None:
        self._server = server
        self._seconds = seconds
        self._rounds = rounds

    def store(self) -> Iterator[Line]:
        """The store, its consumers and the processes of the payables half."""
        yield from self._appends()
        yield self._consumer()
        with self._world(purse_service(Mint())) as world:
            yield self._rebuild(world)
            yield self._safe(world)
        yield from self._house()

    def receivables(self, sizes: receivables.Sizes) -> Iterator[Line]:
        yield from receivables.lines(self._server, sizes, self._seconds)

    @contextmanager
    def _world(self, *services: Any) -> Iterator[World]:
        with World(self._server, services, WallClock().now()) as world:
            yield world

    def _appends(self) -> Iterator[Line]:
        one = self._append(append.in_a_command, _SMALL_POOL)
        yield Line("append, 16 writers", *_figures(one), ratio=one.ratio, limit=0.6)
        singly = self._append(append.in_a_command, _LARGE_POOL)
        yield Line("append, 32 writers", *_figures(singly), ratio=singly.ratio)
        group = self._append(append.in_a_group, _LARGE_POOL)
        yield Line("append_many, 32 writers", *_figures(group), ratio=group.ratio)
        yield from self._against_the_library(append=singly, append_many=group)

    def _against_the_library(self, **ours: Bracketed) -> Iterator[Line]:
        dsn = create_database(self._server, "library")
        library.make_library_tables(dsn)
        theirs = self._append(library.by_the_library, _LARGE_POOL, dsn)
        yield Line("the library's append, 32 writers", *_figures(theirs), ratio=theirs.ratio)
        for (name, one), limit in zip(ours.items(), (5.0, 10.0), strict=True):
            yield Line(
                f"{name} against the library, 32 writers",
                f"{one.figure:,.0f}/s",
                f"{theirs.figure:,.0f}/s",
                ratio=one.ratio / theirs.ratio,
                limit=limit,
            )

    def _append(self, how: Any, writers: int, elsewhere: str | None = None) -> Bracketed:
        def once() -> Bracketed:
            with self._world(purse_service(Mint())) as world:
                dsn = elsewhere or world.address.dsn("purse", "app")
                uri = self._uri(world, "purse")
                return Pgbench(uri, append.SCRIPT, writers, self._seconds).around(
                    lambda: rate(how, dsn, writers, self._seconds)
                )

        return self._middle(once)

    def _consumer(self) -> Line:
        def once() -> Bracketed:
            with self._world(consume.teller) as world:
                with psycopg.connect(self._server.dsn(world.address.database("teller"))) as owner:
                    owner.execute(consume.PLACES)
                dsn, uri = world.address.dsn("teller", "app"), self._uri(world, "teller")
                return Pgbench(uri, consume.SCRIPT, consume.PARTITIONS, self._seconds).around(
                    lambda: rate(consume.receive, dsn, consume.PARTITIONS, self._seconds)
                )

        found = self._middle(once)
        return Line(
            "consumer's transaction, 12 partitions", *_figures(found), ratio=found.ratio, limit=0.5
        )

    def _rebuild(self, world: World) -> Line:
        what = f"aggregate of {rebuild.EVENTS} events from the store, against the library"
        theirs, close = library.the_librarys(create_database(self._server, "library_rebuild"))
        ours_ms, theirs_ms = rebuild.milliseconds(rebuild.ours(world), theirs)
        close()
        return Line(
            what,
            f"{ours_ms:.1f} ms",
            f"{theirs_ms:.1f} ms",
            ratio=theirs_ms / ours_ms,
            limit=10,
        )

    def _safe(self, world: World) -> Line:
        address = world.address
        p50, p99 = lag.commit_to_safe(
            address.dsn("purse", "app"), address.dsn("purse", "reader"), self._seconds
        )
        return Line(f"commit to safe, {lag.WRITERS} writers", f"p50 {p50:.1f} ms, p99 {p99:.1f} ms")

    def _house(self) -> Iterator[Line]:
        with _own_folder() as folder:
            on_the_log = house.measure(folder / "demo", invoices=20 * self._rounds)
        yield _booked_to_ready("log feed", on_the_log)
        yield self._house_on_kafka()
        for name, cost in on_the_log.idle.items():
            yield Line(
                f"{name}, idle",
                f"{cost.memory_mb:.0f} MB, {cost.processor_percent:.1f} % of a core",
            )

    def _house_on_kafka(self) -> Line:
        with _own_folder() as folder:
            try:
                broker = KafkaBroker(folder / "kafka")
            except KafkaUnavailable as missing:
                return Line(f"{_BOOKED_TO_READY}, Kafka", f"not measured: {missing}")
            with broker:
                address = f"kafka://{broker.bootstrap_servers}"
                found = house.measure(folder / "demo", 20 * self._rounds, address)
        return _booked_to_ready("Kafka", found)

    def _middle(self, once: Any) -> Bracketed:
        """The median round by its ratio: the machine is not ours alone."""
        found = sorted((once() for _ in range(self._rounds)), key=lambda one: one.ratio)
        middle: Bracketed = found[len(found) // 2]
        return middle

    def _uri(self, world: World, service: str) -> str:
        user = f"{service}_app"
        return self._server.dsn(world.address.database(service), user, world.address.password(user))


@contextmanager
def _own_folder() -> Iterator[Path]:
    """On disk, like every server here: what a commit costs is a matter of the disk."""
    with tempfile.TemporaryDirectory(prefix="forfald-bench-") as folder:
        Path(folder).chmod(0o711)  # where we are root, PostgreSQL runs as somebody else
        yield Path(folder)


def _booked_to_ready(feed: str, found: house.Figures) -> Line:
    return Line(
        f"{_BOOKED_TO_READY}, {feed}", f"p50 {found.p50_ms:.0f} ms, p99 {found.p99_ms:.0f} ms"
    )


def _figures(found: Bracketed) -> tuple[str, str]:
    return f"{found.figure:,.0f}/s", f"pgbench {found.before:,.0f} and {found.after:,.0f}/s"


def _chosen(bench: Bench, halves: Sequence[str], *, full: bool) -> Iterator[Line]:
    if "store" in halves:
        yield from bench.store()
    if "receivables" in halves:
        yield from bench.receivables(receivables.FULL if full else receivables.DAILY)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--full", action="store_true", help="up to a million invoices")
    parser.add_argument("--only", choices=HALVES, action="append", help="what is measured")
    parser.add_argument(
        "--dry", action="store_true", help="leave docs/benchmarks.md as it is, as --only does"
    )
    chosen = parser.parse_args()
    with _own_folder() as folder, EmbeddedPostgres(folder / "server") as server:
        bench = Bench(server, chosen.seconds, chosen.rounds)
        lines = list(_chosen(bench, chosen.only or HALVES, full=chosen.full))
        with psycopg.connect(server.dsn("postgres")) as connection:
            version = connection.info.server_version // 10_000
    report.show(lines)
    if not chosen.dry and not chosen.only:
        report.write(lines, str(version), WallClock().now())


if __name__ == "__main__":
    main()
