"""Effects that a person looks at: nobody knows of them, nobody goes on by itself, or they were refused.

    unknown, stuck --ask again--> unknown, due now

Asking again never does anything outside: the worker takes an effect that is unknown and only asks
(`find`). What it does with the answer is its own rule, the same as for any other question; its tries
begin anew, since whoever asks has had something mended.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog

from shared.clock import Clock
from shared.database import Database

_log = structlog.get_logger(__name__)
_COLUMNS = "tenant_id, effect_id, kind, state, attempts, intended_at, due_at, outcome"
_OPEN = f"""
    select {_COLUMNS} from effect where state in ('stuck', 'unknown')
    order by state, intended_at limit %s
"""  # noqa: S608  our own columns
_REFUSED = f"""
    select {_COLUMNS} from effect where state = 'refused' order by intended_at desc limit %s
"""  # noqa: S608  our own columns
_ONE = f"select {_COLUMNS} from effect where effect_id = %s"  # noqa: S608  our own columns
_QUESTIONS = """
    select asked_at, asked_by, reason, state, outcome from effect_question
    where effect_id = %s order by number desc
"""
_ASK = """
    with before as (
        select effect_id, state, outcome from effect
        where tenant_id = %(tenant)s and effect_id = %(effect)s and state in ('stuck', 'unknown')
        for update),
    asked as (
        update effect set state = 'unknown', due_at = %(now)s, attempts = 0 from before
        where effect.tenant_id = %(tenant)s and effect.effect_id = before.effect_id)
    insert into effect_question (tenant_id, effect_id, asked_at, asked_by, reason, state, outcome)
    select %(tenant)s, effect_id, %(now)s, %(by)s, %(reason)s, state, outcome from before
"""


@dataclass(frozen=True, slots=True)
class Effect:
    """How one effect stands; without its body and key, which nobody needs to see."""

    tenant_id: UUID
    effect_id: UUID
    kind: str
    state: str
    attempts: int
    intended_at: datetime
    due_at: datetime
    outcome: str | None

    @property
    def may_be_asked(self) -> bool:
        return self.state in {"stuck", "unknown"}


@dataclass(frozen=True, slots=True)
class Question:
    """That somebody had it asked after, and how it stood before."""

    asked_at: datetime
    asked_by: str
    reason: str
    state: str
    outcome: str | None


class Unsettled:
    """One service's effects in a person's hands. Every question is scoped to who asks."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def waiting(self, tenants: Sequence[UUID], limit: int = 200) -> list[Effect]:
        """Stuck and unknown ones, the oldest first; then those refused, the latest first."""
        with self._database.transaction(tenants) as transaction:
            rows = transaction.raw.execute(_OPEN, (limit,)).fetchall()
            rows += transaction.raw.execute(_REFUSED, (limit - len(rows),)).fetchall()
        return [Effect(*row) for row in rows]

    def find(self, tenants: Sequence[UUID], effect_id: UUID) -> Effect | None:
        with self._database.transaction(tenants) as transaction:
            row = transaction.raw.execute(_ONE, (effect_id,)).fetchone()
        return None if row is None else Effect(*row)

    def questions(self, tenants: Sequence[UUID], effect_id: UUID) -> list[Question]:
        """What people had asked, the latest first."""
        with self._database.transaction(tenants) as transaction:
            rows = transaction.raw.execute(_QUESTIONS, (effect_id,)).fetchall()
        return [Question(*row) for row in rows]

    def ask_again(self, tenant_id: UUID, effect_id: UUID, by: str, reason: str) -> bool:
        """Have it asked after now; false where it is not unknown or stuck (any more)."""
        if not reason.strip():
            raise ValueError("an effect is asked after for a reason")
        facts = {
            "tenant": tenant_id, "effect": effect_id, "now": self._clock.now(), "by": by,
            "reason": reason,
        }  # fmt: skip
        with self._database.transaction([tenant_id]) as transaction:
            asked = transaction.raw.execute(_ASK, facts).rowcount == 1
        if asked:
            _log.info("asked again", effect=str(effect_id), by=by)
        return asked
