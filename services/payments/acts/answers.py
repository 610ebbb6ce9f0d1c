"""What the bank says, brought to the orders it is about.

An answer counts only for an order of this tenant, in the batch and from the account that it left by;
anything else is logged and changes nothing. Every statement line takes effect once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import structlog

from services.payments import queries
from services.payments.acts import intake
from services.payments.commands import (
    Command,
    NoteBankStatus,
    NoteExecution,
    NoteFee,
    NoteReturn,
    RaiseConcern,
)
from services.payments.events.beside import StatementLineBooked
from services.payments.gateways.bank import EntryKind, EntryStatus, StatementEntry
from services.payments.model.order import Payment
from services.payments.model.payment import PAYMENT
from services.payments.model.records import LINE, line_id_of
from services.payments.values import BEFORE_RELEASE
from shared.contracts.values import Fault
from shared.decider import Rejected
from shared.money import Money
from shared.work import Work

_log = structlog.get_logger(__name__)


def take_statuses(work: Work, batch_id: UUID, entries: Sequence[EntryStatus]) -> None:
    """The bank's status of each order of a batch."""
    ids = [entry.end_to_end_id for entry in entries]
    known = queries.released_as(work.sql, work.tenant_id, ids)
    for entry in sorted(entries, key=lambda entry: str(known.get(entry.end_to_end_id))):
        note = NoteBankStatus(batch_id, entry.status.value, entry.reason)
        payment_id = known.get(entry.end_to_end_id)
        if payment_id is None:
            _log.warning("status of an order that is not ours", batch=str(batch_id))
        else:
            tell(work, payment_id, note)


def tell(work: Work, payment_id: UUID, note: Command) -> bool:
    """Give an order the bank's word; a word that does not fit is logged, and the others go on."""
    try:
        return bool(work.execute(PAYMENT, payment_id, note))
    except Rejected as refused:
        _log.warning("the bank's word was refused", payment=str(payment_id), code=refused.code)
        return False


@dataclass(frozen=True, slots=True)
class Statement:
    """New lines of one account, and whose orders they name."""

    fingerprint: str
    entries: tuple[StatementEntry, ...]
    orders: Mapping[str, UUID]
    fees: Mapping[UUID, StatementEntry] = field(default_factory=dict)


def named(entry: StatementEntry) -> set[str]:
    """The end-to-end ids that a line speaks of, by itself or in its details."""
    found = {entry.end_to_end_id, *(detail.end_to_end_id for detail in entry.details)}
    return {name for name in found if name}


def take_statement(work: Work, fingerprint: str, entries: Iterable[StatementEntry]) -> None:
    """Booked lines of the payer's account; those that name none of our orders are not ours to keep."""
    lines = [entry for entry in entries if named(entry)]
    names = sorted({name for entry in lines for name in named(entry)})
    orders = queries.released_as(work.sql, work.tenant_id, names)
    new = tuple(
        entry
        for entry in lines
        if named(entry) & orders.keys() and not _is_known(work, fingerprint, entry)
    )
    fees = {
        orders[entry.end_to_end_id]: entry
        for entry in new
        if entry.kind is EntryKind.FEE and entry.end_to_end_id in orders
    }
    statement = Statement(fingerprint, new, orders, fees)
    for entry in sorted(new, key=lambda entry: _ORDER[entry.kind]):
        _take(work, statement, entry)


_ORDER = {kind: place for place, kind in enumerate(EntryKind)}
"""Payments before pools, fees and returns, so that a fee goes with its payment in one voucher."""


def _is_known(work: Work, fingerprint: str, entry: StatementEntry) -> bool:
    line_id = line_id_of(work.tenant_id, fingerprint, entry.entry_reference)
    return work.load(LINE, line_id).state


def _take(work: Work, statement: Statement, entry: StatementEntry) -> None:
    match entry.kind:
        case EntryKind.PAYMENT | EntryKind.POOL:
            _debit(work, statement, entry)
        case EntryKind.FEE:
            _fee(work, statement, entry)
        case EntryKind.RETURN:
            _return(work, statement, entry)
        case EntryKind.OTHER:
            _log.info("a line names an order and is of no known kind", kind=entry.kind.value)


def _parts(entry: StatementEntry) -> list[tuple[str, Money]]:
    """Who a debit is about: the order itself, or each order of the pool; amounts as positive sums."""
    if entry.details:
        return [(d.end_to_end_id, -d.amount) for d in entry.details if d.end_to_end_id]
    return [(entry.end_to_end_id, -entry.amount)] if entry.end_to_end_id else []


def _debit(work: Work, statement: Statement, entry: StatementEntry) -> None:
    parts = [(name, amount) for name, amount in _parts(entry) if name in statement.orders]
    parts.sort(key=lambda part: statement.orders[part[0]])
    payments = {name: _payment(work, statement.orders[name]) for name, _ in parts}
    total = sum((amount.minor for _, amount in _parts(entry)), start=0)
    agrees = total == -entry.amount.minor and all(
        amount == payments[name].amount for name, amount in parts
    )
    second = any(payments[name].executed is not None for name, _ in parts)
    pooled = entry.kind is EntryKind.POOL
    for name, amount in parts:
        payment_id = statement.orders[name]
        fee = statement.fees.get(payment_id)
        tell(
            work,
            payment_id,
            NoteExecution(
                end_to_end_id=name,
                debtor_fingerprint=statement.fingerprint,
                amount=amount,
                executed_on=entry.booked_on,
                bank_reference=entry.entry_reference,
                fee=-fee.amount if fee else None,
                pooled=pooled,
                reconciles=agrees,
            ),
        )
        _warn_of_paid(work, payments[name], payment_id)
    in_transit = [amount for name, amount in parts if payments[name].is_in_transit]
    _keep(
        work,
        statement,
        entry,
        [statement.orders[name] for name, _ in parts],
        in_transit=_total(in_transit) if pooled and not second else None,
        fault="second_debit" if second else None if agrees else "amount_differs",
    )


def _total(amounts: Sequence[Money]) -> Money | None:
    return sum(amounts[1:], start=amounts[0]) if amounts else None


def _payment(work: Work, payment_id: UUID) -> Payment:
    return work.load(PAYMENT, payment_id).state


def _warn_of_paid(work: Work, payment: Payment, payment_id: UUID) -> None:
    """Another order for the same invoice must not go out as well."""
    concern = RaiseConcern(Fault("already_paid", str(payment_id)))
    for other in intake.attempts(work, payment.invoice.invoice_id):
        if other.payment_id != payment_id and other.state in BEFORE_RELEASE:
            work.execute(PAYMENT, other.payment_id, concern)


def _fee(work: Work, statement: Statement, entry: StatementEntry) -> None:
    assert entry.end_to_end_id is not None, "a fee that names an order names it"
    payment_id = statement.orders[entry.end_to_end_id]
    with_payment = any(
        entry.end_to_end_id in named(other)
        for other in statement.entries
        if other.kind in {EntryKind.PAYMENT, EntryKind.POOL}
    )
    if not with_payment:
        fee = -entry.amount
        note = NoteFee(entry.end_to_end_id, fee, entry.booked_on, entry.entry_reference)
        tell(work, payment_id, note)
    _keep(work, statement, entry, [payment_id])


def _return(work: Work, statement: Statement, entry: StatementEntry) -> None:
    assert entry.end_to_end_id is not None, "a return that names an order names it"
    payment_id = statement.orders[entry.end_to_end_id]
    tell(
        work,
        payment_id,
        NoteReturn(
            end_to_end_id=entry.end_to_end_id,
            debtor_fingerprint=statement.fingerprint,
            amount=entry.amount,
            code=entry.reason or "unknown",
            returned_on=entry.booked_on,
            bank_reference=entry.entry_reference,
        ),
    )
    _keep(work, statement, entry, [payment_id])


def _keep(
    work: Work,
    statement: Statement,
    entry: StatementEntry,
    payments: Sequence[UUID],
    *,
    in_transit: Money | None = None,
    fault: str | None = None,
) -> None:
    line_id = line_id_of(work.tenant_id, statement.fingerprint, entry.entry_reference)
    work.execute(
        LINE,
        line_id,
        StatementLineBooked(
            kind=entry.kind.value,
            bank_reference=entry.entry_reference,
            amount=entry.amount,
            booked_on=entry.booked_on,
            payments=tuple(payments),
            in_transit=in_transit,
            fault=fault,
        ),
    )
