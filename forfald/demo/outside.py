"""The outside world of the demonstration in one process: a bank, an accounting system, a mailbox."""

from __future__ import annotations

import signal
import threading
from pathlib import Path

from forfald.house import clock_of
from forfald.process import serve_in_thread
from shared.settings import Settings
from simulators.bank.app import create_app as bank
from simulators.bank.book import Book
from simulators.economic.app import create_app as economic
from simulators.economic.books import Books
from simulators.mailbox.app import create as mailbox


def run_outside(settings: Settings, folder: Path) -> None:
    """Serve the simulators on their ports until SIGTERM; their books are files in `folder`."""
    clock = clock_of(settings)
    book, books = folder / "bank.json", folder / "economic.json"
    apps = {
        "bank": bank(clock, Book.load(book) if book.exists() else Book(book)),
        "economic": economic(clock, Books.load(books) if books.exists() else Books([], books)),
        "mailbox": mailbox(
            clock,
            smtp_port=int(settings["smtp_port"]),
            state_file=folder / "mailbox.json",
            under="/mailbox",
        ),
    }
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    servers = [
        serve_in_thread(app, "127.0.0.1", int(settings[f"{name}_port"]))
        for name, app in apps.items()
    ]
    stop.wait()
    for server in servers:
        server.should_exit = True
