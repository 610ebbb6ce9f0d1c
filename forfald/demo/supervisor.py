"""Starts everything, keeps it running, and ends it.

One process per service, forked from a server that has imported everything once, so that a killed
one is back in milliseconds; one for the simulated outside world; embedded PostgreSQL beside them.
"""

from __future__ import annotations

import multiprocessing
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from typing import Any, Final

import structlog

_log = structlog.get_logger(__name__)
_LOOK_EVERY_S: Final = 0.05
_PRELOAD: Final = ["forfald.process", "forfald.outside"]


@dataclass(frozen=True, slots=True)
class Program:
    """What a process runs: `main(*arguments)`, importable by name."""

    name: str
    main: Callable[..., None]
    arguments: tuple[Any, ...]


@dataclass(slots=True)
class Child:
    program: Program
    process: BaseProcess
    starts: int = 1


class Supervisor:
    """Runs programs as processes and brings back whichever ends before it should."""

    def __init__(self, preload: list[str]) -> None:
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload([*_PRELOAD, *preload])
        self._children: dict[str, Child] = {}
        self._lock = threading.Lock()
        self._ending = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="watch", daemon=True)

    def start(self, program: Program) -> None:
        with self._lock:
            self._children[program.name] = Child(program, self._launch(program))
        if not self._watcher.is_alive():
            self._watcher.start()

    def _launch(self, program: Program) -> BaseProcess:
        process = self._context.Process(
            target=program.main, args=program.arguments, name=program.name, daemon=True
        )
        process.start()
        return process

    def kill(self, name: str) -> None:
        """End a program without a word (SIGKILL)."""
        with self._lock:
            self._children[name].process.kill()

    @staticmethod
    def anyone(names: list[str]) -> str:
        return random.choice(names)  # noqa: S311  a game of chance

    def state(self) -> dict[str, dict[str, Any]]:
        """Per program: whether it runs, its process id and how often it was started."""
        with self._lock:
            return {
                name: {
                    "running": child.process.is_alive(),
                    "pid": child.process.pid,
                    "starts": child.starts,
                }
                for name, child in self._children.items()
            }

    def _watch(self) -> None:
        while not self._ending.wait(_LOOK_EVERY_S):
            with self._lock:
                for child in self._children.values():
                    # The end may have come while we waited for the lock.
                    if not child.process.is_alive() and not self._ending.is_set():
                        _log.warning("brought back", program=child.program.name)
                        child.process = self._launch(child.program)
                        child.starts += 1

    def end(self) -> None:
        """Ask everything to end, and end what does not."""
        self._ending.set()
        with self._lock:
            for child in self._children.values():
                child.process.terminate()
            for child in self._children.values():
                child.process.join(timeout=10)
                if child.process.is_alive():
                    _log.warning("did not end", program=child.program.name)
                    child.process.kill()
