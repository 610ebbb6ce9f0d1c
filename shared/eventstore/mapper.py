"""Between events and the bytes that are stored: the `eventsourcing` library's Mapper, our way.

Bodies are msgspec JSON, typed on the way in. An old version of an event is lifted to today's shape
by an upcaster, a pure function over its decoded fields.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import msgspec
from eventsourcing.persistence import Mapper, MapperDeserialisationError, StoredEvent

from shared.eventstore.events import Event, Meta, Recorded, stored_name

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]

_encode = msgspec.json.Encoder().encode
_decode_meta = msgspec.json.Decoder(Meta).decode


class EventMapper(Mapper[UUID]):
    """Maps one service's events.

    `union` is the closed union of the service's event types. `upcasters` are keyed by the stored
    name they lift from; each returns the fields of the next version, `event` (the name) included.
    """

    def __init__(self, union: Any, upcasters: Mapping[str, Upcaster] | None = None) -> None:
        super().__init__(transcoder=None)  # type: ignore[arg-type]  # msgspec takes its place
        self._decode = msgspec.json.Decoder(union).decode
        self._union = union
        self._upcasters = dict(upcasters or {})

    def to_stored_event(self, domain_event: Any) -> StoredEvent:
        recorded: Recorded[Event] = domain_event
        return StoredEvent(
            originator_id=recorded.aggregate_id,
            originator_version=recorded.version,
            topic=stored_name(recorded.event),
            state=_encode(recorded.event),
        )

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        raise MapperDeserialisationError(
            f"event {stored_event.topic} needs its tenant and meta: read it through the store"
        )

    def event(self, name: str, body: bytes) -> Any:
        """The event in today's shape from its stored name and bytes."""
        try:
            if name not in self._upcasters:
                return self._decode(body)
            fields: dict[str, Any] = msgspec.json.decode(body)
            while lift := self._upcasters.get(name):
                fields = lift(fields)
                assert fields["event"] != name, f"the upcaster of {name} does not name what it made"
                name = str(fields["event"])
            return msgspec.convert(fields, self._union)
        except (msgspec.MsgspecError, KeyError, ValueError) as error:
            raise MapperDeserialisationError(f"stored event {name}: {error}") from error


def encode_meta(meta: Meta) -> bytes:
    return _encode(meta)


def decode_meta(meta: bytes) -> Meta:
    return _decode_meta(meta)
