"""How a text is written: sentences with named gaps, in one form for one payment, one for several.

The grammar is closed: `{name}`, where the name is a fact of the occasion, and nothing else. There
are no expressions, formats or loops, so a text can neither run nor hang, and a gap that the
occasion cannot fill is an error when the texts are loaded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime

from babel.dates import format_datetime

from services.notifications.model.occasions import (
    ApprovalExpired,
    ApprovalReminder,
    ApprovalRequested,
    ListGoes,
    ListWaits,
    Payments,
    PaymentsFailed,
    PaymentsRejected,
    PaymentsReturned,
    PaymentsUnknown,
)

GAP = re.compile(r"\{([a-z_]+)\}")


class UnknownGap(ValueError):
    """A text that asks for something its occasion does not have; gives the column, from 1."""


def check(text: str, facts: frozenset[str]) -> None:
    """Refuse a text with a gap that is none of the facts, or with a brace that opens no gap."""
    for gap in GAP.finditer(text):
        if gap[1] not in facts:
            known = ", ".join(sorted(facts)) or "no facts"
            raise UnknownGap(f"column {gap.start() + 1}: {gap[0]} is none of {known}: {text!r}")
    stray = re.search(r"[{}]", GAP.sub(lambda gap: " " * len(gap[0]), text))
    if stray:
        raise UnknownGap(f"column {stray.start() + 1}: a brace that opens no gap: {text!r}")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a filled text: the writer's own words, or a fact put into a gap."""

    text: str
    is_fact: bool


def fill(text: str, facts: Mapping[str, str]) -> tuple[Piece, ...]:
    """The text with its gaps filled; a fact is never read again as a text with gaps."""
    return tuple(
        Piece(facts[part] if index % 2 else part, is_fact=bool(index % 2))
        for index, part in enumerate(GAP.split(text))  # words and gaps in turn
        if part
    )


def plain(pieces: Iterable[Piece]) -> str:
    return "".join(piece.text for piece in pieces)


@dataclass(frozen=True, slots=True)
class Counted:
    """A sentence about one payment and the same about several; all five languages have the two."""

    one: str
    many: str

    def of(self, payments: int) -> str:
        return self.one if payments == 1 else self.many


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What one mail says, from its subject to why its reader gets it."""

    subject: Counted
    heading: Counted
    lead: Counted
    next: Counted
    """What happens next, and who acts."""
    action: Counted
    """The link's label: a verb and what it opens; it has no gaps."""
    because: str

    def check(self, facts: frozenset[str]) -> None:
        for counted in (self.subject, self.heading, self.lead, self.next):
            check(counted.one, facts)
            check(counted.many, facts)
        check(self.action.one, frozenset())
        check(self.action.many, frozenset())
        check(self.because, facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """Everything that mails say in one language."""

    language: str
    """Its tag in BCP 47, and its locale."""
    instant: str
    """An instant with its weekday, as a CLDR date pattern."""
    approval_requested: Words
    approval_reminder: Words
    approval_expired: Words
    payments_rejected: Words
    payments_failed: Words
    payments_unknown: Words
    payments_returned: Words
    list_waits: Words
    list_goes: Words
    address: str
    """Introduces the link in full, for readers whose button does not work."""
    discretion: str
    """Why the mail names no amount, payee or account."""
    list_discretion: str
    """Why the mail of today's list names nobody who owes."""
    nameless: str
    """Stands for a name that is empty."""

    def __post_init__(self) -> None:
        for occasion, words in (
            (ApprovalRequested, self.approval_requested),
            (ApprovalReminder, self.approval_reminder),
            (ApprovalExpired, self.approval_expired),
            (PaymentsRejected, self.payments_rejected),
            (PaymentsFailed, self.payments_failed),
            (PaymentsUnknown, self.payments_unknown),
            (PaymentsReturned, self.payments_returned),
            (ListWaits, self.list_waits),
            (ListGoes, self.list_goes),
        ):
            words.check(facts_of(occasion))

    def at(self, instant: datetime) -> str:
        """An instant in words, in the time zone that it carries."""
        return format_datetime(instant, self.instant, locale=self.language)


def facts_of(occasion: type[Payments]) -> frozenset[str]:
    return frozenset(field.name for field in fields(occasion))
