"""What goes wrong on demand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from shared.money import Money
from simulators.bank.state import Order


class FaultKind(StrEnum):
    """Each a way in which real banks fail; the first five strike the request, the rest an order."""

    TIMEOUT_BEFORE = "timeout_before"
    """The request is read, nothing is accepted, no answer comes."""
    TIMEOUT_AFTER = "timeout_after"
    """The batch is accepted, no answer comes."""
    ERROR_BEFORE = "error_before"
    """503, nothing accepted."""
    ERROR_AFTER = "error_after"
    """500, and yet the batch is accepted."""
    GARBAGE_AFTER = "garbage_after"
    """The batch is accepted and the answer is no JSON."""
    REJECT = "reject"
    """The order is rejected on examination, with `reason`."""
    REJECT_LATE = "reject_late"
    """The order is rejected on its execution day, with `reason`."""
    NO_FUNDS = "no_funds"
    """The execution finds no money, whatever the balance: once per `times`."""
    HOLD = "hold"
    """The order is looked at by people and not executed: for `times` banking days."""
    RETURN = "return"
    """`days` banking days after the debit the money comes back, `short` of what the payee's bank kept."""
    REFUSE_CANCEL = "refuse_cancel"
    """The cancellation is refused."""
    LOSE_CANCEL = "lose_cancel"
    """The cancellation is taken, and the order executed all the same."""
    LATE_STATUS = "late_status"
    """For `days` days the status stays RCVD, whatever happens."""
    DOUBLE_STATUS = "double_status"
    """The status names the order twice, the older word last."""


@dataclass(slots=True)
class Fault:
    """A fault and what it strikes: whatever fits all that is named, `times` times (None: always)."""

    kind: FaultKind
    end_to_end_id: str | None = None
    creditor_account: str | None = None
    amount: Money | None = None
    times: int | None = 1
    reason: str = ""
    days: int = 0
    short: Money | None = None

    def strikes(self, order: Order) -> bool:
        return (
            self.end_to_end_id in {None, order.end_to_end_id}
            and self.creditor_account in {None, order.creditor_account}
            and self.amount in {None, order.amount}
        )


def take(faults: list[Fault], kinds: Iterable[FaultKind], *orders: Order) -> Fault | None:
    """The first fault of these kinds that strikes one of the orders; it is used up by that."""
    wanted = frozenset(kinds)
    for fault in faults:
        if fault.kind in wanted and any(fault.strikes(order) for order in orders):
            if fault.times is not None:
                fault.times -= 1
                if fault.times <= 0:
                    faults.remove(fault)
            return fault
    return None
