"""Who a page is drawn for: language, time zone and the day that is today for them.

Macros are imported without the context of the page that uses them, so the reader is not a
template variable: `draw` sets it for the length of one drawing, and filters ask for it here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from babel import Locale

from shared.ui.language import Language

# British English, since dates here are written day before month.
_LOCALES: dict[Language, str] = {
    "da": "da_DK",
    "sv": "sv_SE",
    "nb": "nb_NO",
    "fi": "fi_FI",
    "en": "en_GB",
}


@dataclass(frozen=True, slots=True)
class Reader:
    """`day` is the business day in the reader's zone: in a demonstration it can be moved."""

    language: Language
    zone: ZoneInfo
    day: date

    @property
    def locale(self) -> Locale:
        return Locale.parse(_LOCALES[self.language])


_current: ContextVar[Reader] = ContextVar("reader")


def current_reader() -> Reader:
    """The reader of the drawing that is under way; outside of one a LookupError."""
    return _current.get()


@contextmanager
def drawn_for(reader: Reader) -> Iterator[None]:
    token = _current.set(reader)
    try:
        yield
    finally:
        _current.reset(token)
