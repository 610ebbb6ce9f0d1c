"""What `forfald demo` says and does in a terminal."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from forfald.demo.script import SCRIPTS
from forfald.demo.stage import Stage, play_opening, staged


def show(
    folder: Path, console: Console, *, port: int, script: str = "", exit_after: bool = False
) -> int:
    """Run the demonstration until it is told to stop, or until its script has ended."""
    if script and script not in SCRIPTS:
        console.print(f"there is no script {script!r}; there is: {', '.join(SCRIPTS)}")
        return 2
    console.print("Starting PostgreSQL, five services and the world outside …")
    with staged(folder, port=_usable(port)) as stage:
        console.print("Living two banking days, so that there is a last time to compare with …")
        play_opening(stage)
        _say_where(stage, console)
        if script:
            well = SCRIPTS[script](stage, console)
            if exit_after:
                return 0 if well else 1
        _until_told_to_stop()
    return 0


def _say_where(stage: Stage, console: Console) -> None:
    rows: Sequence[tuple[str, str]] = (
        ("The office", stage.address),
        ("Mailbox", stage.settings["mailbox_url"]),
        ("Clock", f"{stage.installation.clock.now():%A %d %B %Y}, moved in the bar at the top"),
        ("Feed", "embedded: services read each other's outboxes, durably, no broker"),
        ("End", "Ctrl-C"),
    )
    console.print()
    for title, text in rows:
        console.print(f"  [dim]{title:12}[/]{text}", highlight=False)
    console.print()


def _until_told_to_stop() -> None:
    stop = threading.Event()
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, lambda *_: stop.set())
    stop.wait()


def _usable(port: int) -> int | None:
    """The wanted port, or none when somebody has it already."""
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return None
    return port or None
