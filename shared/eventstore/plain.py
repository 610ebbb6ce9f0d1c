"""Statements that carry no values, said to the server without the driver's preparations.

BEGIN and COMMIT stand around every append. Adapting, preparing and reading a result cost the driver
more processor time than such a statement needs: see docs/benchmarks.md.
"""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus

_SAID = {ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK}


def say(connection: psycopg.Connection[Any], statement: bytes) -> None:
    """Raises what the driver would raise. The thread waits for the answer; others go on."""
    result = connection.pgconn.exec_(statement)
    if result.status in _SAID:
        return
    if connection.closed:
        raise psycopg.OperationalError(connection.pgconn.get_error_message())
    raise error_from_result(result)
