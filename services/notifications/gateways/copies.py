"""The port through which an invoice's copy is had from whoever keeps it, and sync's door behind it."""

from __future__ import annotations

from hashlib import sha256
from typing import Final, Protocol
from uuid import UUID

from shared.http import ForbiddenHostError, Transport, Unanswered, Unreached

_OK: Final = 200
_GONE: Final = 404


class NoAnswer(Exception):
    """The copy could not be read just now: ask again later."""


class Copies(Protocol):
    def fetch(self, tenant_id: UUID, sha: str) -> bytes | None:
        """The document of this hash, verified; none where it is not kept. Raises NoAnswer."""
        ...


class NoCopies:
    """For an installation without sync: letters go without copies."""

    def fetch(self, tenant_id: UUID, sha: str) -> bytes | None:  # noqa: ARG002  the port's shape
        return None


class SyncCopies:
    """Sync's door for services: no ingress passes it on."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def fetch(self, tenant_id: UUID, sha: str) -> bytes | None:
        try:
            answer = self._transport.get(f"/sync/internal/tenants/{tenant_id}/copies/{sha}")
        except (Unreached, Unanswered, ForbiddenHostError) as error:
            raise NoAnswer(type(error).__name__) from error
        if answer.status == _GONE:
            return None
        if answer.status != _OK:
            raise NoAnswer(f"status {answer.status}")
        if sha256(answer.body).hexdigest() != sha:
            raise NoAnswer("what came is not what its hash says")
        return answer.body
