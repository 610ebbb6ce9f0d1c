"""Kept documents as people see them: an e-invoice drawn by us, a PDF as pictures of its pages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from babel.numbers import format_decimal

from services.sync.model.drawing import Formats, Sheet, draw
from services.sync.model.einvoice import EInvoice
from services.sync.pages import words
from shared.money import Money, MoneyError
from shared.ui import formats
from shared.ui.language import translator
from shared.ui.reader import Reader

PAGE_WIDTH: Final = 1200
"""Pixels of a page's picture: sharp on a phone when it is enlarged."""


def sheet(einvoice: EInvoice, reader: Reader) -> Sheet:
    """The invoice as a sheet of paper in the reader's language."""
    labels = words.labels(translator(reader.language).gettext)

    def amount(value: Decimal, currency: str) -> str:
        try:
            return formats.amount(Money.of(value, currency), reader)
        except MoneyError:
            # As many decimals as were written: it is the document that says so.
            return format_decimal(value, locale=reader.locale, decimal_quantization=False)

    def number(value: Decimal) -> str:
        return format_decimal(value, locale=reader.locale, decimal_quantization=False)

    def day(value: date) -> str:
        return formats.full_day(value, reader)

    return draw(einvoice, Formats(amount, number, day, lambda word: labels.get(word, word)))
