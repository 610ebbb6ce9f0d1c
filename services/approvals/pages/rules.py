"""How many must approve: the policy of a client, its versions, and the form that sets it.

With nobody, one or two approvers, every policy is two limits per currency: above which one person
must say yes, and above which two. An empty limit is never reached.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated
from zoneinfo import ZoneInfo

from babel.lists import format_list
from babel.numbers import NumberFormatError, parse_decimal
from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from services.approvals import queries
from services.approvals.acts import answering
from services.approvals.desk import Desk
from services.approvals.model.policy import BEGINNING
from services.approvals.pages.view import Opener
from services.approvals.queries import PolicyVersion
from shared.contracts.values import PolicyTier
from shared.decider import Rejected
from shared.money import Money, MoneyError
from shared.ui import formats
from shared.ui.environment import draw
from shared.ui.language import translator
from shared.ui.parts import Field
from shared.ui.reader import Reader
from shared.web.frame import ADMINISTRATOR, APPROVER, BOOKKEEPER, frame
from shared.web.reading import reader_of
from shared.web.routers import page_router
from shared.web.scope import TenantScope, tenant_scope

AsReader = Annotated[TenantScope, Depends(tenant_scope(APPROVER, BOOKKEEPER, ADMINISTRATOR))]
AsAdministrator = Annotated[TenantScope, Depends(tenant_scope(ADMINISTRATOR))]
_ONE, _TWO = 1, 2


@dataclass(frozen=True, slots=True)
class Limits:
    """Above which amounts of a currency one and two people must say yes; None is never."""

    currency: str
    one: Money | None
    two: Money | None


def limits_of(tiers: Sequence[PolicyTier]) -> list[Limits]:
    currencies = sorted({tier.currency for tier in tiers})
    return [
        Limits(currency, _from(tiers, currency, _ONE), _from(tiers, currency, _TWO))
        for currency in currencies
    ]


def said(limits: Limits, reader: Reader) -> str:
    """The rule of one currency, from the smallest amount up."""
    gettext = translator(reader.language).gettext
    one, two = limits.one, limits.two
    sums = {
        "one": formats.money(one, reader) if one is not None else "",
        "two": formats.money(two, reader) if two is not None else "",
    }
    if one is None:
        text = gettext("nobody has to approve")
    elif two is None:
        text = (
            gettext("one must approve what is above %(one)s")
            if one.minor
            else gettext("one must approve every payment")
        )
    elif one == two:
        text = (
            gettext("two must approve what is above %(two)s")
            if two.minor
            else gettext("two must approve every payment")
        )
    elif one.minor:
        text = gettext("nobody up to %(one)s, one must approve up to %(two)s, two what is above")
    else:
        text = gettext("one must approve up to %(two)s, two what is above")
    return str(text % sums)


def _from(tiers: Sequence[PolicyTier], currency: str, approvers: int) -> Money | None:
    reached = [
        tier.above_minor
        for tier in tiers
        if tier.currency == currency and tier.approvers >= approvers
    ]
    return Money(min(reached), currency) if reached else None


def tiers_of(limits: Sequence[Limits]) -> list[PolicyTier]:
    """The policy that these limits say, with a tier from zero for every currency."""
    tiers = []
    for limit in limits:
        steps = {0: 0}
        if limit.one is not None:
            steps[limit.one.minor] = _ONE
        if limit.two is not None:
            steps = {above: needed for above, needed in steps.items() if above < limit.two.minor}
            steps[limit.two.minor] = _TWO
        tiers += [PolicyTier(limit.currency, above, needed) for above, needed in steps.items()]
    return tiers


def rules_of(desk: Desk) -> APIRouter:
    pages = page_router("/approvals/{tenant_id}")

    @pages.get("/policy")
    def policy(request: Request, scope: AsReader, done: str = "") -> str:
        return _drawn(desk, request, scope, done=done)

    @pages.post("/policy")
    def set_policy(
        request: Request, scope: AsAdministrator, form: Annotated[FormData, Depends(_form)]
    ) -> Response:
        sent = {name: value for name, value in form.items() if isinstance(value, str)}
        reader = reader_of(request)
        try:
            tiers = tiers_of(_read(sent, reader))
            desk.work(scope, lambda work: answering.set_policy(work, scope.identity.user_id, tiers))
        except (NotAnAmount, Rejected) as error:
            field = error.name if isinstance(error, NotAnAmount) else "tiers"
            html = _drawn(desk, request, scope, sent=sent, at_fault=field)
            return HTMLResponse(html, HTTPStatus.UNPROCESSABLE_ENTITY)
        target = f"/approvals/{scope.tenant_id}/policy?done=set"
        return RedirectResponse(target, HTTPStatus.SEE_OTHER)

    return pages


async def _form(request: Request) -> FormData:
    return await request.form()


class NotAnAmount(Exception):
    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def _read(sent: Mapping[str, str], reader: Reader) -> list[Limits]:
    """The limits as they were written, in the reader's way of writing amounts."""
    currencies = sorted({name.partition("-")[2] for name in sent if name.startswith("one-")})
    return [
        Limits(
            currency,
            _amount(sent, f"one-{currency}", currency, reader),
            _amount(sent, f"two-{currency}", currency, reader),
        )
        for currency in currencies
    ]


def _amount(sent: Mapping[str, str], name: str, currency: str, reader: Reader) -> Money | None:
    text = "".join(sent.get(name, "").split())
    if not text:
        return None
    try:
        found = Money.of(parse_decimal(text, reader.locale, strict=True), currency)
    except (NumberFormatError, MoneyError) as error:
        raise NotAnAmount(name) from error
    if found.minor < 0:
        raise NotAnAmount(name)
    return found


def _drawn(
    desk: Desk,
    request: Request,
    scope: TenantScope,
    *,
    done: str = "",
    sent: Mapping[str, str] | None = None,
    at_fault: str = "",
) -> str:
    tenant_id = scope.tenant_id
    with desk.reading(tenant_id) as sql:
        facts = queries.client_facts(sql, tenant_id)
        people = queries.people(sql, tenant_id)
        versions = queries.policy_versions(sql, tenant_id)
    reader = reader_of(request, ZoneInfo(facts.time_zone) if facts else None)
    opener = Opener(desk.links.vault, tenant_id, reader, people)
    words = translator(reader.language)
    latest = versions[0].tiers if versions else BEGINNING
    fields = _fields(latest, reader, sent or {}, at_fault)
    return draw(
        request.app.state.pages,
        "approvals/policy.html",
        reader,
        page=frame(request, scope.identity, words.gettext("Approval rules"), tenant_id=tenant_id),
        may_set=ADMINISTRATOR in scope.roles,
        now=desk.now(),
        versions=[
            (
                version,
                [(one.currency, said(one, reader)) for one in limits_of(version.tiers)],
                _set_by(version, opener),
            )
            for version in versions
        ],
        fields=fields,
        refused=at_fault not in {"", *(limit.name for row in fields for limit in row[1:])},
        approvers=format_list(
            sorted(opener.name(known.user_id) for known in people.values() if known.approves),
            locale=reader.locale,
        ),
        done=done,
    )


def _set_by(version: PolicyVersion, opener: Opener) -> str:
    return opener.name(version.set_by) if version.set_by else ""


def _fields(
    tiers: Sequence[PolicyTier], reader: Reader, sent: Mapping[str, str], at_fault: str
) -> list[tuple[str, Field, Field]]:
    """One row of two limits per currency, with what was sent where something was wrong."""
    gettext = translator(reader.language).gettext
    wrong = gettext("Write an amount of this currency, or nothing.")

    def field(name: str, label: str, limit: Money | None) -> Field:
        value = sent.get(name, formats.amount(limit, reader) if limit is not None else "")
        return Field(name, label, value=value, error=wrong if name == at_fault else "")

    named = {tier.currency for tier in tiers}
    also = [tier for tier in BEGINNING if tier.currency not in named]
    return [
        (
            one.currency,
            field(f"one-{one.currency}", gettext("One must approve above"), one.one),
            field(f"two-{one.currency}", gettext("Two must approve above"), one.two),
        )
        for one in limits_of([*tiers, *also])
    ]
