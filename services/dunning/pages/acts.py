"""What people do with one invoice: each form comes back to the page with the rules' answer."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from services.dunning.acts import by_hand
from services.dunning.desk import Desk, Follows, existing
from services.dunning.pages import forms
from services.dunning.queries.standing import Row
from shared.decider import Rejected
from shared.web.routers import page_router
from shared.web.scope import TenantScope
from shared.work import Work

Text = Annotated[str, Form(max_length=by_hand.LONGEST)]
Code = Annotated[str, Form(max_length=40)]


def acts_of(desk: Desk) -> APIRouter:
    pages = page_router("/dunning/{tenant_id}/receivables/{invoice_id}")

    @pages.post("/pause")
    def pause(
        scope: Follows, invoice_id: UUID, pause_code: Code = "", until_on: Code = ""
    ) -> Response:
        return _done(
            desk,
            scope,
            invoice_id,
            lambda work, person, one: by_hand.pause(
                work, person, one, pause_code, forms.day(until_on)
            ),
        )

    @pages.post("/resume")
    def resume(scope: Follows, invoice_id: UUID) -> Response:
        return _done(desk, scope, invoice_id, by_hand.resume)

    @pages.post("/dispute")
    def dispute(scope: Follows, invoice_id: UUID, code: Code = "", text: Text = "") -> Response:
        return _done(
            desk,
            scope,
            invoice_id,
            lambda work, person, one: by_hand.dispute(work, desk.vault, person, one, code, text),
        )

    @pages.post("/settle")
    def settle(scope: Follows, invoice_id: UUID, upheld: Annotated[bool, Form()]) -> Response:
        return _done(
            desk,
            scope,
            invoice_id,
            lambda work, person, one: by_hand.settle_dispute(work, person, one, upheld=upheld),
        )

    @pages.post("/give-up")
    def give_up(
        scope: Follows, invoice_id: UUID, text: Text = "", waived: Annotated[bool, Form()] = False
    ) -> Response:
        return _done(
            desk,
            scope,
            invoice_id,
            lambda work, person, one: by_hand.write_off(
                work, desk.vault, person, one, text, claim_waived=waived
            ),
        )

    @pages.post("/note")
    def note(
        scope: Follows,
        invoice_id: UUID,
        text: Text = "",
        mention: Annotated[list[UUID] | None, Form(max_length=50)] = None,
    ) -> Response:
        return _done(
            desk,
            scope,
            invoice_id,
            lambda work, person, one: by_hand.comment(
                work, desk.vault, person, one, text, mention or []
            ),
        )

    @pages.post("/include")
    def include(scope: Follows, invoice_id: UUID) -> Response:
        return _done(desk, scope, invoice_id, by_hand.include_history)

    @pages.post("/letter-left")
    def letter_left(scope: Follows, invoice_id: UUID) -> Response:
        return _done(
            desk,
            scope,
            invoice_id,
            lambda work, _, one: by_hand.say_what_became(work, one, left=True),
        )

    @pages.post("/letter-lost")
    def letter_lost(scope: Follows, invoice_id: UUID) -> Response:
        return _done(
            desk,
            scope,
            invoice_id,
            lambda work, _, one: by_hand.say_what_became(work, one, left=False),
        )

    return pages


def _done(
    desk: Desk, scope: TenantScope, invoice_id: UUID, act: Callable[[Work, UUID, Row], Any]
) -> Response:
    """Back to the invoice. A refusal goes along by its code, and the page has the sentence."""
    here = f"/dunning/{scope.tenant_id}/receivables/{invoice_id}"
    person = scope.identity.user_id
    try:
        desk.work(scope, lambda work: act(work, person, existing(work, invoice_id)))
    except Rejected as refused:
        return RedirectResponse(f"{here}?refused={refused.code}", HTTPStatus.SEE_OTHER)
    return RedirectResponse(here, HTTPStatus.SEE_OTHER)
