"""Sessions: an opaque cookie of 256 random bits, kept as its SHA-256, until it expires or is ended.

They are measured by the wall clock: moving the business day signs nobody out, or in.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

from services.tenants.registers import people
from services.tenants.registers.people import Connection, Person
from shared.clock import Clock
from shared.database import Database
from shared.eventstore.recorder import SCOPE, scope

LIFETIME: Final = timedelta(hours=12)
_BYTES: Final = 32
_COOKIE_LIMIT: Final = 256

_SHOW = "select set_config('app.session', %s, true)"
_OPEN = """
    insert into session (digest, tenant_id, user_id, opened_at, expires_at)
    values (%s, %s, %s, %s, %s)
"""
_HOLDER = """
    select tenant_id, user_id from session
    where digest = %s and closed_at is null and expires_at > %s
"""
_CLOSE = "update session set closed_at = %s where digest = %s and closed_at is null"
_CLOSE_ALL = """
    update session set closed_at = %s
    where tenant_id = %s and user_id = %s and closed_at is null
"""


class SessionBook:
    """Opens, finds and ends sessions. `clock` is the wall clock."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def open(self, agency_id: UUID, user_id: UUID) -> str | None:
        """A new cookie for this person; None for somebody who is not there or is disabled."""
        cookie = secrets.token_urlsafe(_BYTES)
        now = self._clock.now()
        with self._database.transaction([agency_id], "tenants:open session") as transaction:
            person = people.find(transaction.raw, agency_id, user_id)
            if person is None or person.disabled:
                return None
            transaction.raw.execute(
                _OPEN, (_digest(cookie), agency_id, user_id, now, now + LIFETIME)
            )
        return cookie

    def holder(self, cookie: str) -> Person | None:
        """Whose session this is; None when it has expired or ended, or they are disabled."""
        if not cookie or len(cookie) > _COOKIE_LIMIT:
            return None
        digest = _digest(cookie)
        with self._database.transaction([]) as transaction:
            transaction.raw.execute(_SHOW, (digest.hex(),))
            row = transaction.raw.execute(_HOLDER, (digest, self._clock.now())).fetchone()
            if row is None:
                return None
            agency_id, user_id = row
            transaction.raw.execute(SCOPE, scope([agency_id]))
            person = people.find(transaction.raw, agency_id, user_id)
        return None if person is None or person.disabled else person

    def close(self, cookie: str) -> None:
        """End one session; ending it twice changes nothing."""
        holder = self.holder(cookie)
        if holder is None:
            return
        with self._database.transaction([holder.agency_id], "tenants:end session") as transaction:
            transaction.raw.execute(_CLOSE, (self._clock.now(), _digest(cookie)))

    def close_all(self, connection: Connection, person: Person) -> None:
        """End every session of a person, in the transaction of the caller."""
        connection.execute(_CLOSE_ALL, (self._clock.now(), person.agency_id, person.user_id))


def _digest(cookie: str) -> bytes:
    return sha256(cookie.encode()).digest()
