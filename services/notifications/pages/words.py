"""Words of this service's pages in the reader's language."""

from __future__ import annotations

from collections.abc import Callable

from services.notifications.model.texts import Language
from services.notifications.values import Channel, LetterKind, OccasionName
from shared.decider import Rejected


def occasion_words(gettext: Callable[[str], str]) -> dict[str, str]:
    return {
        OccasionName.APPROVAL_REQUESTED: gettext("Asks for approval"),
        OccasionName.APPROVAL_REMINDER: gettext("Reminds of an approval"),
        OccasionName.APPROVAL_EXPIRED: gettext("Approval expired"),
        OccasionName.PAYMENTS_REJECTED: gettext("Rejected by an approver"),
        OccasionName.PAYMENTS_FAILED: gettext("Refused by the bank"),
        OccasionName.PAYMENTS_UNKNOWN: gettext("Outcome unknown"),
        OccasionName.PAYMENTS_RETURNED: gettext("Returned by the bank"),
        OccasionName.LIST_WAITS: gettext("Today’s list of reminders"),
        OccasionName.LIST_GOES: gettext("Today’s list of reminders"),
    }


def channel_words(gettext: Callable[[str], str]) -> dict[str, str]:
    return {
        Channel.MAIL: gettext("by mail"),
        Channel.PUSH: gettext("by push message"),
        Channel.LETTER: gettext("by post"),
    }


def letter_words(gettext: Callable[[str], str]) -> dict[str, str]:
    return {
        LetterKind.REMINDER: gettext("Reminder without charges"),
        LetterKind.CHARGED: gettext("Reminder with charges"),
        LetterKind.WARNING: gettext("Collection warning"),
        LetterKind.STATEMENT: gettext("Account statement"),
    }


def language_words(gettext: Callable[[str], str]) -> dict[str, str]:
    return {
        Language.DANISH: gettext("Danish"),
        Language.SWEDISH: gettext("Swedish"),
        Language.NORWEGIAN: gettext("Norwegian"),
        Language.FINNISH: gettext("Finnish"),
        Language.ENGLISH: gettext("English"),
    }


def refusal_in_words(rejected: Rejected, gettext: Callable[[str], str]) -> str:
    """Why a text was not kept; the rule by its code, and what the text says of the place."""
    known = {
        "empty": gettext("A letter has a title."),
        "too_long": gettext("This text is too long."),
        "control_signs": gettext("A text has no control signs."),
        "web_address": gettext("A text holds no web address."),
        "placeholder_unknown": gettext("There is no such placeholder."),
        "clause_not_alone": gettext("A clause has its paragraph to itself."),
        "clause_missing": gettext("A clause is missing that the law asks for."),
        "clause_twice": gettext("A clause stands twice."),
    }
    return known.get(rejected.code, str(rejected))


def reason_in_words(code: str, gettext: Callable[[str], str]) -> str:
    """Why a message did not arrive, and who can mend it; a code of the mail server's as it is."""
    known = {
        "person_disabled": gettext("The person no longer has access."),
        "person_unknown": gettext("Nobody of this id has been invited."),
        "person_forgotten": gettext("The person’s data have been erased."),
        "address_invalid": gettext("The address does not work: give another one under Users."),
        "address_malformed": gettext("The address is none: give another one under Users."),
        "cannot_open": gettext("The address could not be read: tell operations."),
        "device_gone": gettext("The device takes no messages any more and is forgotten."),
        "device_forgotten": gettext("The device is not registered any more."),
        "no_channel": gettext("No channel reaches this debtor: mend the address in the ledger."),
        "stale": gettext("Its last day had passed: its charges would have been wrong."),
        "recalled": gettext("It was called back."),
        "undeliverable": gettext("The post could not deliver it: mend the address in the ledger."),
        "address_missing": gettext("There is no address: give one in the ledger."),
        "debtor_unknown": gettext("The ledger has not told of this debtor."),
        "cannot_typeset": gettext("The letter could not be set: tell operations."),
        "post_off": gettext("This installation sends nothing by post."),
        "post_unreached": gettext("The print partner could not be reached."),
        "copy_unreached": gettext("The invoice’s copy could not be had."),
        "push_off": gettext("This installation sends no push messages."),
        "push_service_unknown": gettext("The device’s push service is not among those we send to."),
        "push_unreached": gettext("The push service could not be reached."),
    }
    if code in known:
        return known[code]
    if code.startswith("push_"):
        return gettext("The push service said: %s") % code.removeprefix("push_")
    if code.startswith("post_"):
        return gettext("The print partner said: %s") % code.removeprefix("post_")
    status = code.removeprefix("smtp_")
    told = _status(status, gettext)
    return f"{told} ({status})" if told else gettext("The mail server said: %s") % status


def _status(status: str, gettext: Callable[[str], str]) -> str:
    """What a mail server's enhanced status code means (RFC 3463); empty for one not listed here."""
    exact = {
        "5.1.1": gettext("There is no such mailbox: give another address."),
        "5.1.2": gettext("There is no such mail domain: give another address."),
        "5.1.10": gettext("The domain takes no mail: give another address."),
        "5.2.1": gettext("The mailbox is closed: give another address."),
        "5.2.2": gettext("The mailbox is full."),
        "4.2.2": gettext("The mailbox is full."),
    }
    if status in exact:
        return exact[status]
    policy = status.startswith("5.7.")
    return gettext("The reader’s mail server does not take mail from here.") if policy else ""
