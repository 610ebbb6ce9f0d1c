"""Settings as JSON says them. Amounts are decimal strings: a JSON number is no amount of money."""

from __future__ import annotations

from datetime import datetime
from decimal import InvalidOperation
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.dunning.model.basis import Basis
from services.dunning.values import (
    ChargePolicy,
    FeeTier,
    Mode,
    NoticeKind,
    ReminderRules,
    Step,
    Timeline,
    WriteOffRules,
)
from shared.decider import Rejected
from shared.money import Money, MoneyError

_LIST_MOST = 50


class _Told(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Amount(_Told):
    """An amount of a currency (ISO 4217): "100.00"."""

    amount: str = Field(max_length=20)
    currency: str = Field(pattern="^[A-Z]{3}$")

    @classmethod
    def of(cls, money: Money) -> Amount:
        return cls(amount=str(money.decimal), currency=money.currency)

    def money(self, field: str) -> Money:
        try:
            return Money.of(self.amount, self.currency)
        except (MoneyError, InvalidOperation, ValueError):
            text = "an amount is a number with the decimals of its currency"
            raise Rejected(text, code="NOT_AN_AMOUNT", field=field) from None


class StepTold(_Told):
    """One letter, so many days after the due date; a statement every so many days."""

    kind: NoticeKind
    after_days: int
    charged: bool = False


class TimelineTold(_Told):
    """`gap_days` lie at least between two letters; `list_days` are weekdays, Monday 0."""

    steps: list[StepTold] = Field(max_length=_LIST_MOST)
    gap_days: int
    list_days: list[int] = Field(default=[0, 1, 2, 3, 4], max_length=7)
    mode: Mode = "ask"

    @classmethod
    def of(cls, timeline: Timeline) -> TimelineTold:
        return cls(
            steps=[
                StepTold(kind=one.kind, after_days=one.after_days, charged=one.charged)
                for one in timeline.steps
            ],
            gap_days=timeline.gap_days,
            list_days=list(timeline.list_days),
            mode=timeline.mode,
        )

    def timeline(self, name: str) -> Timeline:
        return Timeline(
            name=name,
            steps=tuple(Step(one.kind, one.after_days, one.charged) for one in self.steps),
            gap_days=self.gap_days,
            list_days=tuple(sorted(set(self.list_days))),
            mode=self.mode,
        )


class Tier(_Told):
    """The fee for overdue principal from an amount on."""

    from_principal: Amount
    fee: Amount


class ChargesTold(_Told):
    """`legal` is the most that the law allows; `rate` the full yearly rate in percent: "7.5"."""

    interest: Literal["legal", "own", "none"] = "legal"
    rate: str | None = Field(default=None, max_length=10)
    fees: Literal["legal", "own", "none"] = "legal"
    tiers: list[Tier] = Field(default=[], max_length=_LIST_MOST)
    fee_clause: bool = False
    compensation: bool = False
    allocation: Literal["country", "principal_first", "costs_first", "interest_first"] = "country"
    day_count: Literal["act/365", "act/act", "30/360"] = "act/365"
    count_due_date: bool = False
    accept_unverified: bool = False

    @classmethod
    def of(cls, policy: ChargePolicy) -> ChargesTold:
        fields: dict[str, Any] = {
            name: getattr(policy, name) for name in cls.model_fields if name != "tiers"
        }
        tiers = [
            Tier(from_principal=Amount.of(one.from_principal), fee=Amount.of(one.fee))
            for one in policy.tiers
        ]
        return cls(tiers=tiers, **fields)

    def policy(self) -> ChargePolicy:
        tiers = tuple(
            FeeTier(
                one.from_principal.money(f"tiers.{number}.from_principal"),
                one.fee.money(f"tiers.{number}.fee"),
            )
            for number, one in enumerate(self.tiers)
        )
        return ChargePolicy(**{**self.model_dump(exclude={"tiers"}), "tiers": tiers})


class RemindersTold(_Told):
    """Who is reminded, and how letters are put together."""

    minimum: list[Amount] = Field(default=[], max_length=_LIST_MOST)
    open_items: Literal["hold", "remind"] = "hold"
    collective: bool = True
    copies: Literal["none", "embedded", "page_two"] = "embedded"
    historical: bool = False

    @classmethod
    def of(cls, rules: ReminderRules) -> RemindersTold:
        return cls(
            minimum=[Amount.of(one) for one in rules.minimum],
            open_items=rules.open_items,
            collective=rules.collective,
            copies=rules.copies,
            historical=rules.historical,
        )

    def rules(self) -> ReminderRules:
        minimum = tuple(one.money(f"minimum.{n}") for n, one in enumerate(self.minimum))
        return ReminderRules(**{**self.model_dump(exclude={"minimum"}), "minimum": minimum})


class WriteOffsTold(_Told):
    """When charges are given up in the books; null is never."""

    principal_paid: bool = True
    months: int | None = 3
    days_after_hand_over: int | None = 30

    @classmethod
    def of(cls, rules: WriteOffRules) -> WriteOffsTold:
        return cls(
            principal_paid=rules.principal_paid,
            months=rules.months,
            days_after_hand_over=rules.days_after_hand_over,
        )

    def rules(self) -> WriteOffRules:
        return WriteOffRules(**self.model_dump())


class MainTold(_Told):
    name: str


class BasisTold(BaseModel):
    """A rule that a step rests on: the most of a fee, percent a year, or days."""

    what: Literal["fee", "rate", "days"]
    law: str
    rule_id: str
    amount: Amount | None
    number: str
    unverified: bool

    @classmethod
    def of(cls, basis: Basis) -> BasisTold:
        return cls(
            what=basis.what,
            law=basis.law,
            rule_id=basis.rule_id,
            amount=Amount.of(basis.amount) if basis.amount else None,
            number=basis.number,
            unverified=basis.unverified,
        )


class TimelineSet(TimelineTold):
    """A timeline as it stands. `basis` has one list per step, towards consumers."""

    version: int
    basis: list[list[BasisTold]]


class SettingsTold(BaseModel):
    country: str
    main: str
    timelines: dict[str, TimelineSet]
    charges: ChargesTold
    reminders: RemindersTold
    write_offs: WriteOffsTold


class VersionTold(BaseModel):
    """One version of one thing: who set it, and when; null where it was the country's default."""

    what: str
    version: int
    set_at: datetime
    set_by: UUID | None
    value: Any
