"""Decide, evolve, fold: the shape of every rule in the house.

A decider answers a command with the events it causes and folds recorded events into a state. It is
pure: what it needs to know arrives in the command. `decide` may refuse; `evolve` never does, since
what is recorded has happened (Jérémie Chassaing, "Functional Event Sourcing Decider", 2021).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Command = TypeVar("Command")
State = TypeVar("State")
Event = TypeVar("Event")


class Rejected(Exception):
    """A command that the rules refuse.

    `code` is stable and meant for machines; the text says what is wrong and who can mend it.
    `field` names the part of the command that is at fault, where there is one.
    """

    def __init__(self, text: str, *, code: str = "rejected", field: str | None = None) -> None:
        super().__init__(text)
        self.code = code
        self.field = field


@dataclass(frozen=True, slots=True)
class Decider(Generic[Command, State, Event]):
    decide: Callable[[Command, State], Sequence[Event]]
    evolve: Callable[[State, Event], State]
    initial: State

    def fold(self, events: Iterable[Event], state: State | None = None) -> State:
        """The state that a history adds up to, from the beginning or from a given state."""
        current = self.initial if state is None else state
        for event in events:
            current = self.evolve(current, event)
        return current
