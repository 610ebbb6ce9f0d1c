"""What can have happened in payments: to an order (`order.py`), and to all that stands beside one."""

from __future__ import annotations

from services.payments.events.beside import (
    ApprovalRequested,
    BatchEvent,
    CreditNoteLearnt,
    PayerEvent,
    PersonEvent,
    PolicyLearnt,
    StatementLineBooked,
)
from services.payments.events.order import PaymentEvent

EVENTS = (
    PaymentEvent
    | BatchEvent
    | ApprovalRequested
    | PayerEvent
    | StatementLineBooked
    | PolicyLearnt
    | PersonEvent
    | CreditNoteLearnt
)
