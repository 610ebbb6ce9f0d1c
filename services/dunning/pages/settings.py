"""What do we do when, and what if we changed it? Timelines and charges of one creditor.

Every form has two buttons: one tries the change on the last twelve months, the other sets it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any, Final
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from services.dunning.acts import settings as acts
from services.dunning.acts import trying
from services.dunning.desk import FOLLOWERS, Desk, Follows, Sees
from services.dunning.model import basis
from services.dunning.model.creditor import Unlawful
from services.dunning.model.facts import LegalKind
from services.dunning.model.law.packs import law_book
from services.dunning.model.trying import Change
from services.dunning.pages import settings_forms as forms
from services.dunning.pages import settings_words as words
from services.dunning.pages.settings_fields import Fields
from services.dunning.pages.settings_view import View
from services.dunning.queries import choices
from services.dunning.values import NoticeKind, Step, Timeline
from shared.clock import day_of
from shared.contracts.values import Fault
from shared.decider import Rejected
from shared.ui.environment import draw
from shared.ui.parts import Tab
from shared.web.frame import frame
from shared.web.reading import reader_of
from shared.web.routers import page_router
from shared.web.scope import TenantScope
from shared.work import Work

_NEW: Final = Timeline("", (Step(NoticeKind.REMINDER, 5),), gap_days=14)
_PARTS: Final = ("timelines", "charges", "reminders", "write-offs")


async def _form(request: Request) -> FormData:
    return await request.form()


Sent = Annotated[FormData, Depends(_form)]


@dataclass(frozen=True, slots=True)
class Refused:
    """What was sent, and what is wrong with it."""

    wanted: Any
    faults: Sequence[Fault]


def settings_of(desk: Desk) -> APIRouter:
    pages = page_router("/dunning/{tenant_id}/settings")
    _timeline_pages(pages, desk)
    _charge_pages(pages, desk)
    _rule_pages(pages, desk)
    return pages


def _timeline_pages(pages: APIRouter, desk: Desk) -> None:
    @pages.get("")
    def timelines(request: Request, scope: Sees, timeline: str = "", done: str = "") -> str:
        return _drawn(desk, request, scope, "timelines", name=timeline, done=done)

    @pages.post("")
    def set_timeline(request: Request, scope: Follows, form: Sent, timeline: str = "") -> Response:
        person = scope.identity.user_id
        name = timeline or str(form.get("name", "")).strip()

        def read() -> tuple[Change, Callable[[Work], Any]]:
            wanted = forms.timeline(form, name)
            return Change(timeline=wanted), lambda work: acts.define_timeline(work, wanted, person)

        return _answer(desk, request, scope, form, "timelines", read, name=name)

    @pages.post("/main")
    def choose_main(scope: Follows, form: Sent) -> Response:
        person, name = scope.identity.user_id, str(form.get("name", ""))
        if form.get("do") == "try":
            change = Change(main=name)
            return _to_trial(scope, desk.work(scope, lambda w: trying.begin(w, change, person)))
        desk.work(scope, lambda work: acts.choose_main(work, name, person))
        return _to(scope, "", "done=main")


def _charge_pages(pages: APIRouter, desk: Desk) -> None:
    @pages.get("/charges")
    def charges(request: Request, scope: Sees, done: str = "") -> str:
        return _drawn(desk, request, scope, "charges", done=done)

    @pages.post("/charges")
    def set_charges(request: Request, scope: Follows, form: Sent) -> Response:
        person, reader = scope.identity.user_id, reader_of(request)
        with desk.reading(scope.tenant_id) as sql:
            creditor = choices.creditor(sql, scope.tenant_id)

        def read() -> tuple[Change, Callable[[Work], Any]]:
            wanted = forms.charges(form, reader, creditor.home_currency, creditor.policy)
            return Change(charges=wanted), lambda work: acts.set_charges(work, wanted, person)

        return _answer(desk, request, scope, form, "charges", read)


def _rule_pages(pages: APIRouter, desk: Desk) -> None:
    @pages.get("/reminders")
    def reminders(request: Request, scope: Sees, done: str = "") -> str:
        return _drawn(desk, request, scope, "reminders", done=done)

    @pages.post("/reminders")
    def set_reminders(request: Request, scope: Follows, form: Sent) -> Response:
        person, reader = scope.identity.user_id, reader_of(request)
        with desk.reading(scope.tenant_id) as sql:
            creditor = choices.creditor(sql, scope.tenant_id)

        def read() -> tuple[Change, Callable[[Work], Any]]:
            wanted = forms.reminders(form, reader, creditor.rules)
            return Change(reminders=wanted), lambda work: acts.set_rules(work, wanted, person)

        return _answer(desk, request, scope, form, "reminders", read)

    @pages.get("/write-offs")
    def write_offs(request: Request, scope: Sees, done: str = "") -> str:
        return _drawn(desk, request, scope, "write-offs", done=done)

    @pages.post("/write-offs")
    def set_write_offs(request: Request, scope: Follows, form: Sent) -> Response:
        """Not tried: what is given up in the books sends and charges nobody anything."""
        person = scope.identity.user_id

        def read() -> tuple[Change, Callable[[Work], Any]]:
            wanted = forms.write_offs(form)
            return Change(), lambda work: acts.set_write_offs(work, wanted, person)

        return _answer(desk, request, scope, form, "write-offs", read)


def _answer(
    desk: Desk,
    request: Request,
    scope: TenantScope,
    form: FormData,
    part: str,
    read: Callable[[], tuple[Change, Callable[[Work], Any]]],
    *,
    name: str = "",
) -> Response:
    """Try it, or set it; what is wrong is shown beside its field, with the paragraph."""
    person = scope.identity.user_id
    change: Change | None = None
    try:
        change, command = read()
        if form.get("do") == "try":
            tried = change
            return _to_trial(scope, desk.work(scope, lambda w: trying.begin(w, tried, person)))
        desk.work(scope, command)
    except Rejected as error:
        faults = error.faults if isinstance(error, Unlawful) else [_fault_of(error)]
        refused = Refused(change, faults)
        html = _drawn(desk, request, scope, part, name=name, refused=refused)
        return HTMLResponse(html, HTTPStatus.UNPROCESSABLE_ENTITY)
    query = f"timeline={quote(name)}&done=set" if part == "timelines" else "done=set"
    return _to(scope, "" if part == "timelines" else f"/{part}", query)


def _fault_of(error: Rejected) -> Fault:
    return Fault(error.code, error.field or "", str(error))


def _to(scope: TenantScope, path: str, query: str) -> Response:
    target = f"/dunning/{scope.tenant_id}/settings{path}?{query}"
    return RedirectResponse(target, HTTPStatus.SEE_OTHER)


def _to_trial(scope: TenantScope, trial_id: Any) -> Response:
    target = f"/dunning/{scope.tenant_id}/settings/trials/{trial_id}"
    return RedirectResponse(target, HTTPStatus.SEE_OTHER)


def _drawn(
    desk: Desk,
    request: Request,
    scope: TenantScope,
    part: str,
    *,
    name: str = "",
    done: str = "",
    refused: Refused | None = None,
) -> str:
    with desk.reading(scope.tenant_id) as sql:
        creditor = choices.creditor(sql, scope.tenant_id)
        versions = choices.versions(sql, scope.tenant_id)
    reader = reader_of(request, creditor.zone)
    view = View(creditor, scope.tenant_id, reader, day_of(desk.now(), creditor.zone))
    change = refused.wanted if refused else None
    faults = refused.faults if refused else []
    fields = Fields(view, forms.faulty(faults))
    content: dict[str, Any]
    if part == "timelines":
        content = _timelines(view, name, change, faults)
        history = view.history(versions, "timeline")
    elif part == "charges":
        content = fields.charges((change and change.charges) or creditor.policy)
        content["law"] = _law_of(view)
        history = view.history(versions, "charges")
    elif part == "reminders":
        content = fields.reminders((change and change.reminders) or creditor.rules)
        history = view.history(versions, "reminders")
    else:
        content = fields.write_offs(creditor.write_offs)
        history = view.history(versions, "write_offs")
    title = view.gettext("Timelines and charges")
    return draw(
        request.app.state.pages,
        f"dunning/settings_{part.replace('-', '_')}.html",
        reader,
        page=frame(request, scope.identity, title, tenant_id=scope.tenant_id),
        tabs=_tabs(view, part),
        home=f"/dunning/{scope.tenant_id}/settings",
        may_set=bool(scope.roles & FOLLOWERS),
        wrong=view.faults(faults),
        history=history,
        done=done,
        **content,
    )


def _timelines(
    view: View, name: str, change: Change | None, faults: Sequence[Fault]
) -> dict[str, Any]:
    """All of them; one stands in the form: the one that was asked for, or a new one."""
    stored = view.creditor.timelines.get(name)
    chosen = (change and change.timeline) or stored
    if chosen is None and name == "new":
        chosen = _NEW
    return {
        "shown": view.timelines(),
        "chosen": chosen,
        "is_new": chosen is not None and stored is None,
        "rows": view.rows(chosen, forms.faulty(faults)) if chosen else [],
        "weekdays": view.weekdays(),
        "gap": Fields(view, forms.faulty(faults)).gap(chosen) if chosen else None,
        "mode": Fields(view, {}).mode(chosen) if chosen else None,
        "name": Fields(view, forms.faulty(faults)).name(name if name != "new" else ""),
    }


def _law_of(view: View) -> Sequence[tuple[str, Sequence[str]]]:
    """What the law allows today, towards consumers and companies."""
    law, country, today = law_book(), view.creditor.country, view.today_on
    titles: tuple[tuple[LegalKind, str], ...] = (
        ("consumer", view.gettext("Consumers")),
        ("company", view.gettext("Companies")),
    )
    found = []
    for kind, title in titles:
        rules = (
            basis.rate_of(country, kind, today, law),
            basis.fee_cap(country, kind, today, law),
        )
        texts = [words.basis(one, view.reader, view.gettext) for one in rules if one is not None]
        found.append((title, texts))
    return found


def _tabs(view: View, part: str) -> list[Tab]:
    home = f"/dunning/{view.tenant_id}/settings"
    titles = (
        view.gettext("Timelines"),
        view.gettext("Charges"),
        view.gettext("Who is reminded"),
        view.gettext("Giving up"),
    )
    return [
        Tab(title, home if one == "timelines" else f"{home}/{one}", current=one == part)
        for one, title in zip(_PARTS, titles, strict=True)
    ]
