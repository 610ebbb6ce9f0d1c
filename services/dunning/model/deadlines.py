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
) -> Deadline:
    """The deadline of a letter sent on a day: so many days as the law asks for, counted from sending
    and moved to a banking day (inkassoloven § 10, NO inkassoloven § 9).
    """
    rules = [f"{country.lower()}.deadline.{name}" for name in _NEXT_BEST[kind]]
    rule_id = next((rule for rule in rules if law.governs(rule, debtor_kind)), rules[-1])
    found = law.find(rule_id, debtor_kind, Days(notice_sent=sent_on))
    least_on = sent_on + timedelta(days=found.number)
    return Deadline(calendar_of(country).on_or_after(least_on), least_on, found.number, found.row)


def transfer_from(deadline_on: date) -> date:
    """The first day on which a case may be handed over: the deadline has strictly passed."""
    return deadline_on + timedelta(days=1)
