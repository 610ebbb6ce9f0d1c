"""One transaction in which a message, a command or an outcome is answered.

It holds everything that must happen together: the events, the contracts that tell of them, the
effects that they want, and the projections that guards or the next page need at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any, Generic, TypeVar
from uuid import UUID

from eventsourcing.persistence import EventStore

from shared.after import After
from shared.database import Transaction
from shared.decider import Decider
from shared.effects import intents
from shared.effects.intents import Due, Intent, Reaction
from shared.eventstore.chain import BEGINNING
from shared.eventstore.events import Event, Meta, Recorded, stored_name
from shared.eventstore.mapper import EventMapper, decode_meta, encode_meta
from shared.eventstore.recorder import EventRecorder
from shared.projecting.projection import Projection
from shared.stream import outbox
from shared.stream.outbox import Outgoing, Telling
from shared.stream.records import Envelope
from shared.telemetry.metrics import CONTRACTS, EVENTS

C = TypeVar("C")
S = TypeVar("S")
E = TypeVar("E", bound=Event)

_LOAD = """
    select version, name, body, hash from event
    where tenant_id = %s and aggregate_id = %s order by version
"""
_LOAD_ALL = """
    select aggregate_id, name, body, version, hash from event
    where tenant_id = %s and aggregate_id = any(%s) order by aggregate_id, version
"""
_HISTORY = """
    select version, position, name, body, meta from event
    where tenant_id = %s and aggregate_id = %s order by version
"""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a service does with its own events inside the transaction that records them."""

    mapper: EventMapper
    publications: After[Telling] = field(default_factory=After)
    reactions: After[Reaction] = field(default_factory=After)
    projections: Sequence[Projection] = ()
    store: EventStore[UUID] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "store", EventStore(self.mapper, EventRecorder()))


@dataclass(frozen=True, slots=True)
class Loaded(Generic[S]):
    """An aggregate as its history adds up, and where the next event would go."""

    state: S
    version: int
    last_hash: bytes


@dataclass(frozen=True, slots=True)
class Cause:
    """Who asked for this, and in answer to what."""

    actor: str
    correlation_id: UUID
    causation_id: UUID | None = None
    traceparent: str | None = None


class Work:
    """Handed to handlers, pages and outcomes: the only way to record events."""

    def __init__(
        self, rules: Rules, transaction: Transaction, tenant_id: UUID, now: datetime, cause: Cause
    ) -> None:
        assert transaction.records, "a position is taken after a transaction id"
        self.tenant_id = tenant_id
        self.now = now
        self.cause = cause
        self.raw = transaction.raw
        self.sql = transaction.sql
        self.position = 0
        self._rules = rules
        self._committed = transaction.committed
        self._loaded: dict[UUID, Loaded[Any]] = {}

    def load(self, decider: Decider[C, S, E], aggregate_id: UUID) -> Loaded[S]:
        if aggregate_id not in self._loaded:
            key = (self.tenant_id, aggregate_id)
            rows = self.raw.execute(_LOAD, key, binary=True).fetchall()
            event = self._rules.mapper.event
            state = decider.fold(event(name, body) for _, name, body, _ in rows)
            version, _, _, last_hash = rows[-1] if rows else (0, "", b"", BEGINNING)
            self._loaded[aggregate_id] = Loaded(state, version, last_hash)
        return self._loaded[aggregate_id]

    def gather(self, decider: Decider[C, S, E], aggregate_ids: Iterable[UUID]) -> None:
        """Read many aggregates at once, so that loading each of them asks nobody any more."""
        wanted = [one for one in aggregate_ids if one not in self._loaded]
        if not wanted:
            return
        rows = self.raw.execute(_LOAD_ALL, (self.tenant_id, wanted), binary=True).fetchall()
        event = self._rules.mapper.event
        for aggregate_id, own in groupby(rows, key=itemgetter(0)):
            history = list(own)
            state = decider.fold(event(name, body) for _, name, body, _, _ in history)
            *_, version, last_hash = history[-1]
            self._loaded[aggregate_id] = Loaded(state, version, last_hash)

    def history(self, aggregate_id: UUID) -> list[Recorded[Any]]:
        """Everything that has happened to one aggregate, in order."""
        rows = self.raw.execute(_HISTORY, (self.tenant_id, aggregate_id), binary=True)
        return [
            Recorded(
                self.tenant_id,
                aggregate_id,
                version,
                self._rules.mapper.event(name, body),
                decode_meta(meta),
                position,
            )
            for version, position, name, body, meta in rows
        ]

    def execute(self, decider: Decider[C, S, E], aggregate_id: UUID, command: C) -> Sequence[E]:
        """Answer a command with the events it causes, recorded; raises Rejected."""
        loaded = self.load(decider, aggregate_id)
        events = decider.decide(command, loaded.state)
        if events:
            self._record(decider, aggregate_id, loaded, events)
        return events

    def remind(self, due: Due) -> None:
        """Put work on the calendar that does not follow from an event of this transaction."""
        intents.insert_due(self.raw, self.tenant_id, due)

    def intend(self, aggregate_id: UUID, intent: Intent) -> None:
        """Want an effect that follows from no event: to ask outside, where asking changes nothing."""
        intents.insert_intent(self.raw, self.tenant_id, aggregate_id, intent, self._meta())

    def _meta(self) -> Meta:
        return Meta(
            recorded_at=self.now,
            actor=self.cause.actor,
            correlation_id=self.cause.correlation_id,
            causation_id=self.cause.causation_id,
            traceparent=self.cause.traceparent,
        )

    def _record(
        self,
        decider: Decider[C, S, E],
        aggregate_id: UUID,
        loaded: Loaded[S],
        events: Sequence[E],
    ) -> None:
        meta = self._meta()
        recordeds = [
            Recorded(self.tenant_id, aggregate_id, loaded.version + number, event, meta)
            for number, event in enumerate(events, start=1)
        ]
        # What follows from an event follows from what it says, not from where the log puts it.
        state = loaded.state
        outgoing: list[tuple[Envelope, Outgoing]] = []
        reactions: list[tuple[Recorded[Any], Reaction]] = []
        for recorded in recordeds:
            state = decider.evolve(state, recorded.event)
            outgoing += outbox.addressed(recorded, self._rules.publications.follow(recorded, state))
            reactions += [(recorded, r) for r in self._rules.reactions.follow(recorded, state)]
        chain = {aggregate_id: loaded.last_hash}
        recordings = self._rules.store.put(
            recordeds,
            connection=self.raw,
            tenant_id=self.tenant_id,
            metas=[encode_meta(meta)] * len(recordeds),
            chain=chain,
            beside=[
                outbox.rows(self.tenant_id, outgoing),
                *intents.rows(self.tenant_id, reactions),
            ],
        )
        for recorded, recording in zip(recordeds, recordings, strict=True):
            self.position = recording.notification.id
            for projection in self._rules.projections:
                projection.apply(replace(recorded, position=self.position), self.sql)
        self._loaded[aggregate_id] = Loaded(state, recordeds[-1].version, chain[aggregate_id])
        self._committed.append(partial(_count, recordeds, outgoing))


def _count(
    recordeds: Sequence[Recorded[Any]], outgoing: Sequence[tuple[Envelope, Outgoing]]
) -> None:
    for recorded in recordeds:
        EVENTS.labels(stored_name(recorded.event)).inc()
    for envelope, _ in outgoing:
        CONTRACTS.labels(envelope.type_name).inc()
