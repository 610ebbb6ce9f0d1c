"""The smallest lives that write: one appends an event, one receives a record. Each ends at once.

As a program it is a fork server: for each line of JSON it forks a life that stops before it begins,
says its process id, and after it has ended, how. Whoever asked may take hold of it in between.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import psycopg

from shared.clock import SettableClock
from shared.provision import Address
from shared.runtime import Runtime
from shared.service import Service, Surroundings
from shared.stream.outbox import COLUMNS, record_of
from tests.shared.toy import PURSE, FillPurse, Mint, purse_service, teller_service

START: Final = datetime(2026, 3, 2, 7, tzinfo=UTC)
_PR_SET_PTRACER: Final = 0x59616D61
_ANYBODY: Final = -1


def append(address: Address, tenant: UUID) -> None:
    """Fill the tenant's purse once, if nobody has."""
    runtime = _runtime(address, purse_service(Mint()))

    def fill(work: Any) -> None:
        if work.load(PURSE, tenant).version == 0:
            work.execute(PURSE, tenant, FillPurse(3))

    runtime.work(tenant, "user:test", fill)
    runtime.close()


def receive(address: Address, tenant: UUID) -> None:
    """Hand the tenant's record to teller, as a feed that knows no better would."""
    query = f"select {COLUMNS} from outbox o where tenant_id = %s"
    with psycopg.connect(address.dsn("purse", "feed")) as connection:
        (row,) = connection.execute(query.encode(), (tenant,)).fetchall()
    runtime = _runtime(address, teller_service)
    runtime.inbox.receive(record_of("purse", row))
    runtime.close()


def _runtime(address: Address, build: Callable[[Surroundings], Service]) -> Runtime:
    surroundings = Surroundings(address, SettableClock(START))
    return Runtime(build(surroundings), surroundings)


DOES: Final = {"append": append, "receive": receive}


def serve() -> None:
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            _live(order)
        os.waitpid(child, os.WUNTRACED)
        _say(child)
        _, status = os.waitpid(child, 0)
        _say(os.waitstatus_to_exitcode(status))


def _live(order: dict[str, Any]) -> None:
    # Where the kernel lets only parents trace their children (Yama), anybody may trace this one.
    ctypes.CDLL(None).prctl(_PR_SET_PTRACER, ctypes.c_long(_ANYBODY), 0, 0, 0)
    os.kill(os.getpid(), signal.SIGSTOP)
    code = 1
    try:
        DOES[order["what"]](Address(**order["address"]), UUID(order["tenant"]))
        code = 0
    finally:
        os._exit(code)


def _say(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    serve()
