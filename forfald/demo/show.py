"""What `forfald demo` says and does in a terminal."""

from __future__ import annotations

import signal
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from rich.console import Console

from forfald.breakage import RULES, broken
from forfald.demo.script import SCRIPTS
from forfald.demo.stage import Stage, log_of, play_opening, staged
from forfald.house import surroundings_of
from forfald.verify import report
from forfald.verify.check import check
from shared.processes import free_port
from shared.stream.broker import EMBEDDED
from shared.telemetry import logs

_ENDINGS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def show(
    folder: Path,
    console: Console,
    *,
    port: int,
    broker: str = EMBEDDED,
    fresh_topics: bool = False,
    script: str = "",
    exit_after: bool = False,
) -> int:
    """Run the demonstration until it is told to stop, or until its script has ended.

    Raises NotReady where the broker cannot be had.
    """
    if script and script not in SCRIPTS:
        console.print(f"there is no script {script!r}; there is: {', '.join(SCRIPTS)}")
        return 2
    console.print("Starting PostgreSQL, seven services and the world outside …")
    _end_in_order()
    with staged(folder, port=free_port(port), broker=broker, fresh_topics=fresh_topics) as stage:
        logs.configure("demo", logs.written_to(f"file:{log_of(folder, 'demo')}"))
        console.print("Living two banking days, so that there is a last time to compare with …")
        play_opening(stage)
        _say_where(stage, folder, console)
        if script:
            well = SCRIPTS[script](stage, console)
            if exit_after:
                return 0 if well else 1
        with suppress(KeyboardInterrupt):
            threading.Event().wait()
        console.print("Ending …")
    return 0


def show_broken(folder: Path, console: Console, rule: str) -> int:
    """Switch one guarantee off, play the journey, and let the checker name the damage."""
    shown = {name: one for name, one in RULES.items() if one.shown_by != "tests"}
    if rule not in shown:
        console.print(f"{rule!r} cannot be shown here; these can:")
        for name, one in shown.items():
            console.print(f"  {name:14}{one.says}")
        return 2
    chosen = RULES[rule]
    console.print(f"Off in this demonstration: {chosen.says}.")
    _end_in_order()
    with staged(folder, port=None, broken=rule if chosen.shown_by == "journey" else "") as stage:
        logs.configure("demo", logs.written_to(f"file:{log_of(folder, 'demo')}"))
        play_opening(stage)
        SCRIPTS["payables"](stage, console)
        surroundings = surroundings_of(stage.settings)
        if chosen.shown_by == "edit":
            with broken(rule, surroundings):
                console.print("Written past every service.")
        answers = check(surroundings, shadow=True)
    report.show(answers, console)
    named = any(one.damage for one in answers if one.number == chosen.named_by)
    console.print(f"{chosen.named_by} {'names' if named else 'does not name'} the damage.")
    return 0 if named else 1


def _say_where(stage: Stage, folder: Path, console: Console) -> None:
    rows: Sequence[tuple[str, str]] = (
        ("The office", stage.address),
        ("Mailbox", f"{stage.address}/mailbox/"),
        ("Clock", f"{stage.installation.clock.now():%A %d %B %Y}, moved in the bar at the top"),
        ("Feed", stage.feed),
        ("Logs", f"{log_of(folder, '*')}"),
        ("End", "Ctrl-C"),
    )
    console.print()
    for title, text in rows:
        console.print(f"  [dim]{title:12}[/]{text}", highlight=False)
    console.print()


def _end_in_order() -> None:
    """Ctrl-C, a kill and a closed terminal end the demonstration in order; asking twice changes nothing."""

    def end(*_: object) -> None:
        for ending in _ENDINGS:
            signal.signal(ending, signal.SIG_IGN)
        raise KeyboardInterrupt

    for ending in _ENDINGS:
        signal.signal(ending, end)
