"""Whether somebody can be reached: countries, postal addresses, e-mail and mobile numbers.

Postal codes: four digits in Denmark and Norway, five in Sweden and Finland (Universal Postal Union,
addressing sheets); of other countries none is checked. Mobile numbers are given in E.164.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_COUNTRIES: Final = {
    "DK": ("dk", "danmark", "denmark", "dänemark", "tanska"),
    "SE": ("se", "sverige", "sweden", "schweden", "ruotsi"),
    "NO": ("no", "norge", "noreg", "norway", "norwegen", "norja"),
    "FI": ("fi", "finland", "suomi", "finnland"),
    "DE": ("de", "tyskland", "germany", "deutschland", "saksa"),
    "GB": ("gb", "uk", "storbritannien", "united kingdom", "england"),
    "NL": ("nl", "holland", "nederlandene", "nederländerna", "netherlands", "nederland"),
    "FO": ("fo", "færøerne", "føroyar", "faroe islands"),
    "GL": ("gl", "grønland", "greenland"),
    "IS": ("is", "island", "iceland", "ísland"),
    "PL": ("pl", "polen", "poland", "polska"),
    "FR": ("fr", "frankrig", "frankrike", "france"),
}
_BY_NAME: Final = {name: code for code, names in _COUNTRIES.items() for name in names}
_POSTAL_DIGITS: Final = {"DK": 4, "NO": 4, "SE": 5, "FI": 5}
_CALLING: Final = {"DK": "45", "SE": "46", "NO": "47", "FI": "358"}
_NATIONAL: Final = {
    "DK": re.compile(r"[2-9][0-9]{7}"),
    "NO": re.compile(r"[49][0-9]{7}"),
    "SE": re.compile(r"7[02369][0-9]{7}"),
    "FI": re.compile(r"(?:4[0-9]|50)[0-9]{5,8}"),
}
"""Mobile numbers without the leading zero (numbering plans of ITU-T's members)."""
_INTERNATIONAL: Final = re.compile(r"[1-9][0-9]{7,14}")
_EMAIL: Final = re.compile(r"[^@\s\"(),:;<>\[\]\\]+@(?:[\w](?:[\w-]*[\w])?\.)+[\w]{2,}")
LONGEST_EMAIL: Final = 254


@dataclass(frozen=True, slots=True)
class Defect:
    """What is wrong with a way to reach somebody: `code` is missing, malformed or unknown."""

    code: str
    field: str


def country_of(text: str) -> str | None:
    """The ISO 3166 code of a country as people write it in an address; None if it is none known."""
    written = text.strip().casefold()
    return _BY_NAME.get(written)


def address_defects(
    street: str, postal_code: str, city: str, country: str | None
) -> tuple[Defect, ...]:
    """What keeps a letter from arriving. An address without a country is one at home."""
    found = [
        Defect("missing", name)
        for name, value in (("street", street), ("postal_code", postal_code), ("city", city))
        if not value.strip()
    ]
    if country is None:
        return (*found, Defect("unknown", "country"))
    if postal_code.strip() and not is_postal_code(postal_code, country):
        found.append(Defect("malformed", "postal_code"))
    return tuple(found)


def is_postal_code(text: str, country: str) -> bool:
    """Whether a code has its country's form: `2200`, `DK-2200`, `113 30`."""
    digits = _POSTAL_DIGITS.get(country)
    if digits is None:
        return bool(text.strip())
    compact = re.sub(r"\s", "", text).upper()
    compact = compact.removeprefix(country).removeprefix("N" if country == "NO" else "").lstrip("-")
    return re.fullmatch(rf"[0-9]{{{digits}}}", compact) is not None


def is_email(text: str) -> bool:
    """Whether a text has an address's form: whether anybody reads it, only sending tells."""
    whole = text.strip()
    return len(whole) <= LONGEST_EMAIL and _EMAIL.fullmatch(whole) is not None


def mobile(text: str, country: str | None) -> str | None:
    """A number in E.164 (`+4520123456`), or None where it is no mobile number of its country.

    A number with a plus or 00 before it says its own country, and is held to that country's form
    where that is known here.
    """
    compact = re.sub(r"[\s().\-/]", "", text)
    if compact.startswith("00"):
        compact = "+" + compact[2:]
    if compact.startswith("+"):
        return _international(compact[1:])
    calling = _CALLING.get(country or "")
    if calling is None or country is None:
        return None
    national = compact.removeprefix("0") if country in {"SE", "FI"} else compact
    return f"+{calling}{national}" if _NATIONAL[country].fullmatch(national) else None


def _international(digits: str) -> str | None:
    for country, calling in _CALLING.items():
        if digits.startswith(calling):
            national = digits.removeprefix(calling).removeprefix("0")
            return f"+{calling}{national}" if _NATIONAL[country].fullmatch(national) else None
    return f"+{digits}" if _INTERNATIONAL.fullmatch(digits) else None
