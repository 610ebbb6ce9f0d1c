"""One payment: where it is, who said yes, what happens next, and what can be done now."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any
from uuid import UUID

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from services.payments import queries
from services.payments.model.blocking import CLEARABLE
from services.payments.model.payment import PAYMENT
from services.payments.opening import Opener
from services.payments.pages import view, words
from services.payments.pages.payables import Reads
from services.payments.pages.words import Say
from services.payments.queries import Payable
from services.payments.values import BEFORE_RELEASE, CANCELLABLE, OVER, PAID, State
from shared.references.instruction import PaymentInstruction, shown
from shared.runtime import Runtime
from shared.ui import formats
from shared.ui.environment import draw
from shared.ui.language import translator
from shared.ui.parts import Act, Fact, Field, with_now
from shared.ui.reader import Reader
from shared.web.frame import ADMINISTRATOR, BOOKKEEPER, frame
from shared.web.problem import not_found
from shared.web.reading import reader_of
from shared.web.scope import TenantScope
from shared.work import Work

_SEE_OTHER = HTTPStatus.SEE_OTHER


def payment_of(runtime: Runtime, opener: Opener) -> APIRouter:
    pages = APIRouter(
        prefix="/payments/{tenant_id}/payables/{payment_id}", default_response_class=HTMLResponse
    )

    @pages.get("")
    def payment(request: Request, scope: Reads, payment_id: UUID, refused: str = "") -> str:
        return _page(runtime, opener, request, scope, payment_id, refused[:80])

    return pages


def _page(
    runtime: Runtime,
    opener: Opener,
    request: Request,
    scope: TenantScope,
    payment_id: UUID,
    refused: str,
) -> str:
    reader = reader_of(request)
    gettext = translator(reader.language).gettext

    def look(work: Work) -> Any:
        found = queries.payable(work.sql, scope.tenant_id, payment_id)
        if found is None:
            raise not_found()
        moments = queries.timeline(work.sql, scope.tenant_id, payment_id)
        people = queries.names(work.sql, scope.tenant_id)
        return found, work.load(PAYMENT, payment_id).state, moments, people

    one, order, moments, people = runtime.work(scope.tenant_id, "service:payments", look)
    vault = opener.vault
    names = view.Names({who: vault.open(scope.tenant_id, name) for who, name in people.items()},
                       gettext)  # fmt: skip
    payee = vault.open(scope.tenant_id, one.party_name)
    account = _account(opener, scope.tenant_id, order)
    may = bool(scope.roles & {BOOKKEEPER, ADMINISTRATOR})
    title = gettext("%(amount)s to %(payee)s") % {
        "amount": formats.money(one.amount, reader), "payee": payee}  # fmt: skip
    content = {
        "page": frame(request, scope.identity, title, tenant_id=scope.tenant_id),
        "home": f"/payments/{scope.tenant_id}/payables",
        "here": f"/payments/{scope.tenant_id}/payables/{payment_id}",
        "one": one,
        "shape": words.shape(one.state, bookkept=one.voucher is not None),
        "refused": refused,
        "reasons": view.why(one, gettext),
        "stations": view.stations(one, moments, names, gettext),
        "acts": _acts(one, reader, gettext, may=may),
        "facts": _payee_facts(one, payee, account, reader, gettext),
        "warnings": [words.warning(code, gettext) for code in one.warnings],
        "history": with_now(
            view.history(moments, names, gettext), runtime.clock.now(), gettext("Now")
        ),
        "clearable": [
            (msgspec.json.encode(fault).decode(), words.reason(fault, gettext))
            for fault in one.reasons
            if fault.code in CLEARABLE and one.state is State.BLOCKED
        ],
        "date_field": Field("pay_on", gettext("Pay on"), "date", one.pay_on.isoformat()),
        "amount_field": Field("amount", gettext("Amount"), "text", str(one.amount.decimal)),
        "copy_href": f"/sync/{scope.tenant_id}/copies/{order.invoice.copy_of.sha256}"
        if order.invoice.copy_of
        else "",
        "trail": _trail(one, gettext),
        "may_change": may and one.state in BEFORE_RELEASE,
    }
    return draw(request.app.state.pages, "payments/payment.html", reader, **content)


def _account(opener: Opener, tenant_id: UUID, order: Any) -> str:
    sealed = order.invoice.account
    if sealed is None:
        return ""
    plain = opener.vault.open(tenant_id, sealed.sealed)
    try:
        return shown(msgspec.json.decode(plain, type=PaymentInstruction))
    except msgspec.MsgspecError:
        return plain  # its subject has been forgotten


def _payee_facts(
    one: Payable, payee: str, account: str, reader: Reader, gettext: Say
) -> Sequence[Fact]:
    return [
        Fact(gettext("Name"), payee),
        Fact(gettext("Pays to"), account or gettext("no account")),
        Fact(gettext("Invoice"), one.number),
        Fact(gettext("Due"), formats.day(one.due_on, reader)),
        Fact(gettext("Pays on"), formats.day(one.execute_on or one.pay_on, reader)),
        Fact(gettext("Approve by"), formats.instant(one.latest_approval_at, reader)),
        Fact(gettext("Invoice total"), formats.money(one.gross, reader)),
        Fact(gettext("Remaining"), formats.money(one.remaining, reader)),
    ]


def _trail(one: Payable, gettext: Say) -> Sequence[Fact]:
    rows = [
        (gettext("Batch"), one.batch_id),
        (gettext("Voucher"), one.voucher),
        (gettext("Order id"), one.payment_id),
        (gettext("Revision"), one.revision),
    ]
    return [Fact(term, str(value)) for term, value in rows if value is not None]


def _acts(one: Payable, reader: Reader, gettext: Say, *, may: bool) -> Sequence[Act]:
    """Everything a person may want to do here: possible, or not with the reason."""
    if not may:
        return []
    state = one.state
    gone = gettext("Not possible: it has left for the bank.")
    cut_off = formats.instant(one.latest_approval_at, reader)
    acts = [
        Act(gettext("Send to approval"), gettext("The approvers get a mail."), form="send",
            tone="first")
        if state is State.DRAFT
        else Act(gettext("Send to approval"), _not_sendable(one, gettext), possible=False),
        Act(gettext("Change date or amount"),
            gettext("Every yes is void then. For the planned day it must be approved by %(at)s.")
            % {"at": cut_off}, href="#change")
        if state in BEFORE_RELEASE
        else Act(gettext("Change date or amount"), gone, possible=False),
        Act(gettext("Withdraw"), gettext("It is not paid; the invoice stays open in the ledger."),
            form="withdraw", tone="danger")
        if state in BEFORE_RELEASE
        else Act(gettext("Withdraw"), gone, possible=False),
    ]  # fmt: skip
    if state is State.HELD:
        acts.append(Act(gettext("Let it go on"), gettext("On the first day that the bank can."),
                        form="go-on"))  # fmt: skip
    if state in CANCELLABLE:
        acts.append(Act(gettext("Ask the bank to stop it"),
                        gettext("A request: the bank may already have paid."), form="stop"))  # fmt: skip
    if state is State.OUTCOME_UNKNOWN:
        acts += [
            Act(gettext("The bank says: received"),
                gettext("After a call to the bank. Counts when a second person says the same."),
                form="word-yes"),
            Act(gettext("The bank says: never came"),
                gettext("After a call to the bank. Counts when a second person says the same."),
                form="word-no"),
            Act(gettext("Send again"),
                gettext("Not possible: it may already be paid. Opens when the bank’s word is "  # noqa: RUF001
                        "proved."), possible=False),
        ]  # fmt: skip
    if state in OVER | PAID and one.remaining.minor > 0:
        acts.append(Act(gettext("Pay what remains"), gettext("A new order for the same invoice."),
                        form="again"))  # fmt: skip
    return acts


def _not_sendable(one: Payable, gettext: Say) -> str:
    if one.state in {State.BLOCKED, State.HELD}:
        return gettext("Not possible before the reasons are gone.")
    if one.state in {State.AWAITING_APPROVAL, State.APPROVED, State.SCHEDULED}:
        return gettext("It is with the approvers, or they have said yes.")
    return gettext("Not possible: it has left for the bank.")
