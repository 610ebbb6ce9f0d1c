"""What a letter adds to a claim, and how long it may be sent as it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.dunning.model.charge import Priced, Refusal


@dataclass(frozen=True, slots=True)
class LetterCharges:
    """What a letter sent on a day adds: its fee, and all lines that bring what is booked up to the law.

    A negative line corrects what was booked and has proved not to be owed. `valid_through` is the last
    day on which it may be sent as it stands; `pay_by_on` the deadline that it sets. Where `missing` is
    not empty, a rate is missing and the letter must wait.
    """

    added: tuple[Priced, ...]
    refused: tuple[Refusal, ...]
    pay_by_on: date
    valid_through: date

    @property
    def missing(self) -> tuple[Refusal, ...]:
        return tuple(one for one in self.refused if one.code == "RULE_MISSING")
