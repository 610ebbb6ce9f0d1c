"""Finding one's way in a UBL tree: paths as the standards write them, values as they mean them.

Numbers, dates and texts are read by their XML Schema form, not by what Python would accept: no
exponents, no other alphabet's digits, no control or direction marks that make a text look like
another.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from services.sync.model.safe_xml import Element

_COMMON: Final = "urn:oasis:names:specification:ubl:schema:xsd:Common"
_NAMESPACES: Final = {
    "cac": f"{_COMMON}AggregateComponents-2",
    "cbc": f"{_COMMON}BasicComponents-2",
}
# Longer than any number, name or note that an honest invoice carries.
_LONGEST: Final = 1_000
# Fifteen digits before the point is the most that is money; 25 in all stay exact in a Decimal.
_DECIMAL: Final = re.compile(r"[+-]?\d{1,15}(\.\d{0,10})?", re.ASCII)
_DATE: Final = re.compile(r"(\d{4}-\d{2}-\d{2})(Z|[+-]\d{2}:\d{2})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Place:
    """An element and the path that led to it, e.g. ``/Invoice/cac:PaymentMeans[2]``."""

    element: Element
    path: str

    def all(self, path: str) -> Iterator[Place]:
        """Every element at ``cac:…/cbc:…`` below this one, in document order."""
        step, _, rest = path.partition("/")
        prefix, _, name = step.partition(":")
        found = self.element.all(_NAMESPACES[prefix], name)
        for number, element in enumerate(found, start=1):
            at = f"{self.path}/{step}" + (f"[{number}]" if len(found) > 1 else "")
            place = Place(element, at)
            if rest:
                yield from place.all(rest)
            else:
                yield place

    def first(self, *paths: str) -> Place | None:
        """The first element with a text of its own, trying the paths in turn."""
        return next((place for path in paths for place in self.all(path) if place.text), None)

    def value(self, *paths: str) -> str | None:
        """The text of the first that has one."""
        found = self.first(*paths)
        return found.text if found else None

    @property
    def text(self) -> str:
        return plain(self.element.text)


def plain(text: str) -> str:
    """A text on one line, without what cannot be seen, at most 1,000 characters."""
    # Cut first: normalising ten megabytes of attachment would be work for nothing.
    start = text[: 4 * _LONGEST]
    if not start.isprintable():
        start = "".join(
            " " if character.isspace() else character
            for character in start
            if character.isspace() or unicodedata.category(character)[0] != "C"
        )
    return " ".join(start.split())[:_LONGEST]


def decimal(text: str) -> Decimal | None:
    """An xs:decimal of at most fifteen digits before the point and ten after it."""
    return Decimal(text) if _DECIMAL.fullmatch(text) else None


def day(text: str) -> date | None:
    """An xs:date; its time zone, which no invoice means anything by, is left out."""
    written = _DATE.fullmatch(text)
    if written is None:
        return None
    try:
        return date.fromisoformat(written[1])
    except ValueError:
        return None
