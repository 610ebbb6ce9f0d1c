"""Own events as the rows that guards and lists rest on."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from services.dunning.events import daily as y
from services.dunning.events import debtor as d
from services.dunning.events import notice as n
from services.dunning.events import receivable as e
from services.dunning.model.notice import State as NoticeState
from services.dunning.model.receivable import UPHELD, State
from services.dunning.tables import standing as tables
from services.dunning.values import Claimed, Invoice
from shared.eventstore.events import Recorded
from shared.projecting import rows
from shared.projecting.projection import Projection
from shared.sealed import Sealed

receivables = Projection("receivables", tables.receivable, tables.charge)
debtors = Projection("debtors", tables.debtor, tables.credit)
notices = Projection("notices", tables.notice)
mirrors = Projection("mirrors", tables.mirror)


def _update(recorded: Recorded[Any], sql: sa.Connection, **values: Any) -> None:
    rows.change(tables.receivable, recorded, sql, {"invoice_id": recorded.aggregate_id}, **values)


def _invoice(invoice: Invoice) -> dict[str, Any]:
    return {
        "debtor_id": invoice.debtor_id,
        "number": invoice.number,
        "issued_on": invoice.issued_on,
        "due_on": invoice.due_on,
        "currency": invoice.gross.currency,
        "gross_minor": invoice.gross.minor,
    }


@receivables.on(e.ReceivableOpened)
def receivable_opened(recorded: Recorded[e.ReceivableOpened], sql: sa.Connection) -> None:
    event = recorded.event
    state = State.OPEN if event.remaining.minor > 0 else State.SETTLED
    rows.add(
        tables.receivable,
        recorded,
        sql,
        invoice_id=recorded.aggregate_id,
        principal_minor=event.remaining.minor,
        charges_minor=0,
        state=state.value,
        followed=not (event.invoice.historical or event.invoice.dunned_elsewhere),
        **_invoice(event.invoice),
    )


@receivables.on(e.ReceivableRestated)
def receivable_restated(recorded: Recorded[e.ReceivableRestated], sql: sa.Connection) -> None:
    _update(recorded, sql, **_invoice(recorded.event.invoice))


@receivables.on(e.HistoryIncluded)
def history_included(recorded: Recorded[e.HistoryIncluded], sql: sa.Connection) -> None:
    _update(recorded, sql, followed=True)


@receivables.on(e.PrincipalMoved)
def principal_moved(recorded: Recorded[e.PrincipalMoved], sql: sa.Connection) -> None:
    _update(recorded, sql, principal_minor=recorded.event.remaining.minor)


_OFF = {"listed_on": None, "skipped": None}
_NOT_READY = {"ready_on": None, "held": None}


@receivables.on(e.ReceivableSettled)
def receivable_settled(recorded: Recorded[e.ReceivableSettled], sql: sa.Connection) -> None:
    settled_on = recorded.event.settled_on
    _update(recorded, sql, state=State.SETTLED.value, settled_on=settled_on, **_OFF, **_NOT_READY)


@receivables.on(e.ReceivableReopened)
def receivable_reopened(recorded: Recorded[e.ReceivableReopened], sql: sa.Connection) -> None:
    _update(recorded, sql, state=State.OPEN.value, settled_on=None)


@receivables.on(e.ReceivableWithdrawn)
def receivable_withdrawn(recorded: Recorded[e.ReceivableWithdrawn], sql: sa.Connection) -> None:
    _update(recorded, sql, state=State.WITHDRAWN.value, **_OFF, **_NOT_READY)


@receivables.on(e.StepPlanned)
def step_planned(recorded: Recorded[e.StepPlanned], sql: sa.Connection) -> None:
    plan = recorded.event.plan
    _update(
        recorded,
        sql,
        step=plan and plan.step,
        kind=plan and plan.kind.value,
        charged=plan and plan.charged,
        planned_on=plan and plan.planned_on,
        because=plan and plan.because,
        **_OFF,
    )


@receivables.on(e.StepListed)
def step_listed(recorded: Recorded[e.StepListed], sql: sa.Connection) -> None:
    _update(recorded, sql, listed_on=recorded.event.listed_on, skipped=None)


@receivables.on(e.StepSkipped)
def step_skipped(recorded: Recorded[e.StepSkipped], sql: sa.Connection) -> None:
    _update(recorded, sql, listed_on=None, skipped=recorded.event.code)


@receivables.on(e.LetterIssued)
def letter_issued(recorded: Recorded[e.LetterIssued], sql: sa.Connection) -> None:
    _update(recorded, sql, notice_id=recorded.event.notice_id, listed_on=None)


@receivables.on(e.LetterCounted)
def letter_counted(recorded: Recorded[e.LetterCounted], sql: sa.Connection) -> None:
    event = recorded.event
    last = (
        {}
        if event.step is None
        else {
            "last_kind": event.kind.value,
            "last_sent_on": event.sent_on,
            "deadline_on": event.deadline_on,
        }
    )
    _update(recorded, sql, notice_id=None, **last)


@receivables.on(e.LetterFell)
def letter_fell(recorded: Recorded[e.LetterFell], sql: sa.Connection) -> None:
    under_way = tables.receivable.c.notice_id
    fell = under_way == recorded.event.notice_id
    _update(recorded, sql, notice_id=sa.case((fell, sa.null()), else_=under_way))


def _charge(recorded: Recorded[Any], sql: sa.Connection, claimed: Claimed, column: str) -> None:
    rows.change(
        tables.charge,
        recorded,
        sql,
        {"invoice_id": recorded.aggregate_id, "charge_id": claimed.charge_id},
        **{column: tables.charge.c[column] + claimed.amount.minor},
    )


def _sum_up(recorded: Recorded[Any], sql: sa.Connection) -> None:
    charge = tables.charge.c
    open_ = charge.amount_minor - charge.paid_minor - charge.written_off_minor
    total = (
        sa.select(sa.func.coalesce(sa.func.sum(open_ - charge.reversed_minor), 0))
        .where(charge.tenant_id == recorded.tenant_id, charge.invoice_id == recorded.aggregate_id)
        .scalar_subquery()
    )
    _update(recorded, sql, charges_minor=total)


@receivables.on(e.ChargeAdded)
def charge_added(recorded: Recorded[e.ChargeAdded], sql: sa.Connection) -> None:
    event = recorded.event
    rows.add(
        tables.charge,
        recorded,
        sql,
        invoice_id=recorded.aggregate_id,
        charge_id=event.charge.charge_id,
        kind=event.charge.kind,
        currency=event.charge.amount.currency,
        amount_minor=event.charge.amount.minor,
        paid_minor=0,
        written_off_minor=0,
        reversed_minor=0,
        charged_on=event.charged_on,
        notice_id=event.notice_id,
    )
    _sum_up(recorded, sql)


@receivables.on(e.ChargeEntryNoted)
def charge_entry_noted(recorded: Recorded[e.ChargeEntryNoted], sql: sa.Connection) -> None:
    event = recorded.event
    rows.change(
        tables.charge,
        recorded,
        sql,
        {"invoice_id": recorded.aggregate_id, "charge_id": event.charge_id},
        entry_id=event.entry_id,
    )


@receivables.on(e.ChargePaid)
def charge_paid(recorded: Recorded[e.ChargePaid], sql: sa.Connection) -> None:
    rows.change(
        tables.charge,
        recorded,
        sql,
        {"invoice_id": recorded.aggregate_id, "charge_id": recorded.event.charge_id},
        paid_minor=recorded.event.paid.minor,
    )
    _sum_up(recorded, sql)


@receivables.on(e.ChargesWrittenOff)
def charges_written_off(recorded: Recorded[e.ChargesWrittenOff], sql: sa.Connection) -> None:
    for claimed in recorded.event.amounts:
        _charge(recorded, sql, claimed, "written_off_minor")
    _sum_up(recorded, sql)


@receivables.on(e.ChargesReversed)
def charges_reversed(recorded: Recorded[e.ChargesReversed], sql: sa.Connection) -> None:
    for claimed in recorded.event.amounts:
        _charge(recorded, sql, claimed, "reversed_minor")
    _sum_up(recorded, sql)


@receivables.on(e.InvoicePaused)
def invoice_paused(recorded: Recorded[e.InvoicePaused], sql: sa.Connection) -> None:
    event = recorded.event
    _update(recorded, sql, paused=event.code, paused_until_on=event.until_on)


@receivables.on(e.InvoiceResumed)
def invoice_resumed(recorded: Recorded[e.InvoiceResumed], sql: sa.Connection) -> None:
    _update(recorded, sql, paused=None, paused_until_on=None, taken_back=None)


@receivables.on(e.InvoiceDisputed)
def invoice_disputed(recorded: Recorded[e.InvoiceDisputed], sql: sa.Connection) -> None:
    _update(recorded, sql, disputed=recorded.event.code)


@receivables.on(e.DisputeSettled)
def dispute_settled(recorded: Recorded[e.DisputeSettled], sql: sa.Connection) -> None:
    upheld = {"paused": UPHELD, "paused_until_on": None} if recorded.event.upheld else {}
    _update(recorded, sql, disputed=None, **upheld)


@receivables.on(e.BecameReady)
def became_ready(recorded: Recorded[e.BecameReady], sql: sa.Connection) -> None:
    _update(recorded, sql, ready_on=recorded.event.ready_on, held=None)


@receivables.on(e.HeldFromCollection)
def held_from_collection(recorded: Recorded[e.HeldFromCollection], sql: sa.Connection) -> None:
    _update(recorded, sql, ready_on=None, held=recorded.event.code)


@receivables.on(e.HandedOver)
def handed_over(recorded: Recorded[e.HandedOver], sql: sa.Connection) -> None:
    case_id = recorded.event.case_id
    moved: dict[str, Any] = {"state": State.AT_AGENCY.value, "taken_back": None}
    _update(recorded, sql, case_id=case_id, **moved, **_OFF, **_NOT_READY)


@receivables.on(e.TakenBack)
def taken_back(recorded: Recorded[e.TakenBack], sql: sa.Connection) -> None:
    gone = tables.receivable.c.state == State.WITHDRAWN.value
    state = sa.case((gone, State.WITHDRAWN.value), else_=State.OPEN.value)
    _update(recorded, sql, state=state, case_id=None, taken_back=recorded.event.code)


# ----- debtors --------------------------------------------------------------------------------------

_NO_STATEMENT: dict[str, Any] = {"statement_listed_on": None, "statement_skipped": None}
_FIRST: dict[str, Any] = {"channels": ["mail", "letter"], "faults": []}


def _debtor(recorded: Recorded[Any], sql: sa.Connection, **values: Any) -> None:
    key = {"debtor_id": recorded.aggregate_id}
    first = {name: value for name, value in _FIRST.items() if name not in values}
    rows.put(tables.debtor, recorded, sql, key, at_first=first, **values)


def _sealed(value: Sealed) -> dict[str, str]:
    return {"subject": str(value.subject), "sealed": value.sealed}


@debtors.on(d.DebtorLearnt)
def debtor_learnt(recorded: Recorded[d.DebtorLearnt], sql: sa.Connection) -> None:
    contact = recorded.event.contact
    _debtor(
        recorded,
        sql,
        number=contact.number,
        name=_sealed(contact.name),
        kind=contact.kind,
        country=contact.country,
        language=contact.language,
    )


@debtors.on(d.ChannelsLearnt)
def channels_learnt(recorded: Recorded[d.ChannelsLearnt], sql: sa.Connection) -> None:
    event = recorded.event
    faults = [asdict(fault) for fault in event.faults]
    _debtor(recorded, sql, channels=list(event.channels), faults=faults)


@debtors.on(d.TimelineAssigned)
def timeline_assigned(recorded: Recorded[d.TimelineAssigned], sql: sa.Connection) -> None:
    _debtor(recorded, sql, timeline=recorded.event.name)


@debtors.on(d.GroupingChanged)
def grouping_changed(recorded: Recorded[d.GroupingChanged], sql: sa.Connection) -> None:
    _debtor(recorded, sql, collective=recorded.event.collective)


@debtors.on(d.DebtorExcluded)
def debtor_excluded(recorded: Recorded[d.DebtorExcluded], sql: sa.Connection) -> None:
    event = recorded.event
    _debtor(recorded, sql, excluded=event.code, excluded_until_on=event.until_on)


@debtors.on(d.DebtorIncluded)
def debtor_included(recorded: Recorded[d.DebtorIncluded], sql: sa.Connection) -> None:
    _debtor(recorded, sql, excluded=None, excluded_until_on=None)


@debtors.on(d.DebtorFrozen)
def debtor_frozen(recorded: Recorded[d.DebtorFrozen], sql: sa.Connection) -> None:
    _debtor(recorded, sql, frozen=recorded.event.code)


@debtors.on(d.DebtorUnfrozen)
def debtor_unfrozen(recorded: Recorded[d.DebtorUnfrozen], sql: sa.Connection) -> None:
    _debtor(recorded, sql, frozen=None)


@debtors.on(d.StatementPlanned)
def statement_planned(recorded: Recorded[d.StatementPlanned], sql: sa.Connection) -> None:
    _debtor(recorded, sql, statement_on=recorded.event.planned_on, **_NO_STATEMENT)


@debtors.on(d.StatementListed)
def statement_listed(recorded: Recorded[d.StatementListed], sql: sa.Connection) -> None:
    listed_on = recorded.event.listed_on
    _debtor(recorded, sql, statement_listed_on=listed_on, statement_skipped=None)


@debtors.on(d.StatementSkipped)
def statement_skipped(recorded: Recorded[d.StatementSkipped], sql: sa.Connection) -> None:
    code = recorded.event.code
    _debtor(recorded, sql, statement_listed_on=None, statement_skipped=code)


@debtors.on(d.StatementComposed)
def statement_composed(recorded: Recorded[d.StatementComposed], sql: sa.Connection) -> None:
    _debtor(recorded, sql, **_NO_STATEMENT)


@debtors.on(d.CreditSeen)
def credit_seen(recorded: Recorded[d.CreditSeen], sql: sa.Connection) -> None:
    credit = recorded.event.credit
    rows.add(
        tables.credit,
        recorded,
        sql,
        item_id=credit.item_id,
        debtor_id=recorded.aggregate_id,
        kind=credit.kind,
        number=credit.number,
        dated_on=credit.dated_on,
        currency=credit.amount.currency,
        amount_minor=credit.amount.minor,
        remaining_minor=credit.remaining.minor,
    )


@debtors.on(d.CreditMatched)
def credit_matched(recorded: Recorded[d.CreditMatched], sql: sa.Connection) -> None:
    event = recorded.event
    key = {"item_id": event.item_id}
    rows.change(tables.credit, recorded, sql, key, remaining_minor=event.remaining.minor)


# ----- letters --------------------------------------------------------------------------------------


def _notice(recorded: Recorded[Any], sql: sa.Connection, **values: Any) -> None:
    rows.change(tables.notice, recorded, sql, {"notice_id": recorded.aggregate_id}, **values)


@notices.on(n.NoticeComposed)
def notice_composed(recorded: Recorded[n.NoticeComposed], sql: sa.Connection) -> None:
    letter = recorded.event.letter
    rows.add(
        tables.notice,
        recorded,
        sql,
        notice_id=recorded.aggregate_id,
        debtor_id=letter.debtor_id,
        kind=letter.kind.value,
        level=letter.level,
        state=NoticeState.COMPOSED.value,
        issued_on=letter.issued_on,
        pay_by_on=letter.pay_by_on,
        currency=letter.currency,
        total_minor=letter.total.minor,
        invoices=[str(line.invoice_id) for line in letter.lines],
    )


@notices.on(n.NoticeRendered)
def notice_rendered(recorded: Recorded[n.NoticeRendered], sql: sa.Connection) -> None:
    copy_of = recorded.event.copy_of
    pages = recorded.event.pages
    _notice(recorded, sql, document=copy_of.sha256, media_type=copy_of.media_type, pages=pages)


@notices.on(n.NoticeSent)
def notice_sent(recorded: Recorded[n.NoticeSent], sql: sa.Connection) -> None:
    event = recorded.event
    state = NoticeState.SENT.value
    _notice(recorded, sql, state=state, channel=event.channel, sent_at=event.sent_at)


@notices.on(n.NoticeOutcomeUnknown)
def notice_unknown(recorded: Recorded[n.NoticeOutcomeUnknown], sql: sa.Connection) -> None:
    _notice(recorded, sql, state=NoticeState.UNKNOWN.value)


@notices.on(n.NoticeRecalled)
def notice_recalled(recorded: Recorded[n.NoticeRecalled], sql: sa.Connection) -> None:
    _notice(recorded, sql, state=NoticeState.RECALLED.value, code=recorded.event.code)


@notices.on(n.NoticeWithheld)
def notice_withheld(recorded: Recorded[n.NoticeWithheld], sql: sa.Connection) -> None:
    _notice(recorded, sql, state=NoticeState.WITHHELD.value)


@notices.on(n.NoticeFailed)
def notice_failed(recorded: Recorded[n.NoticeFailed], sql: sa.Connection) -> None:
    _notice(recorded, sql, state=NoticeState.FAILED.value, code=recorded.event.code)


# ----- runs -----------------------------------------------------------------------------------------


@mirrors.on(y.MirrorRefreshed)
def mirror_refreshed(recorded: Recorded[y.MirrorRefreshed], sql: sa.Connection) -> None:
    """Runs may be told of out of turn: the latest beginning counts."""
    at = recorded.event.as_of_at
    new = insert(tables.mirror).values(tenant_id=recorded.tenant_id, as_of_at=at)
    latest = sa.func.greatest(tables.mirror.c.as_of_at, new.excluded.as_of_at)
    keys = [tables.mirror.c.tenant_id]
    sql.execute(new.on_conflict_do_update(index_elements=keys, set_={"as_of_at": latest}))
