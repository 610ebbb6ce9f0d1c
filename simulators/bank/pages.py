"""The pages of the bank's book, as they are kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time

from shared.money import Money
from simulators.bank.faults import Fault
from simulators.bank.state import Account, Debit, Line, Payment, Request, Return


@dataclass(slots=True)
class Pages:
    """The bank's habits, and all that has happened."""

    cut_off: time = time(14)
    """Local time from which an order for today is executed on the next banking day."""
    patience: int = 3
    """Banking days that an order waits for money."""
    page_size: int = 100
    """Lines on one page of a statement."""
    tells_entries: bool = True
    """Whether a status names each order, or the bulk only."""
    remembers_requests: bool = True
    """Whether a request repeated under its X-Request-ID is recognised. The end-to-end id never is."""
    accounts: list[Account] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    debits: list[Debit] = field(default_factory=list)
    returns: list[Return] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def account(self, resource_id: str) -> Account:
        return next(account for account in self.accounts if account.resource_id == resource_id)

    def payment(self, payment_id: str) -> Payment | None:
        return next((p for p in self.payments if p.payment_id == payment_id), None)

    def book(self, account: Account, amount: Money, on: date, code: str) -> Line:
        """Move an account's money, and write the line that says so."""
        balance = account.balances.get(amount.currency, 0)
        account.balances[amount.currency] = balance + amount.minor
        line = Line(f"entry-{len(self.lines) + 1:06}", account.resource_id, amount, on, code)
        self.lines.append(line)
        return line
