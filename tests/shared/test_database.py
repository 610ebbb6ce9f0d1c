"""A service's database for whoever asks seldom: nothing is kept open between transactions."""

from __future__ import annotations

from uuid import uuid4

from shared.database import Database
from shared.postgres import Server


def test_without_a_pool_every_transaction_has_a_connection_of_its_own(
    postgres_server: Server,
) -> None:
    database = Database(postgres_server.dsn("postgres"), pool_size=0)
    with database.transaction([uuid4()]) as first:
        assert first.raw.execute("select 1").fetchone() == (1,)
    assert first.raw.closed
    with database.transaction([uuid4()]) as second:
        assert second.raw is not first.raw
