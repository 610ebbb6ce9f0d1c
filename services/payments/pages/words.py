"""Codes in words: why something waits, who can mend it, and what happened.

Each text stands once in English here and once per language in the catalogues.
"""

from __future__ import annotations

from collections.abc import Callable

from services.payments.queries import Payable
from services.payments.values import State
from shared.ui.states import MACHINE_STATES, PAYMENT_STATES
from shared.ui.states import State as Shape

Say = Callable[[str], str]

_SHAPES = {
    State.NEW: "ready",
    State.DRAFT: "ready",
    State.BLOCKED: "blocked",
    State.AWAITING_APPROVAL: "asked",
    State.APPROVED: "approved",
    State.SCHEDULED: "scheduled",
    State.HELD: "held",
    State.RELEASING: "sending",
    State.SUBMITTED: "at_the_bank",
    State.OUTCOME_UNKNOWN: "unknown",
    State.ACCEPTED: "at_the_bank",
    State.AWAITING_FUNDS: "waiting_for_funds",
    State.CANCEL_PENDING: "cancelling",
    State.CANCELLED: "cancelled",
    State.BANK_REJECTED: "refused",
    State.EXECUTED: "paid",
    State.RECONCILED: "paid",
    State.RETURNED: "returned",
}


PARTLY = Shape("Approved in part", "s-half")
"""Of several of which each has some yeses: no figure is that of all."""


LATE = MACHINE_STATES["late"]


def shape(state: State, *, bookkept: bool = False, partly: bool = False) -> Shape:
    """The word, shape and tone of a state; what is paid and in the ledger is bookkept, and what
    somebody has said yes to is approved in part: that word has figures (`figures`).
    """
    if partly and state is State.AWAITING_APPROVAL:
        return PAYMENT_STATES["partly_approved"]
    paid = state in {State.EXECUTED, State.RECONCILED}
    return PAYMENT_STATES["bookkept" if paid and bookkept else _SHAPES[state]]


def shape_of(one: Payable) -> Shape:
    return shape(one.state, bookkept=one.voucher is not None, partly=bool(figures(one)))


def figures(one: Payable) -> dict[str, int]:
    """What stands in the word of a state: how many have said yes, and how many must."""
    given = len(one.yes_by)
    if one.state is not State.AWAITING_APPROVAL or not given or one.still_needed is None:
        return {}
    return {"given": given, "needed": given + one.still_needed}


def happened(gettext: Say) -> dict[str, str]:
    """Each event as a line of "What happened"."""
    return {
        "PaymentDrafted": gettext("Booked in the ledger, drafted for payment"),
        "PaymentReady": gettext("Ready: nothing stands in the way"),
        "PaymentBlocked": gettext("Blocked"),
        "BlockCleared": gettext("A second person cleared a reason"),
        "BlockLifted": gettext("A reason went away by itself"),
        "InvoiceRevised": gettext("The invoice was changed in the ledger: every yes is void"),
        "InvoiceRetold": gettext(
            "The invoice was changed in the ledger: a new order would follow it"
        ),
        "InvoiceCopyNoted": gettext("The invoice can be seen"),
        "ConcernNoted": gettext("Something came to light: it is held for it before it is sent"),
        "RemainingChanged": gettext("The ledger changed what remains"),
        "PaymentRevised": gettext("Amount or day changed: every yes is void"),
        "ApprovalAsked": gettext("Sent to approval"),
        "GrantNoted": gettext("An approver said yes"),
        "ApprovalEvidenceRefused": gettext("An approval did not hold and was refused"),
        "PaymentApproved": gettext("Approved; signatures, roles and content verified"),
        "PaymentRejected": gettext("An approver said no"),
        "ApprovalExpired": gettext("The approvers did not answer in time"),
        "PaymentScheduled": gettext("Scheduled"),
        "PaymentHeld": gettext("Held"),
        "HoldReleased": gettext("Let go on"),
        "PaymentWithdrawn": gettext("Withdrawn"),
        "PaymentReleased": gettext("Sealed in a batch, checked once more"),
        "PaymentNotSent": gettext("Not a byte left; back to its place"),
        "PaymentSubmitted": gettext("The bank has it"),
        "PaymentOutcomeUnknown": gettext("Outcome unknown"),
        "OutcomeAlertRaised": gettext("Still unknown after two hours: people were told"),
        "BankWordReported": gettext("A person reported the bank’s word"),
        "OutcomeProved": gettext("The outcome is known"),
        "PaymentAccepted": gettext("Accepted by the bank"),
        "PaymentAwaitsFunds": gettext("Waiting for funds"),
        "PaymentRefusedByBank": gettext("Refused by the bank"),
        "CancelRequested": gettext("The bank was asked to stop it"),
        "CancelConfirmed": gettext("The bank stopped it"),
        "CancelRefused": gettext("The bank could not stop it"),
        "PaymentExecuted": gettext("Paid"),
        "PaymentFeeTaken": gettext("The bank took its fee"),
        "PaymentReconciled": gettext("Agrees with the bank statement"),
        "PaymentReturned": gettext("The money came back"),
        "MisfitNoted": gettext("A line of the bank’s statement does not fit: ask the bank"),
        "PaymentBookkept": gettext("Bookkept in the ledger"),
        "PostingRefused": gettext("The ledger refused the voucher"),
    }
