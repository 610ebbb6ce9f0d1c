"""Many writers at once: threads over two processes, so that Python is not what is measured."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable
from multiprocessing.synchronize import Barrier
from typing import Any

from shared.clock import WallClock

PROCESSES = 2
_WARM = 5  # acts per writer before the clock runs: connections, prepared statements, caches
_PATIENCE_S = 60.0

Act = Callable[[], None]
Prepare = Callable[[Any, int], Callable[[int], tuple[Act, Callable[[], None]]]]
"""Given the setting and the process's number: a maker of (act, end) for each of its writers."""


def rate(prepare: Prepare, setting: Any, writers: int, seconds: float) -> float:
    """Acts per second of so many writers together. `prepare` is a function of a module."""
    context = multiprocessing.get_context("spawn")
    processes = min(PROCESSES, writers)
    start = context.Barrier(processes)
    done: multiprocessing.Queue[int | str] = context.Queue()
    crowd = [
        context.Process(
            target=_process,
            args=(prepare, setting, number, writers // processes, seconds, start, done),
        )
        for number in range(processes)
    ]
    for process in crowd:
        process.start()
    counts = [done.get(timeout=_PATIENCE_S + seconds) for _ in crowd]
    for process in crowd:
        process.join()
    failed = [count for count in counts if isinstance(count, str)]
    if failed:
        raise RuntimeError(failed[0])
    return sum(count for count in counts if isinstance(count, int)) / seconds


def _process(
    prepare: Prepare, setting: Any, number: int, writers: int, seconds: float, start: Barrier,
    done: multiprocessing.Queue[int | str],
) -> None:  # fmt: skip
    try:
        make = prepare(setting, number)
        acts = [make(writer) for writer in range(writers)]
        ready = threading.Barrier(writers + 1)
        counts = [0] * writers

        def write(writer: int) -> None:
            clock = WallClock()
            act = acts[writer][0]
            for _ in range(_WARM):
                act()
            ready.wait(_PATIENCE_S)
            ready.wait(_PATIENCE_S)
            end = clock.monotonic() + seconds
            while clock.monotonic() < end:
                act()
                counts[writer] += 1

        threads = [threading.Thread(target=write, args=(writer,)) for writer in range(writers)]
        for thread in threads:
            thread.start()
        ready.wait(_PATIENCE_S)
        start.wait(_PATIENCE_S)
        ready.wait(_PATIENCE_S)
        for thread in threads:
            thread.join()
        for _, end in acts:
            end()
        done.put(sum(counts))
    except Exception as error:
        done.put(f"{type(error).__name__}: {error}")
        raise
