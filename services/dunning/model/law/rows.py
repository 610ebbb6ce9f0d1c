"""A row of law: one value, for whom, from when until when, and who says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from services.dunning.model.facts import LegalKind


class Status(StrEnum):
    """Only what is in force, or was, prices anything."""

    PROPOSED = "proposed"
    ADOPTED_NOT_IN_FORCE = "adopted_not_in_force"
    IN_FORCE = "in_force"
    REPEALED = "repealed"


class Confidence(StrEnum):
    PRIMARY = "primary"
    SECONDARY = "secondary"
    DERIVED = "derived"
    UNVERIFIED = "unverified"


class Selector(StrEnum):
    """Which day of a claim chooses the row: it differs from rule to rule."""

    ACCRUAL_DAY = "accrual_day"
    NOTICE_SENT = "notice_sent"
    DUE_DATE = "due_date"
    MEASURE_DATE = "measure_date"
    CONTRACT_DATE = "contract_date"
    TRANSFER_DATE = "transfer_date"


class Unit(StrEnum):
    """`minor` is øre, öre, cents; `percent` a year; `name` a choice in words."""

    MINOR = "minor"
    PERCENT = "percent"
    DAYS = "days"
    COUNT = "count"
    YEARS = "years"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a row is read: statute and section, and who was seen to say so."""

    statute: str
    section: str
    publisher: str
    document: str | None = None
    published_on: date | None = None
    retrieved_on: date | None = None

    @property
    def citation(self) -> str:
        return f"{self.statute} {self.section}"


@dataclass(frozen=True, slots=True)
class Tier:
    """What holds for a principal of at most `through` minor units; None has no end."""

    through: int | None
    value: int


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One value of one rule: legally valid on some days, recorded here at some instant.

    A row is itself and no other: it is known by its `rule_id`, kind of debtor and `version`.

    `valid_to` is the first day on which it holds no more. Exactly one of `value`, `formula` and `tiers`
    is there. `supersedes` is the version of the row that this one corrects: both remain, and which one
    is read depends on what was known.
    """

    rule_id: str
    jurisdiction: str
    debtor_kind: LegalKind | str
    parameter: str
    kind: str
    unit: Unit
    selector: Selector
    status: Status
    confidence: Confidence
    source: Source
    recorded_at: datetime
    valid_from: date | None
    valid_to: date | None
    value: str | None = None
    formula: tuple[str, ...] = ()
    tiers: tuple[Tier, ...] = ()
    rounding: str | None = None
    currency: str | None = None
    mandatory: str = "none"
    requires: tuple[str, ...] = ()
    absorbs: tuple[str, ...] = ()
    verified_by: tuple[str, ...] = ()
    supersedes: str | None = None
    stale_after: date | None = None
    note: str | None = None

    @property
    def version(self) -> str:
        """Unique in its rule and kind of debtor: from when it holds, and when that was written down."""
        start = self.valid_from.isoformat() if self.valid_from else "open"
        return f"{start}/{self.recorded_at:%Y-%m-%dT%H:%M}"

    @property
    def law(self) -> str:
        return self.source.citation

    @property
    def is_law(self) -> bool:
        """Whether it may price anything on its days."""
        return self.status in {Status.IN_FORCE, Status.REPEALED}

    @property
    def is_unverified(self) -> bool:
        return self.confidence is Confidence.UNVERIFIED

    @property
    def is_signed(self) -> bool:
        """Whether two people have put their names to it."""
        return len(set(self.verified_by)) > 1

    def holds(self, on: date) -> bool:
        return (self.valid_from is None or self.valid_from <= on) and (
            self.valid_to is None or on < self.valid_to
        )
