"""Killed at every system call that sends: an append is there whole or not at all, a record counts once.

Named crash points stand where we thought of them; the kernel knows all places at which anything can
leave a process. `strace` kills one append, and one record's way through the inbox, as the process
enters its first send, its second and so on, until a life has fewer. What is there afterwards is
compared as a whole, and the same act, done again, must bring it to the one right end.

How many there are differs by one or two from life to life: in a pipeline, libpq sends as the socket
takes it.
"""

from __future__ import annotations

import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

import psycopg
import pytest

from shared.postgres import Server
from shared.testing.world import World
from tests.faults import one_send
from tests.faults.one_send import DOES, START, append
from tests.shared.toy import Mint, purse_service, teller_service

# Connecting, scoping, writing and committing take more than this.
SENDS_MIN: Final = 10
ROOT: Final = Path(__file__).parents[2]
OF_THE_TENANT: Final = "(select count(*) from {} where tenant_id = %(tenant)s)"
PURSE: Final = "select " + ", ".join(
    map(OF_THE_TENANT.format, ("event", "outbox", "effect", "due"))
)
TELLER: Final = (
    f"select {OF_THE_TENANT.format('event')},"
    " (select coalesce(sum(applied), 0)::int from inbox), (select count(*) from parked)"
)
# An append: event, outbox row, effect, due work. A record: event, applied, and nothing parked.
WHOLE: Final = {"append": (1, 1, 1, 1), "receive": (1, 1, 0)}


@dataclass(frozen=True)
class Tracer:
    """Lives of `one_send` with `strace` at their side."""

    strace: str
    world: World
    server: subprocess.Popen[str]

    def live(self, what: str, tenant: UUID, *options: str) -> int:
        """One life, traced from its beginning; its exit code, or the signal as a negative number."""
        order = {"what": what, "address": asdict(self.world.address), "tenant": str(tenant)}
        assert self.server.stdin is not None
        self.server.stdin.write(json.dumps(order) + "\n")
        self.server.stdin.flush()
        life = self._heard()
        command = [self.strace, "-p", str(life), "-e", "trace=sendto", *options]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as tracer:
            assert tracer.stderr is not None
            assert "attached" in tracer.stderr.readline()
            os.kill(life, signal.SIGCONT)
            tracer.communicate()
        return self._heard()

    def _heard(self) -> int:
        assert self.server.stdout is not None
        return int(self.server.stdout.readline())

    def stands(self, what: str, tenant: UUID) -> tuple[int, ...]:
        """What there is of it, once PostgreSQL has noticed that the process is gone."""
        service, query = ("purse", PURSE) if what == "append" else ("teller", TELLER)
        others = "select count(*) from pg_stat_activity where datname = current_database()"
        dsn = self.world.server.dsn(self.world.address.database(service))
        with psycopg.connect(dsn, autocommit=True) as connection:
            while connection.execute(others).fetchone() != (1,):
                pass
            row = connection.execute(query.encode(), {"tenant": tenant}).fetchone()
        assert row is not None
        return row


@pytest.fixture(scope="module")
def strace() -> str:
    found = shutil.which("strace")
    if found is None:
        assert not os.environ.get("CI"), "strace is needed here: apt-get install strace"
        pytest.skip("strace is not installed")
    return found


@pytest.fixture
def tracer(postgres_server: Server, strace: str) -> Iterator[Tracer]:
    services = [purse_service(Mint()), teller_service]
    command = [sys.executable, "-m", one_send.__name__]
    with (
        World(postgres_server, services, START) as world,
        subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
        ) as server,
    ):
        yield Tracer(strace, world, server)
        server.communicate()


@pytest.mark.parametrize("what", DOES)
def test_killed_at_any_send_it_is_whole_or_not_at_all_and_once_in_the_end(
    tracer: Tracer, what: str
) -> None:
    met = []
    for number in itertools.count(1):
        tenant = ready(tracer, what, number)
        before = tracer.stands(what, tenant)
        code = tracer.live(what, tenant, "-e", f"inject=sendto:signal=KILL:when={number}")
        met.append(gained(before, tracer.stands(what, tenant)))
        if code == 0:
            break  # it does not send so often: every send has been struck
        assert code == -signal.SIGKILL, f"send {number}"
        DOES[what](tracer.world.address, tenant)
        assert gained(before, tracer.stands(what, tenant)) == WHOLE[what], f"send {number}"
    nothing = tuple(0 for _ in WHOLE[what])
    assert met[0] == nothing
    assert met[-1] == WHOLE[what]
    assert set(met) == {nothing, WHOLE[what]}
    assert len(met) > SENDS_MIN


def ready(tracer: Tracer, what: str, number: int) -> UUID:
    """A tenant for whom it has not been done yet, with a record for who is to receive one."""
    tenant = UUID(int=number + 1)
    if what == "receive":
        append(tracer.world.address, tenant)
    return tenant


def gained(before: tuple[int, ...], after: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(now - then for then, now in zip(before, after, strict=True))
