"""When a payment is executed, and until when it can be approved.

    approved ──lead──▶ executed ──availability──▶ arrived (the due date)

Both stretches are counted in banking days. An approval counts on its day if that is a banking day
and the rail's cut-off has not been reached; otherwise it counts on the next one (Directive (EU)
2015/2366 art. 78(1): an order received on another day, or after the cut-off, is deemed received on
the following business day).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import assert_never
from zoneinfo import ZoneInfo

from shared.calendar import BankCalendar, calendar_of, has_calendar
from shared.references.instruction import CARDS, InstructionKind

_DAY = timedelta(days=1)
_FIRST_HOUR, _LAST_HOUR = 6, 21
"""Of the hours (UTC) in which a bank books."""


class DueDateRoll(StrEnum):
    """Which way a client moves a due date on which no money moves."""

    PRECEDING = "preceding"
    """To the banking day before: no late interest. The default."""
    FOLLOWING = "following"


class Rail(StrEnum):
    """The road a payment takes, as far as time is concerned."""

    DANISH_TRANSFER = "danish_transfer"
    DANISH_FORM = "danish_form"
    SEPA = "sepa"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class RailTerms:
    """What the payment institute needs on one rail, from a day on.

    `cut_off` is a time of day in the institute's time zone, None for the end of the day;
    `early_cut_off` holds on days when the banks close early. `lead` is the banking days from
    approval to execution, `availability` those from execution until the payee has the money.
    """

    rail: Rail
    valid_from: date
    cut_off: time | None
    early_cut_off: time | None
    lead: int
    availability: int


# The terms that November First published, in force on 12 December 2023, for a client with a
# transfer-service mandate. Currencies other than the euro are "2 or more" there; the two are the
# least. The early cut-off is unverified.
_TERMS = (
    RailTerms(Rail.DANISH_TRANSFER, date(2023, 12, 12), time(11), time(10), lead=0, availability=1),
    RailTerms(Rail.DANISH_FORM, date(2023, 12, 12), None, None, lead=1, availability=2),
    RailTerms(Rail.SEPA, date(2023, 12, 12), None, None, lead=1, availability=2),
    RailTerms(Rail.OTHER, date(2023, 12, 12), None, None, lead=1, availability=2),
)


class NoTerms(LookupError):
    """A day before the first terms that are known for a rail."""


def rail_of(kind: InstructionKind, currency: str) -> Rail:
    """The rail of an instruction in a currency."""
    if kind in CARDS:
        return Rail.DANISH_FORM
    if kind is InstructionKind.DK_ACCOUNT and currency == "DKK":
        return Rail.DANISH_TRANSFER
    if kind is InstructionKind.IBAN and currency == "EUR":
        return Rail.SEPA
    return Rail.OTHER


def terms_of(rail: Rail, on: date) -> RailTerms:
    """A rail's terms on a day."""
    rows = [row for row in _TERMS if row.rail is rail and row.valid_from <= on]
    if not rows:
        raise NoTerms(f"no terms are known for {rail} on {on.isoformat()}")
    return max(rows, key=lambda row: row.valid_from)


@dataclass(frozen=True, slots=True)
class Route:
    """All that decides the dates of a payment: the rail's terms, the banking days, the clock.

    An event that keeps dates from a route keeps `calendar.version` with them.
    """

    terms: RailTerms
    calendar: BankCalendar
    zone: ZoneInfo


def route_of(
    kind: InstructionKind, currency: str, *, on: date, zone: ZoneInfo, payer_country: str = "DK"
) -> Route:
    """The route of an instruction by the terms of a day.

    `zone` is the time zone that cut-offs are told in: the institute's, which for a payer in another
    country need not be the payer's. Money moves when the banks of the payer's country and of the
    currency both work; of a currency without a calendar here, only the former is known.
    """
    calendar = calendar_of(payer_country)
    if has_calendar(currency):
        calendar = calendar.shared_with(calendar_of(currency))
    return Route(terms_of(rail_of(kind, currency), on), calendar, zone)


def rolled(day: date, roll: DueDateRoll, calendar: BankCalendar) -> date:
    """A due or chosen date on a banking day."""
    match roll:
        case DueDateRoll.PRECEDING:
            return calendar.on_or_before(day)
        case DueDateRoll.FOLLOWING:
            return calendar.on_or_after(day)
        case _:
            assert_never(roll)


def planned_for_due(route: Route, due_on: date, roll: DueDateRoll = DueDateRoll.PRECEDING) -> date:
    """The execution date that has the money with the payee on the due date."""
    arrives_on = rolled(due_on, roll, route.calendar)
    return route.calendar.add(arrives_on, -route.terms.availability)


def planned_for_choice(
    route: Route, chosen_on: date, roll: DueDateRoll = DueDateRoll.PRECEDING
) -> date:
    """The execution date of a payment whose date a person has chosen."""
    return rolled(chosen_on, roll, route.calendar)


def arrives_on(route: Route, execute_on: date) -> date:
    """The day on which the payee has the money of a payment executed on a banking day."""
    return route.calendar.add(execute_on, route.terms.availability)


def earliest_execution_on(route: Route, approved_at: datetime) -> date:
    """The first day on which a payment approved at an instant can be executed."""
    calendar = route.calendar
    assert approved_at.tzinfo is not None, "an instant has a time zone"
    day = approved_at.astimezone(route.zone).date()
    if calendar.is_banking_day(day) and approved_at >= _closes_at(route, day):
        day += _DAY
    return calendar.add(calendar.on_or_after(day), route.terms.lead)


def execution_on(route: Route, planned_on: date, granted_at: datetime) -> date:
    """The execution date of a payment, once the last approval has been granted.

    Approved too late for its planned date, it is executed as soon as it can be: banks refuse a date
    in the past.
    """
    return max(planned_on, earliest_execution_on(route, granted_at))


def latest_approval_at(route: Route, planned_on: date) -> datetime:
    """The last instant, in UTC, at which an approval still keeps the planned execution date.

    It is the last microsecond before the cut-off, so an approval at the cut-off is late. The
    planned date is a banking day.
    """
    day = route.calendar.add(planned_on, -route.terms.lead)
    return _closes_at(route, day) - datetime.resolution


def _closes_at(route: Route, day: date) -> datetime:
    """The first instant, in UTC, that is too late on a banking day."""
    early = route.calendar.closes_early(day)
    cut_off = route.terms.early_cut_off if early else route.terms.cut_off
    if cut_off is None:
        day, cut_off = day + _DAY, time.min
    return datetime.combine(day, cut_off, route.zone).astimezone(UTC)


def on_the_hour(instant: datetime) -> datetime:
    """The next full hour of the working day (UTC), so that several who want a look want the same one.

    Nothing is booked at night, so the next look then is in the morning.
    """
    hour = instant.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    if _FIRST_HOUR <= hour.hour <= _LAST_HOUR and hour.date() == instant.date():
        return hour
    return next_morning(instant)


def next_morning(instant: datetime) -> datetime:
    morning = instant.replace(hour=_FIRST_HOUR, minute=0, second=0, microsecond=0)
    return morning if morning > instant else morning + timedelta(days=1)
