"""The list of payables: what can be paid, what not and why; several sent to approval together.

The bar shows the sums of what is ticked. Without script a changed selection cannot be reckoned on
the page: either way its button leads to a page that shows the sums, and only that page's button
sends anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID, uuid4, uuid5

from babel.lists import format_list
from fastapi import APIRouter, Form, Query, Request
from starlette.responses import RedirectResponse, Response

from services.payments import queries
from services.payments.acts import by_hand, intake
from services.payments.desk import PREPARERS, Desk, Prepares, Sees, existing
from services.payments.model.people import POLICY, policy_id_of
from services.payments.pages import refusals, view
from services.payments.pages.view import TABS, Line, Lines
from services.payments.pages.words import Say
from shared.decider import Rejected
from shared.evidence import approvers_needed
from shared.money import Money, sums
from shared.ui.environment import draw
from shared.ui.language import translator
from shared.ui.parts import Column, Field, Tab
from shared.ui.reader import Reader
from shared.web.frame import frame
from shared.web.reading import reader_of
from shared.web.routers import page_router
from shared.web.scope import TenantScope
from shared.work import Work

_MOST = 200
Chosen = Annotated[list[UUID] | None, Form(max_length=_MOST)]


def payables_of(desk: Desk) -> APIRouter:
    pages = page_router("/payments/{tenant_id}")

    @pages.get("/payables")
    def payables(
        request: Request,
        scope: Sees,
        state: str = "",
        q: Annotated[str, Query(max_length=80)] = "",
        sent: Annotated[int, Query(ge=0, le=_MOST)] = 0,
        refused: Annotated[str, Query(max_length=80)] = "",
    ) -> str:
        reader, lines = _lines(desk, request, scope)
        gettext = translator(reader.language).gettext
        home = _home(scope)
        # Who searches without having chosen a list looks for it wherever it is.
        found = lines if q and not state else [one for one in lines if one.is_in(state)]
        return draw(
            request.app.state.pages,
            "payments/payables.html",
            reader,
            page=frame(request, scope.identity, gettext("Payables"), tenant_id=scope.tenant_id),
            home=home,
            tabs_=_tabs(lines, state, home, gettext),
            columns=_columns(gettext),
            lines=[one for one in found if one.is_about(q, reader)],
            total=len(found),
            search=Field("q", gettext("Payee, number or amount"), "search", q),
            state=state,
            sent=sent,
            refused=refusals.refusal(refused, gettext) if refused else "",
            may_send=bool(scope.roles & PREPARERS),
        )

    @pages.post("/payables")
    def choose(request: Request, scope: Prepares, payment: Chosen = None) -> str:
        """The sums of what is ticked, before anything is sent."""
        chosen = set(payment or [])
        reader, lines = _ready(desk, request, scope, chosen)
        gettext = translator(reader.language).gettext
        title = gettext("Send to approval")
        return draw(
            request.app.state.pages,
            "payments/confirm.html",
            reader,
            page=frame(request, scope.identity, title, tenant_id=scope.tenant_id),
            home=_home(scope),
            lines=lines,
            columns=_columns(gettext)[1:],
            totals=_totals(lines),
            asked=_asked(desk, scope, [line.amount for line in lines], reader),
            left_out=len(chosen) - len(lines),
            token=uuid4(),
        )

    @pages.post("/payables/selection")
    def selection(request: Request, scope: Prepares, payment: Chosen = None) -> str:
        """The bar over what is ticked now: its number and its sums."""
        reader, lines = _ready(desk, request, scope, set(payment or []))
        return draw(
            request.app.state.pages,
            "payments/selection.html",
            reader,
            home=_home(scope),
            count=len(lines),
            totals=_totals(lines),
        )

    @pages.post("/payables/approval")
    def send(scope: Prepares, token: Annotated[UUID, Form()], payment: Chosen = None) -> Response:
        """Send to approval. The page's token makes the request's id: sending twice is sending once."""
        chosen = sorted(set(payment or []))
        request_id = uuid5(scope.tenant_id, f"{token}:{chosen}")

        def ask(work: Work) -> None:
            for payment_id in chosen:
                existing(work, payment_id)
            if not by_hand.was_asked(work, request_id):
                by_hand.ask_approval(work, desk.opener, request_id, scope.identity.user_id, chosen)

        told = f"state=approval&sent={len(chosen)}"
        try:
            desk.work(scope, ask)
        except Rejected as refused:
            told = f"refused={refused.code}"
        return RedirectResponse(f"{_home(scope)}?{told}", HTTPStatus.SEE_OTHER)

    return pages


def _home(scope: TenantScope) -> str:
    return f"/payments/{scope.tenant_id}/payables"


def _lines(desk: Desk, request: Request, scope: TenantScope) -> tuple[Reader, list[Line]]:
    """All orders of the client, in its own time zone."""

    def look(work: Work) -> Any:
        people = queries.names(work.sql, scope.tenant_id)
        redo = frozenset(one.payment_id for one in queries.to_redo(work.sql, scope.tenant_id))
        orders = queries.payables(work.sql, scope.tenant_id)
        return orders, people, redo, intake.payer_of(work).zone

    found, people, redo, zone = desk.work(scope, look)
    reader = reader_of(request, zone)
    gettext = translator(reader.language).gettext
    numbers = {str(one.payment_id): one.number for one in found}
    vault, now = desk.opener.vault, desk.now()
    lines = Lines(vault, scope.tenant_id, reader, now, gettext, numbers, people, redo)
    return reader, [lines.line(one) for one in found]


def _ready(
    desk: Desk, request: Request, scope: TenantScope, chosen: set[UUID]
) -> tuple[Reader, list[Line]]:
    """What of the choice can be sent now."""
    reader, lines = _lines(desk, request, scope)
    return reader, [one for one in lines if one.payment_id in chosen and one.can_send]


def _asked(
    desk: Desk, scope: TenantScope, amounts: Sequence[Money], reader: Reader
) -> tuple[str, int]:
    """Who gets a mail, by the roles known here, and how many of them must say yes to the most exacting
    of the payments. The approvers' own service has the last word.
    """

    def look(work: Work) -> tuple[str, int]:
        policy = work.load(POLICY, policy_id_of(work.tenant_id)).state.at(work.now)
        people = queries.names(work.sql, work.tenant_id)
        able = queries.approvers(work.sql, work.tenant_id) - {scope.identity.user_id}
        names = [
            desk.opener.vault.open(work.tenant_id, people[one]) for one in able if one in people
        ]
        tiers = policy.tiers if policy else ()
        needed = max((approvers_needed(tiers, amount) for amount in amounts), default=0)
        return format_list(sorted(names), locale=reader.locale), needed

    return desk.work(scope, look)


def _totals(lines: Sequence[Line]) -> list[Money]:
    return list(sums(one.amount for one in lines).values())


def _tabs(lines: Sequence[Line], state: str, home: str, gettext: Say) -> list[Tab]:
    known = [*(key for key, _ in TABS), *view.PARTS]

    def tab(key: str, title: str, href: str, *, current: bool) -> Tab:
        return Tab(title, href, sum(one.is_in(key) for one in lines), current=current)

    everything = tab("", gettext("All open"), home, current=state not in known)
    tabs = [
        tab(key, view.tab_title(key, gettext), f"{home}?state={key}", current=state == key)
        for key in known
        if key not in view.PARTS or key == state
    ]
    # What counts nothing takes no room: on a phone the list begins in the first screen.
    return [everything, *(one for one in tabs if one.count or one.current)]


def _columns(gettext: Say) -> list[Column]:
    return [
        Column(gettext("Select"), "tick"),
        Column(gettext("Payee")),
        Column(gettext("Amount"), "num"),
        Column(gettext("Due")),
        Column(gettext("Pays on")),
        Column(gettext("State and reason"), "c-state"),
    ]
