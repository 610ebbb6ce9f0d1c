"""The bank's book: its pages behind one lock, and the file they are kept in.

Nothing happens by itself: `advance(now)` does what has fallen due until then, so that the book is a
function of what was asked and of the clock. After each change it is written to its file, if it has one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from threading import RLock
from typing import Any

import msgspec

from shared.clock import day_of
from shared.money import Money
from simulators.bank import execution
from simulators.bank.days import ZONE
from simulators.bank.faults import Fault, FaultKind, take
from simulators.bank.pages import Pages
from simulators.bank.state import FINAL, Account, Line, Order, Payment, Request
from simulators.keeping import replace_whole


class ConflictError(Exception):
    """The request's id has been used for another request."""


class Book:
    """What this bank knows and does, for its front and for those who look over its shoulder."""

    def __init__(self, path: Path | None = None, pages: Pages | None = None) -> None:
        self._pages = pages or Pages()
        self._path = path
        self._lock = RLock()

    @classmethod
    def load(cls, path: Path) -> Book:
        """The book of a file, or a new one where there is none yet."""
        if not path.exists():
            return cls(path)
        return cls(path, msgspec.json.decode(path.read_bytes(), type=Pages))

    @property
    def page_size(self) -> int:
        return self._pages.page_size

    @property
    def tells_entries(self) -> bool:
        return self._pages.tells_entries

    def open_account(
        self,
        number: str,
        balances: dict[str, int],
        token: str,
        fee: Money | None = None,
        *,
        pooled: bool = False,
    ) -> Account:
        """An account (IBAN or BBAN) with its balances in minor units, for the bearer of a token."""
        with self._changing() as pages:
            if any(account.number == number for account in pages.accounts):
                raise ConflictError(f"account {number} is open already")
            resource_id = f"account-{len(pages.accounts) + 1:04}"
            account = Account(resource_id, number, token, dict(balances), fee, pooled)
            pages.accounts.append(account)
            return account

    def credit(self, number: str, amount: Money, now: datetime, text: str) -> bool:
        """Money comes in; whether there is such an account."""
        with self._changing() as pages:
            for account in pages.accounts:
                if account.number == number:
                    line = pages.book(account, amount, day_of(now, ZONE), "PMNT-RCDT-DMCT")
                    line.text = text
                    return True
            return False

    def add_fault(self, fault: Fault) -> None:
        with self._changing() as pages:
            pages.faults.append(fault)

    def clear_faults(self) -> None:
        with self._changing() as pages:
            pages.faults.clear()

    def take_fault(self, kinds: set[FaultKind], orders: list[Order]) -> Fault | None:
        """A fault that strikes one of these orders now; it is used up by that."""
        with self._lock:
            fault = take(self._pages.faults, kinds, *orders)
            if fault is not None:
                self._keep()
            return fault

    def repeated(self, request: Request) -> Payment | None:
        """What the same request made before, if the bank remembers requests.

        ConflictError where its id was used for another one.
        """
        with self._lock:
            if self._pages.remembers_requests:
                for earlier in self._pages.requests:
                    if earlier.request_id == request.request_id and earlier.payment_id is not None:
                        if earlier.digest != request.digest:
                            raise ConflictError("this X-Request-ID was used for another request")
                        return self._pages.payment(earlier.payment_id)
            return None

    def note(self, request: Request) -> None:
        """Remember that it was asked, whatever came of it."""
        with self._changing() as pages:
            pages.requests.append(request)

    def accept(self, payment: Payment) -> None:
        """Take a bulk payment in: from here on it will be executed."""
        with self._changing() as pages:
            execution.accept(pages, payment)

    def next_payment_id(self) -> str:
        with self._lock:
            return f"bulk-{len(self._pages.payments) + 1:06}"

    def accounts_of(self, token: str) -> list[Account]:
        with self._lock:
            return [account for account in self._pages.accounts if account.token == token]

    def payment_of(self, token: str, payment_id: str) -> Payment | None:
        """A payment, for the connection that owns its account and for nobody else."""
        with self._lock:
            owned = {account.resource_id for account in self.accounts_of(token)}
            payment = self._pages.payment(payment_id)
            return payment if payment is not None and payment.resource_id in owned else None

    def statement(self, account: Account, from_on: date, to_on: date) -> list[Line]:
        with self._lock:
            return [
                line
                for line in self._pages.lines
                if line.resource_id == account.resource_id and from_on <= line.booked_on <= to_on
            ]

    def cancel(self, payment: Payment) -> bool:
        """Stop what has not been executed; whether there was anything left to stop."""
        with self._changing():
            waiting = [order for order in payment.orders if order.status not in FINAL]
            for order in waiting:
                order.status, order.next_on = "CANC", None
            return bool(waiting)

    def advance(self, now: datetime) -> None:
        """Do everything that has fallen due by now."""
        today = day_of(now, ZONE)
        with self._lock:
            while (day := execution.next_day(self._pages)) is not None and day <= today:
                with self._changing() as pages:
                    execution.live(pages, day)

    def inspect(self) -> dict[str, Any]:
        """Everything, for the one who checks; without the tokens."""
        with self._lock:
            pages: dict[str, Any] = msgspec.to_builtins(self._pages)
            for account in pages["accounts"]:
                del account["token"]
            return pages

    @contextmanager
    def _changing(self) -> Iterator[Pages]:
        with self._lock:
            yield self._pages
            self._keep()

    def _keep(self) -> None:
        if self._path is not None:
            replace_whole(self._path, msgspec.json.encode(self._pages))
