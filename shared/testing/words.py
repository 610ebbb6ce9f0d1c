"""Every message that templates and page code ask a catalogue for, found by Babel's extractors."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from babel.messages.extract import extract_from_file

from shared.ui.environment import environment

_OPTIONS: Final = {
    "extensions": ",".join(sorted(environment().extensions)),
    "trimmed": "true",
    "trim_blocks": "true",
    "lstrip_blocks": "true",
    "silent": "false",
}
_KEYWORDS: Final[dict[str, tuple[int, ...] | None]] = {
    "gettext": None,
    "ngettext": (1,),
    # Tables whose texts are looked up when they are drawn.
    "State": (1,),
    "Kind": (3, 4),
    "Problem": (2,),
}


def words_used(root: Path) -> dict[str, set[str]]:
    """Each message id with the files that use it, over all of the house's source under `root`."""
    found: dict[str, set[str]] = {}
    for package in ("services", "shared", "simulators", "forfald"):
        for path in sorted((root / package).rglob("*")):
            method = _method(path)
            if method is None:
                continue
            for message in _words_of(path, method):
                found.setdefault(message, set()).add(path.relative_to(root).as_posix())
    return found


def _method(path: Path) -> str | None:
    if path.suffix == ".html" and "templates" in path.parts:
        return "jinja2"
    return "python" if path.suffix == ".py" else None


def _words_of(path: Path, method: str) -> set[str]:
    options = _OPTIONS if method == "jinja2" else {}
    words: set[str] = set()
    for _, message, _, _ in extract_from_file(method, path, keywords=_KEYWORDS, options=options):
        # Of a plural only the first form is asked for, since the catalogue finds both by it. Several
        # arguments of one call are messages of their own.
        several = message if isinstance(message, tuple) else (message,)
        words.update(text for text in several if text)
    return words
