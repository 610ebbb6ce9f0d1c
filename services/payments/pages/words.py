"""Codes in words: why something waits, who can mend it, and what happened.

Each text stands once in English here and once per language in the catalogues.
"""

from __future__ import annotations

from collections.abc import Callable

from services.payments.model.blocking import CLEARABLE
from services.payments.values import State
from shared.contracts.values import Fault
from shared.ui.states import PAYMENT_STATES
from shared.ui.states import State as Shape

Say = Callable[[str], str]
CONCERNS = CLEARABLE | {"digest_changed", "mandate_revoked", "bank_has_it"}
"""What a held order may be held again for."""

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


def shape(state: State, *, bookkept: bool = False) -> Shape:
    """The word, shape and tone of a state; what is paid and in the ledger is bookkept."""
    paid = state in {State.EXECUTED, State.RECONCILED}
    return PAYMENT_STATES["bookkept" if paid and bookkept else _SHAPES[state]]


def reason(fault: Fault, gettext: Say) -> str:
    """Why, and who can mend it, in one or two sentences."""
    account = gettext("The account number cannot be right. Correct it in the ledger.")
    texts = {
        "reference_check_digit": gettext(
            "The payment reference is misprinted: its check digit should be %(expected)s. "
            "Correct it in the ledger, or ask the supplier."
        ),
        "missing_details": gettext(
            "There is no account to pay to. Add the payment details in the ledger."
        ),
        "account_differs": gettext(
            "The account is not the one that was paid the last time. A second person must "
            "confirm it by a call to a number known before."
        ),
        "duplicate_hard": gettext(
            "Paid or on its way already: same supplier, number and amount. It is not paid twice."
        ),
        "duplicate_soft": gettext(
            "Likely the same as another invoice of this supplier. A second person may say that "
            "it is not."
        ),
        "externally_exported": gettext(
            "It was put into a bank file in the ledger. A second person must confirm that the "
            "file was not sent."
        ),
        "already_paid": gettext("The ledger says that it was paid outside Forfald."),
        "nothing_left": gettext("Nothing remains to be paid: the ledger has settled it."),
        "credit_note_arrived": gettext(
            "A credit note of this supplier is not yet set against an invoice. Match it in the "
            "ledger, or confirm that the full amount is to be paid."
        ),
        "amount_above_remaining": gettext(
            "The amount is more than what remains of the invoice. Change the amount."
        ),
        "foreign_currency": gettext(
            "Only payments in %(expected)s can be made from this account so far."
        ),
        "mandate_revoked": gettext(
            "Somebody who approved it may not approve any more. Send it to approval again."
        ),
        "digest_changed": gettext(
            "It is not any more what was approved. Send it to approval again."
        ),
        "bank_has_it": gettext("The bank has it already."),
        "invalid_iban": account,
        "account_check_digit": account,
        "account_length": account,
        "account_characters": account,
    }
    other = gettext("Something on the invoice cannot be right (%(code)s, %(field)s).")
    text = texts.get(fault.code, other)
    return text % {"expected": fault.expected or "", "code": fault.code, "field": fault.field}


def warning(code: str, gettext: Say) -> str:
    return {
        "first_payment": gettext("First payment to this payee"),
        "new_account": gettext("This account has not been paid before"),
        "account_differs": gettext("Account differs from last time"),
        "amount_unusual": gettext("The amount is far from what is usual"),
    }.get(code, code)


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
        "BankWordReported": gettext("A person reported the bank’s word"),  # noqa: RUF001  typeset
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
        "MisfitNoted": gettext("A line of the bank’s statement does not fit: ask the bank"),  # noqa: RUF001  typeset
        "PaymentBookkept": gettext("Bookkept in the ledger"),
        "PostingRefused": gettext("The ledger refused the voucher"),
    }


def misfit(code: str, gettext: Say) -> str:
    """What a line of the statement has that does not fit."""
    return {
        "second_debit": gettext("The money was taken a second time."),
        "second_return": gettext("Money came back a second time."),
        "amount_differs": gettext("It is not the amount that was asked for."),
        "another_account": gettext("It moved on another account."),
        "another_currency": gettext("It moved another currency."),
    }.get(code, gettext("It is of no kind that is known here."))


def refusal(code: str, gettext: Say) -> str:
    """Why the rules did not do it, and what helps; nothing has changed then."""
    _, is_state, state = code.partition("not_when_")
    if is_state and state in set(State):
        said = gettext("That is not possible while it is “%(state)s”. Look at it again.")
        return said % {"state": gettext(shape(State(state)).word)}
    sentences = {
        "amount_above_remaining": gettext("No more can be paid than what remains of the invoice."),
        "amount_not_positive": gettext("The amount must be more than nothing."),
        "amount_unreadable": gettext("Write the amount as it stands here, with its decimals."),
        "currency": gettext("An invoice is paid in its own currency."),
        "too_early": gettext("The bank cannot pay so early. Choose a later day."),
        "word_missing": gettext("Say which of the two the bank said."),
        "text_missing": gettext("Write why: it is kept with your name."),
        "same_person": gettext("You prepared it: a second person must take the responsibility."),
        "cleared_it": gettext(
            "You answered for a reason against it: somebody else must put it forward."
        ),
        "role_missing": gettext("Your role at this company does not allow it."),
        "not_clearable": gettext("This reason cannot be overruled, only mended where it is wrong."),
        "no_such_reason": gettext("That reason is gone already. Look at it again."),
        "nothing_chosen": gettext("Choose at least one payment."),
        "nothing_left": gettext("Nothing remains to be paid."),
        "unknown_invoice": gettext("There is no such invoice."),
        "unknown_payment": gettext("There is no such payment."),
        "missing_details": gettext("There is no account to pay to. Add it in the ledger."),
        "payee_erased": gettext("The payee has been forgotten, so nothing can be paid to it."),
        "payer_missing": gettext("Nobody has said yet which account is paid from."),
        "cancels_whole_batch": gettext(
            "Others left in the same message: the bank would stop them all. Look at it again."
        ),
        "digest_differs": gettext("It is not any more what was approved."),
    }
    standing = reason(Fault(code, ""), gettext) if code in CONCERNS else ""
    return sentences.get(code) or standing or gettext("The rules do not allow it as things stand.")
