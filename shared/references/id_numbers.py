"""Whose number it is: a company's or a person's, by its country's form and check digits.

Companies: CVR (DK), organisationsnummer (SE, NO), Y-tunnus (FI). Persons: CPR, of which those given
out since 2007 have no check digit; personnummer and samordningsnummer (day + 60); fødselsnummer with
D-numbers (day + 40), H-numbers (month + 40) and the synthetic ones of Norwegian test registers
(month + 80, or + 40 and + 65 elsewhere); hetu with all its century signs. Dates are checked as
dates of some century, never against today, so that the same number is always the same.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from stdnum import luhn
from stdnum.dk import cvr
from stdnum.fi import ytunnus
from stdnum.no import fodselsnummer
from stdnum.no import orgnr as no_orgnr

from shared.references.check_digits import is_digits

Kind = Literal["company", "person"]

_CENTURIES: Final = (1900, 2000)
_HETU: Final = re.compile(r"([0-9]{6})[-+A-FU-Y]([0-9]{3})([0-9A-Y])")
_HETU_CHECK: Final = "0123456789ABCDEFHJKLMNPRSTUVWXY"
_FIRST_COMPANY_MONTH: Final = 20
"""The third and fourth digit of a Swedish company's number are no month (Skatteverket)."""
_SWEDISH, _SWEDISH_LONG, _DANISH, _NORWEGIAN = 10, 12, 10, 11
_DAY_OFFSETS: Final = {"SE": (0, 60), "NO": (0, 40), "DK": (0, 60)}
_MONTH_OFFSETS: Final = {"NO": (0, 40, 65, 80)}


@dataclass(frozen=True, slots=True)
class IdNumber:
    """`kind` is None where the number is none of its country's; `number` has no spaces or dashes."""

    kind: Kind | None
    number: str


def read(country: str, text: str) -> IdNumber:
    """What a number is in a country. A VAT number's country letters may stand before it."""
    number = re.sub(r"[\s.\-/:]", "", text).upper() if country != "FI" else _finnish_compact(text)
    number = number.removeprefix(country)
    if country == "NO":
        number = number.removesuffix("MVA")
    reader = _READERS.get(country)
    # Elsewhere nobody knows the form: a number alone makes nobody a company.
    return reader(number) if reader is not None else IdNumber(None, number)


def is_known(country: str) -> bool:
    """Whether a country's numbers can be told right from wrong here."""
    return country in _READERS


def _danish(number: str) -> IdNumber:
    if cvr.is_valid(number):
        return IdNumber("company", number)
    if len(number) == _DANISH and is_digits(number) and _is_date(number, "DK"):
        return IdNumber("person", number)
    return IdNumber(None, number)


def _swedish(number: str) -> IdNumber:
    plain = number.replace("+", "")
    if len(plain) == _SWEDISH_LONG:
        plain = plain[2:]
    if len(plain) != _SWEDISH or not is_digits(plain) or not luhn.is_valid(plain):
        return IdNumber(None, number)
    if int(plain[2:4]) >= _FIRST_COMPANY_MONTH:
        return IdNumber("company", plain)
    dated = plain[4:6] + plain[2:4] + plain[:2]
    return IdNumber("person" if _is_date(dated, "SE") else None, plain)


def _norwegian(number: str) -> IdNumber:
    if no_orgnr.is_valid(number):
        return IdNumber("company", number)
    right = (
        len(number) == _NORWEGIAN
        and is_digits(number)
        and number[-2] == fodselsnummer.calc_check_digit1(number)
        and number[-1] == fodselsnummer.calc_check_digit2(number)
        and _is_date(number, "NO")
    )
    return IdNumber("person" if right else None, number)


def _finnish(number: str) -> IdNumber:
    found = _HETU.fullmatch(number)
    if found is not None:
        date, serial, check = found.groups()
        remainder = int(date + serial) % len(_HETU_CHECK)
        right = check == _HETU_CHECK[remainder] and _is_date(date, "FI")
        return IdNumber("person" if right else None, number)
    business = number.replace("-", "")
    return IdNumber("company" if ytunnus.is_valid(business) else None, business)


def _finnish_compact(text: str) -> str:
    # The sign between date and serial is part of a hetu, and may be a dash.
    return re.sub(r"\s", "", text).upper()


def _is_date(number: str, country: str) -> bool:
    """Whether a number opens with day, month and year, shifted as its country shifts them."""
    day, month, year = (int(number[at : at + 2]) for at in (0, 2, 4))
    return any(
        _exists(day - by_day, month - by_month, year)
        for by_day in _DAY_OFFSETS.get(country, (0,))
        for by_month in _MONTH_OFFSETS.get(country, (0,))
    )


def _exists(day: int, month: int, year: int) -> bool:
    months_of_a_year = range(1, 13)
    return month in months_of_a_year and any(
        1 <= day <= monthrange(century + year, month)[1] for century in _CENTURIES
    )


_READERS: Final[Mapping[str, Callable[[str], IdNumber]]] = {
    "DK": _danish,
    "SE": _swedish,
    "NO": _norwegian,
    "FI": _finnish,
}
