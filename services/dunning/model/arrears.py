"""Since when a debtor has been in arrears without a break.

Danish law counts fee letters over one unbroken arrears of a running relationship (renteloven § 9 b), so
an invoice that was paid after the next had fallen due does not end it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Overdue:
    """One invoice's time in arrears: after `due_on`, until it was settled; None while it is open."""

    due_on: date
    settled_on: date | None


def unbroken_since(times: Iterable[Overdue], today: date) -> date:
    """The due date with which the present arrears began; today where there are none."""
    since = today
    # From the latest end backwards: whoever was overdue when the arrears began carries it further back.
    for time in sorted(times, key=lambda one: one.settled_on or today, reverse=True):
        ended_on = time.settled_on or today
        if ended_on >= since and time.due_on < since:
            since = time.due_on
    return since
