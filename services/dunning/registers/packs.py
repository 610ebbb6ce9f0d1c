"""The bytes of frozen packs, by their hash: they are what was said then, so no event makes them again."""

from __future__ import annotations

from hashlib import sha256
from uuid import UUID

import sqlalchemy as sa

from shared.contracts.values import Copy
from shared.work import Work

MEDIA_TYPE = "application/json"
_KEEP = """
    insert into frozen_pack (tenant_id, sha256, bytes) values (%s, %s, %s) on conflict do nothing
"""
_FIND = "select bytes from frozen_pack where tenant_id = :tenant and sha256 = :sha256"


def copy_of(body: bytes) -> Copy:
    return Copy(sha256(body).hexdigest(), MEDIA_TYPE, len(body))


def keep(work: Work, body: bytes) -> Copy:
    copy = copy_of(body)
    work.raw.execute(_KEEP, (work.tenant_id, copy.sha256, body))
    return copy


def find(sql: sa.Connection, tenant_id: UUID, digest: str) -> bytes | None:
    """The bytes as they were kept; an altered row is none of them."""
    place = {"tenant": tenant_id, "sha256": digest}
    found = sql.execute(sa.text(_FIND), place).scalar_one_or_none()
    body = None if found is None else bytes(found)
    return body if body is not None and sha256(body).hexdigest() == digest else None
