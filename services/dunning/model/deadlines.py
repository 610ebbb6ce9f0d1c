"""The deadline that a letter sets, and the first day on which an agency may have the case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from services.dunning.model.facts import LegalKind, LetterKind
from services.dunning.model.law.book import Days, LawBook
from services.dunning.model.law.rows import Row
from shared.calendar import calendar_of

_NEXT_BEST: Final[dict[str, tuple[str, ...]]] = {
    "reminder": ("reminder",),
    "statement": ("reminder",),
    "warning": ("warning", "reminder"),
    "demand": ("demand", "warning", "reminder"),
}
"""Where a country has no deadline of its own for a kind of letter, another kind's serves."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day to pay, a banking day. `least_on` is the earliest that it may be by the rule."""

    on: date
    least_on: date
    days: int
    row: Row

    @property
    def slack_days(self) -> int:
        """How many days later the letter could leave with the same deadline."""
        return (self.on - self.least_on).days


def deadline_of(
    country: str,
    kind: LetterKind,
    debtor_kind: LegalKind,
    sent_on: date,
    law: LawBook,
    wanted_days: int | None = None,
) -> Deadline:
    """The deadline of a letter sent on a day: so many days as the law asks for, or more where
    wanted, counted from sending and moved to a banking day (inkassoloven § 10, NO inkassoloven § 9).
    """
    rules = [f"{country.lower()}.deadline.{name}" for name in _NEXT_BEST[kind]]
    rule_id = next((rule for rule in rules if law.governs(rule, debtor_kind)), rules[-1])
    found = law.find(rule_id, debtor_kind, Days(notice_sent=sent_on))
    days = max(found.number, wanted_days or 0)
    if found.row.kind == "default" and wanted_days is not None:
        days = wanted_days
    on = calendar_of(country).on_or_after(sent_on + timedelta(days=days))
    return Deadline(on, sent_on + timedelta(days=days), days, found.row)


def transfer_from(deadline_on: date, country: str, lag_banking_days: int = 0) -> date:
    """The first day on which a case may be handed over: the deadline has strictly passed, and so
    have the banking days that a payment made on it may take to show.
    """
    passed = deadline_on
    if lag_banking_days:
        passed = calendar_of(country).add(deadline_on, lag_banking_days)
    return passed + timedelta(days=1)
