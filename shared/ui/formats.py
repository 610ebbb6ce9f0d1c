"""Amounts, days and instants as a reader writes them (CLDR by Babel, with our own day patterns).

Spaces inside an amount are no-break spaces and minus is U+2212, in every language.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Final

from babel.dates import format_date, format_time
from babel.numbers import format_decimal

from shared.clock import day_of
from shared.money import Money, exponent
from shared.ui.language import Language, translator
from shared.ui.reader import Reader

_NO_BREAK: Final = "\N{NO-BREAK SPACE}"
# Weekday before date and no comma, since a deadline counts by its weekday. CLDR's own skeletons put
# commas and, in English, the month first.
_DAY: Final[dict[Language, str]] = {
    "da": "EEE d. MMM",
    "sv": "EEE d MMM",
    "nb": "EEE d. MMM",
    "fi": "ccc d.M.",
    "en": "EEE d MMM",
}
_FULL: Final[dict[Language, str]] = {
    "da": "EEE d. MMMM y",
    "sv": "EEE d MMMM y",
    "nb": "EEE d. MMMM y",
    "fi": "ccc d.M.y",
    "en": "EEE d MMMM y",
}
_SHOWN_OF_MASKED: Final = 4


def amount(value: Money, reader: Reader) -> str:
    """The figures alone, with all decimals of the currency: 1,250.00."""
    decimals = exponent(value.currency)
    pattern = "#,##0." + "0" * decimals if decimals else "#,##0"
    text = format_decimal(value.decimal, format=pattern, locale=reader.locale)
    return text.replace("-", "\N{MINUS SIGN}").replace(" ", _NO_BREAK)


def money(value: Money, reader: Reader) -> str:
    """An amount inside a sentence or a title: 1,250.00 DKK."""
    return f"{amount(value, reader)}{_NO_BREAK}{value.currency}"


def decimal(value: Decimal, reader: Reader) -> str:
    """With one decimal, as percentages and averages of days are: 39.7."""
    text = format_decimal(value, format="#,##0.0", locale=reader.locale)
    return text.replace("-", "\N{MINUS SIGN}").replace(" ", _NO_BREAK)


def count(value: int, reader: Reader) -> str:
    """1,250 of something."""
    text = format_decimal(value, format="#,##0", locale=reader.locale)
    return text.replace("-", "\N{MINUS SIGN}").replace(" ", _NO_BREAK)


def month(value: date, reader: Reader, *, year: bool = True) -> str:
    """Mar 2026, or Mar where the year is said elsewhere."""
    return format_date(value, "MMM y" if year else "MMM", locale=reader.locale)


def day(value: date, reader: Reader) -> str:
    """Tue 3 Mar; with the year when it is not the reader's present one."""
    the_day = _as_day(value, reader)
    pattern = _DAY[reader.language]
    if the_day.year != reader.day.year:
        pattern += "y" if pattern.endswith("M.") else " y"
    return format_date(the_day, pattern, locale=reader.locale)


def full_day(value: date, reader: Reader) -> str:
    """Mon 2 March 2026: where the day is the matter of the sentence."""
    return format_date(_as_day(value, reader), _FULL[reader.language], locale=reader.locale)


def clock_time(value: datetime, reader: Reader) -> str:
    """08:40, in the reader's zone."""
    return format_time(value.astimezone(reader.zone), "short", locale=reader.locale)


def instant(value: datetime, reader: Reader) -> str:
    """Wed 25 Feb 21:44, or "today 08:30"."""
    time = clock_time(value, reader)
    if day_of(value, reader.zone) == reader.day:
        return translator(reader.language).gettext("today %(time)s") % {"time": time}
    return f"{day(value, reader)} {time}"


def moment(value: datetime, reader: Reader) -> str:
    """Mon 2 March 2026, 08:40: the demonstration's clock."""
    return f"{full_day(value, reader)}, {clock_time(value, reader)}"


def masked(value: str) -> str:
    """An account number or the like, of which only the end is shown: "…0781".

    At most the last four letters or figures, and never more than a third of them, so that a short
    value does not give itself away. Not for birth numbers, whose last figures are the secret ones.
    """
    characters = [character for character in value if character.isalnum()]
    shown = min(_SHOWN_OF_MASKED, len(characters) // 3)
    return "…" + "".join(characters[len(characters) - shown :])


def _as_day(value: date, reader: Reader) -> date:
    return day_of(value, reader.zone) if isinstance(value, datetime) else value
