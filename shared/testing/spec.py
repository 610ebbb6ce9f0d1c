"""Given what has happened, when this is asked, then that happens: tests of deciders.

given(AGENCY, AgencyRegistered("Strandgade")).when(RegisterAgency("Strandgade")).then_nothing()
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import pytest

from shared.decider import Decider, Rejected

C = TypeVar("C")
S = TypeVar("S")
E = TypeVar("E")


def given(decider: Decider[C, S, E], *history: E) -> Given[C, S, E]:
    return Given(decider, decider.fold(history))


@dataclass(frozen=True, slots=True)
class Given(Generic[C, S, E]):
    decider: Decider[C, S, E]
    state: S

    def when(self, command: C) -> When[C, S, E]:
        return When(self.decider, self.state, command)


@dataclass(frozen=True, slots=True)
class When(Generic[C, S, E]):
    decider: Decider[C, S, E]
    state: S
    command: C

    def then(self, *events: Any) -> S:
        """Exactly these events, in this order; answers with the state that they lead to."""
        decided = list(self.decider.decide(self.command, self.state))
        assert decided == list(events)
        return self.decider.fold(decided, self.state)

    def then_nothing(self) -> None:
        self.then()

    def then_rejected(self, code: str) -> Rejected:
        with pytest.raises(Rejected) as caught:
            self.decider.decide(self.command, self.state)
        assert caught.value.code == code
        return caught.value
