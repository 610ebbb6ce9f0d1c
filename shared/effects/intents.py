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

_INTEND = """
    insert into effect (tenant_id, effect_id, kind, key, aggregate_id, body, meta,
                        intended_at, due_at)
    values (%s, %s, %s, %s, %s, %s, %s, %s, %s) on conflict (tenant_id, kind, key) do nothing
"""
_DUE = """
    insert into due (tenant_id, job, key, due_at, body) values (%s, %s, %s, %s, %s)
    on conflict do nothing
"""


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


def insert(
    connection: psycopg.Connection[Any],
    tenant_id: UUID,
    reactions: Sequence[tuple[Recorded[Any], Reaction]],
) -> None:
    """Write intents and due work inside the caller's transaction."""
    for recorded, reaction in reactions:
        match reaction:
            case Due():
                insert_due(connection, tenant_id, reaction)
            case Intent():
                meta = msgspec.structs.replace(recorded.meta, causation_id=recorded.event_id)
                insert_intent(connection, tenant_id, recorded.aggregate_id, reaction, meta)


def insert_intent(
    connection: psycopg.Connection[Any],
    tenant_id: UUID,
    aggregate_id: UUID,
    intent: Intent,
    meta: Meta,
) -> None:
    connection.execute(_INTEND, (
        tenant_id, effect_id(tenant_id, intent.kind, intent.key), intent.kind, intent.key,
        aggregate_id, msgspec.json.encode(intent.body), encode_meta(meta), meta.recorded_at,
        intent.due_at or meta.recorded_at,
    ))  # fmt: skip


def insert_due(connection: psycopg.Connection[Any], tenant_id: UUID, due: Due) -> None:
    connection.execute(
        _DUE, (tenant_id, due.job, due.key, due.due_at, msgspec.json.encode(due.body))
    )
