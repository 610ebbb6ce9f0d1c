"""When a client's ledger is read: at 06:00, 12:00 and 17:00 of its own day.

Up to twenty minutes earlier or later, always the same for one client, so that a thousand clients do
not knock at once.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from shared.clock import day_of

HOURS: Final = (time(6), time(12), time(17))
_SPREAD_S: Final = 20 * 60


def jitter(tenant_id: UUID) -> timedelta:
    drawn = int.from_bytes(sha256(tenant_id.bytes).digest()[:8])
    return timedelta(seconds=drawn % (2 * _SPREAD_S + 1) - _SPREAD_S)


def next_run(after: datetime, time_zone: str, tenant_id: UUID) -> datetime:
    """The first run later than an instant."""
    zone = ZoneInfo(time_zone)
    first = day_of(after, zone)
    runs = (
        datetime.combine(first + timedelta(days=ahead), hour, zone) + jitter(tenant_id)
        for ahead in (-1, 0, 1)
        for hour in HOURS
    )
    # Compared as instants: around a change of clocks local times would mislead.
    return next(run for run in runs if run.timestamp() > after.timestamp())
