"""One order's history up to each of its states, and a command of each kind that fits it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid5

from services.payments import commands as c
from services.payments.events import order as e
from services.payments.model.naming import end_to_end_id
from services.payments.values import Invoice, Plan, State
from shared.contracts.values import Copy, Fault, Grant, PolicyTier, SealedAccount
from shared.money import Money
from shared.sealed import Sealed


def an_id(name: str) -> UUID:
    return uuid5(UUID(int=7), name)


ORDER, INVOICE, SUPPLIER = an_id("order"), an_id("invoice"), an_id("supplier")
ANNA, BO, CARLA = an_id("anna"), an_id("bo"), an_id("carla")
REQUEST, BATCH, POSTING = an_id("request"), an_id("batch"), an_id("posting")
AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
DAY = date(2026, 3, 9)
DIGEST, SHA, ACCOUNT, DEBTOR = "d" * 64, "b" * 64, "fingerprint-1", "debtor-1"
E2E = end_to_end_id(ORDER, 1)
REASON = Fault("externally_exported", "invoice")
HOLD = Fault("credit_note_arrived", str(an_id("note")))
TEXT = Sealed(ANNA, "c2VhbGVk")


def dkk(amount: str) -> Money:
    return Money.of(amount, "DKK")


AMOUNT = dkk("1250.00")


def an_invoice(**changes: Any) -> Invoice:
    facts: dict[str, Any] = {
        "invoice_id": INVOICE,
        "party_id": SUPPLIER,
        "party_name": Sealed(SUPPLIER, "bmFtZQ=="),
        "party_number": "7",
        "number": "A-100",
        "voucher": "V1",
        "issued_on": date(2026, 2, 10),
        "due_on": date(2026, 3, 10),
        "gross": AMOUNT,
        "remaining": AMOUNT,
        "account": SealedAccount("dk_account", ACCOUNT, "0781", Sealed(SUPPLIER, "YWNj"), "ref-1"),
    }
    return Invoice(**{**facts, **changes})


PLAN = Plan("danish_transfer", DAY, datetime(2026, 3, 9, 9, 59, tzinfo=UTC), "DK.1")
LATER = Plan("danish_transfer", date(2026, 3, 12), datetime(2026, 3, 12, 9, 59, tzinfo=UTC), "DK.1")


def a_grant(by: UUID = BO, **changes: Any) -> Grant:
    facts: dict[str, Any] = {
        "payment_id": ORDER,
        "revision": 1,
        "digest": DIGEST,
        "approver_id": by,
        "granted_at": AT,
        "method": "passkey",
        "policy_version": 1,
        "key_id": "k",
        "signature": "s",
    }
    return Grant(**{**facts, **changes})


def an_approval(*grants: Grant, **changes: Any) -> c.ApprovePayment:
    evidence = grants or (a_grant(),)
    facts: dict[str, Any] = {
        "request_id": REQUEST,
        "revision": 1,
        "claimed_digest": DIGEST,
        "evidence": evidence,
        "signed": evidence,
        "digest": DIGEST,
        "policy_version": 1,
        "tiers": (PolicyTier("DKK", 0, 1), PolicyTier("DKK", 5_000_000, 2)),
        "approvers": frozenset({BO, CARLA}),
    }
    return c.ApprovePayment(**{**facts, **changes})


DRAFTED = e.PaymentDrafted(1, an_invoice(), AMOUNT, PLAN)
DRAFT = (DRAFTED, e.PaymentReady())
ASKED = (*DRAFT, e.ApprovalAsked(REQUEST, DIGEST, ANNA, AT))
APPROVED = (*ASKED, e.PaymentApproved(REQUEST, DIGEST, 1, (a_grant(),)))
SCHEDULED = (*APPROVED, e.PaymentScheduled(DAY, DAY, AT, "DK.1"))
RELEASED = e.PaymentReleased(BATCH, 1, E2E, DEBTOR, DIGEST, in_transit=False)
RELEASING = (*SCHEDULED, RELEASED)
SUBMITTED = (*RELEASING, e.PaymentSubmitted(BATCH, SHA, "bank-1"))
ACCEPTED = (*SUBMITTED, e.PaymentAccepted("ACCP"))
EXECUTED = (*ACCEPTED, e.PaymentExecuted(AMOUNT, DAY, "L1"))

HISTORIES: dict[State, tuple[e.PaymentEvent, ...]] = {
    State.NEW: (),
    State.DRAFT: DRAFT,
    State.BLOCKED: (DRAFTED, e.PaymentBlocked((REASON,))),
    State.AWAITING_APPROVAL: ASKED,
    State.APPROVED: APPROVED,
    State.SCHEDULED: SCHEDULED,
    State.HELD: (*SCHEDULED, e.PaymentHeld(HOLD)),
    State.RELEASING: RELEASING,
    State.SUBMITTED: SUBMITTED,
    State.OUTCOME_UNKNOWN: (*RELEASING, e.PaymentOutcomeUnknown(BATCH, AT)),
    State.ACCEPTED: ACCEPTED,
    State.AWAITING_FUNDS: (*ACCEPTED, e.PaymentAwaitsFunds("PDNG")),
    State.CANCEL_PENDING: (*ACCEPTED, e.CancelRequested(BATCH, ANNA)),
    State.CANCELLED: (*ACCEPTED, e.CancelRequested(BATCH, ANNA), e.CancelConfirmed()),
    State.BANK_REJECTED: (*ACCEPTED, e.PaymentRefusedByBank("AC01")),
    State.EXECUTED: EXECUTED,
    State.RECONCILED: (*EXECUTED, e.PaymentReconciled("L1", DAY, pooled=False)),
    State.RETURNED: (*EXECUTED, e.PaymentReturned(AMOUNT, "AC04", DAY, "L2")),
}

RECHECK = c.RecheckPayment(DIGEST, frozenset({BO, CARLA}))
EXECUTION = c.NoteExecution(E2E, DEBTOR, AMOUNT, DAY, "L1")
RETURN = c.NoteReturn(E2E, DEBTOR, AMOUNT, "AC04", DAY, "L2")

COMMANDS: dict[type[Any], c.Command] = {
    type(command): command
    for command in (
        c.DraftPayment(1, an_invoice(), PLAN),
        c.NoteInvoice(an_invoice(due_on=date(2026, 3, 20)), LATER),
        c.NoteCopy(Copy("c" * 64, "application/pdf", 1)),
        c.NoteRemaining(dkk("1000.00")),
        c.RaiseConcern(Fault("already_paid", "x")),
        c.LiftConcern("credit_note_arrived", "x"),
        c.ClearBlock(REASON, BO, frozenset({"approver"}), TEXT),
        c.RevisePayment(AMOUNT, LATER, ANNA),
        c.AskApproval(REQUEST, DIGEST, ANNA, AT),
        c.NoteGrant(REQUEST, BO, 1, 1),
        an_approval(),
        c.NoteRejection(REQUEST, 1, BO),
        c.NoteExpiry(REQUEST),
        c.SchedulePayment(DAY, AT, "DK.1"),
        c.WithdrawPayment("withdrawn", ANNA),
        RECHECK,
        c.ReleaseHold(BO, frozenset({"approver"}), RECHECK),
        c.ReleasePayment(BATCH, E2E, DEBTOR, DIGEST, in_transit=False),
        c.NoteSent(BATCH, SHA, "bank-1"),
        c.NoteNotSent(BATCH),
        c.NoteRefusal(BATCH, "FF01"),
        c.NoteOutcomeUnknown(BATCH, AT),
        c.RaiseAlert(BATCH),
        c.ReportBankWord(
            received=True, reported_by=BO, roles=frozenset({"approver"}), bytes_sha256=SHA
        ),
        c.NoteBankStatus(BATCH, "ACCP"),
        c.RequestCancel(ANNA),
        c.NoteCancelRefused(BATCH, "LATE"),
        EXECUTION,
        c.NoteFee(E2E, DEBTOR, dkk("2.50"), DAY, "L3"),
        RETURN,
        c.NoteMisfit("second_debit", dkk("-1250.00"), DAY, "L4"),
        c.NoteVoucher(POSTING, "V9", DAY),
        c.NotePostingRefused(POSTING, "closed"),
    )
}
