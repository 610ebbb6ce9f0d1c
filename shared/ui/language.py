"""Which language a person reads, and its words.

Catalogues are gettext `.po` files, compiled in memory when they are first asked for.
"""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final, Literal, TypeGuard, get_args

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

Language = Literal["da", "sv", "nb", "fi", "en"]

LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
FALLBACK: Final[Language] = "en"
# Browsers in Norway also ask for "no" and "nn"; Bokmål is what we can answer with.
_ALSO: Final[dict[str, Language]] = {"no": "nb", "nn": "nb"}
_LOCALE = Path(__file__).parent / "locale"
_ACCEPT_LIMIT = 512  # bytes of an Accept-Language header that are looked at


def negotiate(preferred: str | None, accept_language: str | None = None) -> Language:
    """The language a person has chosen, else the best of the browser's list, else English.

    `accept_language` is the header as it came (RFC 9110 §12.5.4); garbage in it is passed over.
    """
    if preferred and (chosen := _known(preferred)):
        return chosen
    for tag in _by_weight(accept_language or ""):
        if chosen := _known(tag):
            return chosen
    return FALLBACK


def _known(tag: str) -> Language | None:
    primary = tag.strip().lower().replace("_", "-").split("-")[0]
    if _is_language(primary):
        return primary
    return _ALSO.get(primary)


def _is_language(text: str) -> TypeGuard[Language]:
    return text in LANGUAGES


def _by_weight(header: str) -> list[str]:
    """The tags of the header, the most wanted first; weight 0 means "not this one"."""
    weighed: list[tuple[int, str]] = []
    for part in header[:_ACCEPT_LIMIT].split(","):
        tag, _, parameter = part.partition(";")
        weight = _weight(parameter)
        if tag.strip() and weight > 0:
            weighed.append((weight, tag))
    return [tag for _, tag in sorted(weighed, key=lambda pair: -pair[0])]


def _weight(parameter: str) -> int:
    """Thousandths: `q=0.8` is 800, nothing is 1000, garbage is 0."""
    name, _, value = parameter.partition("=")
    if not name.strip():
        return 1000
    whole, _, decimals = value.strip().partition(".")
    if name.strip().lower() != "q" or not (whole + decimals).isascii():
        return 0
    if not (whole + decimals).isdigit() or whole not in {"0", "1"}:
        return 0
    return min(1000, int(whole) * 1000 + int(decimals[:3].ljust(3, "0")))


def catalogue(language: Language) -> Catalog:
    path = _LOCALE / language / "LC_MESSAGES" / "forfald.po"
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


@cache
def translator(language: Language) -> Translations:
    """The words of a language: `translator("da").gettext("Payables")`.

    A word that the catalogue lacks comes back in English, so a page is never without words; a
    test holds that none is lacking.
    """
    compiled = BytesIO()
    write_mo(compiled, catalogue(language))
    compiled.seek(0)
    return Translations(compiled, domain="forfald")
