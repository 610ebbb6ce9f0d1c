"""One Jinja environment for all pages, and the one way to draw with it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from shared.ui import formats, states
from shared.ui.assets import asset_href
from shared.ui.icons import icon
from shared.ui.language import translator
from shared.ui.reader import Reader, current_reader, drawn_for

TEMPLATES = Path(__file__).parent / "templates"

Value = TypeVar("Value")


@cache
def environment(*template_folders: Path) -> Environment:
    """The environment of a service: our own templates first, then the folders given.

    One for all who ask for the same, and not to be changed: its templates are compiled once.
    Everything is escaped, a name that is not there is an error, and words come from the
    catalogue of the reader. Only templates of the house are drawn with it, never a user's text.
    """
    made = Environment(
        loader=FileSystemLoader([TEMPLATES, *template_folders]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
    )
    made.policies["ext.i18n.trimmed"] = True
    made.install_gettext_callables(  # type: ignore[attr-defined]  # added by the i18n extension
        gettext=_gettext, ngettext=_ngettext, newstyle=True
    )
    made.filters.update(
        amount=_for_reader(formats.amount),
        money=_for_reader(formats.money),
        day=_for_reader(formats.day),
        full_day=_for_reader(formats.full_day),
        clock_time=_for_reader(formats.clock_time),
        instant=_for_reader(formats.instant),
        moment=_for_reader(formats.moment),
        masked=formats.masked,
    )
    made.globals.update(
        asset=asset_href,
        icon=icon,
        reader=current_reader,
        PAYMENT=states.PAYMENT_STATES,
        RECEIVABLE=states.RECEIVABLE_STATES,
        ACCOUNT=states.ACCOUNT_STATES,
        LEDGER=states.LEDGER_STATES,
        DELIVERY=states.DELIVERY_STATES,
        LETTER=states.LETTER_STATES,
        EFFECT=states.EFFECT_STATES,
        STATION=states.STATION_STATES,
    )
    return made


def draw(pages: Environment, template: str, reader: Reader, /, **content: Any) -> str:
    """The page, or fragment, as the reader sees it."""
    with drawn_for(reader):
        return pages.get_template(template).render(**content)


def _for_reader(write: Callable[[Value, Reader], str]) -> Callable[[Value], str]:
    return lambda value: write(value, current_reader())


def _gettext(message: str) -> str:
    return str(translator(current_reader().language).gettext(message))


def _ngettext(singular: str, plural: str, number: int) -> str:
    return str(translator(current_reader().language).ngettext(singular, plural, number))
