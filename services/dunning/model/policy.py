"""What a creditor charges, and how: every choice that the law leaves open, each by name.

Defaults of the house unless the creditor says otherwise: 365 days a year, the due
date is free of interest, interest runs from the nominal due date.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from services.dunning.values import FeeTier
from shared.money import Money

DayCount = Literal["act/365", "act/act", "30/360"]
Allocation = Literal["principal_first", "costs_first", "interest_first"]
"""Costs → interest → principal; interest → principal → costs; or principal → costs → interest."""
InterestFrom = Literal["nominal_due_date", "next_banking_day"]


@dataclass(frozen=True, slots=True)
class Policy:
    """How one claim is charged.

    `contract_rate` is the full yearly rate in percent, not a margin. `fee_wanted` is the creditor's own
    fee where fees do not go by `tiers`; None asks for what the law allows. `fee_clause`: the fee was
    agreed at the latest when the debt arose. `minimum` is the least overdue principal that is reminded.
    """

    interest: Literal["legal", "contract", "none"] = "legal"
    contract_rate: Decimal | None = None
    fees: Literal["legal", "own", "none"] = "legal"
    fee_wanted: Money | None = None
    tiers: tuple[FeeTier, ...] = ()
    fee_clause: bool = False
    compensation: bool = False
    allocation: Allocation = "costs_first"
    day_count: DayCount = "act/365"
    count_due_date: bool = False
    interest_from: InterestFrom = "nominal_due_date"
    minimum: Money | None = None
