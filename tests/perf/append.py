"""Appends of one event to a fresh stream: ours in two ways, and pgbench's."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

from eventsourcing.persistence import StoredEvent

from shared.database import Database
from shared.eventstore.chain import BEGINNING
from shared.eventstore.group import Append, GroupCommit
from shared.eventstore.recorder import insert
from tests.perf.crowd import Act

TENANT = UUID(int=7)
NAME = "purse.PurseFilled.v1"
BODY = b'{"event":"purse.PurseFilled.v1","coins":3,"note":"' + b"n" * 450 + b'"}'
META = (
    b'{"recorded_at":"2026-03-02T07:00:00Z","actor":"user:00000000-0000-4000-8000-000000000001",'
    b'"correlation_id":"00000000-0000-4000-8000-000000000002"}'
)
SCRIPT = f"""
begin;
select set_config('app.tenants', '{{{TENANT}}}', true), pg_current_xact_id();
insert into event (tenant_id, aggregate_id, version, name, body, meta, hash)
values ('{TENANT}', gen_random_uuid(), 1, '{NAME}', '\\x{BODY.hex()}', '\\x{META.hex()}',
        '\\x{"ab" * 32}') returning position;
commit;
"""
Ending = Callable[[], None]


def in_a_command(dsn: str, _process: int) -> Callable[[int], tuple[Act, Ending]]:
    """As `shared.work` appends: in a scoped transaction from the pool."""
    database = Database(dsn, pool_size=32)

    def make(_writer: int) -> tuple[Act, Ending]:
        def act() -> None:
            stream = uuid4()
            event = StoredEvent(stream, 1, NAME, BODY)
            with database.recording([TENANT], "append") as transaction:
                insert(transaction.raw, TENANT, [event], [META], {stream: BEGINNING})

        return act, database.close

    return make


def in_a_group(dsn: str, _process: int) -> Callable[[int], tuple[Act, Ending]]:
    """By the process's committer."""
    group = GroupCommit(dsn)

    def make(_writer: int) -> tuple[Act, Ending]:
        def act() -> None:
            event = StoredEvent(uuid4(), 1, NAME, BODY)
            (answer,) = group.append_many([Append(TENANT, [event], [META], BEGINNING)])
            assert isinstance(answer, list)

        return act, group.close

    return make
