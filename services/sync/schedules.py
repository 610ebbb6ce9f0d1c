"""The clock's part: each client's ledger is read three times a day."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from services.sync.commands import StartRun
from services.sync.intents import RUN
from services.sync.model.connection import CONNECTION
from services.sync.model.hours import next_run
from services.sync.model.naming import run_id_of
from shared.effects.intents import Due
from shared.scheduler import Job, Occurrence
from shared.work import Work


def run(occurrence: Occurrence, work: Work) -> None:
    """Start a run and put the next one on the calendar; runs that were missed are one."""
    connection_id = UUID(occurrence.key)
    loaded = work.load(CONNECTION, connection_id)
    after = max(occurrence.due_at, work.now)
    due_at = next_run(after, loaded.state.time_zone, occurrence.tenant_id)
    work.remind(Due(occurrence.job, occurrence.key, due_at))
    started = StartRun(run_id_of(connection_id, loaded.version), "schedule", work.now)
    work.execute(CONNECTION, connection_id, started)


JOBS: Final[dict[str, Job]] = {RUN: run}
