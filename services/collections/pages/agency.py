"""Whom cases go to and how: the agencies to choose from, the agreement of both, the stop window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Annotated, Any

from babel.dates import get_day_names
from babel.numbers import NumberFormatError, parse_decimal
from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse
from starlette.responses import RedirectResponse, Response

from services.collections import queries
from services.collections.acts import by_hand, looking
from services.collections.desk import PREPARERS, Desk, Prepares, Sees, person
from services.collections.model.creditor import Creditor
from services.collections.pages import words
from shared.decider import Rejected
from shared.money import Money, MoneyError
from shared.ui import formats
from shared.ui.environment import draw
from shared.ui.language import translator
from shared.ui.parts import Choice, Field
from shared.ui.reader import Reader
from shared.web.frame import ADMINISTRATOR, frame
from shared.web.reading import reader_of
from shared.web.routers import page_router
from shared.web.scope import TenantScope
from shared.work import Work

_CURRENCIES = {"DK": "DKK", "SE": "SEK", "NO": "NOK"}


def agency_of(desk: Desk) -> APIRouter:
    pages = page_router("/collections/{tenant_id}/agency")

    @pages.get("", response_class=HTMLResponse)
    def agency(
        request: Request,
        scope: Sees,
        refused: Annotated[str, Query(max_length=80)] = "",
        saved: Annotated[bool, Query()] = False,
    ) -> str:
        def look(work: Work) -> Any:
            return looking.creditor_of(work), queries.agreements(work.sql, work.tenant_id)

        creditor, agreements = desk.work(scope, look)
        reader = reader_of(request, creditor.zone)
        gettext = translator(reader.language).gettext
        offers = [
            (
                offer,
                agreements.get(offer.code),
                words.standing(
                    agreements[offer.code].state.value if offer.code in agreements else "none",
                    gettext,
                ),
                creditor.agency == offer.code,
            )
            for offer in desk.agencies
        ]
        title = gettext("Collection agency")
        return draw(
            request.app.state.pages,
            "collections/agency.html",
            reader,
            page=frame(request, scope.identity, title, tenant_id=scope.tenant_id),
            home=f"/collections/{scope.tenant_id}/cases",
            here=f"/collections/{scope.tenant_id}/agency",
            offers=offers,
            automatic=creditor.automatic,
            fields=_fields(creditor, reader, gettext),
            key=Field("key", gettext("The agency’s key for you"), "password", required=True),
            email=Field("email", gettext("Who speaks for you there"), "email", required=True),
            hook=Field(
                "hook_secret",
                gettext("Secret of its calls"),
                "password",
                hint=gettext("Optional: without it the agency is asked every morning."),
            ),
            may_change=bool(scope.roles & PREPARERS),
            may_agree=ADMINISTRATOR in scope.roles,
            saved=saved,
            refused=words.refusal(refused, gettext) if refused else "",
        )

    _changes(pages, desk)
    return pages


def _changes(pages: APIRouter, desk: Desk) -> None:
    def done(scope: TenantScope, act: Callable[[Work], Any]) -> Response:
        here = f"/collections/{scope.tenant_id}/agency"
        try:
            desk.work(scope, act)
        except Rejected as refused:
            return RedirectResponse(f"{here}?refused={refused.code}", HTTPStatus.SEE_OTHER)
        return RedirectResponse(f"{here}?saved=true", HTTPStatus.SEE_OTHER)

    @pages.post("/ways")
    def ways(
        request: Request,
        scope: Prepares,
        stop_days: Annotated[int, Form()],
        automatic: Annotated[bool, Form()] = False,
        weekday: Annotated[str, Form(max_length=1)] = "",
        minimum: Annotated[str, Form(max_length=30)] = "",
    ) -> Response:
        reader = reader_of(request)

        def save(work: Work) -> None:
            currency = _CURRENCIES.get(looking.creditor_of(work).country, "EUR")
            by_hand.set_ways(
                work,
                person(scope),
                automatic=automatic,
                stop_days=stop_days,
                weekday=int(weekday) if weekday.isdigit() else None,
                minimum=_amount(minimum, currency, reader) if minimum.strip() else None,
            )

        return done(scope, save)

    @pages.post("/agreements")
    def agree(
        scope: Prepares,
        agency: Annotated[str, Form(max_length=40)],
        key: Annotated[str, Form(max_length=400)] = "",
        email: Annotated[str, Form(max_length=320)] = "",
        hook_secret: Annotated[str, Form(max_length=400)] = "",
    ) -> Response:
        def offer(work: Work) -> None:
            by_hand.offer_agreement(
                work, desk.agencies, desk.opener, person(scope), agency, key, email, hook_secret
            )

        return done(scope, offer)

    @pages.post("/agreements/end")
    def end(scope: Prepares, agency: Annotated[str, Form(max_length=40)]) -> Response:
        return done(scope, lambda work: by_hand.end_agreement(work, person(scope), agency))

    @pages.post("/preferred")
    def prefer(scope: Prepares, agency: Annotated[str, Form(max_length=40)]) -> Response:
        def select(work: Work) -> None:
            by_hand.select_agency(work, desk.agencies, person(scope), agency)

        return done(scope, select)


def _fields(creditor: Creditor, reader: Reader, gettext: words.Say) -> Sequence[Field]:
    names = get_day_names("wide", "stand-alone", locale=reader.locale)
    weekdays = [Choice("", gettext("any banking day"))]
    weekdays += [Choice(str(number), names[number]) for number in range(5)]
    minimum = formats.amount(creditor.minimum, reader) if creditor.minimum else ""
    chosen = "" if creditor.weekday is None else str(creditor.weekday)
    return [
        Field(
            "stop_days",
            gettext("Banking days to stop a case"),
            "number",
            str(creditor.stop_days),
            required=True,
        ),
        Field("weekday", gettext("Goes on"), "select", chosen, choices=weekdays),
        Field(
            "minimum",
            gettext("Does not go by itself below"),
            "text",
            minimum,
            gettext("Principal of one invoice; empty: everything goes."),
        ),
    ]


def _amount(text: str, currency: str, reader: Reader) -> Money:
    """As the reader writes amounts."""
    try:
        found = parse_decimal("".join(text.split()), reader.locale, strict=True)
        return Money.of(found, currency)
    except (NumberFormatError, MoneyError) as error:
        raise Rejected("this is no amount", code="minimum", field="minimum") from error
