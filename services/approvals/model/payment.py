"""A payment, as far as approvals has heard of it.

    revision 1 --revised--> revision 2 --> ...; followed to scheduled, held, executed, ...

It stands apart from the requests, since a revision can be heard of before the request for the
revision before it: the two travel on different topics.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import assert_never
from uuid import UUID, uuid5

from services.approvals.commands import FollowPayment, OutdatePayment, PaymentCommand
from services.approvals.events import PaymentEvent, PaymentFollowed, PaymentOutdated
from shared.decider import Decider


@dataclass(frozen=True, slots=True)
class Payment:
    """`least_revision` is the first revision that may still be approved."""

    least_revision: int = 0
    last: PaymentFollowed | None = None


def stream_of(tenant_id: UUID, payment_id: UUID) -> UUID:
    return uuid5(tenant_id, f"approvals:payment:{payment_id}")


def decide(command: PaymentCommand, payment: Payment) -> Sequence[PaymentEvent]:
    match command:
        case OutdatePayment():
            if command.least_revision <= payment.least_revision:
                return []
            return [PaymentOutdated(command.payment_id, command.least_revision)]
        case FollowPayment():
            followed = PaymentFollowed(command.payment_id, command.state, command.code)
            return [] if followed == payment.last else [followed]
        case _:
            assert_never(command)


def evolve(payment: Payment, event: PaymentEvent) -> Payment:
    match event:
        case PaymentOutdated():
            return replace(payment, least_revision=event.least_revision)
        case PaymentFollowed():
            return replace(payment, last=event)
        case _:
            assert_never(event)


PAYMENT: Decider[PaymentCommand, Payment, PaymentEvent] = Decider(decide, evolve, Payment())
