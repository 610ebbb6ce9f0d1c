"""What is done beside the log: packs of reports are reckoned, and kept when that is done.

Reckoning asks nobody outside and changes nothing. It is an effect because it takes its time: a job would
hold up everybody who follows the log until it ends.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from services.dunning.acts import freezing
from services.dunning.acts.freezing import Reckoned
from services.dunning.intents import FREEZE, PackToFreeze
from services.dunning.queries.reports.packs import shows
from shared.database import Database
from shared.effects.worker import Done, Later, Outcome, Task
from shared.work import Work

_LONGEST_WAIT_S = 900


class FreezePack:
    """Freezes a pack once: whoever came first has frozen it, and that stands."""

    kind = FREEZE

    def __init__(self, database: Database) -> None:
        """`database` is the service's own, which is only read from here."""
        self._database = database

    def perform(self, task: Task, now: datetime) -> Outcome:
        """What was known when it was asked for; later, where the facts do not show all of that yet."""
        wanted = msgspec.json.decode(task.body, type=PackToFreeze)
        with self._database.transaction([task.tenant_id]) as transaction:
            sql = transaction.sql
            if not shows(sql, wanted.position):
                wait = min(2**task.attempt, _LONGEST_WAIT_S)
                return Later("the facts are behind the log", now + timedelta(seconds=wait))
            kind, period, known_at = wanted.kind, wanted.period, wanted.known_at
            return Done(freezing.reckon(sql, task.tenant_id, kind, period, known_at))

    def find(self, task: Task, now: datetime) -> Outcome:
        """An attempt that was interrupted has left nothing: it is reckoned again."""
        return self.perform(task, now)

    def record(self, work: Work, task: Task, outcome: Outcome) -> None:  # noqa: ARG002  a performer's signature
        match outcome:
            case Done(answer=Reckoned() as reckoned):
                freezing.freeze(work, reckoned)
            case _:
                pass
