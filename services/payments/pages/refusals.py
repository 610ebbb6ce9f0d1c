"""Why the rules did not do what a person asked for, in sentences."""

from __future__ import annotations

from services.payments.model.blocking import CLEARABLE
from services.payments.pages.reasons import reason
from services.payments.pages.words import Say, shape
from services.payments.values import State
from shared.contracts.values import Fault

_CONCERNS = CLEARABLE | {"digest_changed", "mandate_revoked", "bank_has_it"}
"""What a held order may be held again for."""


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
        "too_late": gettext("Nobody knows the banking days of a day so far ahead."),
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
        "account_taken": gettext("Another company pays from this account: ask your office."),
        "account_characters": gettext("An account number has digits only, unless it is an IBAN."),
        "cancels_whole_batch": gettext(
            "Others left in the same message: the bank would stop them all. Look at it again."
        ),
        "digest_differs": gettext("It is not any more what was approved."),
    }
    standing = reason(Fault(code, ""), gettext) if code in _CONCERNS else ""
    return sentences.get(code) or standing or gettext("The rules do not allow it as things stand.")
