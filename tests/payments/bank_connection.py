"""Payments' side of a bank, at whatever address it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from services.payments.gateways.bank import (
    Bank,
    BankBatch,
    BankOrder,
)
from services.payments.gateways.berlin_group import BerlinGroupBank, Connection
from shared.http import Limits, Transport
from shared.money import Money
from shared.references.instruction import InstructionKind, PaymentInstruction

TODAY = date(2026, 12, 1)
DEBTOR = "DK5000400440116243"
FIK = PaymentInstruction(InstructionKind.FIK71, "80882939", "026840149965328")
YEAR = (date(2026, 1, 1), date(2026, 12, 31))


@contextmanager
def connected(base_url: str, token: str = "sesam", read: float = 10.0) -> Iterator[Bank]:
    """The bank at an address, as payments sees it."""
    limits = Limits(read=read)
    connection = Connection("domestic-credit-transfers", "consent-1", "192.0.2.7", lambda: token)
    with Transport(base_url, limits=limits) as transport:
        yield BerlinGroupBank(transport, connection)


def order(
    end_to_end_id: str, minor: int, instruction: PaymentInstruction = FIK, on: date = TODAY
) -> BankOrder:
    return BankOrder(end_to_end_id, Money(minor, "DKK"), "Nordhavn Møbler A/S", instruction, on)


def batch(*orders: BankOrder, message_id: str = "M-1") -> BankBatch:
    return BankBatch(message_id, DEBTOR, orders or (order("E-1", 1250_00),))


def sent(bank: Bank, *orders: BankOrder, message_id: str = "M-1") -> str:
    return bank.send(message_id, bank.render(batch(*orders, message_id=message_id))).payment_id
