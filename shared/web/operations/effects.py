"""Effects that nobody knows of, that do not go on by themselves, or that were refused."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from shared.effects.unsettled import Effect, Unsettled
from shared.runtime import Runtime
from shared.ui.formats import instant
from shared.ui.parts import Column, Fact
from shared.web.operations.names import service_name, work_name
from shared.web.operations.operator import Operates, Operator, Reason, drawn, reason_field, words
from shared.web.problem import CONFLICT, Problem, not_found
from shared.web.reading import reader_of
from shared.web.routers import page_router

_SEE_OTHER: Final = HTTPStatus.SEE_OTHER


def effects_of(runtime: Runtime) -> APIRouter:
    name = runtime.service.name
    unsettled = Unsettled(runtime.app, runtime.clock)
    home = f"/{name}/operations/effects"
    pages = page_router(home)

    @pages.get("")
    def effects(
        request: Request, who: Operates, asked: Annotated[int, Query(ge=0, le=1)] = 0
    ) -> str:
        """What needs a person first, then what was refused."""
        gettext = words(request)
        return drawn(
            request,
            who,
            "operations/effects.html",
            gettext("Unsettled effects"),
            service=service_name(name, reader_of(request)),
            columns=_columns(request),
            effects=unsettled.waiting(who.tenants),
            home=home,
            company=who.company,
            called=lambda kind: work_name(kind, reader_of(request)),
            asked=asked,
        )

    @pages.get("/{effect_id}")
    def effect(request: Request, who: Operates, effect_id: UUID) -> str:
        """One effect: how it stands, and who has had it asked after."""
        found = _found(unsettled, who, effect_id)
        return drawn(
            request,
            who,
            "operations/effect.html",
            work_name(found.kind, reader_of(request)),
            service=service_name(name, reader_of(request)),
            effect=found,
            facts_=_facts(request, who, found),
            questions=unsettled.questions(who.tenants, effect_id),
            name_of=who.name_of,
            reason=reason_field(request),
            home=home,
            here=f"{home}/{effect_id}",
        )

    @pages.post("/{effect_id}/ask")
    def ask(who: Operates, reason: Reason, effect_id: UUID) -> Response:
        """Ask outside what has become of it. Asking never does it."""
        found = _found(unsettled, who, effect_id)
        if not unsettled.ask_again(found.tenant_id, effect_id, who.actor, reason):
            raise Problem(CONFLICT, "Only what is unknown or stuck is asked after.", "settled")
        runtime.wake()
        return RedirectResponse(f"{home}?asked=1", _SEE_OTHER)

    return pages


def _found(unsettled: Unsettled, who: Operator, effect_id: UUID) -> Effect:
    found = unsettled.find(who.tenants, effect_id)
    if found is None:
        raise not_found()
    return found


def _columns(request: Request) -> list[Column]:
    gettext = words(request)
    return [
        Column(gettext("Effect")),
        Column(gettext("Company")),
        Column(gettext("Wanted")),
        Column(gettext("Attempts"), "num"),
        Column(gettext("State"), "c-state"),
    ]


def _facts(request: Request, who: Operator, effect: Effect) -> list[Fact]:
    gettext, reader = words(request), reader_of(request)
    return [
        Fact(gettext("Effect"), effect.kind),
        Fact(gettext("Outcome"), effect.outcome or gettext("none")),
        Fact(gettext("Attempts"), str(effect.attempts)),
        Fact(gettext("Wanted"), instant(effect.intended_at, reader)),
        Fact(gettext("Due"), instant(effect.due_at, reader)),
        Fact(gettext("Company"), who.company(effect.tenant_id)),
    ]
