"""Whether an invoice is the next of a series that the same supplier sends every month.

Rent, leasing and subscriptions cost the same each time. That two invoices over one amount come a
month apart says nothing then; that they come closer together still does.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

ESTABLISHED: Final = 2
"""How many before this one, each approved by people, make a series."""
A_MONTH: Final = (timedelta(days=25), timedelta(days=35))
"""From a short February to a long month, with the day of issue moved by a weekend at either end."""


def is_next_of_a_month(issued_on: date, approved: Iterable[date], others: Iterable[date]) -> bool:
    """`approved` and `others` are when the supplier's other invoices over the same amount were
    issued: those that people have approved, and those that nobody has yet.
    """
    series = sorted(set(approved))[-ESTABLISHED:]
    if len(series) < ESTABLISHED or any(series[0] < other for other in others):
        return False
    shortest, longest = A_MONTH
    return all(
        shortest <= later - sooner <= longest for sooner, later in pairwise([*series, issued_on])
    )
