"""The debtors: who owes, how late they pay, and what is wrong with their addresses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request

from services.dunning.acts.gathering import creditor_of
from services.dunning.desk import Desk, Sees
from services.dunning.model.creditor import Creditor
from services.dunning.pages import reasons, words
from services.dunning.pages.view import debtor_name, late
from services.dunning.pages.words import Say
from services.dunning.queries import debtors as queries
from services.dunning.queries import standing
from services.dunning.queries.debtors import Balance, Habit
from services.dunning.queries.standing import DebtorRow
from shared.clock import day_of
from shared.money import Money
from shared.ui.environment import draw
from shared.ui.language import translator
from shared.ui.parts import Column, Pager, Tab
from shared.ui.reader import Reader
from shared.ui.states import State as Shape
from shared.web.frame import frame
from shared.web.reading import reader_of
from shared.web.routers import page_router
from shared.work import Work

PAGE: Final = 50
YEAR: Final = timedelta(days=365)
_TALL: Final = 30
"""Days late at which a bar is as high as it gets."""
Only = Literal["", "overdue", "address"]


@dataclass(frozen=True, slots=True)
class Bar:
    """A month of the small chart: how late what was paid in it was. `height` is of 20."""

    month: date
    days: int
    height: int


@dataclass(frozen=True, slots=True)
class Line:
    debtor_id: UUID
    name: str
    href: str
    number: str
    balance: Sequence[Money]
    overdue: Sequence[Money]
    oldest_on: date | None
    late: str
    usually: str
    bars: Sequence[Bar]
    timeline: str
    shapes: Sequence[tuple[Shape, str]]
    faults: Sequence[str]


@dataclass(frozen=True, slots=True)
class _Seen:
    reader: Reader
    lines: Sequence[Line]
    counts: Mapping[str, int]


def debtors_of(desk: Desk) -> APIRouter:
    pages = page_router("/dunning/{tenant_id}/debtors")

    @pages.get("")
    def debtors(
        request: Request,
        scope: Sees,
        only: Only = "",
        first: Annotated[int, Query(ge=1, le=10**7)] = 1,
    ) -> str:
        seen = desk.work(scope, lambda work: _look(desk, request, work, only, first))
        gettext = translator(seen.reader.language).gettext
        home = f"/dunning/{scope.tenant_id}/debtors"
        return draw(
            request.app.state.pages,
            "dunning/debtors.html",
            seen.reader,
            page=frame(request, scope.identity, gettext("Debtors"), tenant_id=scope.tenant_id),
            tabs_=_tabs(seen.counts, only, home, gettext),
            columns=_columns(gettext),
            lines=seen.lines,
            pager=_pager(home, only, first, len(seen.lines), seen.counts[only]),
        )

    return pages


def _look(desk: Desk, request: Request, work: Work, only: Only, first: int) -> _Seen:
    creditor = creditor_of(work)
    today = day_of(work.now, creditor.zone)
    reader = reader_of(request, creditor.zone)
    found = queries.page(work.sql, work.tenant_id, today, offset=first - 1, limit=PAGE, only=only)
    rows = standing.debtors(work.sql, work.tenant_id, found)
    balances = queries.balances(work.sql, work.tenant_id, found, today)
    habits = queries.habits(work.sql, work.tenant_id, found, today - YEAR)
    writer = Debtors(desk, work.tenant_id, reader, creditor)
    lines = [
        writer.line(debtor_id, rows.get(debtor_id), balances.get(debtor_id, []),
                    habits.get(debtor_id))
        for debtor_id in found
    ]  # fmt: skip
    return _Seen(reader, lines, queries.counts(work.sql, work.tenant_id, today))


@dataclass(frozen=True, slots=True)
class Debtors:
    """Writes debtors for one reader."""

    desk: Desk
    tenant_id: UUID
    reader: Reader
    creditor: Creditor

    @property
    def gettext(self) -> Say:
        say: Say = translator(self.reader.language).gettext
        return say

    def line(
        self, debtor_id: UUID, row: DebtorRow | None, balances: Sequence[Balance],
        habit: Habit | None,
    ) -> Line:  # fmt: skip
        gettext = self.gettext
        oldest = min((one.oldest_on for one in balances if one.oldest_on), default=None)
        timeline = self.creditor.timeline_of(row.timeline if row else None)
        return Line(
            debtor_id,
            debtor_name(self.desk.vault, self.tenant_id, row, gettext),
            f"/dunning/{self.tenant_id}/debtors/{debtor_id}",
            gettext("customer %(number)s") % {"number": row.number if row else ""},
            [Money(one.balance, one.currency) for one in balances],
            [Money(one.overdue, one.currency) for one in balances if one.overdue],
            oldest,
            late(oldest, self.reader, gettext) if oldest else "",
            usually(habit, gettext),
            bars(habit),
            timeline.name if timeline is not None else gettext("none"),
            list(self.shapes(row)),
            reasons.address(row.faults, gettext) if row else [],
        )

    def shapes(self, row: DebtorRow | None) -> Sequence[tuple[Shape, str]]:
        """What is so of the debtor as a whole, each with its reason."""
        gettext = self.gettext
        if row is None:
            return []
        found = []
        if row.frozen is not None:
            found.append((words.FROZEN, words.frozen(row.frozen, gettext)))
        if row.excluded is not None:
            found.append((words.EXCLUDED, words.exclusions(gettext).get(row.excluded, "")))
        if not row.channels:
            found.append((words.NO_ADDRESS, reasons.title("no_address", gettext)))
        return found


def usually(habit: Habit | None, gettext: Say) -> str:
    """How late they pay, in words."""
    if habit is None:
        return gettext("nothing paid within a year")
    days = habit.days // habit.count
    if days == 0:
        return gettext("pays in time")
    return gettext("pays %(days)s days late") % {"days": days}


def bars(habit: Habit | None) -> list[Bar]:
    """One month alone has no shape: its days stand in the words."""
    if habit is None or len(habit.months) == 1:
        return []
    return [
        Bar(month, days, max(1, min(20, 20 * days // _TALL))) for month, days in habit.months[-12:]
    ]


def _tabs(counts: Mapping[str, int], only: str, home: str, gettext: Say) -> list[Tab]:
    named = {
        "": gettext("All who owe"),
        "overdue": gettext("Overdue"),
        "address": gettext("Address to mend"),
    }
    return [
        Tab(title, f"{home}?only={key}" if key else home, counts[key], current=only == key)
        for key, title in named.items()
        if counts[key] or key in {"", only}
    ]


def _pager(home: str, only: str, first: int, shown: int, total: int) -> Pager:
    def at(place: int) -> str:
        return f"{home}?first={place}" + (f"&only={only}" if only else "")

    last = first + shown - 1
    previous = at(max(1, first - PAGE)) if first > 1 else ""
    return Pager(first, last, total, previous, at(last + 1) if last < total else "")


def _columns(gettext: Say) -> list[Column]:
    return [
        Column(gettext("Debtor")),
        Column(gettext("Owes"), "num"),
        Column(gettext("Oldest due date")),
        Column(gettext("Overdue"), "num"),
        Column(gettext("How late they pay")),
        Column(gettext("Timeline and address"), "c-state"),
    ]
