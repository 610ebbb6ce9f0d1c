"""What is played on the stage: which services, from when, what is set up before, and which journey."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from shared.runtime import Runtime
from tests.faults.journey import Journey
from tests.journeys.house import House

J = TypeVar("J", bound=Journey)


@dataclass(frozen=True, slots=True)
class Play(Generic[J]):
    """`set_up` is lived once, and each trial begins with copies of what it left."""

    name: str
    journey: Callable[[Mapping[str, Runtime]], J]
    services: Sequence[str]
    begins_at: datetime
    set_up: Callable[[House], None]
