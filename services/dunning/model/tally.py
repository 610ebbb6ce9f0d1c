"""What settings came to when they were tried: letters, charges, days; debtors add up to a creditor."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

import msgspec

from services.dunning.values import ChargeKind, NoticeKind
from shared.money import Money


@dataclass(frozen=True, slots=True)
class Sending:
    """One letter. `late_days` is how late each of its invoices was; `first`: it was their first."""

    on: date
    kind: NoticeKind
    charged: bool = False
    late_days: tuple[int, ...] = ()
    first: bool = False


@dataclass(frozen=True, slots=True)
class Charging:
    """An amount charged, or taken back."""

    on: date
    kind: ChargeKind
    amount: Money


class Tally(msgspec.Struct, frozen=True):
    """Counts and minor units, so that two of them can be added.

    `letters` are by kind, a reminder with charges being `charged`; `months` all letters by month
    (`2026-03`); `charges` are minor units by kind and currency (`fee DKK`). `first` and `warned` count
    invoices that were reminded and warned, beside how many days late they were together.
    """

    letters: dict[str, int] = {}
    months: dict[str, int] = {}
    charges: dict[str, int] = {}
    first: int = 0
    first_days: int = 0
    warned: int = 0
    warned_days: int = 0
    ready: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            letters=_added(self.letters, other.letters),
            months=_added(self.months, other.months),
            charges=_added(self.charges, other.charges),
            first=self.first + other.first,
            first_days=self.first_days + other.first_days,
            warned=self.warned + other.warned,
            warned_days=self.warned_days + other.warned_days,
            ready=self.ready + other.ready,
        )

    @property
    def count(self) -> int:
        return sum(self.letters.values())

    @property
    def first_after_days(self) -> str | None:
        """How late an invoice was when it was first reminded of, on average; None without any."""
        return _mean(self.first_days, self.first)

    @property
    def warned_after_days(self) -> str | None:
        return _mean(self.warned_days, self.warned)

    def charged(self, kind: ChargeKind) -> dict[str, Money]:
        """What was charged of a kind, by currency."""
        found = {}
        for name, minor in self.charges.items():
            of, _, currency = name.partition(" ")
            if of == kind:
                found[currency] = Money(minor, currency)
        return found


def tallied(
    sent: Iterable[Sending],
    charged: Iterable[Charging],
    ready: Mapping[UUID, date],
    from_on: date,
    through_on: date,
) -> Tally:
    """What falls within these days, both counted."""
    letters: Counter[str] = Counter()
    months: Counter[str] = Counter()
    charges: Counter[str] = Counter()
    first: list[int] = []
    warned: list[int] = []
    for one in sent:
        if from_on <= one.on <= through_on:
            letters[kind_of(one)] += 1
            months[one.on.strftime("%Y-%m")] += 1
            first += one.late_days if one.first else ()
            warned += one.late_days if one.kind is NoticeKind.WARNING else ()
    for charging in charged:
        if from_on <= charging.on <= through_on:
            charges[f"{charging.kind} {charging.amount.currency}"] += charging.amount.minor
    return Tally(
        letters=dict(letters),
        months=dict(months),
        charges=dict(charges),
        first=len(first),
        first_days=sum(first),
        warned=len(warned),
        warned_days=sum(warned),
        ready=_within(ready.values(), from_on, through_on),
    )


def _mean(total: int, count: int) -> str | None:
    """To one decimal, half up."""
    if not count:
        return None
    return str((Decimal(total) / count).quantize(Decimal("0.1"), ROUND_HALF_UP))


def kind_of(sending: Sending) -> str:
    if sending.kind is NoticeKind.REMINDER and sending.charged:
        return "charged"
    return sending.kind.value


def _within(days: Collection[date], from_on: date, through_on: date) -> int:
    return sum(from_on <= day <= through_on for day in days)


def _added(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return {name: one.get(name, 0) + other.get(name, 0) for name in sorted({*one, *other})}
