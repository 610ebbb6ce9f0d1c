"""What the store holds: events with a stored name of our own, and what is known about each.

A service's events are frozen structs whose stored name and version are given by hand and never
derived from a Python path, so that files can move:

    class PaymentScheduled(Event, frozen=True, tag="payments.PaymentScheduled.v1"):
        execute_on: date
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID, uuid5

import msgspec


class Event(msgspec.Struct, frozen=True, tag_field="event"):
    """The base of every service's events. Subclasses give `frozen=True, tag="service.Name.vN"`."""


E_co = TypeVar("E_co", covariant=True)


class Meta(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who caused an event, when, and in answer to what.

    `recorded_at` is business time. `actor` is `user:<uuid>`, `service:<name>` or `schedule:<job>`:
    an id, never a name. `correlation_id` is shared by everything that follows from one cause;
    `causation_id` is the event or command directly before.
    """

    recorded_at: datetime
    actor: str
    correlation_id: UUID
    causation_id: UUID | None = None
    traceparent: str | None = None


@dataclass(frozen=True, slots=True)
class Recorded(Generic[E_co]):
    """An event in its place: which aggregate, as its how-manieth, and at which log position."""

    tenant_id: UUID
    aggregate_id: UUID
    version: int
    event: E_co
    meta: Meta
    position: int = 0

    @property
    def event_id(self) -> UUID:
        """The same id wherever this event is spoken of, derived so that it needs no storing."""
        return uuid5(self.aggregate_id, str(self.version))

    # The names that the `eventsourcing` library's protocols use.
    @property
    def originator_id(self) -> UUID:
        return self.aggregate_id

    @property
    def originator_version(self) -> int:
        return self.version


def stored_name(event: type[Event] | Event) -> str:
    """The name an event is stored under: `payments.PaymentScheduled.v1`."""
    tag = event.__struct_config__.tag
    assert isinstance(tag, str), f"{event} has no stored name"
    return tag
