"""Shapes and icons: drawn into the page where they stand.

An `icons.svg` in a file of its own could not be coloured by the page's stylesheet, and a sprite at
the page's top would be missing from a fragment that is swapped in later.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from markupsafe import Markup

_FILE = Path(__file__).parent / "icons.svg"
_SYMBOL = re.compile(r'<symbol id="([a-z-]+)" viewBox="0 0 16 16">(.+?)</symbol>')


@cache
def icons() -> Mapping[str, Markup]:
    """Each drawing by its name: states are `s-…`, others `i-…`."""
    return {
        # The only source is our own file, which no reader can write to.
        name: Markup(f'<svg aria-hidden="true" viewBox="0 0 16 16">{drawing}</svg>')  # noqa: S704  see above
        for name, drawing in _SYMBOL.findall(_FILE.read_text(encoding="utf-8"))
    }


def icon(name: str) -> Markup:
    """The drawing, silent to a screen reader: the word beside it says what it means."""
    return icons()[name]
