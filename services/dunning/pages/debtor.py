"""One debtor: what it owes, what stands in its favour, the letters, and how it is treated."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import RedirectResponse, Response

from services.dunning.acts import by_hand
from services.dunning.acts.gathering import creditor_of
from services.dunning.desk import FOLLOWERS, Desk, Follows, Sees
from services.dunning.model.creditor import Creditor
from services.dunning.model.receivable import State
from services.dunning.pages import forms, refusals, words
from services.dunning.pages.debtors import YEAR, Debtors, Line
from services.dunning.pages.words import Say
from services.dunning.queries import debtors as queries
from services.dunning.queries import standing
from services.dunning.queries.standing import CreditRow, DebtorRow, NoticeRow, Row
from shared.clock import day_of
from shared.decider import Rejected
from shared.ui import formats
from shared.ui.environment import draw
from shared.ui.language import translator
from shared.ui.parts import Fact
from shared.ui.reader import Reader
from shared.ui.states import State as Shape
from shared.web.frame import frame
from shared.web.problem import not_found
from shared.web.reading import reader_of
from shared.web.routers import page_router
from shared.web.scope import TenantScope
from shared.work import Work

Code = Annotated[str, Form(max_length=80)]
PREFIX = "/dunning/{tenant_id}/debtors/{debtor_id}"


@dataclass(frozen=True, slots=True)
class _Seen:
    debtor: DebtorRow
    line: Line
    reader: Reader
    creditor: Creditor
    today_on: date
    invoices: Sequence[Row]
    credits: Sequence[CreditRow]
    letters: Sequence[NoticeRow]

    @property
    def open(self) -> list[Row]:
        return [one for one in self.invoices if one.state in {State.OPEN, State.AT_AGENCY}]


def debtor_of(desk: Desk) -> APIRouter:
    pages = page_router(PREFIX)

    @pages.get("")
    def debtor(
        request: Request,
        scope: Sees,
        debtor_id: UUID,
        refused: Annotated[str, Query(max_length=80)] = "",
    ) -> str:
        seen = desk.work(scope, lambda work: _look(desk, request, work, debtor_id))
        return _drawn(request, scope, seen, refused)

    return pages


def _look(desk: Desk, request: Request, work: Work, debtor_id: UUID) -> _Seen:
    found = known(work, debtor_id)
    creditor = creditor_of(work)
    today = day_of(work.now, creditor.zone)
    reader = reader_of(request, creditor.zone)
    balances = queries.balances(work.sql, work.tenant_id, [debtor_id], today)
    habits = queries.habits(work.sql, work.tenant_id, [debtor_id], today - YEAR)
    writer = Debtors(desk, work.tenant_id, reader, creditor)
    line = writer.line(debtor_id, found, balances.get(debtor_id, []), habits.get(debtor_id))
    return _Seen(
        found,
        line,
        reader,
        creditor,
        today,
        standing.of_debtor(work.sql, work.tenant_id, debtor_id),
        standing.credits_of(work.sql, work.tenant_id, debtor_id),
        standing.notices_of(work.sql, work.tenant_id, debtor_id),
    )


def known(work: Work, debtor_id: UUID) -> DebtorRow:
    """The debtor, or 404: one of another company looks like one that does not exist."""
    found = standing.debtors(work.sql, work.tenant_id, [debtor_id]).get(debtor_id)
    if found is None:
        raise not_found()
    return found


def _drawn(request: Request, scope: TenantScope, seen: _Seen, refused: str) -> str:
    gettext = translator(seen.reader.language).gettext
    home, debtor = f"/dunning/{scope.tenant_id}", seen.debtor
    numbers = {one.invoice_id: one.number for one in seen.invoices}
    return draw(
        request.app.state.pages,
        "dunning/debtor.html",
        seen.reader,
        page=frame(request, scope.identity, seen.line.name, tenant_id=scope.tenant_id),
        home=home,
        here=f"{home}/debtors/{debtor.debtor_id}",
        debtor=debtor,
        line=seen.line,
        refused=refusals.refusal(refused, gettext) if refused else "",
        open_=[(one, words.shape(one, seen.today_on)) for one in seen.open],
        over=sum(one.state is State.SETTLED for one in seen.invoices),
        credits=seen.credits,
        credit_kinds=_credit_kinds(gettext),
        letters=[_letter(one, numbers, scope.tenant_id, gettext) for one in seen.letters],
        facts=_facts(seen, gettext),
        follows=bool(scope.roles & FOLLOWERS),
        timeline_field=forms.timeline_field(
            forms.timelines(seen.creditor, gettext), debtor.timeline or "", gettext
        ),
        collective=_collective(seen),
        exclude_fields=forms.exclude_fields(gettext),
        excluded=_excluded(debtor, seen.reader, gettext),
    )


def _collective(seen: _Seen) -> bool:
    own = seen.debtor.collective
    return seen.creditor.rules.collective if own is None else own


def _excluded(debtor: DebtorRow, reader: Reader, gettext: Say) -> str:
    if debtor.excluded is None:
        return ""
    why = words.exclusions(gettext).get(debtor.excluded, "")
    if debtor.excluded_until_on is None:
        return why
    until = formats.day(debtor.excluded_until_on, reader)
    return gettext("%(why)s, until %(until)s") % {"why": why, "until": until}


def _facts(seen: _Seen, gettext: Say) -> list[Fact]:
    debtor = seen.debtor
    company = gettext("Company") if debtor.kind == "company" else gettext("Consumer")
    ways = [words.channel(channel, gettext) for channel in debtor.channels]
    return [
        Fact(gettext("Customer number"), debtor.number),
        Fact(gettext("Is a"), company),
        Fact(gettext("Country"), debtor.country or gettext("not told by the ledger")),
        Fact(gettext("Letters go"), ", ".join(ways) or gettext("no way: no usable address")),
        Fact(gettext("Usually"), seen.line.usually),
        Fact(gettext("Timeline"), seen.line.timeline),
    ]


def _credit_kinds(gettext: Say) -> dict[str, str]:
    return {
        "payment": gettext("Payment"),
        "credit_note": gettext("Credit note"),
        "other": gettext("Other posting"),
    }


@dataclass(frozen=True, slots=True)
class Letter:
    title: str
    href: str
    about: str
    one: NoticeRow
    shape: Shape
    way: str


def _letter(one: NoticeRow, numbers: Mapping[UUID, str], tenant_id: UUID, gettext: Say) -> Letter:
    copy_of = one.copy_of
    return Letter(
        words.letter(one.kind, one.level, gettext, charged=True),
        f"/notifications/{tenant_id}/documents/{copy_of.sha256}" if copy_of else "",
        ", ".join(numbers[invoice] for invoice in one.invoices if invoice in numbers),
        one,
        words.delivery(one.state),
        words.channel(one.channel, gettext) if one.channel else "",
    )


def debtor_acts_of(desk: Desk) -> APIRouter:
    """How a debtor is treated from now on."""
    pages = page_router(PREFIX)

    @pages.post("/timeline")
    def timeline(scope: Follows, debtor_id: UUID, timeline: Code = "") -> Response:
        return _done(
            desk,
            scope,
            debtor_id,
            lambda work, person: by_hand.assign_timeline(work, person, debtor_id, timeline or None),
        )

    @pages.post("/grouping")
    def grouping(scope: Follows, debtor_id: UUID, collective: Annotated[bool, Form()]) -> Response:
        return _done(
            desk,
            scope,
            debtor_id,
            lambda work, person: by_hand.group(work, person, debtor_id, collective=collective),
        )

    @pages.post("/exclude")
    def exclude(scope: Follows, debtor_id: UUID, code: Code = "", until: Code = "") -> Response:
        return _done(
            desk,
            scope,
            debtor_id,
            lambda work, person: by_hand.exclude(work, person, debtor_id, code, forms.day(until)),
        )

    @pages.post("/include")
    def include(scope: Follows, debtor_id: UUID) -> Response:
        return _done(
            desk, scope, debtor_id, lambda work, person: by_hand.include(work, person, debtor_id)
        )

    @pages.post("/freeze")
    def freeze(
        scope: Follows,
        debtor_id: UUID,
        code: Annotated[Literal["insolvent", "deceased"], Form()],
        frozen_on: Code = "",
    ) -> Response:
        def act(work: Work, person: UUID) -> None:
            today = day_of(work.now, creditor_of(work).zone)
            by_hand.freeze(work, person, debtor_id, code, forms.day(frozen_on) or today)

        return _done(desk, scope, debtor_id, act)

    @pages.post("/unfreeze")
    def unfreeze(scope: Follows, debtor_id: UUID) -> Response:
        return _done(
            desk, scope, debtor_id, lambda work, person: by_hand.unfreeze(work, person, debtor_id)
        )

    return pages


def _done(
    desk: Desk, scope: TenantScope, debtor_id: UUID, act: Callable[[Work, UUID], Any]
) -> Response:
    here = f"/dunning/{scope.tenant_id}/debtors/{debtor_id}"

    def do(work: Work) -> None:
        known(work, debtor_id)
        act(work, scope.identity.user_id)

    try:
        desk.work(scope, do)
    except Rejected as refused:
        return RedirectResponse(f"{here}?refused={refused.code}", HTTPStatus.SEE_OTHER)
    return RedirectResponse(here, HTTPStatus.SEE_OTHER)
