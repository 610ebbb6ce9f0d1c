"""A timeline drawn as a line of days: level until the invoice falls due, then a mark for each letter.

A hollow mark costs the debtor nothing, a filled one does, a square warns of collection. What it shows
stands in the table beneath it too. Presentation attributes carry the light palette, as in charts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup, escape

from services.dunning.values import NoticeKind, Step

_WIDTH: Final = 360
_LEFT: Final = 44
_RIGHT: Final = 330
_LEVEL, _FALLEN = 46, 62
_HEIGHT: Final = 128
_LETTER: Final = 7
"""About how wide a letter of 12 px is."""
_ROWS: Final = (88, 106, 124)
"""Labels that would touch stand under each other."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A step with its words: `day` as "day 20", `label` as the kind of letter."""

    step: Step
    day: str
    label: str


def line_of_days(steps: Sequence[Drawn], due: str, title: str, description: str) -> Markup:
    last = max((one.step.after_days for one in steps), default=1)
    room = _RIGHT - _LEFT - 18
    parts = [
        _path("due", f"M4 {_LEVEL}H{_LEFT}l14 16H{_WIDTH - 4}"),
        _text(due, 4, _LEVEL - 10, "soft"),
    ]
    ends = [-100] * len(_ROWS)
    for one in steps:
        x = _LEFT + 18 + one.step.after_days * room // max(last, 1)
        parts.append(_mark(one.step, x))
        parts.append(_text(one.day, x, _FALLEN - 14, "strong", "middle"))
        wide = len(one.label) * _LETTER
        middle = min(max(x, wide // 2 + 2), _WIDTH - wide // 2 - 2)
        row = next((n for n, end in enumerate(ends) if middle - wide // 2 > end), None)
        if row is not None:
            ends[row] = middle + wide // 2
            parts.append(_text(one.label, middle, _ROWS[row], "", "middle"))
    used = max((n for n, end in enumerate(ends) if end > 0), default=0)
    height = _HEIGHT - 18 * (len(_ROWS) - 1 - used)
    inside = Markup("").join(parts)
    return Markup(  # noqa: S704  the words are escaped, the figures are ours
        f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" font-family="sans-serif" font-size="12">'
        f"<title>{escape(title)}</title><desc>{escape(description)}</desc>{inside}</svg>"
    )


def _mark(step: Step, x: int) -> Markup:
    kind = "bar" if step.charged else "dot"
    colours = (
        'fill="#0a5b63"' if step.charged else 'fill="#fff" stroke="#0a5b63" stroke-width="2.25"'
    )
    if step.kind is NoticeKind.WARNING:
        shape = f'<rect x="{x - 5}" y="{_FALLEN - 5}" width="10" height="10"'
    else:
        shape = f'<circle cx="{x}" cy="{_FALLEN}" r="5"'
    return Markup(f'{shape} class="{kind}" {colours}/>')  # noqa: S704  figures of ours


def _text(text: str, x: int, y: int, kind: str, anchor: str = "start") -> Markup:
    colour = "#4b5a57" if kind == "soft" else "#13201e"
    return Markup(  # noqa: S704  the words are escaped, the figures are ours
        f'<text x="{x}" y="{y}" class="{kind}" fill="{colour}" text-anchor="{anchor}">'
        f"{escape(text)}</text>"
    )


def _path(kind: str, path: str) -> Markup:
    return Markup(  # noqa: S704  figures of ours
        f'<path class="{kind}" d="{path}" fill="none" stroke="#13201e" stroke-width="1.5"/>'
    )
