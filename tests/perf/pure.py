"""What needs no database: claims priced by the engine, and letters drawn. One core each."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle
from typing import Final

import msgspec

from services.dunning.api.quotes import answer
from services.notifications.gateways.typesetting import typeset
from services.notifications.model.texts import Language
from services.notifications.values import LetterKind
from shared.clock import WallClock
from tests.notifications.letters import document_of
from tests.perf.report import Line

_CLAIM: Final = {
    "country": "DK",
    "debtor_kind": "company",
    "currency": "DKK",
    "principal": "12500.00",
    "due_on": "2026-01-15",
    "notices": [
        {"kind": "reminder", "sent_on": "2026-01-26"},
        {"kind": "reminder", "sent_on": "2026-02-09"},
    ],
    "movements": [{"kind": "payment", "amount": "2500.00", "value_on": "2026-02-02"}],
    "on": "2026-03-02",
}
_WARM: Final = 5


def quotes(seconds: float) -> Iterator[Line]:
    """A request in JSON to its answer in JSON: a company's claim with two letters and a payment."""
    asked = msgspec.json.encode(_CLAIM)
    rate = _rate(lambda: answer(asked).model_dump_json(), seconds)
    yield Line("quotes by the engine, one core", f"{rate:,.0f}/s", f"{1000 / rate:.1f} ms each")


def letters(seconds: float) -> Iterator[Line]:
    """Each kind in each language in turn, composed and typeset as PDF/A and PDF/UA."""
    turns = cycle([(kind, language) for kind in LetterKind for language in Language])

    def draw() -> None:
        kind, language = next(turns)
        assert typeset(document_of(kind, language), b"").content.startswith(b"%PDF")

    with _one_core():
        rate = _rate(draw, seconds)
    yield Line("letters rendered, one core", f"{rate:.1f}/s", f"{1000 / rate:.0f} ms each")


@contextmanager
def _one_core() -> Iterator[None]:
    """Typst sets one page on many threads: those that it begins here stay on this core."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    yield
    os.sched_setaffinity(0, cores)


def _rate(act: Callable[[], object], seconds: float) -> float:
    clock = WallClock()
    for _ in range(_WARM):
        act()
    count, begun = 0, clock.monotonic()
    while (spent := clock.monotonic() - begun) < seconds:
        act()
        count += 1
    return count / spent
