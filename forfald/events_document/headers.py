"""The headers of every record: the CloudEvents envelope and the record's place in its chain."""

from __future__ import annotations

from typing import Any

_UUID = {"type": "string", "format": "uuid"}
_COUNT = {"type": "string", "pattern": "^[0-9]+$"}

# CloudEvents 1.0, Kafka binding, binary mode: `shared.stream.records.Envelope`.
ENVELOPE: dict[str, dict[str, Any]] = {
    "ce_specversion": {"const": "1.0"},
    "ce_id": {**_UUID, "description": "The event's id, the same wherever it is spoken of."},
    "ce_type": {
        "type": "string",
        "pattern": r"^forfald\.[a-z]+\.[A-Za-z]+\.v[0-9]+$",
        "description": "Which event this is. Let types that you do not know pass by.",
    },
    "ce_source": {"type": "string", "pattern": "^/forfald/[a-z]+$"},
    "ce_subject": {**_UUID, "description": "The publisher's aggregate that the event is about."},
    "ce_time": {
        "type": "string",
        "format": "date-time",
        "description": "When it was recorded, by the business clock.",
    },
    "ce_tenantid": {**_UUID, "description": "Whose event it is."},
    "ce_sequence": {**_COUNT, "description": "The aggregate's version after the event."},
    "ce_correlationid": {**_UUID, "description": "Shared by all that follows from one cause."},
    "ce_causationid": {**_UUID, "description": "The event directly before."},
    "ce_actor": {
        "type": "string",
        "description": "Who did it: `user:<uuid>`, `service:<name>` or `schedule:<job>`.",
    },
    "content-type": {"const": "application/json"},
}
OPTIONAL: dict[str, dict[str, Any]] = {
    "ce_effectiveon": {
        "type": "string",
        "format": "date",
        "description": "The day it counts from, where that is not the day of `ce_time`.",
    },
    "traceparent": {"type": "string", "description": "W3C Trace Context."},
}
PLACE: dict[str, dict[str, Any]] = {
    "forfald_source": {"type": "string", "description": "The publishing service."},
    "forfald_epoch": {
        **_UUID,
        "description": "The publisher's database; another one after it was restored from a backup.",
    },
    "forfald_seq": {
        **_COUNT,
        "description": "This record's number. Numbers rise within a partition and leave out some.",
    },
    "forfald_prev_seq": {
        **_COUNT,
        "description": "The number of the record before it in this partition, 0 for the first.",
    },
}
HEADERS: dict[str, Any] = {
    "type": "object",
    "required": [*ENVELOPE, *PLACE],
    "properties": ENVELOPE | OPTIONAL | PLACE,
}
