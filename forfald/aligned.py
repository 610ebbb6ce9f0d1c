"""Tables in a terminal whose cells are never shortened: one that is too narrow breaks the line."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from rich.console import Console
from rich.text import Text

_GAP = "  "


class Aligned:
    """Rows under titles, each column as wide as its widest cell."""

    def __init__(self, *titles: str, right: Collection[int] = ()) -> None:
        """`right`: the columns that hold figures."""
        self._right = right
        self._rows: list[tuple[Sequence[str], str]] = [(titles, "dim")]

    def add(self, *cells: str, style: str = "") -> None:
        assert len(cells) == len(self._rows[0][0]), cells
        self._rows.append((cells, style))

    def show(self, console: Console) -> None:
        columns = zip(*(cells for cells, _ in self._rows), strict=True)
        widths = [max(map(len, column)) for column in columns]
        for cells, style in self._rows:
            console.print(Text(self._line(cells, widths), style), soft_wrap=True, highlight=False)

    def _line(self, cells: Sequence[str], widths: Sequence[int]) -> str:
        placed = [
            cell.rjust(width) if number in self._right else cell.ljust(width)
            for number, (cell, width) in enumerate(zip(cells, widths, strict=True))
        ]
        return _GAP.join(placed).rstrip()
