"""What a quote is asked with. Amounts are decimal strings, dates are dates of the creditor's country."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Final, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from services.dunning.model.defaults import default_policy
from services.dunning.model.facts import (
    ClaimFacts,
    LegalKind,
    LetterKind,
    LetterSent,
    Reduction,
    ReductionKind,
)
from services.dunning.model.law.book import LawBook
from services.dunning.model.policy import Allocation, DayCount, InterestFrom, Policy
from services.dunning.values import Country, DueBasis, FeeTier
from shared.decider import Rejected
from shared.money import Money, MoneyError

FIRST_ON: Final = date(2010, 1, 1)
LAST_ON: Final = date(2059, 12, 31)
"""The days that the bank calendars vouch for, with room for a deadline."""
_LETTERS_MOST: Final = 50
_MOVEMENTS_MOST: Final = 500
_CLAIMS_MOST: Final = 100

Day = Annotated[date, Field(ge=FIRST_ON, le=LAST_ON)]
Amount = Annotated[str, Field(pattern=r"^[0-9]{1,12}(\.[0-9]{1,3})?$")]
Currency = Annotated[str, Field(pattern="^[A-Z]{3}$")]
Percent = Annotated[str, Field(pattern=r"^[0-9]{1,3}(\.[0-9]{1,4})?$")]
Key = Annotated[str, Field(pattern="^[A-Za-z0-9_.-]{1,64}$")]


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Movement(_Asked):
    """What lessens the claim. `correction` is a credit note for what was never owed; `known_on` is
    when it was learned of, where that was after `value_on`.
    """

    kind: ReductionKind
    amount: Amount
    value_on: Day
    known_on: Day | None = None


class Notice(_Asked):
    """A letter that was sent. `fee` and `interest` are what it carried; left out, they are computed."""

    kind: LetterKind
    sent_on: Day
    fee_wanted: bool = True
    pay_by_on: Day | None = None
    fee: Amount | None = None
    interest: Amount | None = None


class Tier(_Asked):
    """The fee from an overdue principal on; a boundary belongs to the higher tier."""

    from_principal: Amount
    fee: Amount


class PolicyAsked(_Asked):
    """What the creditor charges; `allocation` left out is the country's."""

    interest: Literal["legal", "contract", "none"] = "legal"
    contract_rate: Percent | None = None
    fees: Literal["legal", "own", "none"] = "legal"
    fee_wanted: Amount | None = None
    tiers: list[Tier] = Field(default_factory=list, max_length=20)
    fee_clause: bool = False
    allocation: Allocation | None = None
    day_count: DayCount = "act/365"
    count_due_date: bool = False
    interest_from: InterestFrom = "nominal_due_date"
    minimum: Amount | None = None

    def resolved(
        self, country: Country, debtor_kind: LegalKind, currency: str, on: date, law: LawBook
    ) -> Policy:
        """With the country's own where nothing is said. Raises `Rejected` naming the field."""
        if self.interest == "contract" and self.contract_rate is None:
            text = "the agreed rate is missing"
            raise Rejected(text, code="rate_missing", field="policy.contract_rate")
        if self.fees == "own" and self.fee_wanted is None and not self.tiers:
            text = "own fees are one amount or tiers"
            raise Rejected(text, code="fee_missing", field="policy.fee_wanted")
        country_s = default_policy(country, debtor_kind, on, law)
        tiers = tuple(
            FeeTier(
                from_principal=money(tier.from_principal, currency, f"policy.tiers.{number}"),
                fee=money(tier.fee, currency, f"policy.tiers.{number}.fee"),
            )
            for number, tier in enumerate(self.tiers)
        )
        return Policy(
            interest=self.interest,
            contract_rate=None if self.contract_rate is None else Decimal(self.contract_rate),
            fees=self.fees,
            fee_wanted=maybe_money(self.fee_wanted, currency, "policy.fee_wanted"),
            tiers=tiers,
            fee_clause=self.fee_clause,
            allocation=self.allocation or country_s.allocation,
            day_count=self.day_count,
            count_due_date=self.count_due_date,
            interest_from=self.interest_from,
            minimum=maybe_money(self.minimum, currency, "policy.minimum"),
        )


class ClaimTold(_Asked):
    """One invoice towards one debtor.

    `due_basis`: the date was agreed, printed by the seller alone, or there is none and the law's days
    from sending count. `earlier_fees_in_arrears` and `compensated_in_arrears` tell of other invoices
    of the same unbroken arrears.
    """

    country: Country
    debtor_kind: LegalKind
    currency: Currency
    principal: Amount
    due_on: Day | None = None
    due_basis: DueBasis = "agreed"
    sent_on: Day | None = None
    movements: list[Movement] = Field(default_factory=list, max_length=_MOVEMENTS_MOST)
    notices: list[Notice] = Field(default_factory=list, max_length=_LETTERS_MOST)
    earlier_fees_in_arrears: int = Field(default=0, ge=0, le=1000)
    compensation_claimed_on: Day | None = None
    compensated_in_arrears: bool = False
    transferred_on: Day | None = None

    def facts(self, where: str = "") -> ClaimFacts:
        """As the engine takes them. Raises `Rejected` naming the field."""
        currency = self.currency
        reductions = tuple(
            Reduction(
                one.kind,
                _some(
                    money(one.amount, currency, f"{where}movements.{number}.amount"), number, where
                ),
                one.value_on,
                one.known_on,
            )
            for number, one in enumerate(self.movements)
        )
        letters = tuple(
            LetterSent(
                one.kind,
                one.sent_on,
                charged=one.fee_wanted,
                pay_by_on=one.pay_by_on,
                fee=maybe_money(one.fee, currency, f"{where}notices.{number}.fee"),
                interest=maybe_money(one.interest, currency, f"{where}notices.{number}.interest"),
            )
            for number, one in enumerate(self.notices)
        )
        return ClaimFacts(
            country=self.country,
            debtor_kind=self.debtor_kind,
            principal=money(self.principal, currency, f"{where}principal"),
            due_on=self.due_on,
            due_basis=self.due_basis,
            sent_on=self.sent_on,
            reductions=reductions,
            letters=letters,
            earlier_fees=self.earlier_fees_in_arrears,
            compensation_claimed_on=self.compensation_claimed_on,
            compensated_in_arrears=self.compensated_in_arrears,
            transferred_on=self.transferred_on,
        )


class QuoteAsked(ClaimTold):
    """What may this claim carry at the end of the day `on`, by the law as known at `known_at`?"""

    on: Day
    known_at: AwareDatetime | None = None
    policy: PolicyAsked = PolicyAsked()


class ClaimOfLetter(ClaimTold):
    key: Key


class LetterAsked(_Asked):
    """What would a letter sent on a day add to each of these claims of one debtor?"""

    kind: LetterKind
    sent_on: Day
    claims: list[ClaimOfLetter] = Field(min_length=1, max_length=_CLAIMS_MOST)
    known_at: AwareDatetime | None = None
    policy: PolicyAsked = PolicyAsked()

    @model_validator(mode="after")
    def one_debtor(self) -> Self:
        if len({one.key for one in self.claims}) < len(self.claims):
            raise PydanticCustomError("key_twice", "Each claim of a letter has a key of its own.")
        if len({(one.country, one.debtor_kind) for one in self.claims}) > 1:
            raise PydanticCustomError("two_debtors", "A letter has one debtor, in one country.")
        return self


def money(text: str, currency: str, field: str) -> Money:
    try:
        return Money.of(Decimal(text), currency)
    except MoneyError as error:
        raise Rejected(str(error), code="bad_amount", field=field) from error


def _some(amount: Money, number: int, where: str) -> Money:
    if not amount:
        field = f"{where}movements.{number}.amount"
        raise Rejected("a movement of nothing moves nothing", code="bad_amount", field=field)
    return amount


def maybe_money(text: str | None, currency: str, field: str) -> Money | None:
    return None if text is None else money(text, currency, field)
