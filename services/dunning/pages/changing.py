"""What is changed in place on today's list: some invoices of one debtor paused, disputed or written
about, the debtor itself excluded or given another timeline.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import RedirectResponse, Response

from services.dunning.acts import by_hand, previewing
from services.dunning.acts.gathering import creditor_of
from services.dunning.desk import Desk, Follows, existing
from services.dunning.pages import forms, refusals, words
from services.dunning.pages.reminders import home_of
from services.dunning.pages.view import debtor_name
from services.dunning.queries import people
from services.dunning.queries import standing as queries
from services.dunning.queries.standing import DebtorRow, Row
from shared.decider import Rejected
from shared.ui.environment import draw
from shared.ui.language import translator
from shared.ui.parts import Choice
from shared.ui.reader import Reader
from shared.web.frame import frame
from shared.web.problem import not_found
from shared.web.reading import reader_of
from shared.web.routers import page_router
from shared.web.scope import TenantScope
from shared.work import Work

_MOST: Final = 500
Text = Annotated[str, Form(max_length=by_hand.LONGEST)]
Code = Annotated[str, Form(max_length=40)]
Chosen = Annotated[list[UUID] | None, Form(max_length=_MOST)]


@dataclass(frozen=True, slots=True)
class _Seen:
    reader: Reader
    rows: Sequence[Row]
    debtor: DebtorRow | None
    timelines: Sequence[Choice]
    colleagues: Sequence[Choice]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the form says, whichever of its buttons was pressed."""

    act: str
    pause_code: str = ""
    until_on: str = ""
    text: str = ""
    mention: Sequence[UUID] = ()
    dispute_code: str = ""
    dispute_text: str = ""
    timeline: str = ""
    exclude_code: str = ""
    exclude_until: str = ""


def changing_of(desk: Desk) -> APIRouter:
    pages = page_router("/dunning/{tenant_id}/reminders/change")

    @pages.get("")
    def change(
        request: Request,
        scope: Follows,
        debtor: UUID,
        letter: UUID | None = None,
        invoice: Annotated[list[UUID] | None, Query(max_length=_MOST)] = None,
        refused: Annotated[str, Query(max_length=80)] = "",
    ) -> str:
        chosen = set(invoice or [])
        seen = desk.work(scope, lambda work: _look(desk, request, work, debtor, letter, chosen))
        return _drawn(desk, request, scope, seen, refused)

    @pages.post("")
    def do(
        scope: Follows,
        debtor: Annotated[UUID, Form()],
        act: Code,
        invoice: Chosen = None,
        pause_code: Code = "",
        until_on: Code = "",
        text: Text = "",
        mention: Annotated[list[UUID] | None, Form(max_length=50)] = None,
        dispute_code: Code = "",
        dispute_text: Text = "",
        timeline: Annotated[str, Form(max_length=80)] = "",
        exclude_code: Code = "",
        exclude_until: Code = "",
    ) -> Response:
        wanted = Wanted(
            act, pause_code, until_on, text, mention or [], dispute_code, dispute_text, timeline,
            exclude_code, exclude_until,
        )  # fmt: skip
        chosen = sorted(set(invoice or []))
        try:
            done = desk.work(scope, lambda work: _do(desk, work, scope, wanted, debtor, chosen))
        except Rejected as refused:
            again = "".join(f"&invoice={one}" for one in chosen)
            told = f"change?debtor={debtor}{again}&refused={refused.code}"
            return RedirectResponse(f"{home_of(scope)}/{told}", HTTPStatus.SEE_OTHER)
        return RedirectResponse(f"{home_of(scope)}?done={done}", HTTPStatus.SEE_OTHER)

    return pages


def _do(
    desk: Desk, work: Work, scope: TenantScope, wanted: Wanted, debtor_id: UUID,
    chosen: Sequence[UUID],
) -> int:  # fmt: skip
    """How many invoices it concerns."""
    person = scope.identity.user_id
    if wanted.act in {"timeline", "exclude"}:
        rows = queries.of_debtor(work.sql, work.tenant_id, debtor_id)
        if not rows:
            raise not_found()
        if wanted.act == "timeline":
            by_hand.assign_timeline(work, person, debtor_id, wanted.timeline or None)
        else:
            until = forms.day(wanted.exclude_until)
            by_hand.exclude(work, person, debtor_id, wanted.exclude_code, until)
        return sum(row.state == "open" for row in rows)
    if not chosen:
        raise Rejected("choose at least one invoice", code="nothing_chosen", field="invoice")
    for invoice_id in chosen:
        one = existing(work, invoice_id)
        match wanted.act:
            case "pause":
                until_on = forms.day(wanted.until_on)
                by_hand.pause(work, person, one, wanted.pause_code, until_on)
            case "dispute":
                by_hand.dispute(
                    work, desk.vault, person, one, wanted.dispute_code, wanted.dispute_text
                )
            case "note":
                by_hand.comment(work, desk.vault, person, one, wanted.text, wanted.mention)
            case _:
                raise not_found()
    return len(chosen)


def _look(
    desk: Desk, request: Request, work: Work, debtor_id: UUID, letter: UUID | None,
    chosen: set[UUID],
) -> _Seen:  # fmt: skip
    """The invoices of a letter that stands on the list, or those that are named."""
    creditor = creditor_of(work)
    reader = reader_of(request, creditor.zone)
    gettext = translator(reader.language).gettext
    if letter is not None:
        found = previewing.of_debtor(work, debtor_id)
        chosen |= {one for preview in found if preview.notice_id == letter
                   for one in preview.invoices}  # fmt: skip
    rows = [
        row for row in queries.of_debtor(work.sql, work.tenant_id, debtor_id)
        if row.invoice_id in chosen
    ]  # fmt: skip
    debtor = queries.debtors(work.sql, work.tenant_id, [debtor_id]).get(debtor_id)
    if debtor is None:
        raise not_found()
    names = people.names(work.sql, work.tenant_id)
    able = people.mentionable(work.sql, work.tenant_id)
    return _Seen(
        reader,
        rows,
        debtor,
        forms.timelines(creditor, gettext),
        forms.colleagues(desk.vault, work.tenant_id, names, able),
    )


def _drawn(desk: Desk, request: Request, scope: TenantScope, seen: _Seen, refused: str) -> str:
    gettext = translator(seen.reader.language).gettext
    name = debtor_name(desk.vault, scope.tenant_id, seen.debtor, gettext)
    title = gettext("Pause, note or change for %(debtor)s") % {"debtor": name}
    assert seen.debtor is not None, "looked up"
    return draw(
        request.app.state.pages,
        "dunning/change.html",
        seen.reader,
        page=frame(request, scope.identity, title, tenant_id=scope.tenant_id),
        home=home_of(scope),
        name=name,
        debtor=seen.debtor,
        rows=[(row, words.shape(row, seen.reader.day)) for row in seen.rows],
        refused=refusals.refusal(refused, gettext) if refused else "",
        pause_fields=forms.pause_fields(gettext),
        dispute_fields=forms.dispute_fields(gettext, "dispute_"),
        timeline_field=forms.timeline_field(seen.timelines, seen.debtor.timeline or "", gettext),
        exclude_fields=forms.exclude_fields(gettext, "exclude_"),
        colleagues=seen.colleagues,
        today=seen.reader.day,
    )
