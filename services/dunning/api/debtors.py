"""Debtors by programs: who owes, and how each is treated."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from services.dunning.acts import by_hand
from services.dunning.acts.gathering import creditor_of
from services.dunning.api import answers
from services.dunning.api.answers import Amount, DebtorAnswer, ReceivableAnswer
from services.dunning.desk import Desk, Follows, Sees
from services.dunning.queries import debtors as queries
from services.dunning.queries import standing
from services.dunning.queries.standing import DebtorRow
from shared.clock import day_of
from shared.money import Money
from shared.web.problem import not_found
from shared.web.routers import api_router
from shared.web.scope import TenantScope
from shared.work import Work

_PAGE: Final = 200
_DONE: Final = 204


class Balance(BaseModel):
    """What is open in one currency, charges counted in and credits not."""

    balance: Amount
    overdue: Amount
    invoices: int
    oldest_on: date | None


class Owing(BaseModel):
    debtor: DebtorAnswer
    balances: list[Balance]


class Debtor(Owing):
    receivables: list[ReceivableAnswer]
    unmatched: list[Amount]


class Timeline(BaseModel):
    """None is the main timeline."""

    timeline: str | None = Field(max_length=80)


class Grouping(BaseModel):
    """Whether all invoices of a kind stand in one letter."""

    collective: bool


class Exclusion(BaseModel):
    """`code` is one of agreed, by_hand, important, other."""

    code: str = Field(max_length=40)
    until_on: date | None = None


class Freezing(BaseModel):
    code: Literal["insolvent", "deceased"]
    frozen_on: date


def debtors_api(desk: Desk) -> APIRouter:
    api = api_router("dunning", "/tenants/{tenant_id}/debtors")

    @api.get("")
    def debtors(
        scope: Sees,
        only: Literal["", "overdue", "address"] = "",
        offset: Annotated[int, Query(ge=0, le=10**7)] = 0,
        limit: Annotated[int, Query(ge=1, le=_PAGE)] = 50,
    ) -> list[Owing]:
        """Who owes anything, the most overdue first."""

        def look(work: Work) -> list[Owing]:
            today = day_of(work.now, creditor_of(work).zone)
            found = queries.page(
                work.sql, work.tenant_id, today, offset=offset, limit=limit, only=only
            )
            rows = standing.debtors(work.sql, work.tenant_id, found)
            sums = queries.balances(work.sql, work.tenant_id, found, today)
            return [
                Owing(debtor=answers.debtor(rows[one]), balances=_balances(sums.get(one, [])))
                for one in found
                if one in rows
            ]

        return desk.work(scope, look)

    @api.get("/{debtor_id}")
    def debtor(scope: Sees, debtor_id: UUID) -> Debtor:
        return desk.work(scope, lambda work: _debtor(work, debtor_id))

    _settings(api, desk)
    return api


def _settings(api: APIRouter, desk: Desk) -> None:
    """How a debtor is treated: each is put as it is to be, so that a repeat changes nothing."""

    def settle(scope: TenantScope, debtor_id: UUID, act: Callable[[Work, UUID], None]) -> None:
        def do(work: Work) -> None:
            _known(work, debtor_id)
            act(work, scope.identity.user_id)

        desk.work(scope, do)

    @api.put("/{debtor_id}/timeline", status_code=_DONE)
    def timeline(scope: Follows, debtor_id: UUID, wanted: Timeline) -> None:
        name = wanted.timeline
        settle(scope, debtor_id, lambda w, who: by_hand.assign_timeline(w, who, debtor_id, name))

    @api.put("/{debtor_id}/grouping", status_code=_DONE)
    def grouping(scope: Follows, debtor_id: UUID, wanted: Grouping) -> None:
        together = wanted.collective
        settle(
            scope, debtor_id, lambda w, who: by_hand.group(w, who, debtor_id, collective=together)
        )

    @api.put("/{debtor_id}/exclusion", status_code=_DONE)
    def exclude(scope: Follows, debtor_id: UUID, wanted: Exclusion) -> None:
        code, until = wanted.code, wanted.until_on
        settle(scope, debtor_id, lambda w, who: by_hand.exclude(w, who, debtor_id, code, until))

    @api.delete("/{debtor_id}/exclusion", status_code=_DONE)
    def include(scope: Follows, debtor_id: UUID) -> None:
        settle(scope, debtor_id, lambda w, who: by_hand.include(w, who, debtor_id))

    @api.put("/{debtor_id}/freezing", status_code=_DONE)
    def freeze(scope: Follows, debtor_id: UUID, wanted: Freezing) -> None:
        code, on = wanted.code, wanted.frozen_on
        settle(scope, debtor_id, lambda w, who: by_hand.freeze(w, who, debtor_id, code, on))

    @api.delete("/{debtor_id}/freezing", status_code=_DONE)
    def unfreeze(scope: Follows, debtor_id: UUID) -> None:
        settle(scope, debtor_id, lambda w, who: by_hand.unfreeze(w, who, debtor_id))


def _known(work: Work, debtor_id: UUID) -> DebtorRow:
    found = standing.debtors(work.sql, work.tenant_id, [debtor_id]).get(debtor_id)
    if found is None:
        raise not_found()
    return found


def _debtor(work: Work, debtor_id: UUID) -> Debtor:
    row = _known(work, debtor_id)
    today = day_of(work.now, creditor_of(work).zone)
    sums = queries.balances(work.sql, work.tenant_id, [debtor_id], today)
    return Debtor(
        debtor=answers.debtor(row),
        balances=_balances(sums.get(debtor_id, [])),
        receivables=[
            answers.receivable(one)
            for one in standing.of_debtor(work.sql, work.tenant_id, debtor_id)
        ],
        unmatched=[
            answers.amount(one.remaining)
            for one in standing.credits_of(work.sql, work.tenant_id, debtor_id)
        ],
    )


def _balances(found: list[queries.Balance]) -> list[Balance]:
    return [
        Balance(
            balance=answers.amount(Money(one.balance, one.currency)),
            overdue=answers.amount(Money(one.overdue, one.currency)),
            invoices=one.invoices,
            oldest_on=one.oldest_on,
        )
        for one in found
    ]
