"""The Berlin Group's JSON as this bank reads and writes it; it shares no code with those who call it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

import msgspec

from shared.money import Money, MoneyError
from simulators.bank.state import Account, Line, Order, Payment


class MalformedError(Exception):
    """The request breaks the standard: the text names the field."""


class _Amount(msgspec.Struct):
    currency: str
    amount: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,14}(\.[0-9]{1,3})?$")]


class _Element(msgspec.Struct, rename="camel"):
    instructed_amount: _Amount
    creditor_account: dict[str, Any]
    creditor_name: str
    end_to_end_identification: str = ""


class _Bulk(msgspec.Struct, rename="camel"):
    debtor_account: dict[str, Any]
    payments: list[dict[str, Any]]
    requested_execution_date: date | None = None
    payment_information_id: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A bulk payment as it was asked for."""

    message_id: str
    debtor_account: str
    requested_on: date
    orders: list[Order]


def read(body: bytes, today: date) -> Asked:
    """The bulk payment in a request's body; without a date it is for today."""
    try:
        bulk = msgspec.json.decode(body, type=_Bulk)
        on = bulk.requested_execution_date or today
        orders = [_order(element, on) for element in bulk.payments]
    except (msgspec.DecodeError, MoneyError) as error:
        raise MalformedError(str(error)) from error
    if not orders:
        raise MalformedError("payments: at least one is needed")
    return Asked(bulk.payment_information_id, number(bulk.debtor_account), on, orders)


def _order(element: dict[str, Any], on: date) -> Order:
    asked = msgspec.convert(element, _Element)
    amount = Money.of(asked.instructed_amount.amount, asked.instructed_amount.currency)
    if amount.minor <= 0:
        raise MalformedError("instructedAmount: more than nothing is needed")
    return Order(
        end_to_end_id=asked.end_to_end_identification,
        amount=amount,
        creditor_account=number(asked.creditor_account),
        element=element,
        execute_on=on,
        status="ACTC",
    )


def number(reference: dict[str, Any]) -> str:
    """The number in an account reference, whichever of its forms it has."""
    other = reference.get("other")
    found = reference.get("iban") or reference.get("bban")
    if isinstance(other, dict):
        found = found or other.get("identification")
    if not isinstance(found, str) or not found:
        raise MalformedError("an account needs iban, bban or other.identification")
    return found


def reference(account: Account) -> dict[str, str]:
    return {"iban" if account.number[:2].isalpha() else "bban": account.number}


def status_of(orders: Iterable[Order], today: date) -> str:
    """The bulk's status: its orders' if they agree, PART if some are out, else the least advanced."""
    shown = {order.shown(today) for order in orders}
    if len(shown) == 1:
        return shown.pop()
    if shown & {"RJCT", "CANC"}:
        return "PART"
    order = ["RCVD", "ACTC", "PDNG", "ACWC", "ACCP", "ACSP", "ACSC"]
    return min(shown, key=order.index)


def entry_status(order: Order, today: date) -> dict[str, str]:
    shown = order.shown(today)
    told = {"endToEndIdentification": order.end_to_end_id, "transactionStatus": shown}
    return {**told, "reasonCode": order.reason} if order.reason and shown == "RJCT" else told


def bulk(payment: Payment, account: Account, today: date) -> dict[str, Any]:
    """A payment as it is held: with the day on which it will be executed."""
    return {
        "debtorAccount": reference(account),
        "paymentInformationId": payment.message_id,
        "requestedExecutionDate": payment.orders[0].execute_on.isoformat(),
        "payments": [order.element for order in payment.orders],
        "transactionStatus": status_of(payment.orders, today),
    }


def amount(money: Money) -> dict[str, str]:
    return {"currency": money.currency, "amount": str(money.decimal)}


def booked(line: Line) -> dict[str, Any]:
    """A line of a statement."""
    told: dict[str, Any] = {
        "entryReference": line.entry_reference,
        "bookingDate": line.booked_on.isoformat(),
        "valueDate": line.booked_on.isoformat(),
        "transactionAmount": amount(line.amount),
        "bankTransactionCode": line.code,
    }
    if line.text:
        told["additionalInformation"] = line.text
    if len(line.details) > 1:
        details = [
            {"endToEndId": end_to_end_id, "transactionAmount": amount(part)}
            for end_to_end_id, part in line.details
        ]
        pool = {"batchIndicator": True, "batchNumberOfTransactions": len(details)}
        return {**told, **pool, "entryDetails": details}
    about = line.details[0][0] if line.details else line.end_to_end_id
    return {**told, "endToEndId": about} if about else told
