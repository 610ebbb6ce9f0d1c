"""What a quote answers: every øre with its rule, every refusal with its reason."""

from __future__ import annotations

from datetime import date
from typing import Self

from pydantic import BaseModel

from services.dunning.model.charge import Priced, Refusal
from services.dunning.model.due import Due
from services.dunning.model.policy import Policy
from services.dunning.values import Span
from shared.money import Money


class SpanLine(BaseModel):
    """Days at one rate, both ends counted; `rate` is percent a year."""

    from_on: date
    through_on: date
    days: int
    base: str
    rate: str
    rule_id: str

    @classmethod
    def of(cls, span: Span) -> Self:
        return cls(
            from_on=span.from_on,
            through_on=span.through_on,
            days=span.days,
            base=str(span.base.decimal),
            rate=span.rate,
            rule_id=span.rule_id,
        )


class ChargeLine(BaseModel):
    """A charge with its rule. `unverified`: it rests on a row that nobody has checked at its source."""

    kind: str
    amount: str
    on: date
    rule_id: str
    law: str
    version: str
    unverified: bool
    inputs: dict[str, str]
    spans: list[SpanLine]

    @classmethod
    def of(cls, priced: Priced) -> Self:
        return cls(
            kind=priced.kind,
            amount=str(priced.amount.decimal),
            on=priced.on,
            rule_id=priced.rule_id,
            law=priced.law,
            version=priced.version,
            unverified=priced.unverified,
            inputs=dict(priced.inputs),
            spans=[SpanLine.of(span) for span in priced.spans],
        )


class RefusalLine(BaseModel):
    """What was refused: `code` is stable, `amount` how much too much was asked where that is known."""

    code: str
    rule_id: str
    law: str
    text: str
    on: date | None
    amount: str | None

    @classmethod
    def of(cls, refusal: Refusal) -> Self:
        return cls(
            code=refusal.code,
            rule_id=refusal.rule_id,
            law=refusal.law,
            text=refusal.text,
            on=refusal.on,
            amount=text(refusal.amount),
        )


class DueDates(BaseModel):
    """Paid through `in_time_through_on` it is paid in time; interest counts after `free_through_on`."""

    nominal_on: date
    in_time_through_on: date
    free_through_on: date

    @classmethod
    def of(cls, due: Due) -> Self:
        return cls(
            nominal_on=due.nominal,
            in_time_through_on=due.effective,
            free_through_on=due.free_through_on,
        )


class LetterLine(BaseModel):
    """A letter of the claim: the fee it may bear, the interest it books, the deadline it sets, and
    from when the case could be handed over if it is the warning.
    """

    kind: str
    sent_on: date
    fee: str
    interest: str | None
    pay_by_on: date
    transfer_from_on: date


class OpenParts(BaseModel):
    """What is open, by what for. Null where a rate is missing and nobody can tell."""

    principal: str | None
    interest: str | None
    costs: str | None


class PolicyTold(BaseModel):
    """The choices that the answer rests on, the country's own included."""

    interest: str
    fees: str
    allocation: str
    day_count: str
    count_due_date: bool
    interest_from: str
    rounding: str = "half up, once for each window of interest"

    @classmethod
    def of(cls, policy: Policy) -> Self:
        return cls(
            interest=policy.interest,
            fees=policy.fees,
            allocation=policy.allocation,
            day_count=policy.day_count,
            count_due_date=policy.count_due_date,
            interest_from=policy.interest_from,
        )


class QuoteAnswer(BaseModel):
    """A claim at the end of a day.

    `interest` and `costs` are all of it, paid or not; `total` is what is open. They are null when the
    rate of a day is not known. `corrections` are the negative lines for what letters carried and was
    not owed; `is_listed` says whether enough is overdue for a reminder.
    """

    on: date
    currency: str
    law_version: str
    calendar_version: str
    policy: PolicyTold
    due: DueDates
    is_listed: bool
    charges: list[ChargeLine]
    refused: list[RefusalLine]
    letters: list[LetterLine]
    corrections: list[ChargeLine]
    interest: str | None
    costs: str
    outstanding: OpenParts
    total: str | None
    overpaid: str


class LetterOfCurrency(BaseModel):
    """What one letter adds to each claim, by the claim's key. `total` is all that is then open of
    them; null where a rate is missing, and the letter is not to be sent.
    """

    currency: str
    pay_by_on: date
    valid_through_on: date
    added: dict[str, list[ChargeLine]]
    refused: dict[str, list[RefusalLine]]
    total: str | None


class LettersAnswer(BaseModel):
    law_version: str
    letters: list[LetterOfCurrency]


def text(amount: Money | None) -> str | None:
    return None if amount is None else str(amount.decimal)
