"""One letter about several claims of one debtor in one currency: interest for each, one fee and one compensation for all."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from services.dunning.model.due import unpaid_as_known_on
from services.dunning.model.facts import Booked, ClaimFacts, LetterKind
from services.dunning.model.law.book import LawBook
from services.dunning.model.letter_charges import LetterCharges, letter_charges
from services.dunning.model.policy import Policy
from shared.money import Money

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Part:
    """A claim in a letter, and what has been charged on it."""

    facts: ClaimFacts
    booked: Booked


def collective_charges(
    parts: Mapping[Key, Part],
    policy: Policy,
    on: date,
    kind: LetterKind,
    law: LawBook,
    *,
    charged: bool = True,
) -> dict[Key, LetterCharges]:
    """What the letter adds to each claim.

    The fee stands on the first claim, in the order given, that may bear one, and so does the flat
    compensation unless one of them bears it already; tiers go by the overdue principal of all. Claims
    in two currencies are two letters.
    """
    currencies = {part.facts.currency for part in parts.values()}
    assert len(currencies) == 1, "one letter, one currency"
    principal = sum(unpaid_as_known_on(part.facts, on) for part in parts.values())
    overdue = Money(principal, next(iter(currencies)))
    added: dict[Key, LetterCharges] = {}
    borne = False
    compensated = any(part.booked.compensation for part in parts.values())
    for key, part in parts.items():
        elsewhere = compensated and not part.booked.compensation
        in_arrears = part.facts.compensated_in_arrears or elsewhere
        added[key] = letter_charges(
            replace(part.facts, compensated_in_arrears=in_arrears),
            policy,
            on,
            kind,
            law,
            part.booked,
            charged=charged,
            overdue=overdue,
            fee=not borne,
        )
        bears = {one.kind for one in added[key].added if one.amount.minor > 0}
        borne = borne or "fee" in bears
        compensated = compensated or "compensation" in bears
    return added
