"""The engine: from what is known of a claim to what it may carry on a day, with the reason for each øre."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.dunning.model.charge import Priced, Refusal
from shared.money import Money


@dataclass(frozen=True, slots=True)
class Outstanding:
    """What is open, by what it is open for. None where a rate is missing and nobody can tell."""

    principal: Money | None
    interest: Money | None
    costs: Money | None


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim on a day: all charges since it arose, what was refused, what is open.

    `total` is what is open altogether; None when the rate of a day is not known. `overpaid` is what
    came in beyond it: an open credit of the debtor's.
    """

    on: date
    charges: tuple[Priced, ...]
    refused: tuple[Refusal, ...]
    principal: Money
    """What is open of the invoice itself in the ledger: less all reductions, whatever they settle here."""
    outstanding: Outstanding
    total: Money | None
    overpaid: Money
