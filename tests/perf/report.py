"""The table, on the screen and in docs/benchmarks.md between its two marks."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from rich.console import Console
from rich.table import Table

BEGINNING, END = "<!-- measured: begin -->", "<!-- measured: end -->"
DOCUMENT = Path(__file__).parents[2] / "docs" / "benchmarks.md"
HEADINGS = ("What", "Figure", "Against", "Ratio", "Limit", "")


@dataclass(frozen=True, slots=True)
class Line:
    """`ratio` and `limit` are of the same kind: at least so many times; None where none is set."""

    what: str
    figure: str
    against: str = ""
    ratio: float | None = None
    limit: float | None = None

    def cells(self) -> tuple[str, ...]:
        judged = ""
        if self.ratio is not None and self.limit is not None:
            judged = "met" if self.ratio >= self.limit else "missed"
        return (
            self.what,
            self.figure,
            self.against,
            "" if self.ratio is None else f"{self.ratio:.2f}",
            "" if self.limit is None else f"{self.limit:g}",
            judged,
        )


def show(lines: list[Line]) -> None:
    table = Table(*HEADINGS, title="Ratios of one run")
    for line in lines:
        table.add_row(*line.cells())
    Console().print(table)


def write(lines: list[Line], server: str, now: datetime) -> None:
    """Replace what stands between the marks; the words around them are written by hand."""
    text = DOCUMENT.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGINNING)
    _, _, after = rest.partition(END)
    rows = [HEADINGS, ("---",) * len(HEADINGS), *(line.cells() for line in lines)]
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    measured = f"{BEGINNING}\n\n{machine(server, now)}\n\n{table}\n\n{END}"
    DOCUMENT.write_text(before + measured + after, encoding="utf-8")


def machine(server: str, now: datetime) -> str:
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    names = ("eventsourcing", "psycopg", "SQLAlchemy", "msgspec")
    libraries = ", ".join(f"{name} {version(name)}" for name in names)
    return (
        f"Measured on {now:%Y-%m-%d} on {os.cpu_count()} cores ({platform.machine()}), "
        f"{memory:.0f} GB of memory, {platform.system()} {platform.release()}; PostgreSQL {server}, "
        f"durable profile, client and server on the same cores; Python "
        f"{platform.python_version()}, {libraries}. Load average at the end, our own included: "
        f"{load}."
    )
