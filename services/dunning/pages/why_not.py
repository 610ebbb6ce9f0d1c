"""Why not: every open invoice that is not on today's list answers with its rule.

The reason of each line is that of the rules themselves, asked of the invoice; counting and choosing by
reason are asked of the table (`queries/waiting.py`), which follows the same order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request

from services.dunning.acts import explaining
from services.dunning.acts.gathering import creditor_of
from services.dunning.desk import Desk, Sees
from services.dunning.pages import reasons, words
from services.dunning.pages.reminders import home_of, tabs
from services.dunning.pages.view import debtor_name, late
from services.dunning.pages.words import Say
from services.dunning.queries import standing as queries
from services.dunning.queries import waiting
from shared.clock import day_of
from shared.money import Money
from shared.ui.environment import draw
from shared.ui.language import translator
from shared.ui.parts import Choice, Column, Field, Pager
from shared.ui.reader import Reader
from shared.ui.states import State as Shape
from shared.web.frame import frame
from shared.web.reading import reader_of
from shared.web.routers import page_router
from shared.work import Work

PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One invoice, and why no letter about it goes today."""

    number: str
    href: str
    debtor: str
    principal: Money
    due_on: date
    late: str
    shape: Shape
    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Seen:
    reader: Reader
    counts: Mapping[str, int]
    listed: int
    lines: Sequence[Line]


def why_not_of(desk: Desk) -> APIRouter:
    pages = page_router("/dunning/{tenant_id}")

    @pages.get("/reminders/why-not")
    def why_not(
        request: Request,
        scope: Sees,
        reason: Annotated[str, Query(max_length=40)] = "",
        first: Annotated[int, Query(ge=1, le=10**7)] = 1,
    ) -> str:
        seen = desk.work(scope, lambda work: _look(desk, request, work, reason, first))
        gettext = translator(seen.reader.language).gettext
        home = home_of(scope)
        waits = sum(seen.counts.values())
        total = seen.counts.get(reason, 0) if reason else waits
        return draw(
            request.app.state.pages,
            "dunning/why_not.html",
            seen.reader,
            page=frame(request, scope.identity, gettext("Why not"), tenant_id=scope.tenant_id),
            home=home,
            tabs_=tabs(seen.listed, waits, home, gettext, current="why"),
            columns=_columns(gettext),
            lines=seen.lines,
            reason=reason,
            filter_=_filter(seen.counts, reason, waits, gettext),
            pager=_pager(home, reason, first, len(seen.lines), total),
        )

    return pages


def _look(desk: Desk, request: Request, work: Work, reason: str, first: int) -> _Seen:
    creditor = creditor_of(work)
    today = day_of(work.now, creditor.zone)
    tenant_id = work.tenant_id
    reader = reader_of(request, creditor.zone)
    gettext = translator(reader.language).gettext
    page = waiting.page(
        work.sql, tenant_id, creditor, today, code=reason, offset=first - 1, limit=PAGE
    )
    answers = explaining.why_not(work, [one.invoice_id for one in page])
    names = queries.debtors(work.sql, tenant_id, {one.row.debtor_id for one in answers})
    home = f"/dunning/{tenant_id}"
    lines = []
    for one in answers:
        row = one.row
        debtor = names.get(row.debtor_id)
        facts = reasons.Facts(row, debtor, one.credit, one.overdue, one.minimum)
        lines.append(
            Line(
                row.number,
                f"{home}/receivables/{row.invoice_id}",
                debtor_name(desk.vault, tenant_id, debtor, gettext),
                row.principal,
                row.due_on,
                late(row.due_on, reader, gettext),
                words.shape(row, today),
                reasons.title(one.code, gettext),
                reasons.why_not(one.code, facts, reader, gettext),
            )
        )
    counts = waiting.counts(work.sql, tenant_id, creditor, today)
    return _Seen(reader, counts, len(queries.listed(work.sql, tenant_id)), lines)


def _filter(counts: Mapping[str, int], reason: str, waits: int, gettext: Say) -> Field:
    """Every reason that there is, with how many it holds, the most first."""
    everything = Choice("", f"{gettext('Every reason')} ({waits})")
    found = sorted(counts.items(), key=lambda one: -one[1])
    choices = [Choice(code, f"{reasons.title(code, gettext)} ({count})") for code, count in found]
    return Field("reason", gettext("Reason"), "select", reason, choices=[everything, *choices])


def _pager(home: str, reason: str, first: int, shown: int, total: int) -> Pager:
    def at(place: int) -> str:
        return f"{home}/why-not?first={place}" + (f"&reason={reason}" if reason else "")

    last = first + shown - 1
    previous = at(max(1, first - PAGE)) if first > 1 else ""
    return Pager(first, last, total, previous, at(last + 1) if last < total else "")


def _columns(gettext: Say) -> list[Column]:
    return [
        Column(gettext("Invoice and debtor")),
        Column(gettext("Open"), "num"),
        Column(gettext("Due")),
        Column(gettext("Why not"), "c-state"),
    ]
