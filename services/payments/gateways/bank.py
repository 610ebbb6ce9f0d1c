"""What payments needs of a bank, whichever bank it is.

A batch is one debtor's account and one execution date, as in ISO 20022 (a PmtInf block) and in the
Berlin Group's bulk payment: `render` makes its bytes, and the digest that was approved is recomputed
from `parse(bytes)`, so that what leaves is what was approved. Sending ends in one of four ways:

    Receipt           the bank has it
    NotSent           provably not: may be sent again, with the same bytes
    Refused           provably not: the bank said no
    OutcomeUnknown    nobody knows: never sent again, until the bank's statement or its people say so
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from shared.money import Money, sums
from shared.references.instruction import PaymentInstruction

# ISO 20022 Max35Text, kept to the letters that every rail carries.
_IDENTIFIER = re.compile(r"[A-Za-z0-9/?:().,'+-]{1,35}")
_NAME_LENGTH = 70


class NotSent(Exception):
    """Provably not taken: the name was not found, the connection refused, or the door was shut."""


class Refused(Exception):
    """The bank itself said no, and has done nothing."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"{code}: {text}" if text else code)
        self.code = code
        self.text = text


class OutcomeUnknown(Exception):
    """Time-out, a broken connection, a server error or an unreadable answer: it may have been done.

    From a call that only reads it means no more than "no answer": ask again later.
    """


class BadBatchError(ValueError):
    """A batch that no bank would take, found before anything is sealed: the text names the rule."""


class BankStatus(StrEnum):
    """ISO 20022 transaction status, as in pain.002. A status is not cash: the statement is."""

    RCVD = "RCVD"
    ACTC = "ACTC"
    ACCP = "ACCP"
    ACFC = "ACFC"
    ACWC = "ACWC"
    ACWP = "ACWP"
    ACSP = "ACSP"
    ACSC = "ACSC"
    ACCC = "ACCC"
    PATC = "PATC"
    PDNG = "PDNG"
    PART = "PART"
    RJCT = "RJCT"
    CANC = "CANC"


@dataclass(frozen=True, slots=True)
class BankOrder:
    """One payment, under an identifier that goes end to end and never serves a second one."""

    end_to_end_id: str
    amount: Money
    creditor_name: str
    instruction: PaymentInstruction
    execute_on: date

    def __post_init__(self) -> None:
        if not _IDENTIFIER.fullmatch(self.end_to_end_id):
            raise BadBatchError("an end-to-end id has 1 to 35 characters that every rail carries")
        if self.amount.minor <= 0:
            raise BadBatchError("a payment is more than nothing")
        if not 1 <= len(self.creditor_name) <= _NAME_LENGTH or not self.creditor_name.isprintable():
            raise BadBatchError("a creditor's name has 1 to 70 printable characters")


@dataclass(frozen=True, slots=True)
class BankBatch:
    """Orders that leave together, from one account (IBAN or BBAN) on one day."""

    message_id: str
    debtor_account: str
    orders: tuple[BankOrder, ...]

    def __post_init__(self) -> None:
        if not _IDENTIFIER.fullmatch(self.message_id):
            raise BadBatchError("a message id has 1 to 35 characters that every rail carries")
        if not self.orders:
            raise BadBatchError("a batch has at least one order")
        if len({order.end_to_end_id for order in self.orders}) != self.count:
            raise BadBatchError("an end-to-end id stands in a batch once")
        if len({order.execute_on for order in self.orders}) > 1:
            raise BadBatchError("the orders of a batch are executed on one day")

    @property
    def execute_on(self) -> date:
        return self.orders[0].execute_on

    @property
    def count(self) -> int:
        return len(self.orders)

    @property
    def control_sum(self) -> dict[str, Money]:
        """One total per currency."""
        return sums(order.amount for order in self.orders)


@dataclass(frozen=True, slots=True)
class EntryStatus:
    """What the bank says of one order; the reason is an ISO 20022 code such as AC01."""

    end_to_end_id: str
    status: BankStatus
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """The bank has the batch, under its own name for it; entries if it already tells them apart."""

    payment_id: str
    status: BankStatus
    entries: tuple[EntryStatus, ...]


class EntryKind(StrEnum):
    """What a booked line of a statement is about."""

    PAYMENT = "payment"
    POOL = "pool"
    FEE = "fee"
    RETURN = "return"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class EntryDetail:
    """One order inside a pooled line; the amount is signed like the line's."""

    end_to_end_id: str | None
    amount: Money


@dataclass(frozen=True, slots=True)
class StatementEntry:
    """One booked line of an account: money that has moved. Debits are negative."""

    entry_reference: str
    kind: EntryKind
    amount: Money
    booked_on: date
    value_on: date
    end_to_end_id: str | None = None
    reason: str | None = None
    details: tuple[EntryDetail, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class CancelAnswer:
    """Whether the bank took the request. Taken is not cancelled: the status, or a debit, tells."""

    requested: bool
    code: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a bank can do beyond the port's least."""

    find_by_key: bool
    """Whether it can be asked for a batch by our message id, so that an unknown outcome is found."""


class Bank(Protocol):
    """A bank, or a payment institute, seen from one connection to it."""

    @property
    def capabilities(self) -> Capabilities: ...

    def render(self, batch: BankBatch) -> bytes:
        """The exact bytes to seal and send: the same batch always gives the same bytes.

        BadBatchError where this bank has no way to carry it.
        """
        ...

    def parse(self, body: bytes) -> BankBatch:
        """What sealed bytes ask for: `parse(render(batch)) == batch`.

        BadBatchError where they are not a batch of this bank.
        """
        ...

    def send(self, message_id: str, body: bytes) -> Receipt:
        """Hand sealed bytes over, once; what it may raise stands in the module's table.

        BadBatchError, before anything leaves, where they are not just what `render` would make.
        """
        ...

    def status(self, payment_id: str) -> tuple[EntryStatus, ...]:
        """What the bank says of each order, in its words; it may name an order twice."""
        ...

    def transactions(self, account: str, from_on: date, to_on: date) -> Iterator[StatementEntry]:
        """The booked lines of an account (IBAN or BBAN), both days included."""
        ...

    def cancel(self, payment_id: str) -> CancelAnswer:
        """Ask the bank not to execute what it has not executed yet.

        NotSent and OutcomeUnknown as for sending, but asking again is harmless.
        """
        ...
