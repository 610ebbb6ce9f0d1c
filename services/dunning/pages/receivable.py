"""One receivable: what is owed and why exactly, what comes next, and what can be done now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request

from services.dunning.acts import explaining
from services.dunning.acts.gathering import creditor_of, terms_of
from services.dunning.desk import FOLLOWERS, Desk, Sees, existing
from services.dunning.events.receivable import PostingDone
from services.dunning.model import pricing
from services.dunning.model.creditor import Creditor
from services.dunning.model.following import RECEIVABLE
from services.dunning.model.notice import State as NoticeState
from services.dunning.model.receivable import Receivable, State
from services.dunning.pages import forms, reasons, refusals, words
from services.dunning.pages.chain import Chain
from services.dunning.pages.history import QUIET, History, Narrator
from services.dunning.pages.possible import Standing, acts
from services.dunning.pages.view import debtor_name, late
from services.dunning.pages.words import Say
from services.dunning.queries import people
from services.dunning.queries import standing as queries
from services.dunning.queries.standing import CreditRow, DebtorRow, NoticeRow, Row
from shared.money import Money
from shared.sealed import Sealed
from shared.ui.environment import draw
from shared.ui.language import translator
from shared.ui.parts import Choice, with_now
from shared.ui.reader import Reader
from shared.ui.states import State as Shape
from shared.web.frame import frame
from shared.web.reading import reader_of
from shared.web.routers import page_router
from shared.web.scope import TenantScope
from shared.work import Work


@dataclass(frozen=True, slots=True)
class Seen:
    """All that one look finds of an invoice. `accrued` is interest that no letter has charged yet."""

    row: Row
    receivable: Receivable
    debtor: DebtorRow | None
    creditor: Creditor
    today_on: date
    history: History
    letters: Sequence[NoticeRow]
    credits: Sequence[CreditRow]
    accrued: Money
    answer: explaining.Answer | None
    names: Mapping[UUID, Sealed]
    mentionable: frozenset[UUID]

    @property
    def vouchers(self) -> dict[int, str]:
        done = [one.event for one in self.history if isinstance(one.event, PostingDone)]
        return {event.posting: event.voucher for event in done}


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as it was sent; without a document where it has not been drawn yet."""

    title: str
    href: str
    pages: int | None
    on: date
    way: str
    shape: Shape


def receivable_of(desk: Desk) -> APIRouter:
    pages = page_router("/dunning/{tenant_id}/receivables/{invoice_id}")

    @pages.get("")
    def receivable(
        request: Request,
        scope: Sees,
        invoice_id: UUID,
        refused: Annotated[str, Query(max_length=80)] = "",
        all_: Annotated[bool, Query(alias="all")] = False,
    ) -> str:
        seen = desk.work(scope, lambda work: look(work, invoice_id))
        quiet = () if all_ else QUIET
        shown = [one for one in seen.history if not isinstance(one.event, quiet)]
        return _drawn(desk, request, scope, seen, shown, refused)

    return pages


def look(work: Work, invoice_id: UUID) -> Seen:
    row = existing(work, invoice_id)
    receivable = work.load(RECEIVABLE, invoice_id).state
    terms = terms_of(work, row.debtor_id)
    waits = row.state in {State.OPEN, State.AT_AGENCY} and row.listed_on is None
    answers = explaining.why_not(work, [invoice_id]) if waits else []
    letters = queries.notices_of(work.sql, work.tenant_id, row.debtor_id)
    credits_ = queries.credits_of(work.sql, work.tenant_id, row.debtor_id)
    currency = row.gross.currency
    return Seen(
        row,
        receivable,
        queries.debtors(work.sql, work.tenant_id, [row.debtor_id]).get(row.debtor_id),
        creditor_of(work),
        terms.today_on,
        work.history(invoice_id),
        [one for one in letters if invoice_id in one.invoices],
        [one for one in credits_ if one.remaining.currency == currency],
        pricing.accrued(receivable, terms, terms.today_on),
        answers[0] if answers else None,
        people.names(work.sql, work.tenant_id),
        people.mentionable(work.sql, work.tenant_id),
    )


def _drawn(
    desk: Desk, request: Request, scope: TenantScope, seen: Seen, shown: History, refused: str
) -> str:
    row, tenant_id = seen.row, scope.tenant_id
    reader = reader_of(request, seen.creditor.zone)
    gettext = translator(reader.language).gettext
    name = debtor_name(desk.vault, tenant_id, seen.debtor, gettext)
    title = gettext("Invoice %(number)s to %(debtor)s") % {"number": row.number, "debtor": name}
    chain = Chain(seen.receivable, seen.vouchers, reader, gettext)
    narrator = Narrator(desk.vault, tenant_id, seen.names, reader, gettext)
    why_not = _why_not(seen, reader, gettext)
    home = f"/dunning/{tenant_id}"
    follows = bool(scope.roles & FOLLOWERS)
    letter_unknown = any(
        one.notice_id == row.notice_id and one.state is NoticeState.UNKNOWN for one in seen.letters
    )
    standing = Standing(row, seen.receivable, why_not, seen.today_on, letter_unknown)
    copy_of = seen.receivable.invoice.copy_of
    return draw(
        request.app.state.pages,
        "dunning/receivable.html",
        reader,
        page=frame(request, scope.identity, title, tenant_id=tenant_id),
        home=home,
        here=f"{home}/receivables/{row.invoice_id}",
        row=row,
        name=name,
        debtor=seen.debtor,
        late=late(row.due_on, reader, gettext) if row.state is State.OPEN else "",
        shape=words.shape(row, seen.today_on),
        timeline=_timeline(seen, gettext),
        refused=refusals.refusal(refused, gettext) if refused else "",
        parts=chain.parts(),
        total=chain.total,
        accrued=seen.accrued if row.state is State.OPEN else None,
        credits=[one for one in seen.credits if one.remaining.minor > 0],
        next_=_next(seen, gettext),
        because=reasons.because(row, gettext),
        why_not=why_not,
        held=reasons.held(row.held, gettext) if row.held else "",
        acts=acts(standing, home, reader, gettext) if follows else [],
        letters=[_letter(one, tenant_id, gettext) for one in seen.letters],
        history=with_now(
            [*narrator.planned(row, seen.today_on), *narrator.told(shown)],
            desk.now(),
            gettext("Now"),
        ),
        hidden=len(seen.history) - len(shown),
        copy_href=f"/sync/{tenant_id}/copies/{copy_of.sha256}" if copy_of else "",
        follows=follows and row.state is not State.WITHDRAWN,
        pause_fields=forms.pause_fields(gettext),
        dispute_fields=forms.dispute_fields(gettext),
        colleagues=_colleagues(desk, scope, seen),
        today=seen.today_on,
    )


def _colleagues(desk: Desk, scope: TenantScope, seen: Seen) -> list[Choice]:
    able = seen.mentionable - {scope.identity.user_id}
    return forms.colleagues(desk.vault, scope.tenant_id, seen.names, able)


def _timeline(seen: Seen, gettext: Say) -> str:
    timeline = seen.creditor.timeline_of(seen.debtor.timeline if seen.debtor else None)
    return timeline.name if timeline is not None else gettext("none")


def _why_not(seen: Seen, reader: Reader, gettext: Say) -> str:
    one = seen.answer
    if one is None:
        return ""
    facts = reasons.Facts(seen.row, seen.debtor, one.credit, one.overdue, one.minimum)
    return reasons.why_not(one.code, facts, reader, gettext)


def _next(seen: Seen, gettext: Say) -> str:
    """The name of the letter that comes next; empty where none does."""
    row = seen.row
    if row.kind is None or row.planned_on is None:
        return ""
    return words.letter(row.kind, (row.step or 0) + 1, gettext, charged=row.charged)


def _letter(one: NoticeRow, tenant_id: UUID, gettext: Say) -> Letter:
    copy_of = one.copy_of
    return Letter(
        words.letter(one.kind, one.level, gettext, charged=True),
        f"/notifications/{tenant_id}/documents/{copy_of.sha256}" if copy_of else "",
        one.pages,
        one.issued_on,
        words.channel(one.channel, gettext) if one.channel else "",
        words.delivery(one.state),
    )
