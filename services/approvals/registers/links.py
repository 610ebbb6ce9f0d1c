"""The links in mails: they lead to the page and decide nothing.

A token is 256 random bits of which only the SHA-256 is kept, bound to tenant, request, approver and
the request's digests. It works for 72 hours on the wall clock, for its own approver, after signing
in; and it dies at that approver's first answer, when the request is revised or over, and when the
approver's role changes. Looking it up changes nothing, so mail scanners may follow it at will.

The raw token has to reach the mail, and topics are readable. So it is sealed for the approver in
the vault as soon as it is made, and travels as such in `ApprovalRequested.links`: only a service
that holds the vault's grant, the one that writes the mail, can open it. What is in the clear in
our log, our topics and our tables gives no link away.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import psycopg

from shared.clock import Clock
from shared.sealed import Sealed
from shared.vault import Forgotten, Vault
from shared.work import Work

PATH = "/approvals/links/"
_LIVES = timedelta(hours=72)
_TOKEN_BYTES = 32

_KEEP = """
    insert into link (token_hash, tenant_id, request_id, approver_id, digest, expires_at)
    values (%s, %s, %s, %s, %s, %s)
"""
_FIND = """
    select token_hash, tenant_id, request_id from link
    where token_hash = %s and approver_id = %s and expires_at > %s
"""
_END_REQUEST = "delete from link where tenant_id = %s and request_id = %s"
_END_ANSWERED = f"{_END_REQUEST} and approver_id = %s"
_END_APPROVER = "delete from link where tenant_id = %s and approver_id = %s"


@dataclass(frozen=True, slots=True)
class Lead:
    """Where a link leads its approver."""

    tenant_id: UUID
    request_id: UUID


@dataclass(frozen=True, slots=True)
class Links:
    vault: Vault
    wall: Clock

    def issue(
        self, work: Work, request_id: UUID, approvers: Iterable[UUID], digests: Sequence[str]
    ) -> tuple[Sealed, ...]:
        """One link for each approver, sealed; none for a person who has been forgotten."""
        links = (
            self._issue(work, request_id, approver_id, revision_digest(digests))
            for approver_id in approvers
        )
        return tuple(link for link in links if link is not None)

    def _issue(self, work: Work, request_id: UUID, approver_id: UUID, digest: str) -> Sealed | None:
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        try:
            sealed = self.vault.seal(work.tenant_id, approver_id, PATH + token)
        except Forgotten:
            return None
        expires_at = self.wall.now() + _LIVES
        facts = (_hash(token), work.tenant_id, request_id, approver_id, digest, expires_at)
        work.raw.execute(_KEEP, facts)
        return sealed

    def find(self, connection: psycopg.Connection[Any], token: str, person_id: UUID) -> Lead | None:
        """Where this person's live link leads, among the tenants the transaction may see."""
        digest = _hash(token)
        row = connection.execute(_FIND, (digest, person_id, self.wall.now())).fetchone()
        if row is None:
            return None
        token_hash, tenant_id, request_id = row
        return Lead(tenant_id, request_id) if hmac.compare_digest(token_hash, digest) else None


def end_answered(work: Work, request_id: UUID, approver_id: UUID) -> None:
    work.raw.execute(_END_ANSWERED, (work.tenant_id, request_id, approver_id))


def end_request(work: Work, request_id: UUID) -> None:
    work.raw.execute(_END_REQUEST, (work.tenant_id, request_id))


def end_approver(work: Work, approver_id: UUID) -> None:
    work.raw.execute(_END_APPROVER, (work.tenant_id, approver_id))


def revision_digest(digests: Sequence[str]) -> str:
    """One digest over all payments of a request as they were put to the approver."""
    return sha256("\n".join(sorted(digests)).encode()).hexdigest()


def _hash(token: str) -> bytes:
    return sha256(token.encode()).digest()
