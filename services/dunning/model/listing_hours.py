"""When today's list is made: at seven of the creditor's day, each day."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

_SEVEN: Final = time(7)


def first_list(after: datetime, zone: ZoneInfo) -> datetime:
    """The next seven o'clock after an instant, in UTC. Clocks change at night, never at seven."""
    local = after.astimezone(zone)
    today = datetime.combine(local.date(), _SEVEN, zone)
    return (today if today > local else today + timedelta(days=1)).astimezone(UTC)
