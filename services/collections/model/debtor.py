"""Whom an agency would have to find, and whether anybody may be sent after them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from services.collections.events.beside import (
    DebtorEvent,
    DebtorFrozen,
    DebtorLearnt,
    DebtorUnfrozen,
)
from shared.decider import Decider


@dataclass(frozen=True, slots=True)
class Debtor:
    known: DebtorLearnt | None = None
    frozen: str | None = None

    @property
    def can_be_found(self) -> bool:
        """An agency needs a name and an address."""
        return self.known is not None and self.known.address is not None


@dataclass(frozen=True, slots=True)
class Freeze:
    code: str


@dataclass(frozen=True, slots=True)
class Unfreeze:
    pass


def decide(command: DebtorLearnt | Freeze | Unfreeze, debtor: Debtor) -> Sequence[DebtorEvent]:
    match command:
        case DebtorLearnt():
            return [] if command == debtor.known else [command]
        case Freeze():
            return [] if command.code == debtor.frozen else [DebtorFrozen(command.code)]
        case Unfreeze():
            return [] if debtor.frozen is None else [DebtorUnfrozen()]
        case _:
            assert_never(command)


def evolve(debtor: Debtor, event: DebtorEvent) -> Debtor:
    match event:
        case DebtorLearnt():
            return replace(debtor, known=event)
        case DebtorFrozen():
            return replace(debtor, frozen=event.code)
        case DebtorUnfrozen():
            return replace(debtor, frozen=None)
        case _:
            assert_never(event)


DEBTOR: Decider[DebtorLearnt | Freeze | Unfreeze, Debtor, DebtorEvent] = Decider(
    decide, evolve, Debtor()
)
