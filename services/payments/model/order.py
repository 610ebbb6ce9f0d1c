"""What the history of one payment order adds up to.

    new ─▶ draft ⇄ blocked
             │  ▲ rejected, revised, expired (revision + 1 where something changed)
             ▼  │
      awaiting_approval ─▶ approved ─▶ scheduled ⇄ held
                                           │  ▲ not sent; proved not received
                                           ▼  │
                                       releasing ─▶ outcome_unknown
                                           │            │
                                           ▼            ▼ proved received
                                       submitted ─▶ accepted ⇄ awaiting_funds
                                           │            │
                       cancel_pending ◀────┴────────────┤
                          │                             ▼
                          ▼                         executed ─▶ reconciled
                      cancelled    bank_rejected        └───────────┴──▶ returned

Until it is sealed (`releasing`) it may be withdrawn; what the bank says afterwards is applied by
precedence, returned over executed over rejected over accepted over submitted, since its messages
come in any order.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import assert_never
from uuid import UUID

from services.payments.events import order as e
from services.payments.values import PAID, Invoice, Plan, State
from shared.contracts.values import Fault
from shared.decider import Rejected
from shared.evidence import NOBODY
from shared.money import Money


@dataclass(frozen=True, slots=True)
class Facts:
    """What an order pays, and when: everything that a revision can change."""

    invoice: Invoice
    amount: Money
    plan: Plan


@dataclass(frozen=True, slots=True)
class Payment:
    """An order as it is now. `facts` is there from the first event on.

    `reasons` block a draft; `concerns` came to light later and hold it before it is sent;
    `cleared_by` took the responsibility for some of either.
    """

    state: State = State.NEW
    facts: Facts | None = None
    retold: e.InvoiceRetold | None = None
    attempt: int = 0
    revision: int = 1
    prepared_by: UUID | None = None
    reasons: tuple[Fault, ...] = ()
    concerns: tuple[Fault, ...] = ()
    cleared: tuple[Fault, ...] = ()
    cleared_by: frozenset[UUID] = frozenset()
    request_id: UUID | None = None
    digest: str = ""
    asked_by: UUID | None = None
    asked_at: datetime | None = None
    approvers: frozenset[UUID] = frozenset()
    execute_on: date | None = None
    held: Fault | None = None
    batch_id: UUID | None = None
    release: int = 0
    end_to_end_ids: tuple[str, ...] = ()
    debtor_fingerprint: str = ""
    in_transit: bool = False
    bytes_sha256: str = ""
    bank_payment_id: str | None = None
    unknown_since: datetime | None = None
    alerted: bool = False
    bank_words: tuple[tuple[UUID, bool], ...] = ()
    before_cancel: State = State.SUBMITTED
    executed: Money | None = None
    fees: tuple[str, ...] = ()
    misfits: tuple[str, ...] = ()
    returned: Money | None = None
    taken_back: bool = False
    postings: frozenset[UUID] = frozenset()
    refused_postings: frozenset[UUID] = frozenset()

    @property
    def known(self) -> Facts:
        """The facts of an order that exists; `decide` lets no other command pass."""
        if self.facts is None:
            raise Rejected("there is no such payment", code="unknown_payment")
        return self.facts

    @property
    def is_in_transit(self) -> bool:
        """Whether its money was bookkept into the client's in-transit account, and is there still.

        An order whose receipt never came was not: the statement may be the first to know of it.
        """
        return self.in_transit and bool(self.bytes_sha256) and not self.taken_back

    @property
    def invoice(self) -> Invoice:
        return self.known.invoice

    @property
    def amount(self) -> Money:
        return self.known.amount

    @property
    def plan(self) -> Plan:
        return self.known.plan


def evolve(payment: Payment, event: e.PaymentEvent) -> Payment:  # noqa: C901, PLR0912  a closed union
    """The order after an event. What is recorded has happened: nothing is refused here."""
    match event:
        case e.PaymentDrafted():
            return replace(
                payment,
                state=State.DRAFT,
                facts=Facts(event.invoice, event.amount, event.plan),
                attempt=event.attempt,
                prepared_by=event.prepared_by,
            )
        case e.PaymentReady():
            return replace(payment, state=State.DRAFT)
        case e.PaymentBlocked():
            reasons = payment.reasons + event.reasons
            return replace(payment, state=State.BLOCKED, reasons=reasons)
        case e.BlockCleared():
            return replace(
                payment,
                reasons=_without(payment.reasons, event.reason),
                cleared=(*payment.cleared, event.reason),
                cleared_by=payment.cleared_by | {event.cleared_by},
            )
        case e.ConcernNoted():
            return replace(payment, concerns=(*payment.concerns, event.reason))
        case e.BlockLifted():
            return replace(
                payment,
                reasons=_without(payment.reasons, event.reason),
                concerns=_without(payment.concerns, event.reason),
            )
        case e.InvoiceRevised():
            facts = Facts(event.invoice, event.amount, event.plan)
            return replace(_void(payment), facts=facts, revision=event.revision, reasons=())
        case e.InvoiceRetold():
            return replace(payment, retold=event)
        case e.InvoiceCopyNoted():
            invoice = replace(payment.invoice, copy_of=event.copy_of)
            return replace(payment, facts=replace(payment.known, invoice=invoice))
        case e.RemainingChanged():
            invoice = replace(payment.invoice, remaining=event.remaining)
            return replace(payment, facts=replace(payment.known, invoice=invoice))
        case e.PaymentRevised():
            facts = Facts(payment.invoice, event.amount, event.plan)
            prepared_by = event.revised_by or payment.prepared_by
            return replace(
                _void(payment), facts=facts, revision=event.revision, prepared_by=prepared_by
            )
        case e.ApprovalAsked():
            return replace(
                payment,
                state=State.AWAITING_APPROVAL,
                request_id=event.request_id,
                digest=event.digest,
                asked_by=event.asked_by,
                asked_at=event.asked_at,
            )
        case e.PaymentApproved():
            approvers = frozenset(grant.approver_id for grant in event.evidence) - {NOBODY}
            return replace(payment, state=State.APPROVED, approvers=approvers)
        case e.PaymentRejected():
            return replace(_void(payment), revision=event.revision)
        case e.ApprovalExpired():
            return _void(payment)
        case e.PaymentScheduled():
            return replace(payment, state=State.SCHEDULED, execute_on=event.execute_on)
        case e.PaymentHeld():
            return replace(payment, state=State.HELD, held=event.reason)
        case e.HoldReleased():
            return replace(
                payment,
                state=State.APPROVED,
                held=None,
                concerns=_without(payment.concerns, event.reason),
                cleared=(*payment.cleared, event.reason),
                cleared_by=payment.cleared_by | ({event.released_by} if event.text else set()),
            )
        case e.PaymentWithdrawn():
            return replace(payment, state=State.CANCELLED)
        case e.GrantNoted() | e.ApprovalEvidenceRefused():
            return payment
        case _:
            return _evolve_at_bank(payment, event)


def _without(faults: tuple[Fault, ...], gone: Fault) -> tuple[Fault, ...]:
    return tuple(fault for fault in faults if fault != gone)


def _void(payment: Payment) -> Payment:
    """A draft again: whatever anybody said yes to is no longer asked for.

    What was of concern blocks it from here on: that is told by an event of its own.
    """
    return replace(
        payment,
        state=State.BLOCKED if payment.reasons else State.DRAFT,
        request_id=None,
        digest="",
        asked_by=None,
        asked_at=None,
        approvers=frozenset(),
        execute_on=None,
        held=None,
        concerns=(),
    )


AtBank = (
    e.PaymentReleased
    | e.PaymentNotSent
    | e.PaymentSubmitted
    | e.PaymentOutcomeUnknown
    | e.OutcomeAlertRaised
    | e.BankWordReported
    | e.OutcomeProved
    | e.PaymentAccepted
    | e.PaymentAwaitsFunds
    | e.PaymentRefusedByBank
    | e.CancelRequested
    | e.CancelConfirmed
    | e.CancelRefused
    | e.PaymentExecuted
    | e.PaymentFeeTaken
    | e.PaymentReconciled
    | e.PaymentReturned
    | e.MisfitNoted
    | e.PaymentBookkept
    | e.PostingRefused
)


def _evolve_at_bank(payment: Payment, event: AtBank) -> Payment:  # noqa: C901, PLR0912  a closed union
    match event:
        case e.PaymentReleased():
            return replace(
                payment,
                state=State.RELEASING,
                batch_id=event.batch_id,
                release=event.release,
                end_to_end_ids=(*payment.end_to_end_ids, event.end_to_end_id),
                debtor_fingerprint=event.debtor_fingerprint,
                in_transit=event.in_transit,
                bank_words=(),
                alerted=False,
            )
        case e.PaymentNotSent():
            return replace(payment, state=State.SCHEDULED, batch_id=None)
        case e.PaymentSubmitted():
            return replace(
                payment,
                state=State.SUBMITTED,
                bytes_sha256=event.bytes_sha256,
                bank_payment_id=event.bank_payment_id,
            )
        case e.PaymentOutcomeUnknown():
            since = event.since_at
            return replace(payment, state=State.OUTCOME_UNKNOWN, unknown_since=since)
        case e.OutcomeAlertRaised():
            return replace(payment, alerted=True)
        case e.BankWordReported():
            words = (*payment.bank_words, (event.reported_by, event.received))
            return replace(payment, bank_words=words)
        case e.OutcomeProved():
            state = State.SUBMITTED if event.received else State.SCHEDULED
            batch_id = payment.batch_id if event.received else None
            return replace(payment, state=state, batch_id=batch_id, unknown_since=None)
        case e.PaymentAccepted():
            return replace(payment, state=State.ACCEPTED)
        case e.PaymentAwaitsFunds():
            return replace(payment, state=State.AWAITING_FUNDS)
        case e.PaymentRefusedByBank():
            return replace(payment, state=State.BANK_REJECTED, taken_back=True)
        case e.CancelRequested():
            return replace(payment, state=State.CANCEL_PENDING, before_cancel=payment.state)
        case e.CancelConfirmed():
            return replace(payment, state=State.CANCELLED, taken_back=True)
        case e.CancelRefused():
            return replace(payment, state=event.back_to)
        case e.PaymentExecuted():
            state = State.RETURNED if payment.returned is not None else State.EXECUTED
            return replace(payment, state=state, executed=event.amount)
        case e.PaymentFeeTaken():
            return replace(payment, fees=(*payment.fees, event.bank_reference))
        case e.PaymentReconciled():
            state = State.RECONCILED if payment.state in PAID else payment.state
            return replace(payment, state=state)
        case e.PaymentReturned():
            return replace(payment, state=State.RETURNED, returned=event.amount)
        case e.MisfitNoted():
            return replace(payment, misfits=(*payment.misfits, event.bank_reference))
        case e.PaymentBookkept():
            return replace(payment, postings=payment.postings | {event.posting_id})
        case e.PostingRefused():
            refused = payment.refused_postings | {event.posting_id}
            return replace(payment, refused_postings=refused)
        case _:
            assert_never(event)
