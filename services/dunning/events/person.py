"""Who somebody is, for timelines and mentions; rules never see it."""

from __future__ import annotations

from uuid import UUID

from shared.eventstore.events import Event
from shared.sealed import Sealed


class PersonNamed(Event, frozen=True, tag="dunning.PersonNamed.v1"):
    user_id: UUID
    name: Sealed


class PersonDisabled(Event, frozen=True, tag="dunning.PersonDisabled.v1"):
    """Nobody mentions this person any more; what they did keeps their name."""

    user_id: UUID


PersonEvent = PersonNamed | PersonDisabled
