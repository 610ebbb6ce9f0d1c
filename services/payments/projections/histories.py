"""What has happened to each order, as people read it."""

from __future__ import annotations

from typing import Any, get_args

import sqlalchemy as sa

from services.payments import tables
from services.payments.events.order import PaymentEvent
from shared.eventstore.events import Recorded, stored_name
from shared.projecting import rows
from shared.projecting.projection import Projection

timelines = Projection("timelines", tables.timeline)


@timelines.on(*get_args(PaymentEvent))
def anything_happened(recorded: Recorded[Any], sql: sa.Connection) -> None:
    rows.add(
        tables.timeline,
        recorded,
        sql,
        payment_id=recorded.aggregate_id,
        version=recorded.version,
        at=recorded.meta.recorded_at,
        actor=recorded.meta.actor,
        event=stored_name(recorded.event),
        correlation_id=recorded.meta.correlation_id,
    )
