"""Documents that another service of the house keeps by their hash: invoices' copies, letters as sent.

They are had through its door for services, which no ingress passes on (`shared/web/mesh.py`), and are
believed by their hash alone.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Final, Protocol
from uuid import UUID

from shared.http import ForbiddenHostError, Limits, Transport, Unanswered, Unreached
from shared.settings import Settings

_INVOICES: Final = "/sync/internal/tenants/{tenant_id}/copies/{sha}"
_LETTERS: Final = "/notifications/internal/tenants/{tenant_id}/documents/{sha}"
WHILE_SOMEBODY_WAITS: Final = Limits(connect=2, read=10, whole=15, attempts=2, longest_wait=1)
"""For a page that gives the document on. Work that can be done later has the defaults."""
_OK: Final = 200
_GONE: Final = 404


class NoAnswer(Exception):
    """The document could not be read just now: ask again later."""


class Copies(Protocol):
    def fetch(self, tenant_id: UUID, sha: str) -> bytes | None:
        """The document of this hash, verified; none where it is not kept. Raises NoAnswer."""
        ...


class NoCopies:
    """For an installation without the service that keeps them."""

    def fetch(self, tenant_id: UUID, sha: str) -> bytes | None:  # noqa: ARG002  the port's shape
        return None


class KeptByService:
    """The door of the service that keeps them. `path` names tenant and hash."""

    def __init__(self, transport: Transport, path: str) -> None:
        self._transport = transport
        self._path = path

    def fetch(self, tenant_id: UUID, sha: str) -> bytes | None:
        try:
            answer = self._transport.get(self._path.format(tenant_id=tenant_id, sha=sha))
        except (Unreached, Unanswered, ForbiddenHostError) as error:
            raise NoAnswer(type(error).__name__) from error
        if answer.status == _GONE:
            return None
        if answer.status != _OK:
            raise NoAnswer(f"status {answer.status}")
        if sha256(answer.body).hexdigest() != sha:
            raise NoAnswer("what came is not what its hash says")
        return answer.body


def invoice_copies(settings: Settings, limits: Limits | None = None) -> Copies | None:
    """Invoices' copies, of sync; None without setting `sync_url`."""
    return _kept_by(settings, "sync_url", _INVOICES, limits)


def letters_sent(settings: Settings, limits: Limits | None = None) -> Copies | None:
    """Letters as they were sent, of notifications; None without setting `notifications_url`."""
    return _kept_by(settings, "notifications_url", _LETTERS, limits)


def _kept_by(settings: Settings, name: str, path: str, limits: Limits | None) -> Copies | None:
    if name not in settings:
        return None
    return KeptByService(Transport(settings.url(name), limits=limits), path)
