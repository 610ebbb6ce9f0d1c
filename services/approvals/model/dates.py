"""When approvers are reminded, and what a late yes does to the payment's date.

    sought ──3 banking days──1 banking day──4 hours──▶ latest hour ──14 days──▶ expired

Approvals does not know the rails. What it needs of them follows from the two dates it is given:
the latest hour tells the cut-off, and the banking days from then to the planned date the lead.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from shared.calendar import BankCalendar, calendar_of, has_calendar

_DAY = timedelta(days=1)
_LAST_CALL = timedelta(hours=4)
_BANKING_DAYS_BEFORE = (3, 1)


def calendar_for(country: str, currency: str) -> BankCalendar:
    """The days on which money in a currency leaves a payer's country.

    A country or currency whose banking days are not known here counts as the euro's.
    """
    calendar = calendar_of(country if has_calendar(country) else "TARGET")
    return calendar.shared_with(calendar_of(currency)) if has_calendar(currency) else calendar


def reminders(
    latest_approval_at: datetime, sought_at: datetime, calendar: BankCalendar, zone: ZoneInfo
) -> tuple[datetime, ...]:
    """The instants to remind at: those that lie after the asking, which reminds by itself."""
    local = latest_approval_at.astimezone(zone)
    instants = [
        datetime.combine(calendar.add(local.date(), -days), local.time(), zone).astimezone(UTC)
        for days in _BANKING_DAYS_BEFORE
    ]
    instants.append(latest_approval_at - _LAST_CALL)
    return tuple(sorted({instant for instant in instants if instant > sought_at}))


def pays_on(
    planned_on: date,
    latest_approval_at: datetime,
    yes_at: datetime,
    calendar: BankCalendar,
    zone: ZoneInfo,
) -> date:
    """The day on which a payment leaves whose last yes is given at an instant."""
    if yes_at <= latest_approval_at:
        return planned_on
    closes = latest_approval_at.astimezone(zone)
    local = yes_at.astimezone(zone)
    counts_on = local.date()
    if calendar.is_banking_day(counts_on) and local.time() > closes.time():
        counts_on += _DAY
    lead = _banking_days_between(closes.date(), planned_on, calendar)
    return max(planned_on, calendar.add(calendar.on_or_after(counts_on), lead))


def _banking_days_between(first: date, last: date, calendar: BankCalendar) -> int:
    days = (first + _DAY * number for number in range(1, (last - first).days + 1))
    return sum(calendar.is_banking_day(day) for day in days)
