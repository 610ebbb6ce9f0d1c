"""What the bank does by itself when a day comes.

An order's life, by the codes of ISO 20022:

    ACTC  received           -> ACCP | ACWC (the day was moved) | RJCT
    ACCP  examined, waiting  -> ACSC on its banking day | PDNG (no money) | ACSP (held) | RJCT | CANC
    PDNG  without money      -> ACSC | RJCT AM04 after `patience` banking days | CANC
    ACSC  debited            final; the money may still come back

Each order carries the day of its next step, so that a clock moved by a year does the same, day by day, as
one that was watched.
"""

from __future__ import annotations

from datetime import date, timedelta

from shared.money import Money
from simulators.bank.days import ZONE, after, banking_day
from simulators.bank.faults import FaultKind, take
from simulators.bank.pages import Pages
from simulators.bank.state import Account, Debit, Line, Order, Payment, Return

_IBAN_MODULUS = 97


def accept(pages: Pages, payment: Payment) -> None:
    """Take a bulk payment in: from here on it will be executed, on the first day the bank can."""
    received = payment.received_at.astimezone(ZONE)
    first = max(payment.requested_on, received.date())
    if first == received.date() and received.time() >= pages.cut_off:
        first += timedelta(days=1)
    for order in payment.orders:
        order.execute_on = banking_day(first)
        order.next_on = received.date()
        if fault := take(pages.faults, [FaultKind.LATE_STATUS], order):
            order.silent_until = received.date() + timedelta(days=fault.days)
    pages.payments.append(payment)


def next_day(pages: Pages) -> date | None:
    """The first day on which there is something to do."""
    orders = (order for payment in pages.payments for order in payment.orders)
    days = [order.next_on for order in orders if order.next_on is not None]
    days += [back.on for back in pages.returns if not back.entry_reference]
    return min(days, default=None)


def live(pages: Pages, day: date) -> None:
    """Do one round of that day's work; an order examined today may be executed in the next round."""
    for payment in pages.payments:
        account = pages.account(payment.resource_id)
        for order in payment.orders:
            if order.next_on != day:
                continue
            if order.status == "ACTC":
                _examine(pages, account, order, payment.requested_on)
            else:
                _attempt(pages, account, payment, order, day)
    for back in pages.returns:
        if back.on == day and not back.entry_reference:
            _give_back(pages, back)


def _examine(pages: Pages, account: Account, order: Order, requested_on: date) -> None:
    if fault := take(pages.faults, [FaultKind.REJECT], order):
        _reject(order, fault.reason)
    elif not _exists(order):
        _reject(order, "AC01")
    elif order.amount.currency not in account.balances:
        _reject(order, "AM03")
    else:
        order.status = "ACCP" if order.execute_on == requested_on else "ACWC"
        order.next_on = order.execute_on


def _exists(order: Order) -> bool:
    """Whether the payee's account can exist: an IBAN proves itself (ISO 7064 mod 97-10)."""
    iban = order.element["creditorAccount"].get("iban")
    if iban is None:
        return True
    digits = "".join(str(int(char, 36)) for char in iban[4:] + iban[:4])
    return int(digits) % _IBAN_MODULUS == 1


def _attempt(pages: Pages, account: Account, payment: Payment, order: Order, day: date) -> None:
    """Take the money for an order, or say why not."""
    if fault := take(pages.faults, [FaultKind.REJECT_LATE], order):
        _reject(order, fault.reason)
    elif take(pages.faults, [FaultKind.HOLD], order):
        order.status, order.next_on = "ACSP", after(day, 1)
    elif take(pages.faults, [FaultKind.NO_FUNDS], order) or not _covered(account, order):
        order.waited += 1
        if order.waited > pages.patience:
            _reject(order, "AM04")
        else:
            order.status, order.next_on = "PDNG", after(day, 1)
    else:
        _debit(pages, account, payment, order, day)


def _covered(account: Account, order: Order) -> bool:
    return account.balances[order.amount.currency] >= order.amount.minor


def _reject(order: Order, reason: str) -> None:
    order.status, order.reason, order.next_on = "RJCT", reason, None


def _debit(pages: Pages, account: Account, payment: Payment, order: Order, day: date) -> None:
    order.status, order.next_on = "ACSC", None
    line = _pool(pages, account, payment, order, day)
    if line is None:
        line = pages.book(account, -order.amount, day, "PMNT-ICDT-DMCT")
    else:
        line.amount -= order.amount
        account.balances[order.amount.currency] -= order.amount.minor
    line.details.append((order.end_to_end_id, -order.amount))
    pages.debits.append(
        Debit(
            end_to_end_id=order.end_to_end_id,
            amount=order.amount,
            account=account.number,
            creditor_account=order.creditor_account,
            message_id=payment.message_id,
            request_id=payment.request_id,
            payment_id=payment.payment_id,
            booked_on=day,
            entry_reference=line.entry_reference,
        )
    )
    if account.fee is not None:
        fee = pages.book(account, -account.fee, day, "PMNT-ICDT-FEES")
        fee.end_to_end_id, fee.text = order.end_to_end_id, "Gebyr"
    if fault := take(pages.faults, [FaultKind.RETURN], order):
        kept = fault.short.minor if fault.short is not None else 0
        back = Money(order.amount.minor - kept, order.amount.currency)
        on = after(day, fault.days)
        pages.returns.append(
            Return(order.end_to_end_id, back, account.resource_id, fault.reason, on)
        )


def _pool(pages: Pages, account: Account, payment: Payment, order: Order, day: date) -> Line | None:
    """The line in which this payment's orders of the day already stand, if the account is pooled."""
    if not account.pooled:
        return None
    references = {
        debit.entry_reference
        for debit in pages.debits
        if debit.payment_id == payment.payment_id
        and debit.booked_on == day
        and debit.amount.currency == order.amount.currency
    }
    return next((line for line in pages.lines if line.entry_reference in references), None)


def _give_back(pages: Pages, back: Return) -> None:
    line = pages.book(pages.account(back.resource_id), back.amount, back.on, "PMNT-ICDT-RRTN")
    line.end_to_end_id, line.text = back.end_to_end_id, back.reason
    back.entry_reference = line.entry_reference
