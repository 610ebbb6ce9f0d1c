"""The agencies that a creditor can choose from: each an adapter behind the port, under a stable code.

Whoever adds an agency adds a line to an installation's register and runs the port's test kit on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from services.collections.gateways.agency import CollectionAgency
from shared.decider import Rejected

Open = Callable[[str, str], CollectionAgency]
"""An agency by the creditor's key with it, and the mail address that speaks for the creditor."""


@dataclass(frozen=True, slots=True)
class Offer:
    """An agency on the list. `name` is its own, in every language."""

    code: str
    name: str
    countries: frozenset[str]
    open: Open


@dataclass(frozen=True, slots=True)
class Agencies:
    offers: tuple[Offer, ...]

    def __iter__(self) -> Iterator[Offer]:
        return iter(self.offers)

    def offer(self, code: str) -> Offer:
        for one in self.offers:
            if one.code == code:
                return one
        raise Rejected("there is no such agency here", code="agency_unknown", field="agency")
