"""Due work: a table of (job, tenant, key, instant), so that a missed run catches up and a double
run is a no-op.

A job runs in one transaction that also marks it done and puts its next occurrence on the calendar.
Which instant is due is said by the business clock; leases are on the wall clock.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

import structlog

from shared.clock import Clock
from shared.database import Database, is_overtaken
from shared.failures import sentence
from shared.telemetry import span
from shared.work import Cause, Rules, Work

_log = structlog.get_logger(__name__)
_WAIT_AFTER_FAILURE = timedelta(minutes=1)

_READY = """
    select tenant_id, job, key, due_at from due
    where done_at is null and due_at <= %s and (leased_until is null or leased_until < %s)
      and job = any(%s)
    order by due_at, job, key limit 200
"""
_TAKE = """
    update due set done_at = %s, tries = tries + 1, leased_until = null, error = null
    where tenant_id = %s and job = %s and key = %s and due_at = %s and done_at is null
    returning body
"""
_FAILED = """
    update due set tries = tries + 1, leased_until = %s, error = %s
    where tenant_id = %s and job = %s and key = %s and due_at = %s and done_at is null
"""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One due piece of work. `body` is what was put on the calendar with it (JSON)."""

    tenant_id: UUID
    job: str
    key: str
    due_at: datetime
    body: bytes = b"null"


Job = Callable[[Occurrence, Work], None]


class Scheduler:
    def __init__(
        self,
        service: str,
        jobs: Mapping[str, Job],
        rules: Rules,
        app: Database,
        reader: Database,
        clock: Clock,
        wall: Clock,
    ) -> None:
        self._service = service
        self._jobs = jobs
        self._rules = rules
        self._app = app
        self._reader = reader
        self._clock = clock
        self._wall = wall

    def step(self) -> bool:
        """Run what is due now; true if anything was."""
        rows = self._reader.ask(_READY, (self._clock.now(), self._wall.now(), list(self._jobs)))
        return sum(self._run(Occurrence(*row)) for row in rows) > 0

    def _run(self, occurrence: Occurrence) -> bool:
        place = (occurrence.tenant_id, occurrence.job, occurrence.key, occurrence.due_at)
        doing = f"{self._service}:schedule {occurrence.job}"
        try:
            with (
                span(f"schedule {occurrence.job}") as traceparent,
                self._app.recording([occurrence.tenant_id], doing) as transaction,
            ):
                now = self._clock.now()
                row = transaction.raw.execute(_TAKE, (now, *place)).fetchone()
                if row is None:
                    return False
                correlation = uuid5(
                    occurrence.tenant_id,
                    f"{occurrence.job}:{occurrence.key}:{occurrence.due_at.isoformat()}",
                )
                cause = Cause(f"schedule:{occurrence.job}", correlation, None, traceparent)
                work = Work(self._rules, transaction, occurrence.tenant_id, now, cause)
                self._jobs[occurrence.job](Occurrence(*place, bytes(row[0])), work)
        except Exception as error:  # noqa: BLE001  a job that fails stays due, and others go on
            if is_overtaken(error):
                return True  # it is still due and comes round again
            _log.exception("job failed", service=self._service, job=occurrence.job)
            with self._app.transaction([occurrence.tenant_id], f"{doing} failed") as transaction:
                transaction.raw.execute(
                    _FAILED,
                    (
                        self._wall.now() + _WAIT_AFTER_FAILURE,
                        sentence(error),
                        *place,
                    ),
                )
            return False
        return True
