"""One payment: where it is, who said yes, what happens next, and what can be done now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

import msgspec
from fastapi import APIRouter, Query, Request
from markupsafe import Markup

from services.payments import queries
from services.payments.acts import by_hand, intake
from services.payments.desk import PREPARERS, Desk, Sees, existing
from services.payments.gateways.opening import Opener
from services.payments.model import planning, timing
from services.payments.model.blocking import CLEARABLE, MAY_CLEAR
from services.payments.model.order import Payment
from services.payments.model.payer import Payer
from services.payments.model.payment import PAYMENT
from services.payments.model.release import MAY_SPEAK_FOR_THE_BANK
from services.payments.pages import reasons, refusals, words
from services.payments.pages.history import History, Narrator
from services.payments.pages.possible import VOIDED_BY_A_CHANGE, Clearing, Standing, acts
from services.payments.pages.view import Lines
from services.payments.pages.words import Say
from services.payments.queries import Payable
from services.payments.values import BEFORE_RELEASE, CANCELLABLE, State
from shared.contracts.values import SealedAccount
from shared.money import Money
from shared.references.instruction import PaymentInstruction, shown
from shared.sealed import Erased, Sealed
from shared.ui import formats
from shared.ui.environment import draw
from shared.ui.language import translator
from shared.ui.parts import Fact, Field, with_now
from shared.ui.reader import Reader
from shared.web.frame import frame
from shared.web.reading import reader_of
from shared.web.routers import page_router
from shared.web.scope import TenantScope
from shared.work import Work


@dataclass(frozen=True, slots=True)
class _Seen:
    """All that one look finds of a payment."""

    one: Payable
    order: Payment
    history: History
    people: dict[UUID, Sealed]
    payer: Payer
    earliest_on: date
    sent: list[Payable]
    """What left in one message with it, itself included."""
    left: Money | None
    last: tuple[UUID, date, Money] | None
    last_account: SealedAccount | None
    numbers: reasons.Numbers

    @property
    def stoppable(self) -> int:
        return sum(other.state in CANCELLABLE for other in self.sent)

    @property
    def unanswered(self) -> list[Payable]:
        """The whole message, where the bank has not answered for any of it."""
        unknown = all(other.state is State.OUTCOME_UNKNOWN for other in self.sent)
        return self.sent if unknown and len(self.sent) > 1 else []


def payment_of(desk: Desk) -> APIRouter:
    pages = page_router("/payments/{tenant_id}/payables/{payment_id}")

    @pages.get("")
    def payment(
        request: Request,
        scope: Sees,
        payment_id: UUID,
        refused: Annotated[str, Query(max_length=80)] = "",
    ) -> str:
        seen = desk.work(scope, lambda work: _look(work, payment_id))
        return _drawn(desk, request, scope, seen, refused)

    return pages


def _look(work: Work, payment_id: UUID) -> _Seen:
    one = existing(work, payment_id)
    order, payer = work.load(PAYMENT, payment_id).state, intake.payer_of(work)
    invoice = order.invoice
    route = planning.route_of(payer, invoice.account, invoice.gross.currency, work.now)
    sent = queries.in_batch(work.sql, work.tenant_id, one.batch_id) if one.batch_id else []
    last = queries.last_paid(work.sql, work.tenant_id, one.party_id, payment_id)
    history = work.history(payment_id)
    told = [fault for recorded in history for fault in getattr(recorded.event, "reasons", ())]
    named = reasons.orders_named([*one.reasons, *told])
    numbers = queries.numbers(work.sql, work.tenant_id, named)
    return _Seen(
        one,
        order,
        history,
        queries.names(work.sql, work.tenant_id),
        payer,
        timing.earliest_execution_on(route, work.now),
        sent,
        by_hand.left_to_pay(work, one.invoice_id),
        last,
        work.load(PAYMENT, last[0]).state.invoice.account if last else None,
        {str(payment): number for payment, number in numbers.items()},
    )


def _drawn(desk: Desk, request: Request, scope: TenantScope, seen: _Seen, refused: str) -> str:
    one, order, tenant_id = seen.one, seen.order, scope.tenant_id
    reader = reader_of(request, seen.payer.zone)
    gettext = translator(reader.language).gettext
    vault, now = desk.opener.vault, desk.now()
    narrator = Narrator(vault, tenant_id, seen.people, reader, gettext, seen.numbers, now)
    lines = Lines(vault, tenant_id, reader, now, gettext, seen.numbers, seen.people)
    payee = vault.open(tenant_id, one.party_name)
    title = gettext("%(amount)s to %(payee)s") % {
        "amount": formats.money(one.amount, reader), "payee": payee}  # fmt: skip
    home = f"/payments/{tenant_id}/payables"
    clearable = _clearable(order, scope, home, seen.numbers, gettext)
    prepares, is_open = bool(scope.roles & PREPARERS), one.state in BEFORE_RELEASE
    copy_of = order.invoice.copy_of
    return draw(
        request.app.state.pages,
        "payments/payment.html",
        reader,
        page=frame(request, scope.identity, title, tenant_id=tenant_id),
        home=home,
        here=f"{home}/{one.payment_id}",
        one=one,
        shape=words.shape_of(one),
        figures=words.figures(one),
        refused=refusals.refusal(refused, gettext) if refused else "",
        reasons=lines.why(one),
        pays_on=lines.pays_on(one),
        together=[(f"{home}/{other.payment_id}", vault.open(tenant_id, other.party_name), other.amount)
                  for other in seen.unanswered],
        stations=narrator.stations(one, order, seen.history),
        acts=acts(
            Standing(
                one.state,
                formats.instant(one.latest_approval_at, reader),
                seen.stoppable,
                formats.money(seen.left, reader) if seen.left else "",
            ),
            gettext,
            clearings=clearable,
            prepares=prepares,
            answers=bool(scope.roles & MAY_SPEAK_FOR_THE_BANK),
        ),
        stoppable=seen.stoppable,
        clearable=clearable,
        is_own=scope.identity.user_id in {order.prepared_by, order.asked_by},
        may_go_on=one.state is State.HELD and bool(scope.roles & MAY_CLEAR),
        may_speak=one.state is State.OUTCOME_UNKNOWN and bool(scope.roles & MAY_SPEAK_FOR_THE_BANK),
        bank_words=[(narrator.person(who), received) for who, received in order.bank_words],
        may_change=prepares and is_open,
        voids=one.state in VOIDED_BY_A_CHANGE,
        date_field=_date_field(one, seen.earliest_on, reader, gettext),
        amount_field=_amount_field(one, reader, gettext),
        facts=_facts(seen, payee, home, lambda account: _shown(desk.opener, tenant_id, account),
                     reader, gettext),
        warnings=[reasons.warning(code, gettext) for code in one.warnings] if is_open else [],
        history=with_now([*narrator.planned(one), *narrator.told(seen.history)], now,
                         gettext("Now")),
        copy_href=f"/sync/{tenant_id}/copies/{copy_of.sha256}" if copy_of else "",
        trail=_trail(one, seen.history, gettext),
    )  # fmt: skip


def _clearable(
    order: Payment, scope: TenantScope, home: str, numbers: reasons.Numbers, gettext: Say
) -> list[Clearing]:
    """The matters that this person may be asked to take the responsibility for."""
    if order.state is not State.BLOCKED or not scope.roles & MAY_CLEAR:
        return []
    own = scope.identity.user_id in {order.prepared_by, order.asked_by}
    groups = [group for group in reasons.together(order.reasons) if group[0].code in CLEARABLE]
    return [
        Clearing(
            f"clear-{number}",
            *reasons.answer(group[0].code, gettext),
            reasons.sentence(group, gettext, numbers),
            [msgspec.json.encode(fault).decode() for fault in group],
            is_own=own,
            other=next(
                (
                    (f"{home}/{fault.expected}", number_of)
                    for fault in group
                    if (number_of := numbers.get(fault.expected or ""))
                ),
                None,
            ),
        )
        for number, group in enumerate(groups, start=1)
    ]


def _date_field(one: Payable, earliest_on: date, reader: Reader, gettext: Say) -> Field:
    hint = gettext("%(day)s at the earliest.") % {"day": formats.day(earliest_on, reader)}
    return Field("pay_on", gettext("Pay on"), "date", one.pay_on.isoformat(), hint)


def _amount_field(one: Payable, reader: Reader, gettext: Say) -> Field:
    hint = gettext("At most %(sum)s.") % {"sum": formats.money(one.remaining, reader)}
    return Field("amount", gettext("Amount"), "text", formats.amount(one.amount, reader), hint)


def _shown(opener: Opener, tenant_id: UUID, account: SealedAccount | None) -> str:
    if account is None:
        return ""
    plain = opener.vault.open(tenant_id, account.sealed)
    if isinstance(plain, Erased):
        return plain
    return shown(msgspec.json.decode(plain, type=PaymentInstruction))


def _facts(
    seen: _Seen,
    payee: str,
    home: str,
    shown_as: Callable[[SealedAccount | None], str],
    reader: Reader,
    gettext: Say,
) -> Sequence[Fact]:
    one, account = seen.one, shown_as(seen.order.invoice.account)
    facts = [
        Fact(gettext("Name"), payee),
        Fact(gettext("Pays to"), account or gettext("no account")),
        *_last_time(seen, home, shown_as, reader, gettext),
        Fact(gettext("Invoice"), one.number),
        Fact(gettext("Invoice total"), formats.money(one.gross, reader)),
        Fact(gettext("Remains in the ledger"), formats.money(one.remaining, reader)),
    ]
    if one.state in BEFORE_RELEASE:
        latest = formats.instant(one.latest_approval_at, reader)
        facts.append(Fact(gettext("Approve by"), latest))
    return facts


def _last_time(
    seen: _Seen,
    home: str,
    shown_as: Callable[[SealedAccount | None], str],
    reader: Reader,
    gettext: Say,
) -> list[Fact]:
    """What the account is compared with: where this payee's money went the last time."""
    if seen.last is None:
        return []
    payment_id, day, amount = seen.last
    now, then = seen.order.invoice.account, seen.last_account
    same = now is not None and then is not None and now.fingerprint == then.fingerprint
    where = gettext("the same account") if same else shown_as(then) or gettext("no account")
    link = Markup('<a href="{}">{}, {}</a>: {}').format(
        f"{home}/{payment_id}", formats.day(day, reader), formats.money(amount, reader), where
    )
    return [Fact(gettext("Last paid"), link)]


def _trail(one: Payable, history: History, gettext: Say) -> Sequence[Fact]:
    """What this is called elsewhere; the trace is that of what happened last."""
    parents = [recorded.meta.traceparent for recorded in history if recorded.meta.traceparent]
    # 00-<trace>-<span>-<flags>, W3C Trace Context.
    trace = parents[-1].split("-")[1] if parents else None
    rows: list[tuple[str, Any]] = [
        (gettext("Batch"), one.batch_id),
        (gettext("Voucher"), one.voucher),
        (gettext("Order id"), one.payment_id),
        (gettext("Revision"), one.revision),
        (gettext("Trace"), trace),
    ]
    return [Fact(term, str(value)) for term, value in rows if value is not None]
