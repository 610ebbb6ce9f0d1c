"""Letters as they were sent, byte for byte, by their hash.

They could be set again from their events, yet only with the same fonts and typesetter for ever: so the
bytes are kept, and whoever reads them knows that they are the ones.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any
from uuid import UUID

import psycopg

from services.notifications.values import Kept

_KEEP = """
    insert into document (tenant_id, sha256, media_type, bytes) values (%s, %s, %s, %s)
    on conflict do nothing
"""
_FETCH = "select media_type, bytes from document where tenant_id = %s and sha256 = %s"


class DocumentDamaged(Exception):
    """What is kept is no longer what its hash says."""


def kept_as(content: bytes, media_type: str) -> Kept:
    return Kept(sha256(content).hexdigest(), media_type, len(content))


def keep(
    connection: psycopg.Connection[Any], tenant_id: UUID, content: bytes, media_type: str
) -> Kept:
    """Keep a document, once, in the caller's transaction."""
    kept = kept_as(content, media_type)
    connection.execute(_KEEP, (tenant_id, kept.sha256, media_type, content))
    return kept


def fetch(
    connection: psycopg.Connection[Any], tenant_id: UUID, sha: str
) -> tuple[bytes, str] | None:
    """The document and its media type, if this tenant has it. Raises DocumentDamaged."""
    row = connection.execute(_FETCH, (tenant_id, sha)).fetchone()
    if row is None:
        return None
    media_type, found = str(row[0]), bytes(row[1])
    if sha256(found).hexdigest() != sha:
        raise DocumentDamaged(sha)
    return found, media_type
