"""Events beside the order's own: batches, requests, the payer, statement lines, and what was learnt."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from services.payments.values import BatchOrder, RequestedOrder
from shared.contracts.values import PolicyTier
from shared.eventstore.events import Event
from shared.money import Money
from shared.sealed import Sealed


class BatchSealed(Event, frozen=True, tag="payments.BatchSealed.v1"):
    """The exact bytes of one message to the bank, sealed, with what they add up to."""

    message_id: str
    debtor_account: Sealed
    debtor_fingerprint: str
    rail: str
    execute_on: date
    orders: tuple[BatchOrder, ...]
    count: int
    control_sum: Money
    sha256: str
    body: Sealed


class BatchDelivered(Event, frozen=True, tag="payments.BatchDelivered.v1"):
    """The bank took it, under its own name for it."""

    bank_payment_id: str


class BatchNotSent(Event, frozen=True, tag="payments.BatchNotSent.v1"):
    """Given up before a byte of it left."""


class BatchRefused(Event, frozen=True, tag="payments.BatchRefused.v1"):
    """The bank refused all of it."""

    code: str


class BatchOutcomeUnknown(Event, frozen=True, tag="payments.BatchOutcomeUnknown.v1"):
    """No answer."""

    since_at: datetime


class BatchCancelAsked(Event, frozen=True, tag="payments.BatchCancelAsked.v1"):
    """The bank is to be asked not to execute what it has not executed yet; `number` counts from one."""

    number: int
    bank_payment_id: str


class ApprovalRequested(Event, frozen=True, tag="payments.ApprovalRequested.v1"):
    """These orders were put to the approvers together."""

    orders: tuple[RequestedOrder, ...]
    sought_by: UUID
    sought_at: datetime


class PayerLearnt(Event, frozen=True, tag="payments.PayerLearnt.v1"):
    """Where the client is at home: its time zone makes the date, its country the banking days."""

    time_zone: str
    country: str


class PayerSetUp(Event, frozen=True, tag="payments.PayerSetUp.v1"):
    """The account that is paid from, and the client's ways. `roll` is a DueDateRoll."""

    debtor_account: Sealed
    fingerprint: str
    last4: str
    roll: str
    in_transit: bool
    set_up_by: UUID


class StatementLineBooked(Event, frozen=True, tag="payments.StatementLineBooked.v1"):
    """A line of the payer's account, once. `payments` are the orders that it explains.

    `in_transit` is what a pooled line takes out of the in-transit account, None where nothing is.
    """

    kind: str
    bank_reference: str
    amount: Money
    booked_on: date
    payments: tuple[UUID, ...]
    in_transit: Money | None = None
    fault: str | None = None


class PolicyLearnt(Event, frozen=True, tag="payments.PolicyLearnt.v1"):
    """How many must say yes, from when on."""

    version: int
    tiers: tuple[PolicyTier, ...]
    effective_at: datetime


class PersonNamed(Event, frozen=True, tag="payments.PersonNamed.v1"):
    """Who somebody is, for the timelines that people read; rules never see it."""

    user_id: UUID
    name: Sealed


class RoleLearnt(Event, frozen=True, tag="payments.RoleLearnt.v1"):
    user_id: UUID
    role: str


class RoleLost(Event, frozen=True, tag="payments.RoleLost.v1"):
    user_id: UUID
    role: str


class PersonDisabled(Event, frozen=True, tag="payments.PersonDisabled.v1"):
    user_id: UUID


class CreditNoteLearnt(Event, frozen=True, tag="payments.CreditNoteLearnt.v1"):
    """A supplier's credit note, and what of it is not yet set against anything."""

    party_id: UUID
    number: str
    remaining: Money


BatchEvent = (
    BatchSealed
    | BatchDelivered
    | BatchNotSent
    | BatchRefused
    | BatchOutcomeUnknown
    | BatchCancelAsked
)
PayerEvent = PayerLearnt | PayerSetUp
PersonEvent = PersonNamed | RoleLearnt | RoleLost | PersonDisabled
