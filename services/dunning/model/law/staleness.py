"""Which series of rows are about to end: what somebody has to look up, and by when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from services.dunning.model.law.book import LawBook
from services.dunning.model.law.rows import Row

NOTICE = timedelta(days=30)
"""So long before it is needed a new row is asked for."""


@dataclass(frozen=True, slots=True)
class Ending:
    """The last row of a rule for a kind of debtor. From `missing_from` on its charges are refused."""

    row: Row
    missing_from: date

    def is_missing(self, on: date) -> bool:
        return self.missing_from <= on


def endings(law: LawBook, on: date) -> tuple[Ending, ...]:
    """Series that have ended by a day, or will within thirty days of it, the most urgent first."""
    last: dict[tuple[str, str], Row] = {}
    for row in law.rows:
        key = (row.rule_id, row.debtor_kind)
        if row.stale_after is not None and row.is_law:
            known = last.get(key)
            if known is None or (known.stale_after or date.min) < row.stale_after:
                last[key] = row
    found = [
        Ending(row, row.stale_after)
        for row in last.values()
        if row.stale_after is not None and row.stale_after - NOTICE <= on
    ]
    return tuple(sorted(found, key=lambda one: (one.missing_from, one.row.rule_id)))
