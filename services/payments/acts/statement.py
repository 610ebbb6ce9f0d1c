"""Booked lines of the payer's account, brought to the orders that they name.

Every line takes effect once. A line that names an order and does not fit it is kept with its fault,
and stands in the order's own history: money has moved, and people must look.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from services.payments import queries
from services.payments.acts import intake
from services.payments.acts.answers import tell
from services.payments.commands import (
    Command,
    NoteExecution,
    NoteFee,
    NoteMisfit,
    NoteReturn,
    RaiseConcern,
)
from services.payments.events.beside import StatementLineBooked
from services.payments.gateways.bank import EntryKind, StatementEntry
from services.payments.model.order import Payment
from services.payments.model.payment import PAYMENT
from services.payments.model.records import LINE, line_id_of
from services.payments.values import BEFORE_RELEASE
from shared.contracts.values import Fault
from shared.money import Money
from shared.work import Work

_ORDER = {kind: place for place, kind in enumerate(EntryKind)}
"""Payments before pools, fees and returns, so that a fee goes with its payment in one voucher."""


def named(entry: StatementEntry) -> set[str]:
    """The end-to-end ids that a line speaks of, by itself or in its details."""
    found = {entry.end_to_end_id, *(detail.end_to_end_id for detail in entry.details)}
    return {name for name in found if name}


def take_statement(work: Work, fingerprint: str, entries: Iterable[StatementEntry]) -> None:
    """Booked lines of an account; those that name none of our orders are not ours to keep."""
    lines = [entry for entry in entries if named(entry)]
    names = sorted({name for entry in lines for name in named(entry)})
    orders = queries.released_as(work.sql, work.tenant_id, names)
    statement = _Statement(work, fingerprint, orders)
    new = [entry for entry in lines if named(entry) & orders.keys() and statement.is_new(entry)]
    statement.take(sorted(new, key=lambda entry: _ORDER[entry.kind]))


@dataclass(frozen=True, slots=True)
class _Part:
    """What a line says of one order of ours: the amount is signed like the line's."""

    payment_id: UUID
    name: str
    amount: Money


@dataclass(frozen=True, slots=True)
class _Statement:
    """New lines of one account. `fees` can go with their payments in one voucher; `gone_along` have."""

    work: Work
    fingerprint: str
    orders: Mapping[str, UUID]
    fees: dict[UUID, StatementEntry] = field(default_factory=dict)
    gone_along: set[StatementEntry] = field(default_factory=set)

    def is_new(self, entry: StatementEntry) -> bool:
        return not self.work.load(LINE, self._line_id(entry)).state

    def take(self, entries: Sequence[StatementEntry]) -> None:
        for entry in entries:
            if entry.kind is EntryKind.FEE:
                self.fees.setdefault(self._parts(entry)[0].payment_id, entry)
        for entry in entries:
            self._take(entry)

    def _take(self, entry: StatementEntry) -> None:
        match entry.kind:
            case EntryKind.PAYMENT | EntryKind.POOL:
                self._debit(entry)
            case EntryKind.FEE:
                self._fee(entry)
            case EntryKind.RETURN:
                self._return(entry)
            case EntryKind.OTHER:
                self._keep(entry, dict.fromkeys(self._parts(entry), "unknown_kind"))

    def _parts(self, entry: StatementEntry) -> list[_Part]:
        """The orders of ours that a line is about, in the order of their ids."""
        whole = (entry.end_to_end_id, entry.amount)
        details = [(detail.end_to_end_id, detail.amount) for detail in entry.details]
        for told in (details, [whole]):
            parts = [
                _Part(self.orders[name], name, amount)
                for name, amount in told
                if name is not None and name in self.orders
            ]
            if parts:
                return sorted(parts, key=lambda part: part.payment_id)
        return []

    def _debit(self, entry: StatementEntry) -> None:
        parts, pooled = self._parts(entry), entry.kind is EntryKind.POOL
        before = {part: self._payment(part) for part in parts}
        whole = sum(detail.amount.minor for detail in entry.details) or entry.amount.minor
        agrees = whole == entry.amount.minor and all(
            part.amount == -before[part].amount for part in parts
        )
        faults: dict[_Part, str] = {}
        in_transit: list[Money] = []
        for part in parts:
            fault = self._executed(entry, part, pooled=pooled, agrees=agrees)
            if fault is not None:
                faults[part] = fault
            elif pooled and before[part].is_in_transit:
                in_transit.append(-part.amount)
            if fault is None and part.amount != -before[part].amount:
                faults[part] = "amount_differs"
            self._warn_of_paid(part, before[part])
        whole_differs = None if agrees else "amount_differs"
        self._keep(entry, faults, whole_differs, in_transit=_total(in_transit))

    def _executed(
        self, entry: StatementEntry, part: _Part, *, pooled: bool, agrees: bool
    ) -> str | None:
        """Tell an order that its money is gone, with the fee beside it; why it did not fit."""
        if self._payment(part).executed is not None:
            return "second_debit"
        fee = self.fees.get(part.payment_id)
        refused = self._tell(
            part,
            NoteExecution(
                end_to_end_id=part.name,
                debtor_fingerprint=self.fingerprint,
                amount=-part.amount,
                executed_on=entry.booked_on,
                bank_reference=entry.entry_reference,
                fee=-fee.amount if fee else None,
                pooled=pooled,
                reconciles=agrees,
            ),
        )
        if fee is not None and refused is None:
            self.gone_along.add(fee)
        return refused

    def _warn_of_paid(self, part: _Part, payment: Payment) -> None:
        """Another order for the same invoice must not go out as well."""
        concern = RaiseConcern(Fault("already_paid", str(part.payment_id)))
        for other in intake.attempts(self.work, payment.invoice.invoice_id):
            if other.payment_id != part.payment_id and other.state in BEFORE_RELEASE:
                self.work.execute(PAYMENT, other.payment_id, concern)

    def _fee(self, entry: StatementEntry) -> None:
        """Bookkept with its payment, if that stands on the same statement; else by itself."""
        part = self._parts(entry)[0]
        note = NoteFee(
            end_to_end_id=part.name,
            debtor_fingerprint=self.fingerprint,
            fee=-entry.amount,
            taken_on=entry.booked_on,
            bank_reference=entry.entry_reference,
        )
        refused = None if entry in self.gone_along else self._tell(part, note)
        self._keep(entry, {part: refused} if refused else {})

    def _return(self, entry: StatementEntry) -> None:
        faults = {}
        for part in self._parts(entry):
            fault = self._returned(entry, part)
            if fault is not None:
                faults[part] = fault
        self._keep(entry, faults)

    def _returned(self, entry: StatementEntry, part: _Part) -> str | None:
        if self._payment(part).returned is not None:
            return "second_return"
        return self._tell(
            part,
            NoteReturn(
                end_to_end_id=part.name,
                debtor_fingerprint=self.fingerprint,
                amount=part.amount,
                code=entry.reason or "unknown",
                returned_on=entry.booked_on,
                bank_reference=entry.entry_reference,
            ),
        )

    def _keep(
        self,
        entry: StatementEntry,
        faults: Mapping[_Part, str],
        fault: str | None = None,
        in_transit: Money | None = None,
    ) -> None:
        """Note the line, so that it takes effect once, and tell each order what did not fit."""
        for part, code in faults.items():
            misfit = NoteMisfit(code, part.amount, entry.booked_on, entry.entry_reference)
            self._tell(part, misfit)
        booked = StatementLineBooked(
            kind=entry.kind.value,
            bank_reference=entry.entry_reference,
            amount=entry.amount,
            booked_on=entry.booked_on,
            payments=tuple(part.payment_id for part in self._parts(entry)),
            in_transit=in_transit,
            fault=next(iter(faults.values()), fault),
        )
        self.work.execute(LINE, self._line_id(entry), booked)

    def _tell(self, part: _Part, note: Command) -> str | None:
        return tell(self.work, part.payment_id, note)

    def _payment(self, part: _Part) -> Payment:
        return self.work.load(PAYMENT, part.payment_id).state

    def _line_id(self, entry: StatementEntry) -> UUID:
        return line_id_of(self.work.tenant_id, self.fingerprint, entry.entry_reference)


def _total(amounts: Sequence[Money]) -> Money | None:
    return sum(amounts[1:], start=amounts[0]) if amounts else None
