"""One invoice by programs: explained to the last øre, paused, disputed, given up, written about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from services.dunning.acts import by_hand, explaining
from services.dunning.acts.gathering import terms_of
from services.dunning.api import answers
from services.dunning.api.answers import CREATED, Amount, ChargeAnswer, ReceivableAnswer
from services.dunning.desk import Desk, Follows, Sees, existing
from services.dunning.model import pricing
from services.dunning.model.following import RECEIVABLE
from services.dunning.model.receivable import Charged, State
from services.dunning.queries import standing as queries
from services.dunning.queries.standing import Row
from shared.eventstore.events import stored_name
from shared.web.idempotency import OnceKey, RequestKey
from shared.web.routers import api_router
from shared.web.scope import TenantScope
from shared.work import Work

PREFIX = "/tenants/{tenant_id}/receivables/{invoice_id}"
Words = Annotated[str, Field(max_length=by_hand.LONGEST)]


class MovementAnswer(BaseModel):
    entry_id: UUID
    kind: str
    amount: Amount
    value_on: date
    correction: bool


class ChargeState(BaseModel):
    """A charge as it stands: `open` is what is open of it in the books."""

    charge_id: UUID
    charge: ChargeAnswer
    charged_on: date
    notice_id: UUID | None
    reversed: Amount
    paid: Amount
    written_off: Amount
    waived: bool
    open: Amount


class LetterState(BaseModel):
    """`document` is the SHA-256 of the letter exactly as it was sent."""

    notice_id: UUID
    kind: str
    level: int
    state: str
    issued_on: date
    pay_by_on: date | None
    channel: str | None
    document: str | None


class Happening(BaseModel):
    """One event: when, by whom (`user:<id>` or `service:<name>`), and its stored name."""

    at: datetime
    actor: str
    event: str


class Explained(BaseModel):
    """What is owed and why: principal by movement, charges by rule. `accrued` is on no letter yet.

    `why_not` is the rule that keeps it off today's list.
    """

    receivable: ReceivableAnswer
    gross: Amount
    movements: list[MovementAnswer]
    charges: list[ChargeState]
    total: Amount
    accrued: Amount
    why_not: str | None
    letters: list[LetterState]
    history: list[Happening]


class Pausing(BaseModel):
    """`code` is one of promised, agreed, checking, other; `until_on` counts as paused."""

    code: str = Field(max_length=40)
    until_on: date | None = None


class Disputing(BaseModel):
    """`code` is one of not_delivered, faulty, wrong_amount, already_paid, other."""

    code: str = Field(max_length=40)
    text: Words = ""


class Settling(BaseModel):
    """`upheld` says that the debtor was right."""

    upheld: bool


class Saying(BaseModel):
    """`left`: the letter of which nobody knows arrived, or it never did and its step is written of anew."""

    left: bool


class GivingUp(BaseModel):
    """Only `claim_waived` lets the debtor off; without it the charges leave the books alone."""

    text: Words
    claim_waived: bool = False


class Commenting(BaseModel):
    text: Words
    mentions: list[UUID] = Field(default=[], max_length=50)


def receivables_api(desk: Desk) -> APIRouter:
    api = api_router("dunning", PREFIX)

    @api.get("")
    def receivable(scope: Sees, invoice_id: UUID) -> Explained:
        return desk.work(scope, lambda work: explained(work, invoice_id))

    _waiting(api, desk)
    _charging(api, desk)
    return api


Act = Callable[[Work, UUID, Row], Any]


def _answering(desk: Desk) -> Callable[[TenantScope, RequestKey, UUID, Act], JSONResponse]:
    def answer(scope: TenantScope, key: RequestKey, invoice_id: UUID, act: Act) -> JSONResponse:
        """The invoice as it is then, or the first answer again."""

        def command(work: Work) -> Any:
            act(work, scope.identity.user_id, existing(work, invoice_id))
            return answers.receivable(existing(work, invoice_id)).model_dump(mode="json")

        return answers.created(desk, scope, key, command)

    return answer


def _waiting(api: APIRouter, desk: Desk) -> None:
    """What makes letters wait, and go on."""
    answer = _answering(desk)

    @api.post("/pauses", status_code=CREATED, response_model=ReceivableAnswer)
    def pause(scope: Follows, key: OnceKey, invoice_id: UUID, wanted: Pausing) -> JSONResponse:
        return answer(
            scope,
            key,
            invoice_id,
            lambda work, person, one: by_hand.pause(
                work, person, one, wanted.code, wanted.until_on
            ),
        )

    @api.post("/resumptions", status_code=CREATED, response_model=ReceivableAnswer)
    def resume(scope: Follows, key: OnceKey, invoice_id: UUID) -> JSONResponse:
        return answer(scope, key, invoice_id, by_hand.resume)

    @api.post("/letter-outcomes", status_code=CREATED, response_model=ReceivableAnswer)
    def say(scope: Follows, key: OnceKey, invoice_id: UUID, wanted: Saying) -> JSONResponse:
        return answer(
            scope,
            key,
            invoice_id,
            lambda work, _, one: by_hand.say_what_became(work, one, left=wanted.left),
        )

    @api.post("/disputes", status_code=CREATED, response_model=ReceivableAnswer)
    def dispute(scope: Follows, key: OnceKey, invoice_id: UUID, wanted: Disputing) -> JSONResponse:
        return answer(
            scope,
            key,
            invoice_id,
            lambda work, person, one: by_hand.dispute(
                work, desk.vault, person, one, wanted.code, wanted.text
            ),
        )

    @api.post("/dispute-settlements", status_code=CREATED, response_model=ReceivableAnswer)
    def settle(scope: Follows, key: OnceKey, invoice_id: UUID, wanted: Settling) -> JSONResponse:
        return answer(
            scope,
            key,
            invoice_id,
            lambda work, person, one: by_hand.settle_dispute(
                work, person, one, upheld=wanted.upheld
            ),
        )

    @api.post("/inclusions", status_code=CREATED, response_model=ReceivableAnswer)
    def include(scope: Follows, key: OnceKey, invoice_id: UUID) -> JSONResponse:
        """Follow up what was booked before the ledger was connected."""
        return answer(scope, key, invoice_id, by_hand.include_history)


def _charging(api: APIRouter, desk: Desk) -> None:
    """What is given up, and what is written about it."""
    answer = _answering(desk)

    @api.post("/write-offs", status_code=CREATED, response_model=ReceivableAnswer)
    def give_up(scope: Follows, key: OnceKey, invoice_id: UUID, wanted: GivingUp) -> JSONResponse:
        """Give up in the books all that is open of the charges."""
        return answer(
            scope,
            key,
            invoice_id,
            lambda work, person, one: by_hand.write_off(
                work, desk.vault, person, one, wanted.text, claim_waived=wanted.claim_waived
            ),
        )

    @api.post("/comments", status_code=CREATED, response_model=ReceivableAnswer)
    def comment(scope: Follows, key: OnceKey, invoice_id: UUID, wanted: Commenting) -> JSONResponse:
        """Among colleagues; those mentioned are told that it is there."""
        return answer(
            scope,
            key,
            invoice_id,
            lambda work, person, one: by_hand.comment(
                work, desk.vault, person, one, wanted.text, wanted.mentions
            ),
        )


def explained(work: Work, invoice_id: UUID) -> Explained:
    row = existing(work, invoice_id)
    one = work.load(RECEIVABLE, invoice_id).state
    terms = terms_of(work, row.debtor_id)
    waits = row.state in {State.OPEN, State.AT_AGENCY} and row.listed_on is None
    why = explaining.why_not(work, [invoice_id]) if waits else []
    letters = queries.notices_of(work.sql, work.tenant_id, row.debtor_id)
    return Explained(
        receivable=answers.receivable(row),
        gross=answers.amount(one.invoice.gross),
        movements=[
            MovementAnswer(
                entry_id=moved.entry_id,
                kind=moved.kind,
                amount=answers.amount(moved.amount),
                value_on=moved.value_on,
                correction=moved.correction,
            )
            for moved in one.movements
        ],
        charges=[_charge(charged) for charged in one.charges.values()],
        total=answers.amount(one.principal + one.open_charges),
        accrued=answers.amount(pricing.accrued(one, terms, terms.today_on)),
        why_not=why[0].code if why else None,
        letters=[
            LetterState(
                notice_id=letter.notice_id,
                kind=letter.kind.value,
                level=letter.level,
                state=letter.state.value,
                issued_on=letter.issued_on,
                pay_by_on=letter.pay_by_on,
                channel=letter.channel,
                document=letter.copy_of.sha256 if letter.copy_of else None,
            )
            for letter in letters
            if invoice_id in letter.invoices
        ],
        history=[
            Happening(
                at=recorded.meta.recorded_at,
                actor=recorded.meta.actor,
                event=stored_name(recorded.event),
            )
            for recorded in work.history(invoice_id)
        ],
    )


def _charge(one: Charged) -> ChargeState:
    return ChargeState(
        charge_id=one.charge.charge_id,
        charge=answers.charge(one.charge),
        charged_on=one.charged_on,
        notice_id=one.notice_id,
        reversed=answers.amount(one.reversed),
        paid=answers.amount(one.paid),
        written_off=answers.amount(one.written_off),
        waived=one.waived,
        open=answers.amount(one.open),
    )
