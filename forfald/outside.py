"""The simulated outside world as processes: each by itself, or all in one for the demonstration."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from forfald.house import clock_of
from forfald.process import serve_in_thread
from shared.clock import Clock
from shared.processes import wait_until_told
from shared.settings import Settings
from simulators.agency.app import create_app as agency
from simulators.agency.office import Office
from simulators.bank.app import create_app as bank
from simulators.bank.book import Book
from simulators.economic.app import create_app as economic
from simulators.economic.books import Books
from simulators.mailbox.app import create as mailbox
from simulators.print.app import create as print_partner
from simulators.push.app import create as push

Make = Callable[[Clock, Settings, Path], Any]


def _bank(clock: Clock, _: Settings, folder: Path) -> Any:
    kept = folder / "bank.json"
    return bank(clock, Book.load(kept) if kept.exists() else Book(kept))


def _agency(clock: Clock, _: Settings, folder: Path) -> Any:
    return agency(clock, Office.load(folder / "agency.json"))


def _economic(clock: Clock, _: Settings, folder: Path) -> Any:
    kept = folder / "economic.json"
    return economic(clock, Books.load(kept) if kept.exists() else Books([], kept))


def _mailbox(clock: Clock, settings: Settings, folder: Path) -> Any:
    port = settings.port("smtp_port")
    return mailbox(clock, smtp_port=port, state_file=folder / "mailbox.json", under="/mailbox")


def _push(clock: Clock, _: Settings, __: Path) -> Any:
    return push(clock)


def _print(clock: Clock, _: Settings, folder: Path) -> Any:
    return print_partner(clock, state_file=folder / "print.json")


SIMULATORS: Final[Mapping[str, Make]] = {
    "bank": _bank, "economic": _economic, "mailbox": _mailbox, "push": _push,
    "print": _print, "agency": _agency,
}  # fmt: skip


def run_outside(settings: Settings, folder: Path, names: Iterable[str] = tuple(SIMULATORS)) -> None:
    """Serve simulators on their ports until told to stop; their books are files in `folder`."""
    clock = clock_of(settings)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    host = settings.get("listen_host", "127.0.0.1")
    servers = [
        serve_in_thread(
            SIMULATORS[name](clock, settings, folder),
            host,
            settings.port(f"{name}_port"),
            stop.set,
        )
        for name in names
    ]
    wait_until_told(stop)
    for server in servers:
        server.end()
