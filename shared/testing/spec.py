"""Given what has happened, when this is asked, then this happens: deciders in the words of the field.

given(PAYMENT, drafted, ready).when(ask).then(ApprovalAsked(...))
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from shared.decider import Decider, Rejected

C = TypeVar("C")
S = TypeVar("S")
E = TypeVar("E")


@dataclass(frozen=True, slots=True)
class Given(Generic[C, S, E]):
    decider: Decider[C, S, E]
    history: tuple[E, ...]

    @property
    def state(self) -> S:
        return self.decider.fold(self.history)

    def when(self, command: C) -> When[C, S, E]:
        return When(self, command)

    def and_when(self, command: C) -> Given[C, S, E]:
        """Go on from what the command causes."""
        events = tuple(self.decider.decide(command, self.state))
        return Given(self.decider, self.history + events)


@dataclass(frozen=True, slots=True)
class When(Generic[C, S, E]):
    given: Given[C, S, E]
    command: C

    def _events(self) -> list[E]:
        return list(self.given.decider.decide(self.command, self.given.state))

    def then(self, *expected: E) -> Given[C, S, E]:
        assert self._events() == list(expected)
        return Given(self.given.decider, self.given.history + expected)

    def then_kinds(self, *expected: type[Any]) -> Given[C, S, E]:
        """Only which events, where their contents are another test's matter."""
        events = self._events()
        assert [type(event) for event in events] == list(expected)
        return Given(self.given.decider, self.given.history + tuple(events))

    def then_nothing(self) -> None:
        assert self._events() == []

    def then_rejected(self, code: str) -> None:
        try:
            events = self._events()
        except Rejected as rejected:
            answer = rejected.code
        else:
            answer = f"not rejected: {events}"
        assert answer == code


def given(decider: Decider[C, S, E], *history: E) -> Given[C, S, E]:
    return Given(decider, history)
