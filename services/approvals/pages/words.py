"""Codes as people read them."""

from __future__ import annotations

from shared.ui.language import Language, translator
from shared.ui.parts import Caution


def cautions(codes: tuple[str, ...], language: Language) -> list[Caution]:
    """Warnings in words, the worst first; one that has no words yet is said to be unusual."""
    gettext = translator(language).gettext
    call = gettext(
        "Compare the account below with the invoice, and call the payee on a number you knew "
        "before."
    )
    ask = gettext("Ask whoever ordered it whether it is right.")
    known = {
        "account_differs": Caution(gettext("Account differs from last time"), "stop", call),
        "new_account": Caution(gettext("First payment to this account"), "stop", call),
        "first_payment": Caution(
            gettext("First payment to this payee"),
            advice=gettext("Make sure that you know who it is, and what was bought."),
        ),
        "amount_unusual": Caution(gettext("Larger than usual for this payee"), advice=ask),
    }
    unknown = Caution(gettext("Something is unusual"), advice=ask)
    found = [known.get(code, unknown) for code in codes]
    return sorted(found, key=lambda caution: caution.tone != "stop")


def refusal(code: str, language: Language) -> str:
    """Why an answer did not count, and what to do about it."""
    gettext = translator(language).gettext
    words = {
        "self_approval": gettext("You put it forward yourself: somebody else must approve it."),
        "not_an_approver": gettext("You may not approve for this company any more."),
        "digest_changed": gettext("It has changed since you saw it: look again."),
        "already_void": gettext(
            "It was changed or withdrawn: a new request comes when it is ready."
        ),
        "already_rejected": gettext("It has been rejected already."),
        "already_approved": gettext("It has been approved already."),
        "already_expired": gettext("Time ran out: whoever put it forward must do so again."),
    }
    return words.get(code, gettext("It could not be answered."))


def happened(what: str, language: Language) -> str:
    """A line of a history."""
    gettext = translator(language).gettext
    words = {
        "requested": gettext("Put forward"),
        "yes": gettext("Yes"),
        "yes_lapsed": gettext("The yes lapsed: the role was taken away"),
        "yes_refused": gettext("A yes that does not count"),
        "no_refused": gettext("A no that does not count"),
        "approved": gettext("Approved"),
        "rejected": gettext("Rejected"),
        "void": gettext("Changed or withdrawn"),
        "reminded": gettext("Approvers reminded"),
        "expired": gettext("Time ran out"),
        "scheduled": gettext("Scheduled"),
        "held": gettext("Held"),
        "cancelled": gettext("Cancelled"),
        "executed": gettext("Paid"),
        "failed": gettext("Refused by the bank"),
        "returned": gettext("Returned"),
    }
    return words.get(what, what)
