"""Documents as they came, kept by their hash in a table that no event could make again."""

from __future__ import annotations

from hashlib import sha256
from typing import Any
from uuid import UUID

import psycopg

from shared.contracts.values import Copy

_KEEP = """
    insert into copy (tenant_id, sha256, media_type, bytes) values (%s, %s, %s, %s)
    on conflict do nothing
"""
_FETCH = "select media_type, bytes from copy where sha256 = %s limit 1"


class CopyDamaged(Exception):
    """What is kept is no longer what its hash says."""


def copy_of(content: bytes, media_type: str) -> Copy:
    return Copy(sha256(content).hexdigest(), media_type, len(content))


def keep(
    connection: psycopg.Connection[Any], tenant_id: UUID, content: bytes, media_type: str
) -> Copy:
    """Keep a document, once, in the caller's transaction."""
    kept = copy_of(content, media_type)
    connection.execute(_KEEP, (tenant_id, kept.sha256, media_type, content))
    return kept


def fetch(connection: psycopg.Connection[Any], sha: str) -> tuple[bytes, str] | None:
    """The document and its media type, if the transaction's tenants have it. Raises CopyDamaged."""
    row = connection.execute(_FETCH, (sha,)).fetchone()
    if row is None:
        return None
    media_type, found = str(row[0]), bytes(row[1])
    if sha256(found).hexdigest() != sha:
        raise CopyDamaged(sha)
    return found, media_type
