"""A projection: how a service's own events become rows of its read tables.

    payables = Projection("payables", tables.payable)

    @payables.on(PaymentScheduled)
    def payment_scheduled(event: Recorded[PaymentScheduled], sql: sa.Connection) -> None: ...

Handlers read and write the projection's own tables only, so that a rebuild from the log gives the
same rows. Read tables have no migrations: a changed projection is rebuilt beside the old one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import sqlalchemy as sa

from shared.eventstore.events import Event, Recorded

E = TypeVar("E", bound=Event)
Handler = Callable[[Recorded[E], sa.Connection], None]


class Projection:
    def __init__(self, name: str, *tables: sa.Table) -> None:
        self.name = name
        self.tables = tables
        self._handlers: dict[type[Event], Handler[Any]] = {}

    def on(self, *events: type[E]) -> Callable[[Handler[E]], Handler[E]]:
        def register(handler: Handler[E]) -> Handler[E]:
            for event in events:
                assert event not in self._handlers, f"{self.name} has two handlers of {event}"
                self._handlers[event] = handler
            return handler

        return register

    def apply(self, recorded: Recorded[Any], sql: sa.Connection) -> None:
        handler = self._handlers.get(type(recorded.event))
        if handler is not None:
            handler(recorded, sql)
