"""The receivables half: what a day, a year and a trial cost, and what reports, letters and quotes do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from shared.postgres import Server
from tests.dunning.house import house
from tests.perf import pure, reminding, reports, trying
from tests.perf.report import Line


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many invoices each line is about."""

    runs: tuple[int, ...]
    idle: tuple[int, ...]
    reports: int
    year: int
    trial: int


DAILY: Final = Sizes(
    runs=(1_000, 10_000), idle=(1_000, 10_000), reports=100_000, year=2_000, trial=2_000
)
FULL: Final = Sizes(
    runs=(1_000, 10_000, 100_000),
    idle=(10_000, 100_000, 1_000_000),
    reports=1_000_000,
    year=2_000,
    trial=10_000,
)


def lines(server: Server, sizes: Sizes, seconds: float) -> Iterator[Line]:
    yield from pure.quotes(seconds)
    yield from pure.letters(seconds)
    yield from trying.year(server, sizes.year)
    yield from trying.trial(server, sizes.trial)
    yield from reminding.idle(server, sizes.idle)
    yield from reminding.runs(server, sizes.runs)
    with house(server) as here:
        yield from reports.lines(here.world, sizes.reports)
