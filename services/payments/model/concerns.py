"""What comes to light about an order after it was drafted, and stands until somebody answers it.

    draft, blocked                  blocked by it
    with the approvers, approved    noted; held for it before it is sent
    scheduled                       held for it
    held                            noted; held for it again

Whatever makes a draft of the order again, what stands blocks it from then on. A concern ends when it is
gone by itself or when a second person takes the responsibility for it, and not otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from services.payments.commands import LiftConcern, RaiseConcern
from services.payments.events.order import (
    BlockLifted,
    ConcernNoted,
    PaymentBlocked,
    PaymentEvent,
    PaymentHeld,
    PaymentReady,
)
from services.payments.model.blocking import EXPORTED
from services.payments.model.order import Payment, evolve
from services.payments.values import State
from shared.contracts.values import Fault

BANK_HAS_IT = Fault("bank_has_it", "batch")
"""It was proved not received, and then the bank had it: only the bank's final no takes this away."""
_LASTING = frozenset({"already_paid", BANK_HAS_IT.code})
"""What the invoice itself does not tell, so that an invoice told anew does not answer it."""


def raise_concern(command: RaiseConcern, payment: Payment) -> Sequence[PaymentEvent]:
    """A draft is blocked by it. What is with the approvers goes its way there, and is held for it
    before it is sent.
    """
    reason = command.reason
    if reason in (*payment.cleared, *payment.reasons, *payment.concerns):
        return []
    match payment.state:
        case State.DRAFT | State.BLOCKED:
            return [PaymentBlocked((reason,))]
        case State.SCHEDULED:
            return [ConcernNoted(reason), PaymentHeld(reason)]
        case _:
            return [ConcernNoted(reason)]


def lift_concern(command: LiftConcern, payment: Payment) -> Sequence[PaymentEvent]:
    standing = (*payment.reasons, *payment.concerns)
    gone = [r for r in standing if (r.code, r.field) == (command.code, command.field)]
    lifted: list[PaymentEvent] = [BlockLifted(reason) for reason in gone]
    if payment.reasons and set(payment.reasons) <= set(gone):
        lifted.append(PaymentReady())
    return lifted


def note_told(told: Sequence[Fault], payment: Payment) -> Sequence[PaymentEvent]:
    """What the ledger names against an invoice that is otherwise the same: such as that it has put it
    into a bank file, or taken it out.
    """
    noted: list[PaymentEvent] = []
    for fault in told:
        noted += raise_concern(RaiseConcern(fault), reduce(evolve, noted, payment))
    if EXPORTED not in told:
        taken_out = LiftConcern(EXPORTED.code, EXPORTED.field)
        noted += lift_concern(taken_out, reduce(evolve, noted, payment))
    return noted


def draft_again(voided: PaymentEvent, payment: Payment) -> list[PaymentEvent]:
    """A draft again, which is blocked by what came to light while it was none."""
    return [voided, PaymentBlocked(payment.concerns)] if payment.concerns else [voided]


def lasting(payment: Payment) -> tuple[Fault, ...]:
    """What still stands against an order whatever its invoice says now."""
    standing = (*payment.reasons, *payment.concerns)
    return tuple(fault for fault in standing if fault.code in _LASTING)
