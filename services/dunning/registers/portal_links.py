"""The links in letters that show a debtor its own account, without signing in.

A token names its tenant, carries 256 random bits and a keyed check over both, so that who tries tokens
costs no look at the database. Only the SHA-256 of it is kept, bound to tenant and debtor, and it works
for half a year on the wall clock. It changes nothing. A token that is forged, unknown or over, and one
that is asked for too often, get the same answer.

The raw token has to reach the letter, and topics are readable: so it is sealed for the debtor as soon as
it is made, and travels as such. When a debtor is forgotten, the link is forgotten with it.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

import psycopg

from shared.clock import Clock
from shared.sealed import Sealed
from shared.vault import Forgotten, Vault
from shared.work import Work

PATH: Final = "/dunning/portal/"
PORTAL: Final = "portal"
"""The actor of what is recorded because somebody with a link did it."""
LIVES: Final = timedelta(days=180)
_TOKEN_BYTES: Final = 32
_TENANT_BYTES: Final = 16
_CHECK_BYTES: Final = 9
_LENGTH: Final = 76
"""Characters of a token: tenant, random bits and check in base64, without padding."""

_KEEP = """
    insert into portal_link (token_hash, tenant_id, debtor_id, notice_id, issued_at, expires_at)
    values (%s, %s, %s, %s, %s, %s)
"""
_CLEAR = "delete from portal_link where tenant_id = %s and debtor_id = %s and expires_at < %s"
_FIND = """
    select token_hash, debtor_id, notice_id, expires_at from portal_link
    where tenant_id = %s and token_hash = %s and expires_at > %s
"""


@dataclass(frozen=True, slots=True)
class Shown:
    """Whose account a link shows, in which letter it stood, and until when it works."""

    tenant_id: UUID
    debtor_id: UUID
    notice_id: UUID
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class PortalLinks:
    vault: Vault
    wall: Clock

    def issue(self, work: Work, debtor_id: UUID, notice_id: UUID) -> Sealed | None:
        """The path for one letter, sealed; None for a debtor who has been forgotten."""
        secret = secrets.token_bytes(_TOKEN_BYTES)
        check = self._check(work.tenant_id, secret)
        token = base64.urlsafe_b64encode(work.tenant_id.bytes + secret + check).decode()
        try:
            sealed = self.vault.seal(work.tenant_id, debtor_id, PATH + token)
        except Forgotten:
            return None
        now = self.wall.now()
        work.raw.execute(_CLEAR, (work.tenant_id, debtor_id, now))
        facts = (_hash(token), work.tenant_id, debtor_id, notice_id, now, now + LIVES)
        work.raw.execute(_KEEP, facts)
        return sealed

    def tenant_of(self, token: str) -> UUID | None:
        """The tenant that a token of ours names; None where it is none."""
        if len(token) != _LENGTH:
            return None
        try:
            raw = base64.b64decode(token, altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            return None
        tenant_id = UUID(bytes=raw[:_TENANT_BYTES])
        secret, check = raw[_TENANT_BYTES:-_CHECK_BYTES], raw[-_CHECK_BYTES:]
        genuine = hmac.compare_digest(check, self._check(tenant_id, secret))
        return tenant_id if genuine else None

    def _check(self, tenant_id: UUID, secret: bytes) -> bytes:
        return bytes.fromhex(self.vault.fingerprint(tenant_id, f"portal:{secret.hex()}"))[
            :_CHECK_BYTES
        ]

    def find(
        self, connection: psycopg.Connection[Any], tenant_id: UUID, token: str
    ) -> Shown | None:
        """Whose account a live link shows, in a transaction that sees this tenant alone."""
        digest = _hash(token)
        row = connection.execute(_FIND, (tenant_id, digest, self.wall.now())).fetchone()
        if row is None:
            return None
        token_hash, debtor_id, notice_id, expires_at = row
        if not hmac.compare_digest(token_hash, digest):
            return None
        return Shown(tenant_id, debtor_id, notice_id, expires_at)


def _hash(token: str) -> bytes:
    return sha256(token.encode()).digest()
