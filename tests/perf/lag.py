"""From commit to safe: how long a follower waits for what eight writers have committed."""

from __future__ import annotations

import multiprocessing
import threading
from bisect import bisect_left
from contextlib import closing
from multiprocessing.synchronize import Event
from statistics import quantiles
from uuid import uuid4

from eventsourcing.persistence import StoredEvent

from shared.clock import WallClock
from shared.database import Database
from shared.eventstore.chain import BEGINNING
from shared.eventstore.recorder import insert
from shared.eventstore.watermark import Watermark
from tests.perf.append import BODY, META, NAME, TENANT

WRITERS, PROCESSES = 8, 2
_POLL_S = 0.001
Commit = tuple[int, float]
"""A position and when its commit had returned, on the machine's monotonic clock."""


def commit_to_safe(app_dsn: str, reader_dsn: str, seconds: float) -> tuple[float, float]:
    """Milliseconds, p50 and p99. The watermark advances in this process, the writers elsewhere."""
    context = multiprocessing.get_context("spawn")
    stop = context.Event()
    done: multiprocessing.Queue[list[Commit]] = context.Queue()
    writers = [
        context.Process(target=_write, args=(app_dsn, seconds, stop, done))
        for _ in range(PROCESSES)
    ]
    clock, pause = WallClock(), threading.Event()
    with closing(Database(reader_dsn)) as reader:
        watermark = Watermark(reader)
        published = [(watermark.safe, clock.monotonic())]

        def follow() -> None:
            safe = watermark.advance()
            if safe > published[-1][0]:
                published.append((safe, clock.monotonic()))
            pause.wait(_POLL_S)

        for writer in writers:
            writer.start()
        while any(writer.is_alive() for writer in writers) and done.qsize() < PROCESSES:
            follow()
        commits = [commit for _ in writers for commit in done.get(timeout=60)]
        last = max(position for position, _ in commits)
        while published[-1][0] < last:
            follow()
    for writer in writers:
        writer.join()
    return _waits(commits, published)


def _waits(commits: list[Commit], published: list[Commit]) -> tuple[float, float]:
    safes = [safe for safe, _ in published]
    waits = [
        max(0.0, published[bisect_left(safes, position)][1] - at) * 1000 for position, at in commits
    ]
    cuts = quantiles(waits, n=100)
    return cuts[49], cuts[98]


def _write(
    dsn: str, seconds: float, stop: Event, done: multiprocessing.Queue[list[Commit]]
) -> None:
    database = Database(dsn, pool_size=WRITERS)
    found: list[Commit] = []

    def append() -> None:
        clock = WallClock()
        end = clock.monotonic() + seconds
        while clock.monotonic() < end and not stop.is_set():
            stream = uuid4()
            event = StoredEvent(stream, 1, NAME, BODY)
            with database.recording([TENANT], "append") as transaction:
                (position,) = insert(transaction.raw, TENANT, [event], [META], {stream: BEGINNING})
            found.append((position, clock.monotonic()))

    threads = [threading.Thread(target=append) for _ in range(WRITERS // PROCESSES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    database.close()
    done.put(found)
