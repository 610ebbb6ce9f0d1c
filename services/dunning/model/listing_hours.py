"""When things are due by the creditor's own day: the list at seven, the packs of a month before it."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

_FIVE, _SEVEN = time(5), time(7)


def first_list(after: datetime, zone: ZoneInfo) -> datetime:
    """The next seven o'clock after an instant, in UTC. Clocks change at night, never at seven."""
    local = after.astimezone(zone)
    today = datetime.combine(local.date(), _SEVEN, zone)
    return (today if today > local else today + timedelta(days=1)).astimezone(UTC)


def first_packs(after: datetime, zone: ZoneInfo) -> datetime:
    """The next five o'clock of a month's first day after an instant, in UTC."""
    local = after.astimezone(zone)
    day = local.date().replace(day=1)
    if datetime.combine(day, _FIVE, zone) <= local:
        day = (day + timedelta(days=31)).replace(day=1)
    return datetime.combine(day, _FIVE, zone).astimezone(UTC)
