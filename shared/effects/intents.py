"""What is to be done outside, committed before anything is done.

A reaction returns an `Intent`; it becomes a row in the same transaction as the event that wants it.
Its key says what must happen at most once: a second intent with the same key is the same effect.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

import msgspec
import psycopg

from shared.eventstore.events import Meta, Recorded
from shared.eventstore.mapper import encode_meta
from shared.eventstore.rows import Rows, write

_EFFECT = """
    effect (tenant_id, effect_id, kind, key, aggregate_id, body, meta, intended_at, due_at)
"""
_SAME_EFFECT = "on conflict (tenant_id, kind, key) do nothing"
_DUE = "due (tenant_id, job, key, due_at, body)"
_SAME_DUE = "on conflict do nothing"


@dataclass(frozen=True, slots=True)
class Intent:
    """`kind` names the effect (`bank.send_batch`); `body` is what its performer needs."""

    kind: str
    key: str
    body: msgspec.Struct
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """Work for a later business instant. The same job, key and instant are one."""

    job: str
    key: str
    due_at: datetime
    body: msgspec.Struct | None = None


Reaction = Intent | Due


def effect_id(tenant_id: UUID, kind: str, key: str) -> UUID:
    return uuid5(tenant_id, f"{kind}:{key}")


def rows(tenant_id: UUID, reactions: Sequence[tuple[Recorded[Any], Reaction]]) -> tuple[Rows, Rows]:
    """What is to be written with the events: intents, and due work."""
    intended, due = [], []
    for recorded, reaction in reactions:
        match reaction:
            case Due():
                due.append(_due(tenant_id, reaction))
            case Intent():
                meta = msgspec.structs.replace(recorded.meta, causation_id=recorded.event_id)
                intended.append(_intended(tenant_id, recorded.aggregate_id, reaction, meta))
    return Rows(_EFFECT, intended, _SAME_EFFECT), Rows(_DUE, due, _SAME_DUE)


def insert_intent(
    connection: psycopg.Connection[Any],
    tenant_id: UUID,
    aggregate_id: UUID,
    intent: Intent,
    meta: Meta,
) -> None:
    row = _intended(tenant_id, aggregate_id, intent, meta)
    write(connection, Rows(_EFFECT, [row], _SAME_EFFECT))


def insert_due(connection: psycopg.Connection[Any], tenant_id: UUID, due: Due) -> None:
    write(connection, Rows(_DUE, [_due(tenant_id, due)], _SAME_DUE))


def _intended(tenant_id: UUID, aggregate_id: UUID, intent: Intent, meta: Meta) -> tuple[Any, ...]:
    return (
        tenant_id, effect_id(tenant_id, intent.kind, intent.key), intent.kind, intent.key,
        aggregate_id, msgspec.json.encode(intent.body), encode_meta(meta), meta.recorded_at,
        intent.due_at or meta.recorded_at,
    )  # fmt: skip


def _due(tenant_id: UUID, due: Due) -> tuple[Any, ...]:
    return tenant_id, due.job, due.key, due.due_at, msgspec.json.encode(due.body)
