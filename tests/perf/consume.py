"""The whole transaction of a consumer: place, parked?, load, decide, append, project, commit."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as upsert

from shared.clock import SettableClock
from shared.contracts.base import Contract
from shared.database import Database
from shared.eventstore.events import Recorded
from shared.eventstore.mapper import EventMapper
from shared.projecting.projection import Projection
from shared.service import Service, Surroundings
from shared.stream.inbox import Inbox, Receipt
from shared.stream.records import Envelope, Record
from shared.work import Rules
from tests.perf.crowd import Act
from tests.shared.toy import CoinsAdded, CoinsCounted, counted, subscriptions, teller_service

START = datetime(2026, 3, 2, tzinfo=UTC)
TENANT, EPOCH = UUID(int=7), UUID(int=8)
PARTITIONS = 12
_READY = 4000  # records made beforehand per partition; the feed's work is not the inbox's

counts = Projection("counts", counted)
_row = upsert(counted)
# Built once: on the hot path a projection's statement is a constant.
_COUNT = _row.on_conflict_do_update(
    index_elements=[counted.c.tenant_id, counted.c.purse_id],
    set_={"coins": counted.c.coins + _row.excluded.coins},
)


@counts.on(CoinsCounted)
def coins_counted(recorded: Recorded[CoinsCounted], sql: sa.Connection) -> None:
    sql.execute(_COUNT, {
        "tenant_id": recorded.tenant_id, "purse_id": recorded.aggregate_id,
        "coins": recorded.event.coins,
    })  # fmt: skip


RULES = Rules(EventMapper(CoinsCounted), projections=[counts])


def teller(surroundings: Surroundings) -> Service:
    """The toy's teller, with its read table written in the transaction of the events."""
    return replace(teller_service(surroundings), rules=RULES, followed=())


def receive(dsn: str, process: int) -> Callable[[int], tuple[Act, Callable[[], None]]]:
    """One partition per writer; every message is for a fresh stream."""
    database = Database(dsn, pool_size=PARTITIONS)
    inbox = Inbox(subscriptions, RULES, database, SettableClock(START))

    def make(writer: int) -> tuple[Act, Callable[[], None]]:
        partition = process * 100 + writer
        records = (record_of(partition, seq) for seq in itertools.count(1))
        ready = iter([next(records) for _ in range(_READY)])

        def act() -> None:
            record = next(ready, None) or next(records)
            receipt = inbox.receive(record)
            assert receipt is Receipt.APPLIED, receipt

        return act, database.close

    return make


def record_of(partition: int, seq: int) -> Record:
    purse = uuid4()
    contract: Contract = CoinsAdded(purse_id=purse, coins=1, total=1)
    envelope = Envelope(
        event_id=uuid4(),
        type_name=contract.type_name,
        source="/forfald/purse",
        subject=purse,
        tenant_id=TENANT,
        time=START,
        version=1,
        correlation_id=uuid4(),
        causation_id=uuid4(),
        actor="user:test",
    )
    return Record(
        "purse", EPOCH, contract.topic, partition, seq, seq - 1, str(purse).encode(),
        envelope.headers(), contract.encoded(),
    )  # fmt: skip


PLACES = f"""
insert into inbox (consumer, source, epoch, topic, partition, seq)
select 'teller', 'purse', '{EPOCH}', 'pgbench', number, 0 from generate_series(0, 31) number
on conflict (consumer, topic, partition) do update set seq = 0
"""
_BODY = b'{"event":"teller.CoinsCounted.v1","coins":1,"total":1}'
_META = (
    b'{"recorded_at":"2026-03-02T00:00:00Z","actor":"service:teller",'
    b'"correlation_id":"00000000-0000-4000-8000-000000000002",'
    b'"causation_id":"00000000-0000-4000-8000-000000000003"}'
)
_PURSE = "md5(:number::text)::uuid"
_PLACE = "consumer = 'teller' and topic = 'pgbench' and partition = :client_id"
SCRIPT = f"""
\\set number random(1, 1000000000000000)
begin;
select set_config('app.tenants', '{{{TENANT}}}', true), pg_current_xact_id();
update inbox set seq = seq + 1, next_offset = 1, applied = applied + 1
where {_PLACE} and epoch = '{EPOCH}' and seq >= 0;
select exists (select from parked where {_PLACE} and key = '\\x00' and settled_at is null);
select version, name, body, hash from event
where tenant_id = '{TENANT}' and aggregate_id = {_PURSE} order by version;
insert into event (tenant_id, aggregate_id, version, name, body, meta, hash)
values ('{TENANT}', {_PURSE}, 1, 'teller.CoinsCounted.v1', '\\x{_BODY.hex()}', '\\x{_META.hex()}',
        '\\x{"ab" * 32}') returning position;
insert into read.counted as counted (tenant_id, purse_id, coins)
values ('{TENANT}', {_PURSE}, 1)
on conflict (tenant_id, purse_id) do update set coins = counted.coins + excluded.coins;
commit;
"""
