"""The hash chain of a stream: an edited, deleted or reordered event no longer fits its neighbour.

The hash covers what is stored, sealed values included, so a person can be forgotten and the chain
still holds. A chain inside one database can be rewritten by whoever owns the database: it shows
accidents and tampering through the application, not a malicious owner.
"""

from __future__ import annotations

from hashlib import sha256
from uuid import UUID

BEGINNING = bytes(32)


def link(
    previous: bytes, tenant_id: UUID, aggregate_id: UUID, version: int, name: str, meta: bytes,
    body: bytes,
) -> bytes:  # fmt: skip
    """The hash of an event, over its predecessor's hash and everything stored of it, in this order."""
    digest = sha256(previous)
    digest.update(tenant_id.bytes)
    digest.update(aggregate_id.bytes)
    digest.update(version.to_bytes(8, "big"))
    for part in (name.encode(), meta, body):
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.digest()
