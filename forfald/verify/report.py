"""The checker's answer as a table and as an exit code."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from forfald.aligned import Aligned
from forfald.verify.invariants import Checked

_SHOWN_MAX = 5


def show(answers: Sequence[Checked], console: Console) -> bool:
    """Print what was checked, how many of each, and each damage; true if nothing is wrong."""
    table = Aligned("", "invariant", "checked", "")
    for answer in answers:
        verdict, style = ("broken", "red") if answer.damage else ("holds", "")
        looked_at = f"{answer.looked_at:,} {answer.of}"
        table.add(answer.number, answer.says, looked_at, verdict, style=style)
    table.show(console)
    for answer in answers:
        _tell(answer, console)
    broken = [answer.number for answer in answers if answer.damage]
    console.print()
    console.print(f"Broken: {', '.join(broken)}." if broken else f"All {len(answers)} hold.")
    return not broken


def _tell(answer: Checked, console: Console) -> None:
    for damage in answer.damage[:_SHOWN_MAX]:
        console.print(Text(f"{answer.number}  {damage}", "red"), soft_wrap=True)
    if len(answer.damage) > _SHOWN_MAX:
        console.print(f"     and {len(answer.damage) - _SHOWN_MAX} more", highlight=False)
