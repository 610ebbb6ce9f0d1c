"""The checker's answer as a table and as an exit code."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from forfald.verify.invariants import Checked

_SHOWN_MAX = 5


def show(answers: Sequence[Checked], console: Console) -> bool:
    """Print what was checked, how many of each, and each damage; true if nothing is wrong."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    for title, justify in (("", "left"), ("invariant", "left"), ("checked", "right"), ("", "left")):
        table.add_column(title, justify="right" if justify == "right" else "left")
    for answer in answers:
        verdict = "[red]broken[/]" if answer.damage else "[green]holds[/]"
        table.add_row(answer.number, answer.says, f"{answer.looked_at:,}", verdict)
    console.print(table)
    for answer in answers:
        for damage in answer.damage[:_SHOWN_MAX]:
            console.print(f"[red]{answer.number}[/]  {damage}")
        if len(answer.damage) > _SHOWN_MAX:
            console.print(f"     and {len(answer.damage) - _SHOWN_MAX} more")
    return not any(answer.damage for answer in answers)
