"""The numbers by which a customer knows an invoice, read out of the one field that holds them all.

`Sag 2026-114; Reg.nr. AB 12 345` is a case and a registration number. A part without a word before
it is what the client said at consent that such a part is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from services.sync.values import ReferenceKind

_WORDS: Final[dict[ReferenceKind, str]] = {
    "case": r"sag(?:s(?:nummer|nr)?)?|sak(?:snummer|snr)?|ärende(?:nummer|nr)?|case|asia(?:numero)?",
    "registration": r"reg(?:istrering(?:snummer|snr|s)?|istration|nr)?|rekisteri(?:numero|tunnus)?",
    "order": r"(?:ordre|order|tilaus|rekvisition|rekv|po)(?:nummer|numero|nr)?",
    "contact": r"att|kontakt(?:person)?|contact|yhteyshenkilö",
}
_NUMBERED: Final = r"\.?\s*(?:nr|no|nro|number|#)?\.?\s*[:.]?\s+|\.?\s*[:#]\s*"
_PREFIXES: Final = tuple(
    (kind, re.compile(rf"(?:{words})(?:{_NUMBERED})", re.IGNORECASE))
    for kind, words in _WORDS.items()
)
LONGEST: Final = 60


def references_in(text: str, otherwise: ReferenceKind) -> Iterable[tuple[ReferenceKind, str]]:
    """Each part with its kind, in the order written."""
    for part in re.split(r"[;\n|]", text):
        written = " ".join(part.split())
        if written:
            yield _read(written, otherwise)


def _read(part: str, otherwise: ReferenceKind) -> tuple[ReferenceKind, str]:
    for kind, prefix in _PREFIXES:
        found = prefix.match(part)
        if found is not None and part[found.end() :]:
            return kind, part[found.end() :][:LONGEST]
    return otherwise, part[:LONGEST]
