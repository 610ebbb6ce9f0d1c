"""The approver's page: what asks for a yes, one payment opened, and the answers.

Everything works without script: a changed selection is shown with its sums once more before
anything is approved, since the bar cannot reckon by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from http import HTTPStatus
from typing import Annotated, Any, Literal
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Form, Query, Request
from starlette.responses import RedirectResponse, Response

from services.approvals import queries
from services.approvals.acts.answering import Answered, Seen
from services.approvals.desk import Desk
from services.approvals.pages.view import Opener, totals
from services.approvals.pages.words import refusal
from services.approvals.queries import Shown
from shared.ui.environment import draw
from shared.ui.language import translator
from shared.ui.parts import Company, Field
from shared.ui.reader import Reader
from shared.web.frame import APPROVER, frame
from shared.web.problem import not_found
from shared.web.reading import reader_of
from shared.web.routers import page_router
from shared.web.scope import TenantScope, tenant_scope
from shared.work import Work

AsApprover = Annotated[TenantScope, Depends(tenant_scope(APPROVER))]
_SEE_OTHER = HTTPStatus.SEE_OTHER
_LONGEST_REASON = 2000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the answer before led to: it stands in the address, so that a reload repeats nothing."""

    yes: int = 0
    no: int = 0
    refused: str = ""
    link: str = ""
    reason: str = ""


def inbox_of(desk: Desk) -> APIRouter:
    pages = page_router("/approvals/{tenant_id}")

    @pages.get("/")
    def inbox(
        request: Request,
        scope: AsApprover,
        outcome: Annotated[Outcome, Depends()],
        pick: Annotated[list[str] | None, Query()] = None,
    ) -> str:
        return _drawn(desk, request, scope, outcome, picked=pick)

    @pages.post("/")
    def answer_ticked(
        scope: AsApprover,
        selection: Annotated[str, Form()],
        payment: Annotated[list[str] | None, Form()] = None,
        answer: Annotated[Literal["yes", "no"], Form()] = "yes",
        reason: Annotated[str, Form(max_length=_LONGEST_REASON)] = "",
    ) -> Response:
        """Approve what is ticked, or show its sums first where the selection was changed; a no needs
        a reason, and no sums, since it moves no money.
        """
        values = payment or []
        picks = [("pick", str(_read(value)[1])) for value in values] or [("pick", "")]
        if answer == "no" and values and reason.strip():
            told = _told(_reject_ticked(desk, scope, values, reason), "no")
        elif answer == "no":
            told = urlencode([*picks, ("reason", "missing")])
        elif selection == selection_of(values):
            told = _told(_approve_ticked(desk, scope, values), "yes")
        else:
            told = urlencode(picks)
        return RedirectResponse(f"/approvals/{scope.tenant_id}/?{told}", _SEE_OTHER)

    @pages.get("/{request_id}/{payment_id}")
    def one(
        request: Request,
        scope: AsApprover,
        request_id: UUID,
        payment_id: UUID,
        outcome: Annotated[Outcome, Depends()],
    ) -> str:
        return _drawn(desk, request, scope, outcome, chosen=(request_id, payment_id))

    @pages.post("/{request_id}/{payment_id}")
    def answer(
        scope: AsApprover,
        request_id: UUID,
        payment_id: UUID,
        answer: Annotated[Literal["yes", "no"], Form()],
        digest: Annotated[str, Form(max_length=200)],
        reason: Annotated[str, Form(max_length=_LONGEST_REASON)] = "",
    ) -> Response:
        """Answer the opened payment; a no without a reason asks for one."""
        home, person_id = f"/approvals/{scope.tenant_id}/", scope.identity.user_id
        if answer == "yes":
            seen = [Seen(payment_id, digest)]
            answered = desk.work(
                scope, lambda work: desk.approve(work, request_id, person_id, seen)
            )
        elif reason.strip():
            answered = desk.work(
                scope,
                lambda work: desk.reject(work, request_id, person_id, [payment_id], reason),
            )
        else:
            here = f"{home}{request_id}/{payment_id}?reason=missing#one"
            return RedirectResponse(here, _SEE_OTHER)
        # Without a place of its own the answer inherits the form's: the next payment would stand
        # open where the thumb still is.
        return RedirectResponse(f"{home}?{_told(answered, answer)}#main", _SEE_OTHER)

    return pages


def _approve_ticked(desk: Desk, scope: TenantScope, values: Sequence[str]) -> list[Answered]:
    """One transaction for all that was ticked: it is one yes to one sum."""
    person_id = scope.identity.user_id

    def command(work: Work) -> list[Answered]:
        return [
            answered
            for request_id, seen in _by_request(values).items()
            for answered in desk.approve(work, request_id, person_id, seen)
        ]

    return desk.work(scope, command)


def _reject_ticked(
    desk: Desk, scope: TenantScope, values: Sequence[str], reason: str
) -> list[Answered]:
    """One transaction, one reason for all."""
    person_id = scope.identity.user_id

    def command(work: Work) -> list[Answered]:
        return [
            answered
            for request_id, seen in _by_request(values).items()
            for answered in desk.reject(
                work, request_id, person_id, [one.payment_id for one in seen], reason
            )
        ]

    return desk.work(scope, command)


def selection_of(values: Sequence[str]) -> str:
    """What the bar's count and sums were reckoned from."""
    return sha256("\n".join(sorted(values)).encode()).hexdigest()


def _drawn(
    desk: Desk,
    request: Request,
    scope: TenantScope,
    outcome: Outcome,
    *,
    picked: Sequence[str] | None = None,
    chosen: tuple[UUID, UUID] | None = None,
) -> str:
    tenant_id, person_id = scope.tenant_id, scope.identity.user_id
    with desk.reading(tenant_id) as sql:
        facts = queries.client_facts(sql, tenant_id)
        people = queries.people(sql, tenant_id)
        rows = queries.inbox(sql, tenant_id, person_id, desk.now())
        one = _chosen(rows, queries.shown(sql, tenant_id, person_id, desk.now(), *chosen)
                      if chosen else None)  # fmt: skip
        happened = queries.history(sql, tenant_id, one.request_id) if one else []
    reader = reader_of(request, ZoneInfo(facts.time_zone) if facts else None)
    opener = Opener(desk.links.vault, tenant_id, reader, people)
    opened = [opener.opened(row) for row in rows]
    cards = [
        (entry, replace(card, checked=picked is None or str(entry.shown.item.payment_id) in picked))
        for entry in opened
        for card in [opener.card(entry)]
    ]
    ticked = [entry for entry, card in cards if card.value and card.checked]
    asks = sum(entry.can_answer for entry in opened)
    words = translator(reader.language)
    counted = words.ngettext(
        "%(count)s payment asks for your yes", "%(count)s payments ask for your yes", asks
    )
    title = counted % {"count": asks} if asks else words.gettext("Nothing asks for your yes")
    page = replace(
        frame(request, scope.identity, title, tenant_id=tenant_id), companies=_companies(scope)
    )
    return draw(
        request.app.state.pages,
        "approvals/inbox.html",
        reader,
        page=page,
        home=f"/approvals/{tenant_id}/",
        asks=asks,
        sought_by=sorted({opener.name(entry.shown.sought_by) for entry in opened}),
        odd=[card for entry, card in cards if entry.can_answer and not card.value],
        plain=[card for _, card in cards if card.value],
        others=[card for entry, card in cards if not entry.can_answer],
        ticked=ticked,
        totals=totals(ticked),
        selection=selection_of([entry.value for entry in ticked]),
        repicked=picked is not None and not outcome.reason,
        one=opener.opened(one) if one else None,
        reason=_reason(reader, missing=chosen is not None and outcome.reason == "missing"),
        reason_of_many=_reason(reader, missing=chosen is None and outcome.reason == "missing"),
        history=opener.history(happened, one.item.payment_id) if one else [],
        outcome=outcome,
        refused=refusal(outcome.refused, reader.language) if outcome.refused else "",
    )


def _chosen(inbox: Sequence[Shown], asked_for: Sequence[Shown] | None) -> Shown | None:
    """The payment that is opened: the one asked for, else the first that waits."""
    if asked_for is None:
        return inbox[0] if inbox else None
    if not asked_for:
        raise not_found()
    return asked_for[0]


def _reason(reader: Reader, *, missing: bool) -> Field:
    gettext = translator(reader.language).gettext
    return Field(
        "reason",
        gettext("Reason, if you reject"),
        "textarea",
        hint=gettext("Whoever put it forward sees it. The payee does not."),
        error=gettext("Say why you reject it, so that it can be mended.") if missing else "",
    )


def _companies(scope: TenantScope) -> list[Company]:
    """The switcher leads to the other companies this person approves for."""
    grants = [grant for grant in scope.identity.grants if APPROVER in grant.roles]
    if len(grants) == 1:
        return []
    return [
        Company(
            grant.company,
            f"/approvals/{grant.tenant_id}/",
            current=grant.tenant_id == scope.tenant_id,
        )
        for grant in grants
    ]


def _by_request(values: Sequence[str]) -> dict[UUID, list[Seen]]:
    found: dict[UUID, list[Seen]] = {}
    for value in values:
        request_id, payment_id, digest = _read(value)
        found.setdefault(request_id, []).append(Seen(payment_id, digest))
    return found


def _read(value: str) -> tuple[UUID, UUID, str]:
    """What a tick box sent; anything else was never on the page."""
    request_id, _, rest = value.partition(":")
    payment_id, _, digest = rest.partition(":")
    try:
        return UUID(request_id), UUID(payment_id), digest
    except ValueError:
        raise not_found() from None


def _told(answered: Sequence[Answered], answer: str) -> str:
    """The outcome for the address of the next page."""
    counted = sum(one.refused is None for one in answered)
    refused = next((one.refused for one in answered if one.refused), None)
    facts: dict[str, Any] = {answer: counted} if counted else {}
    return urlencode(facts | ({"refused": refused} if refused else {}))
