"""What is known of one claim: all that the law asks about, and nothing of how it came to be known.

Facts are what stands now. A payment that was taken back is not among them; a credit note that says that
something was never owed is, as a correction, and counts from the beginning.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from services.dunning.values import Country, DueBasis
from shared.decider import Rejected
from shared.money import Money

LegalKind = Literal["consumer", "company", "authority"]
LetterKind = Literal["reminder", "warning", "demand", "statement"]
ReductionKind = Literal["payment", "goodwill", "correction"]

HOME: dict[str, str] = {"DK": "DKK", "SE": "SEK", "NO": "NOK", "FI": "EUR"}
"""The currency in which a country's law states its amounts."""


@dataclass(frozen=True, slots=True)
class Reduction:
    """What lessens the claim: positive, and counting at the end of `value_on`.

    A `goodwill` credit note lessens the principal from its day on; a `correction` says that this much
    was never owed. `known_on` is when it was learned of, where that was later than its value date.
    """

    kind: ReductionKind
    amount: Money
    value_on: date
    known_on: date | None = None

    @property
    def seen_on(self) -> date:
        """The first day on which anybody could reckon with it."""
        return self.value_on if self.known_on is None else max(self.value_on, self.known_on)


@dataclass(frozen=True, slots=True)
class LetterSent:
    """A letter that has left. `charged`: it asked for the fee that the law allows.

    `fee` and `interest` are what it carried; without them the engine says what it might have carried.
    A statement is no letter in the eyes of the law and is passed over. `pay_by_on` is the deadline
    that it set; without one, the least that the country asks for.
    """

    kind: LetterKind
    sent_on: date
    charged: bool = True
    pay_by_on: date | None = None
    fee: Money | None = None
    interest: Money | None = None


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """One invoice towards one debtor.

    `due_on` is the nominal due date; None where none was agreed or printed (`statutory`). `sent_on` is
    when the invoice was sent. `earlier_fees` counts fee letters on other invoices of the same unbroken
    arrears, `compensated_in_arrears` says that one of them bears the flat compensation. Compensation
    is part of the claim from the day it is claimed (`compensation_claimed_on`); from `transferred_on`
    on the case is with an agency.
    """

    country: Country
    debtor_kind: LegalKind
    principal: Money
    due_on: date | None
    due_basis: DueBasis = "agreed"
    sent_on: date | None = None
    reductions: tuple[Reduction, ...] = ()
    letters: tuple[LetterSent, ...] = ()
    earlier_fees: int = 0
    compensation_claimed_on: date | None = None
    compensated_in_arrears: bool = False
    transferred_on: date | None = None

    def __post_init__(self) -> None:
        if self.due_on is None and self.due_basis != "statutory":
            raise Rejected(
                "a due date that was agreed or printed is a date",
                code="due_on_missing",
                field="due_on",
            )
        if self.sent_on is None and self.due_basis != "agreed":
            raise Rejected(
                "without an agreed due date interest counts from the day the invoice was sent",
                code="sent_on_missing",
                field="sent_on",
            )
        if self.principal.minor < 0:
            raise Rejected("a principal is not negative", code="negative", field="principal")
        for reduction in self.reductions:
            if reduction.amount.minor <= 0 or reduction.amount.currency != self.currency:
                raise Rejected(
                    "what lessens a claim is positive and in its currency",
                    code="bad_amount",
                    field="reductions",
                )

    @property
    def currency(self) -> str:
        return self.principal.currency

    @property
    def corrected(self) -> Money:
        """What was owed from the beginning: the principal less what was never owed of it."""
        left = self.principal.minor - sum(
            one.amount.minor for one in self.reductions if one.kind == "correction"
        )
        return Money(max(left, 0), self.currency)

    @property
    def is_home(self) -> bool:
        """Whether the claim is in the currency that the country's fees are in."""
        return self.principal.currency == HOME[self.country]


@dataclass(frozen=True, slots=True)
class Booked:
    """What has been charged so far, all letters and corrections together. Given up counts as charged."""

    fees: Money
    interest: Money
    compensation: Money
    absorbed: Money
    """Zero or negative."""

    @classmethod
    def nothing(cls, currency: str) -> Booked:
        zero = Money.zero(currency)
        return cls(zero, zero, zero, zero)
