"""Charts as SVG, drawn by the server: the same picture on a page, in a mail and in a PDF.

One accent colour, labels where they belong and no legend. Each has a title and a description, and its
numbers stand in a table beneath it. Presentation attributes carry the light palette for mail and PDF;
where the stylesheet is at hand its classes replace them.

    lying([Bar("Not due", Decimal(8000), "8,000.00", "rest")], Words("Open by age", "…"))
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from itertools import pairwise
from typing import Final, Literal

from markupsafe import Markup, escape

Tone = Literal["bar", "rest", "minus"]
_WIDTH: Final = 360
_INK, _SOFT, _ACCENT, _REST, _PAPER, _DOTS = (
    "#13201e", "#4b5a57", "#0a5b63", "#dde3e1", "#fff", "#7a8886",
)  # fmt: skip
_LETTER: Final = 7.0
"""About how wide a letter of 12 px is: labels are given room before anybody measures them."""
_FILLS: Final = {"bar": _ACCENT, "rest": _REST}


@dataclass(frozen=True, slots=True)
class Words:
    """What a screen reader says of the chart: its name, and its finding in a sentence."""

    title: str
    description: str
    name: str = "chart"
    """Part of the ids, where several stand on one page."""


@dataclass(frozen=True, slots=True)
class Bar:
    """`shown` is the value as the reader writes it."""

    label: str
    value: Decimal
    shown: str
    tone: Tone = "bar"


@dataclass(frozen=True, slots=True)
class Point:
    """A point of a line; `before` is the value a year earlier, where there is one."""

    label: str
    value: Decimal
    before: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Ends:
    """What stands at the end of a line: its last value, and the one of the year before."""

    shown: str
    label: str
    before_shown: str = ""
    before_label: str = ""


def lying(bars: Sequence[Bar], words: Words) -> Markup:
    """Bars that lie under each other, each with its label before and its value behind it.

    Where late follows in time the falling edge stands between: the first bar after those of tone
    `rest` begins what is past due.
    """
    left = min(160.0, max((_wide(bar.label) for bar in bars), default=0.0) + 8)
    room = max((_wide(bar.shown) for bar in bars), default=0.0) + 10
    scale = _scale(bars, _WIDTH - left - room)
    parts: list[Markup] = []
    top, fallen = 8.0, all(bar.tone != "rest" for bar in bars[:1])
    for bar in bars:
        if not fallen and bar.tone == "bar":
            parts.append(_edge(f"M0 {top - 2:g}H{_WIDTH - 38}l14 14"))
            top, fallen = top + 12, True
        parts += _lying(bar, left, top, float(abs(bar.value)) * scale)
        top += 30
    return _drawing(parts, top + 2, words)


def standing(bars: Sequence[Bar], words: Words) -> Markup:
    """Columns beside each other: their values above where there is room, else the highest's; labels
    beneath, some left out where they would touch.
    """
    foot, height = 150.0, 104.0
    scale = _scale(bars, height)
    step = (_WIDTH - 8) / max(len(bars), 1)
    width = min(step - 1, 44)
    parts: list[Markup] = []
    widest = max((_wide(bar.shown) for bar in bars), default=0.0)
    every = _every(bars, step)
    highest = max(bars, key=lambda bar: abs(bar.value), default=None)
    for place, bar in enumerate(bars):
        x, tall = 4 + place * step + (step - width) / 2, float(abs(bar.value)) * scale
        middle = x + width / 2
        parts.append(_rect(bar.tone, x, foot - tall, width, tall))
        if bar.value and (widest <= step or bar is highest):
            parts.append(_text(bar.shown, middle, foot - tall - 5, anchor="middle"))
        if (len(bars) - 1 - place) % every == 0:
            parts.append(_text(bar.label, middle, foot + 16, "soft", "middle"))
    parts += _between(bars, step, foot)
    parts.append(_axis(4, _WIDTH - 4, foot))
    return _drawing(parts, foot + 24, words)


def line(
    points: Sequence[Point], ends: Ends, words: Words, ticks: Sequence[tuple[Decimal, str]]
) -> Markup:
    """A line over time with the year before dotted beneath it; `ticks` are (value, as written)."""
    left = max((_wide(shown) for _, shown in ticks), default=0.0) + 8
    right = _WIDTH - max(_wide(ends.shown), _wide(ends.label), _wide(ends.before_label)) - 12
    foot, top = 150.0, 22.0
    most = max([tick for tick, _ in ticks] or [Decimal(1)]) or Decimal(1)

    def y(value: Decimal) -> float:
        return foot - float(value / most) * (foot - top)

    step = (right - left) / max(len(points) - 1, 1)
    xs = [left + step * place for place in range(len(points))]
    parts = [_axis(left, right, y(tick)) for tick, _ in ticks]
    parts += [_text(shown, left - 7, y(tick) + 4, "soft", "end") for tick, shown in ticks]
    dotted = [(x, y(p.before)) for x, p in zip(xs, points, strict=True) if p.before is not None]
    solid = [(x, y(point.value)) for x, point in zip(xs, points, strict=True)]
    if len(dotted) > 1:
        parts.append(_path("prev", dotted, _DOTS, 'stroke-width="1.25" stroke-dasharray="1 4"'))
    if len(solid) > 1:
        parts.append(_path("line", solid, _ACCENT, 'stroke-width="2.25"'))
    if solid:
        parts += _at_the_end(solid[-1], dotted[-1] if dotted else None, ends)
    every = max(1, round(46 / step)) if step else 1
    for place, (x, point) in enumerate(zip(xs, points, strict=True)):
        if (len(points) - 1 - place) % every == 0:
            parts.append(_text(point.label, x, foot + 18, "soft", "middle"))
    return _drawing(parts, foot + 28, words)


def round_ticks(most: Decimal) -> list[Decimal]:
    """Nought and two to four round values, the last of them at or above the most."""
    if most <= 0:
        return [Decimal(0), Decimal(1)]
    tenth = Decimal(10) ** (most.adjusted())
    for part in ("0.2", "0.25", "0.5", "1", "2", "2.5", "5"):
        step = tenth * Decimal(part)
        if step * 4 >= most:
            count = int((most / step).to_integral_value(ROUND_CEILING))
            return [step * place for place in range(count + 1)]
    return [Decimal(0), most]


def _at_the_end(
    end: tuple[float, float], before: tuple[float, float] | None, ends: Ends
) -> Iterable[Markup]:
    x, y = end
    yield Markup(  # noqa: S704  figures of ours
        f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{_PAPER}" stroke="{_ACCENT}"'
        ' stroke-width="2.25"/>'
    )
    other = before[1] if before else None
    own = y + 4 if other is None or other >= y else max(y + 4, other + 40)
    yield _text(ends.shown, x + 9, own, "strong")
    yield _text(ends.label, x + 9, own + 15, "soft")
    if other is not None and ends.before_shown:
        place = max(other + 4, own + 34) if other >= y else min(other + 4, own - 30)
        yield _text(ends.before_shown, x + 9, place, "soft")
        yield _text(ends.before_label, x + 9, place + 15, "soft")


def _lying(bar: Bar, left: float, top: float, wide: float) -> Iterable[Markup]:
    drawn = max(wide, 3.0) if bar.value else 0.0
    yield _text(bar.label, 0, top + 14, "soft")
    if bar.value:
        yield _rect(bar.tone, left, top, drawn, 20)
    yield _text(bar.shown, left + drawn + 7, top + 14)


def _between(bars: Sequence[Bar], step: float, foot: float) -> Iterable[Markup]:
    """The falling edge between what is in time and what is late."""
    for place, (one, other) in enumerate(pairwise(bars), start=1):
        if one.tone == "rest" and other.tone == "bar":
            yield _edge(f"M4 24H{4 + place * step - 10:.1f}l10 10V{foot + 5:g}")


def _every(bars: Sequence[Bar], step: float) -> int:
    """Each how-manieth label has room."""
    widest = max((_wide(bar.label) for bar in bars), default=0.0) + 6
    every = 1
    while every * step < widest:
        every += 1
    return every


def _scale(bars: Sequence[Bar], room: float) -> float:
    most = max((float(abs(bar.value)) for bar in bars), default=0.0)
    return room / most if most else 0.0


def _wide(text: str) -> float:
    return len(text) * _LETTER


def _rect(tone: Tone, x: float, y: float, width: float, height: float) -> Markup:
    look = f'fill="{_PAPER}" stroke="{_ACCENT}"' if tone == "minus" else f'fill="{_FILLS[tone]}"'
    return Markup(  # noqa: S704  figures of ours
        f'<rect class="{tone}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" {look}/>'
    )


def _text(text: str, x: float, y: float, kind: str = "", anchor: str = "") -> Markup:
    look = {"soft": f'fill="{_SOFT}"', "strong": f'fill="{_INK}" font-weight="600"'}
    attributes = look.get(kind, f'fill="{_INK}"')
    named = f' class="{kind}"' if kind else ""
    placed = f' text-anchor="{anchor}"' if anchor else ""
    return Markup(  # noqa: S704  figures of ours; the text is escaped
        f'<text{named} x="{x:.1f}" y="{y:.1f}"{placed} {attributes}>{escape(text)}</text>'
    )


def _axis(left: float, right: float, y: float) -> Markup:
    return Markup(  # noqa: S704  figures of ours
        f'<path class="axis" d="M{left:.1f} {y:.1f}H{right:.1f}" stroke="{_REST}"/>'
    )


def _edge(path: str) -> Markup:
    return Markup(  # noqa: S704  figures of ours
        f'<path class="due" d="{path}" fill="none" stroke="{_INK}" stroke-width="1.5"/>'
    )


def _path(kind: str, points: Iterable[tuple[float, float]], colour: str, look: str) -> Markup:
    drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return Markup(  # noqa: S704  figures of ours
        f'<polyline class="{kind}" fill="none" stroke="{colour}" {look} points="{drawn}"/>'
    )


def _drawing(parts: Iterable[Markup], height: float, words: Words) -> Markup:
    name = escape(words.name)
    inside = Markup("").join(parts)
    return Markup(  # noqa: S704  the words are escaped, the rest is ours
        f'<svg viewBox="0 0 {_WIDTH} {height:.0f}" role="img" aria-labelledby="{name}-t {name}-d"'
        f' font-family="sans-serif" font-size="12"><title id="{name}-t">{escape(words.title)}</title>'
        f'<desc id="{name}-d">{escape(words.description)}</desc>{inside}</svg>'
    )
