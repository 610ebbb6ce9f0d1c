"""Carries out intents, each at most once as the outside world sees it.

    intended --attempt recorded--> attempted --outcome--> done | refused
                                        |--no answer----> unknown --asked, told--> done | refused
                                        '--never left---> intended, later

The attempt is committed before the call. If the process dies in between, or no answer comes, nobody
knows: the performer then only asks (`find`), and never sends again under a new key. The same is done
where an answer came and could not be recorded: one effect's fault holds up no other's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

import structlog

from shared.clock import Clock
from shared.database import Database, is_unavailable
from shared.deciding import decided_anew
from shared.effects.lease import Lease
from shared.eventstore.events import Meta
from shared.eventstore.mapper import decode_meta
from shared.faults import crash_point
from shared.telemetry import span
from shared.telemetry.metrics import EFFECTS
from shared.work import Cause, Rules, Work

_log = structlog.get_logger(__name__)
_TRIES_BEFORE_STUCK = 12


@dataclass(frozen=True, slots=True)
class Task:
    """One effect to be carried out: `attempt` counts from one."""

    tenant_id: UUID
    effect_id: UUID
    kind: str
    key: str
    aggregate_id: UUID
    body: bytes
    meta: Meta
    attempt: int


@dataclass(frozen=True, slots=True)
class Done:
    """It has happened: `answer` is what the outside world said."""

    answer: Any = None


@dataclass(frozen=True, slots=True)
class Refused:
    """The outside world said no, for good."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody knows whether it has happened; ask again at `ask_at`, or never by ourselves."""

    text: str
    ask_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Later:
    """Provably nothing has left; try again at `at`.

    `patient` is said of what may rightly take long, as a client's new consent: it never counts as stuck.
    """

    text: str
    at: datetime
    patient: bool = False


Outcome = Done | Refused | Unknown | Later


class Performer(Protocol):
    """How one kind of effect is carried out, and what its outcome means to the service."""

    kind: str

    def perform(self, task: Task, now: datetime) -> Outcome:
        """Do it, for the first time or after an attempt that provably never left."""
        ...

    def find(self, task: Task, now: datetime) -> Outcome:
        """Ask whether an earlier attempt has happened. Must not do it."""
        ...

    def record(self, work: Work, task: Task, outcome: Outcome) -> None:
        """Turn the outcome into a command, in the transaction that settles the effect."""
        ...


_READY = """
    select tenant_id, effect_id, kind from effect
    where state in ('intended', 'attempted', 'unknown') and due_at <= %s
      and (leased_until is null or leased_until < %s) and kind = any(%s)
    order by due_at, intended_at limit 50
"""
# A row in 'attempted' with its lease gone belongs to a process that died in its call.
_CLAIM = """
    with claimed as (
        select effect_id, state from effect
        where tenant_id = %(tenant)s and effect_id = %(effect)s
          and state in ('intended', 'attempted', 'unknown') and due_at <= %(now)s
          and (leased_until is null or leased_until < %(wall)s)
        for update skip locked)
    update effect set state = 'attempted', attempts = attempts + 1, leased_until = %(lease)s
    from claimed where effect.effect_id = claimed.effect_id and effect.tenant_id = %(tenant)s
    returning claimed.state, key, aggregate_id, body, meta, attempts
"""
_SETTLE = """
    update effect set state = %s, due_at = coalesce(%s, due_at), leased_until = null, outcome = %s
    where tenant_id = %s and effect_id = %s and state = 'attempted' and leased_until = %s
"""


class EffectWorker:
    def __init__(
        self,
        service: str,
        performers: Mapping[str, Performer],
        rules: Rules,
        app: Database,
        reader: Database,
        clock: Clock,
        wall: Clock,
    ) -> None:
        self._service = service
        self._performers = performers
        self._rules = rules
        self._app = app
        self._reader = reader
        self._clock = clock
        self._wall = wall

    def step(self) -> bool:
        """Carry out what is due now; true if anything was."""
        now, wall = self._clock.now(), self._wall.now()
        ready = self._reader.ask(_READY, (now, wall, list(self._performers)))
        return sum(self._carry_out(*row) for row in ready) > 0

    def _carry_out(self, tenant_id: UUID, effect_id: UUID, kind: str) -> bool:
        lease = Lease(self._app, self._wall, tenant_id, effect_id)
        claimed = self._claim(lease, tenant_id, effect_id, kind)
        if claimed is None:
            return False
        task, asked_before = claimed
        performer = self._performers[task.kind]
        with span(task.kind, task.meta.traceparent) as traceparent:
            crash_point(f"{task.kind}:before")
            with lease.kept():
                outcome = self._outcome(performer, task, asked_before=asked_before)
            crash_point(f"{task.kind}:after")

            def record(work: Work) -> None:
                performer.record(work, task, outcome)

            try:
                self._settle(task, lease, outcome, traceparent, record)
            except Exception as error:
                if is_unavailable(error):
                    raise
                _log.exception("outcome not recorded", kind=task.kind, effect=str(task.effect_id))
                self._settle(task, lease, self._after_fault(task, error), traceparent)
        return True

    def _outcome(self, performer: Performer, task: Task, *, asked_before: bool) -> Outcome:
        now = self._clock.now()
        try:
            return performer.find(task, now) if asked_before else performer.perform(task, now)
        except Exception as error:  # noqa: BLE001  see below
            # A performer answers with an outcome; an exception is a fault of ours, after which
            # nobody knows whether the call was made.
            _log.exception("performer failed", kind=task.kind, effect=str(task.effect_id))
            return self._after_fault(task, error)

    def _after_fault(self, task: Task, error: Exception) -> Unknown:
        wait = timedelta(seconds=min(2**task.attempt, 900))
        # Not its text, which may hold what the performer has just opened.
        return Unknown(type(error).__name__, self._clock.now() + wait)

    def _claim(
        self, lease: Lease, tenant_id: UUID, effect_id: UUID, kind: str
    ) -> tuple[Task, bool] | None:
        with self._app.transaction([tenant_id], f"{self._service}:claim {kind}") as transaction:
            row = transaction.raw.execute(
                _CLAIM,
                {
                    "tenant": tenant_id,
                    "effect": effect_id,
                    "now": self._clock.now(),
                    "wall": self._wall.now(),
                    "lease": lease.until,
                },
            ).fetchone()
        if row is None:
            return None
        state, key, aggregate_id, body, meta, attempts = row
        task = Task(
            tenant_id, effect_id, kind, key, aggregate_id, bytes(body), decode_meta(meta), attempts
        )
        return task, state != "intended"

    def _settle(
        self,
        task: Task,
        lease: Lease,
        outcome: Outcome,
        traceparent: str | None,
        record: Callable[[Work], None] = lambda _: None,
    ) -> None:
        """Note the outcome and what it means, unless the effect is somebody else's by now."""
        state, due_at = _state_after(task, outcome)
        settled = (state, due_at, _told(outcome), task.tenant_id, task.effect_id, lease.until)
        cause = Cause(
            f"service:{self._service}",
            task.meta.correlation_id,
            task.meta.causation_id,
            traceparent,
        )
        count = EFFECTS.labels(task.kind, "later" if state == "intended" else state).inc

        def settle() -> None:
            with self._app.recording([task.tenant_id], task.kind) as transaction:
                if transaction.raw.execute(_SETTLE, settled).rowcount == 1:
                    record(Work(self._rules, transaction, task.tenant_id, self._clock.now(), cause))
                    transaction.committed.append(count)

        decided_anew(settle)


def _state_after(task: Task, outcome: Outcome) -> tuple[str, datetime | None]:
    match outcome:
        case Done():
            return "done", None
        case Refused():
            return "refused", None
        case Unknown(ask_at=None):
            return "stuck", None
        case Unknown(ask_at=ask_at):
            return "unknown", ask_at
        case Later(at=at, patient=patient):
            stuck = task.attempt >= _TRIES_BEFORE_STUCK and not patient
            return ("stuck" if stuck else "intended"), at


def _told(outcome: Outcome) -> str:
    match outcome:
        case Done():
            return "done"
        case Refused(code=code, text=text):
            return f"refused: {code} {text}"[:500]
        case Unknown(text=text) | Later(text=text):
            return text[:500]
