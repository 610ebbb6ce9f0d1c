"""What the interface answers with. Amounts are minor units; codes are stable; names stay on the pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from fastapi.responses import JSONResponse
from pydantic import BaseModel

from services.dunning.acts.previewing import Preview
from services.dunning.desk import Desk
from services.dunning.queries.standing import DebtorRow, Row
from services.dunning.values import Charge
from shared.money import Money
from shared.web.idempotency import RequestKey, once
from shared.web.scope import TenantScope
from shared.work import Work

CREATED = 201


class Amount(BaseModel):
    """Minor units (øre, öre, cents) of a currency (ISO 4217)."""

    minor: int
    currency: str


class InterestSpan(BaseModel):
    """Days at one rate on one base, both ends counted; `rate` is percent a year."""

    from_on: date
    through_on: date
    days: int
    base: Amount
    rate: str
    rule_id: str


class ChargeAnswer(BaseModel):
    """A charge with the rule that allows it; `law_version` names the rows it replays from."""

    kind: str
    amount: Amount
    rule_id: str
    law: str
    law_version: str
    unverified: bool
    spans: list[InterestSpan]


class LetterLine(BaseModel):
    invoice_id: UUID
    number: str
    principal: Amount
    charges: Amount
    added: list[ChargeAnswer]


class LetterAnswer(BaseModel):
    """A letter of today's list. `against` is the rule that keeps it from being written, if one does.

    `letter_id` follows from what stands in it: where that changes, so does the id.
    """

    letter_id: UUID
    debtor_id: UUID
    kind: str
    level: int
    mode: str
    channels: list[str]
    lines: list[LetterLine]
    added: Amount
    total: Amount
    against: str | None


class Next(BaseModel):
    """The next letter, and what decided its day."""

    kind: str
    step: int
    planned_on: date
    because: str | None


class ReceivableAnswer(BaseModel):
    """An invoice as lists have it. `why_not` is the rule that keeps it off today's list."""

    invoice_id: UUID
    debtor_id: UUID
    number: str
    state: str
    due_on: date
    principal: Amount
    charges: Amount
    next: Next | None
    listed_on: date | None
    paused: str | None
    paused_until_on: date | None
    disputed: str | None
    ready_on: date | None
    held: str | None


class DebtorAnswer(BaseModel):
    debtor_id: UUID
    number: str
    kind: str
    country: str | None
    language: str | None
    timeline: str | None
    collective: bool | None
    excluded: str | None
    excluded_until_on: date | None
    frozen: str | None
    channels: list[str]
    faults: list[str]


def amount(money: Money) -> Amount:
    return Amount(minor=money.minor, currency=money.currency)


def charge(one: Charge) -> ChargeAnswer:
    return ChargeAnswer(
        kind=one.kind,
        amount=amount(one.amount),
        rule_id=one.rule_id,
        law=one.law,
        law_version=one.law_version,
        unverified=one.unverified,
        spans=[
            InterestSpan(
                from_on=span.from_on,
                through_on=span.through_on,
                days=span.days,
                base=amount(span.base),
                rate=span.rate,
                rule_id=span.rule_id,
            )
            for span in one.spans
        ],
    )


def letter(one: Preview) -> LetterAnswer:
    return LetterAnswer(
        letter_id=one.notice_id,
        debtor_id=one.letter.debtor_id,
        kind=one.letter.kind.value,
        level=one.letter.level,
        mode=one.mode,
        channels=list(one.letter.channels),
        lines=[
            LetterLine(
                invoice_id=line.invoice_id,
                number=line.number,
                principal=amount(line.principal),
                charges=amount(line.charges),
                added=[charge(added) for added in line.added],
            )
            for line in one.letter.lines
        ],
        added=amount(one.added),
        total=amount(one.letter.total),
        against=one.against,
    )


def receivable(row: Row) -> ReceivableAnswer:
    next_ = None
    if row.kind is not None and row.planned_on is not None:
        next_ = Next(
            kind=row.kind.value, step=row.step or 0, planned_on=row.planned_on, because=row.because
        )
    return ReceivableAnswer(
        invoice_id=row.invoice_id,
        debtor_id=row.debtor_id,
        number=row.number,
        state=row.state.value,
        due_on=row.due_on,
        principal=amount(row.principal),
        charges=amount(row.charges),
        next=next_,
        listed_on=row.listed_on,
        paused=row.paused,
        paused_until_on=row.paused_until_on,
        disputed=row.disputed,
        ready_on=row.ready_on,
        held=row.held,
    )


def debtor(row: DebtorRow) -> DebtorAnswer:
    return DebtorAnswer(
        debtor_id=row.debtor_id,
        number=row.number,
        kind=row.kind,
        country=row.country,
        language=row.language,
        timeline=row.timeline,
        collective=row.collective,
        excluded=row.excluded,
        excluded_until_on=row.excluded_until_on,
        frozen=row.frozen,
        channels=list(row.channels),
        faults=[f"{fault.field}:{fault.code}" for fault in row.faults],
    )


def created(
    desk: Desk, scope: TenantScope, key: RequestKey, command: Callable[[Work], Any]
) -> JSONResponse:
    """Created, or the first answer again."""
    status, content = desk.work(
        scope, lambda work: once(work, key, lambda: (CREATED, command(work)))
    )
    return JSONResponse(content, status)
