"""One case: its money, what happened to it, and what can be done now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup
from starlette.responses import RedirectResponse, Response

from services.collections import queries
from services.collections.acts import by_hand, looking
from services.collections.desk import PREPARERS, Desk, Prepares, Sees, existing, person
from services.collections.events import case as e
from services.collections.pages import words
from services.collections.pages.view import Lines
from services.collections.queries import CaseRow
from services.collections.values import CaseState
from shared.decider import Rejected
from shared.eventstore.events import Recorded, stored_name
from shared.ui import formats
from shared.ui.environment import draw
from shared.ui.language import translator
from shared.ui.parts import Fact, TimelineEntry
from shared.ui.reader import Reader
from shared.web.frame import frame
from shared.web.problem import not_found
from shared.web.reading import reader_of
from shared.web.routers import page_router
from shared.web.scope import TenantScope
from shared.work import Work

_HOT = (e.CaseOutcomeUnknown, e.OutcomeAlertRaised, e.CaseRefused, e.CaseNotSent, e.TellingRefused,
        e.CaseFoundAfterAll)  # fmt: skip
_STRONG = (e.CaseSent, e.CaseAccepted, e.CaseClosed, e.CaseRecalled)
Reasoning = Annotated[str, Form(max_length=1000)]


def case_of(desk: Desk) -> APIRouter:
    pages = page_router("/collections/{tenant_id}/cases/{case_id}")

    @pages.get("", response_class=HTMLResponse)
    def case(
        request: Request,
        scope: Sees,
        case_id: UUID,
        refused: Annotated[str, Query(max_length=80)] = "",
    ) -> str:
        def look(work: Work) -> Any:
            one = existing(work, case_id)
            debtors = queries.debtors(work.sql, work.tenant_id)
            return one, work.history(case_id), debtors, looking.creditor_of(work).zone

        one, history, debtors, zone = desk.work(scope, look)
        reader = reader_of(request, zone)
        gettext = translator(reader.language).gettext
        lines = Lines(desk.opener.vault, scope.tenant_id, reader, desk.now(), gettext, debtors)
        line = lines.case(one)
        home = f"/collections/{scope.tenant_id}/cases"
        return draw(
            request.app.state.pages,
            "collections/case.html",
            reader,
            page=frame(request, scope.identity, line.debtor, tenant_id=scope.tenant_id),
            home=home,
            here=f"{home}/{case_id}",
            one=one,
            line=line,
            facts=_facts(one, desk, reader, gettext),
            history=[_entry(recorded, reader, gettext) for recorded in reversed(history)],
            has_portal=one.agency_case_id is not None,
            may_ask=bool(scope.roles & PREPARERS) and one.agency_case_id is not None,
            may_recall=bool(scope.roles & PREPARERS) and one.state is CaseState.ACTIVE,
            may_report=bool(scope.roles & PREPARERS) and one.state is CaseState.OUTCOME_UNKNOWN,
            refused=words.refusal(refused, gettext) if refused else "",
        )

    @pages.get("/portal")
    def portal(scope: Sees, case_id: UUID) -> Response:
        """To the case on the agency's own pages, where the creditor signs in as ever (E93)."""

        def where(work: Work) -> str | None:
            one = existing(work, case_id)
            if one.agency_case_id is None:
                return None
            return desk.transferrer.agency(work, one.agency).portal(one.agency_case_id)

        found = desk.work(scope, where)
        if found is None:
            raise not_found()
        return RedirectResponse(found, HTTPStatus.SEE_OTHER)

    _asked(pages, desk)
    return pages


def _asked(pages: APIRouter, desk: Desk) -> None:
    """What people ask of the agency, or say of it."""

    def done(scope: TenantScope, case_id: UUID, act: Callable[[Work], Any]) -> Response:
        here = f"/collections/{scope.tenant_id}/cases/{case_id}"

        def do(work: Work) -> None:
            existing(work, case_id)
            act(work)

        try:
            desk.work(scope, do)
        except Rejected as refused:
            return RedirectResponse(f"{here}?refused={refused.code}", HTTPStatus.SEE_OTHER)
        return RedirectResponse(here, HTTPStatus.SEE_OTHER)

    @pages.post("/recall")
    def recall(scope: Prepares, case_id: UUID, reason: Reasoning = "") -> Response:
        who = person(scope)
        return done(
            scope, case_id, lambda work: by_hand.recall(work, desk.opener, who, case_id, reason)
        )

    @pages.post("/pause")
    def pause(scope: Prepares, case_id: UUID, until_on: Annotated[date, Form()]) -> Response:
        who = person(scope)
        return done(scope, case_id, lambda work: by_hand.pause(work, who, case_id, until_on))

    @pages.post("/ask")
    def ask(scope: Prepares, case_id: UUID) -> Response:
        return done(scope, case_id, lambda work: by_hand.ask_now(work, case_id))

    @pages.post("/never-arrived")
    def never_arrived(scope: Prepares, case_id: UUID, reason: Reasoning = "") -> Response:
        who = person(scope)
        return done(
            scope,
            case_id,
            lambda work: by_hand.report_never_arrived(work, desk.opener, who, case_id, reason),
        )


def _facts(one: CaseRow, desk: Desk, reader: Reader, gettext: words.Say) -> Sequence[Fact]:
    def money(value: Any) -> str:
        return formats.money(value, reader)

    facts = [
        Fact(gettext("Agency"), desk.agencies.offer(one.agency).name),
        Fact(gettext("Agency’s reference"), one.agency_reference or "–"),
        Fact(gettext("Invoices"), ", ".join(one.numbers)),
        Fact(gettext("Sent on"), formats.full_day(one.sent_on, reader)),
        Fact(gettext("Principal"), money(one.principal)),
        Fact(gettext("Charges made"), money(one.charges)),
        Fact(gettext("Interest beyond them"), money(one.interest)),
        Fact(gettext("Told of money since"), money(one.told)),
        Fact(gettext("Collected by the agency"), money(one.collected)),
        Fact(gettext("Paid out by the agency"), money(one.paid_out)),
    ]
    if one.remaining is not None:
        facts.append(Fact(gettext("Left by the agency"), money(one.remaining)))
    if one.agency_code:
        facts.append(Fact(gettext("The agency’s own word"), one.agency_code))
    return facts


def _entry(recorded: Recorded[Any], reader: Reader, gettext: words.Say) -> TimelineEntry:
    event = recorded.event
    said = [_detail(event, reader, gettext), stored_name(event)]
    return TimelineEntry(
        recorded.meta.recorded_at,
        words.happened(gettext)[type(event).__name__],
        Markup("<br>").join(part for part in said if part),
        kind="hot" if isinstance(event, _HOT) else "past",
        strong=isinstance(event, _STRONG),
    )


def _detail(event: e.CaseEvent, reader: Reader, gettext: words.Say) -> str:
    match event:
        case e.CaseSent():
            return formats.money(event.principal + event.charges + event.interest, reader)
        case e.CaseAccepted():
            return event.agency_reference
        case e.CaseRefused() | e.CaseClosed() | e.TellingRefused() | e.MoneyNotTold():
            return event.code
        case e.MoneyNoted() | e.PayOutRecognised():
            return formats.money(event.amount, reader)
        case e.AgencyCollected():
            return formats.money(event.collected.amount, reader)
        case e.TellingSought():
            kind = words.telling(event.kind, gettext)
            return f"{formats.money(event.amount, reader)}, {kind}" if event.amount else kind
        case e.StatusLearnt():
            left = f", {formats.money(event.remaining, reader)}" if event.remaining else ""
            return f"{event.agency_code}{left}"
        case _:
            return ""
