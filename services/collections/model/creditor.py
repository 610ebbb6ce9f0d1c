"""The creditor and its ways: by itself or by hand, after how long, on which day, to whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import assert_never
from uuid import UUID
from zoneinfo import ZoneInfo

from services.collections.events.beside import (
    AgencySelected,
    CreditorEvent,
    CreditorLearnt,
    WaysSet,
)
from shared.calendar import calendar_of
from shared.clock import day_of
from shared.decider import Decider, Rejected
from shared.money import Money

STOP_DAYS_MAX = 30
_GOES_AT = time(10)
_WEEKDAYS = range(5)


@dataclass(frozen=True, slots=True)
class Creditor:
    """Until anything is said: at home in Denmark, by hand, two banking days to stop."""

    time_zone: str = "Europe/Copenhagen"
    country: str = "DK"
    automatic: bool = False
    stop_days: int = 2
    weekday: int | None = None
    minimum: Money | None = None
    agency: str | None = None

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def transfer_on(self, now: datetime) -> date:
        """The day on which what becomes free now goes: the n-th banking day from tomorrow on."""
        calendar = calendar_of(self.country)
        today = day_of(now, self.zone)
        day = calendar.add(today, self.stop_days)
        if self.weekday is not None:
            day += timedelta(days=(self.weekday - day.weekday()) % 7)
        return calendar.on_or_after(day)

    def goes_at(self, day: date) -> datetime:
        """In the middle of the morning, when people are there to be asked."""
        return datetime.combine(day, _GOES_AT, self.zone)


@dataclass(frozen=True, slots=True)
class SetWays:
    automatic: bool
    stop_days: int
    weekday: int | None
    minimum: Money | None
    set_by: UUID


@dataclass(frozen=True, slots=True)
class SelectAgency:
    agency: str
    selected_by: UUID


def decide(
    command: CreditorLearnt | SetWays | SelectAgency, creditor: Creditor
) -> Sequence[CreditorEvent]:
    match command:
        case CreditorLearnt():
            known = (creditor.time_zone, creditor.country)
            return [] if known == (command.time_zone, command.country) else [command]
        case SetWays():
            return set_ways(command, creditor)
        case SelectAgency():
            if creditor.agency == command.agency:
                return []
            return [AgencySelected(command.agency, command.selected_by)]
        case _:
            assert_never(command)


def set_ways(command: SetWays, creditor: Creditor) -> Sequence[CreditorEvent]:
    if not 1 <= command.stop_days <= STOP_DAYS_MAX:
        text = f"between 1 and {STOP_DAYS_MAX} banking days to stop a case"
        raise Rejected(text, code="stop_days_out_of_range", field="stop_days")
    if command.weekday is not None and command.weekday not in _WEEKDAYS:
        raise Rejected("cases go on a day from Monday to Friday", code="weekday", field="weekday")
    if command.minimum is not None and command.minimum.minor < 0:
        raise Rejected("a minimum is not less than nothing", code="minimum", field="minimum")
    now = (creditor.automatic, creditor.stop_days, creditor.weekday, creditor.minimum)
    wanted = (command.automatic, command.stop_days, command.weekday, command.minimum)
    return [] if now == wanted else [WaysSet(*wanted, set_by=command.set_by)]


def evolve(creditor: Creditor, event: CreditorEvent) -> Creditor:
    match event:
        case CreditorLearnt():
            return replace(creditor, time_zone=event.time_zone, country=event.country)
        case WaysSet():
            return replace(
                creditor,
                automatic=event.automatic,
                stop_days=event.stop_days,
                weekday=event.weekday,
                minimum=event.minimum,
            )
        case AgencySelected():
            return replace(creditor, agency=event.agency)
        case _:
            assert_never(event)


CREDITOR: Decider[CreditorLearnt | SetWays | SelectAgency, Creditor, CreditorEvent] = Decider(
    decide, evolve, Creditor()
)
