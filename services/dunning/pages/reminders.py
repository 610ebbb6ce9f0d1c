"""Today's reminders: grouped as they will be sent, each with what it charges, why and by which way.

A letter's id follows from what stands in it, so that what is sent is what was seen: a letter that has
changed since is left out and said. The page before sending shows all sums and sends nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from pydantic import StringConstraints
from starlette.responses import RedirectResponse, Response

from services.dunning.acts import by_hand, listing, previewing
from services.dunning.acts.gathering import creditor_of
from services.dunning.desk import FOLLOWERS, Desk, Follows, Sees
from services.dunning.model.creditor import Creditor
from services.dunning.pages import view
from services.dunning.pages.view import Line, Lines
from services.dunning.pages.words import Say
from services.dunning.queries import calendar, waiting
from services.dunning.queries import standing as queries
from shared.clock import day_of
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

_DEBTORS: Final = 100
"""Debtors of one page of the list, and of one transaction that sends."""
_MOST: Final = 500
"""Letters that are named one by one; more than these are sent as all of the list."""
_SHOWN: Final = 200
_ID: Final = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
Key = Annotated[str, StringConstraints(pattern=rf"^{_ID}\.{_ID}$")]
Chosen = Annotated[list[Key] | None, Form(max_length=_MOST)]
All = Annotated[bool, Form(alias="all")]


@dataclass(frozen=True, slots=True)
class _Seen:
    """All that one look finds. `next_` is the last debtor of this page where there are more."""

    creditor: Creditor
    goes_at: datetime | None
    lines: list[Line]
    reader: Reader
    listed: int
    waiting: int
    next_: UUID | None


def reminders_of(desk: Desk) -> APIRouter:
    pages = page_router("/dunning/{tenant_id}")

    @pages.get("/reminders")
    def reminders(
        request: Request,
        scope: Sees,
        after: UUID = listing.FIRST,
        q: Annotated[str, Query(max_length=80)] = "",
        sent: Annotated[int, Query(ge=0, le=10**6)] = 0,
        left: Annotated[int, Query(ge=0, le=10**6)] = 0,
        done: Annotated[int, Query(ge=0, le=_MOST)] = 0,
    ) -> str:
        seen = _look(desk, request, scope, after)
        gettext = translator(seen.reader.language).gettext
        lines = [one for one in seen.lines if _is_about(one, q)]
        home = home_of(scope)
        return draw(
            request.app.state.pages,
            "dunning/reminders.html",
            seen.reader,
            page=frame(
                request, scope.identity, gettext("Today’s reminders"), tenant_id=scope.tenant_id
            ),
            home=home,
            tabs_=tabs(seen.listed, seen.waiting, home, gettext, current="send"),
            columns=_columns(gettext),
            lines=lines,
            total=len(seen.lines),
            added=_sums(one.added for one in lines),
            totals=_sums(one.total for one in lines),
            search=Field("q", gettext("Debtor, invoice or amount"), "search", q),
            drift=seen.creditor.drift,
            by_itself=any(one.shape.word == "Goes by itself" for one in lines),
            goes_at=seen.goes_at,
            list_days=_list_days(seen),
            next_=seen.next_,
            sent=sent,
            left=left,
            done=done,
            may_send=bool(scope.roles & FOLLOWERS),
        )

    @pages.post("/reminders")
    def choose(
        request: Request,
        scope: Follows,
        letter: Chosen = None,
        all_: All = False,
    ) -> str:
        """The sums of what is chosen, before anything is sent."""
        reader, lines = _chosen(desk, request, scope, None if all_ else _read(letter))
        gettext = translator(reader.language).gettext
        going = [one for one in lines if one.can_send]
        return draw(
            request.app.state.pages,
            "dunning/confirm.html",
            reader,
            page=frame(
                request, scope.identity, gettext("Send reminders"), tenant_id=scope.tenant_id
            ),
            home=home_of(scope),
            lines=going,
            columns=_columns(gettext)[1:],
            channels=Counter(one.channel for one in going).most_common(),
            kinds=Counter(one.title for one in going).most_common(),
            principal=_sums(one.principal for one in going),
            added=_sums(one.added for one in going),
            totals=_sums(one.total for one in going),
            left_out=len(lines if all_ else set(letter or [])) - len(going),
            everything=all_ and len(going) > _MOST,
            shown=min(len(going), _SHOWN),
        )

    @pages.post("/reminders/selection")
    def selection(request: Request, scope: Follows, letter: Chosen = None) -> str:
        """The bar over what is ticked now: its number and its sums."""
        reader, lines = _chosen(desk, request, scope, _read(letter))
        going = [one for one in lines if one.can_send]
        return draw(
            request.app.state.pages,
            "dunning/selection.html",
            reader,
            home=home_of(scope),
            count=len(going),
            added=_sums(one.added for one in going),
            totals=_sums(one.total for one in going),
        )

    @pages.post("/reminders/send")
    def send(scope: Follows, letter: Chosen = None, all_: All = False) -> Response:
        """Sent twice is sent once: a letter that is on its way is not on the list any more."""
        wanted = None if all_ else _read(letter)
        chosen = None if wanted is None else {one for own in wanted.values() for one in own}
        sent = 0
        for debtors in _lots(desk, scope, wanted):
            sent += desk.work(
                scope,
                lambda work, debtors=debtors: by_hand.send(  # type: ignore[misc]  # bound at once
                    work, scope.identity.user_id, chosen, debtors, desk.portal
                ),
            )
        told = f"sent={sent}&left={0 if chosen is None else len(chosen) - sent}"
        return RedirectResponse(f"{home_of(scope)}?{told}", HTTPStatus.SEE_OTHER)

    return pages


def home_of(scope: TenantScope) -> str:
    return f"/dunning/{scope.tenant_id}/reminders"


def _read(letters: Sequence[str] | None) -> dict[UUID, set[UUID]]:
    """The letters that a form names, by debtor."""
    found: dict[UUID, set[UUID]] = {}
    for key in letters or []:
        debtor, _, letter = key.partition(".")
        found.setdefault(UUID(debtor), set()).add(UUID(letter))
    return found


def _lots(
    desk: Desk, scope: TenantScope, chosen: Collection[UUID] | None = None
) -> Iterable[Sequence[UUID]]:
    """The chosen debtors, or all on the list, so many at a time."""
    if chosen is not None:
        own = sorted(chosen)
        yield from (own[at : at + _DEBTORS] for at in range(0, len(own), _DEBTORS))
        return
    after = listing.FIRST
    while True:
        with desk.reading(scope.tenant_id) as sql:
            debtors = previewing.debtors_listed(sql, scope.tenant_id, after, _DEBTORS)
        if not debtors:
            return
        yield debtors
        after = debtors[-1]


def _look(desk: Desk, request: Request, scope: TenantScope, after: UUID) -> _Seen:
    """One page of the list, the creditor's day, and what waits beside it."""

    def look(work: Work) -> _Seen:
        creditor = creditor_of(work)
        today = day_of(work.now, creditor.zone)
        debtors = previewing.debtors_listed(work.sql, work.tenant_id, after, _DEBTORS)
        goes_at = calendar.goes_at(work.raw, work.tenant_id)
        reader = reader_of(request, creditor.zone)
        lines = _written(desk, work, reader, debtors, goes_at)
        counts = waiting.counts(work.sql, work.tenant_id, creditor, today)
        return _Seen(
            creditor=creditor,
            goes_at=goes_at,
            lines=lines,
            reader=reader,
            listed=len(queries.listed(work.sql, work.tenant_id)),
            waiting=sum(counts.values()),
            next_=debtors[-1] if len(debtors) == _DEBTORS else None,
        )

    return desk.work(scope, look)


def _written(
    desk: Desk, work: Work, reader: Reader, debtors: Sequence[UUID], goes_at: datetime | None
) -> list[Line]:
    names = queries.debtors(work.sql, work.tenant_id, debtors)
    gettext = translator(reader.language).gettext
    lines = Lines(desk.vault, work.tenant_id, reader, gettext, names, goes_at)
    return [lines.line(one) for one in previewing.letters(work, debtors)]


def _chosen(
    desk: Desk, request: Request, scope: TenantScope, chosen: Mapping[UUID, set[UUID]] | None
) -> tuple[Reader, list[Line]]:
    """What of the choice stands on the list as it was seen; all of the list where None."""
    found: list[Line] = []
    reader = reader_of(request)
    for debtors in _lots(desk, scope, chosen):

        def look(work: Work, debtors: Sequence[UUID] = debtors) -> tuple[Reader, list[Line]]:
            own = reader_of(request, creditor_of(work).zone)
            goes_at = calendar.goes_at(work.raw, work.tenant_id)
            return own, _written(desk, work, own, debtors, goes_at)

        reader, lines = desk.work(scope, look)
        found += [one for one in lines if chosen is None or one.notice_id in chosen[one.debtor_id]]
    return reader, found


def _is_about(one: Line, wanted: str) -> bool:
    numbers = " ".join(str(link.text) for link in one.invoices)
    text = f"{one.debtor} {numbers} {one.total.decimal}"
    return wanted.casefold().strip() in text.casefold()


def _sums(amounts: Iterable[Money]) -> list[Money]:
    return list(sums(amounts).values())


def tabs(listed: int, waits: int, home: str, gettext: Say, *, current: str) -> list[Tab]:
    return [
        Tab(gettext("To send"), home, listed, current=current == "send"),
        Tab(gettext("Why not"), f"{home}/why-not", waits, current=current == "why"),
    ]


def _columns(gettext: Say) -> list[Column]:
    return [
        Column(gettext("Select"), "tick"),
        Column(gettext("Debtor and invoices")),
        Column(gettext("Letter")),
        Column(gettext("Charges today"), "num"),
        Column(gettext("Total"), "num"),
        Column(gettext("State and reason"), "c-state"),
    ]


def _list_days(seen: _Seen) -> str:
    """On which weekdays the list of the main timeline is shown, where that is not every day."""
    timeline = seen.creditor.timeline_of(None)
    if timeline is None:
        return ""
    return view.weekdays(timeline.list_days, seen.reader)
