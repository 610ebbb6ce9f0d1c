"""A run that somebody asks for, beside those of the calendar."""

from __future__ import annotations

from services.sync.commands import StartRun
from services.sync.model.connection import CONNECTION
from services.sync.model.naming import connection_id_of, run_id_of
from shared.work import Work


def sync_now(work: Work) -> None:
    connection_id = connection_id_of(work.tenant_id)
    version = work.load(CONNECTION, connection_id).version
    command = StartRun(run_id_of(connection_id, version), "person", work.now)
    work.execute(CONNECTION, connection_id, command)
