"""Words of this service's pages in the reader's language."""

from __future__ import annotations

from collections.abc import Callable

from services.notifications.values import Channel, OccasionName


def occasion_words(gettext: Callable[[str], str]) -> dict[str, str]:
    return {
        OccasionName.APPROVAL_REQUESTED: gettext("Asks for approval"),
        OccasionName.APPROVAL_REMINDER: gettext("Reminds of an approval"),
        OccasionName.APPROVAL_EXPIRED: gettext("Approval expired"),
        OccasionName.PAYMENTS_REJECTED: gettext("Rejected by an approver"),
        OccasionName.PAYMENTS_FAILED: gettext("Refused by the bank"),
        OccasionName.PAYMENTS_UNKNOWN: gettext("Outcome unknown"),
        OccasionName.PAYMENTS_RETURNED: gettext("Returned by the bank"),
    }


def channel_words(gettext: Callable[[str], str]) -> dict[str, str]:
    return {Channel.MAIL: gettext("by mail"), Channel.PUSH: gettext("by push message")}


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
        "push_off": gettext("This installation sends no push messages."),
        "push_service_unknown": gettext("The device’s push service is not among those we send to."),
        "push_unreached": gettext("The push service could not be reached."),
    }
    if code in known:
        return known[code]
    if code.startswith("push_"):
        return gettext("The push service said: %s") % code.removeprefix("push_")
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
