"""The server's settings: one profile that never loses a payment, one for throw-away tests."""

from __future__ import annotations

from collections.abc import Mapping

import psycopg

_COMMON = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "max_wal_senders": "0",
    "track_commit_timestamp": "off",
    "password_encryption": "scram-sha-256",
    # A handler that hangs with an open transaction holds its locks no longer than this. Limits on
    # a single statement belong to the roles, which know how long their work may take.
    "idle_in_transaction_session_timeout": "5s",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    # People stay out of the log: no "Key (email)=(...) already exists", no failed statement's text.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}
_SAFE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
# Survives a killed server, not a power failure: without fsync, waiting for a commit to be written
# costs next to nothing, and fault tests may kill this server too. Vacuuming would only disturb.
_FAST = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "on",
    "autovacuum": "off",
    "max_connections": "400",  # of the houses of several test processes
    "dynamic_shared_memory_type": "mmap",  # inside the folder: a killed server leaves nothing behind
}


def settings(*, durable: bool) -> Mapping[str, str]:
    """The profile; nothing is replicated from an embedded server, so its log stays minimal."""
    return _COMMON | {"wal_level": "minimal"} | (_SAFE if durable else _FAST)


def unsafe_settings(dsn: str) -> list[str]:
    """One sentence for each setting with which a commit could be lost; empty when all is well.

    Every `synchronous_commit` but `off` waits for the local disk (PostgreSQL manual, 20.5.1).
    """
    with psycopg.connect(dsn, autocommit=True) as connection:
        return [
            f"{name} is off: a commit could be lost; set it to on in postgresql.conf"
            for name in _SAFE
            if _value(connection, name) == "off"
        ]


def _value(connection: psycopg.Connection, name: str) -> str:
    row = connection.execute("SELECT current_setting(%s)", [name]).fetchone()
    assert row is not None
    return str(row[0])
