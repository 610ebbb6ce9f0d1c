"""Whose an effect is while its call is under way: nobody else makes the same call meanwhile.

A lease ends by the wall clock and is renewed for as long as its holder lives, however slow the other
side is. Who has lost it, frozen or cut off from the database, no longer settles the effect: its
successor has asked, or will.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog

from shared.clock import Clock
from shared.database import UNAVAILABLE, Database

_log = structlog.get_logger(__name__)
LEASE: Final = timedelta(seconds=60)
_RENEW_EVERY_S: Final = 20.0
_RENEW = """
    update effect set leased_until = %s
    where tenant_id = %s and effect_id = %s and state = 'attempted' and leased_until = %s
"""


class Lease:
    """`until` is what the row says, and tells this holder from any other."""

    def __init__(self, app: Database, wall: Clock, tenant_id: UUID, effect_id: UUID) -> None:
        self.until: datetime = wall.now() + LEASE
        self._app = app
        self._wall = wall
        self._tenant_id = tenant_id
        self._effect_id = effect_id

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Renewed now and then until the end of the block."""
        ended = threading.Event()
        thread = threading.Thread(target=self._keep, args=(ended,), name="lease", daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def _keep(self, ended: threading.Event) -> None:
        while not ended.wait(_RENEW_EVERY_S):
            try:
                if not self._renew():
                    return  # lost, and nothing brings it back
            except UNAVAILABLE:
                _log.warning("lease not renewed", effect=str(self._effect_id))

    def _renew(self) -> bool:
        until = self._wall.now() + LEASE
        with self._app.transaction([self._tenant_id], "effect:renew lease") as transaction:
            renewed = transaction.raw.execute(
                _RENEW, (until, self._tenant_id, self._effect_id, self.until)
            )
        if renewed.rowcount == 1:
            self.until = until
        return renewed.rowcount == 1
