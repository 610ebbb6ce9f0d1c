"""Words of this service's pages in the reader's language."""

from __future__ import annotations

from collections.abc import Callable

from services.notifications.values import OccasionName


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


def reason_in_words(code: str, gettext: Callable[[str], str]) -> str:
    """Why a message did not arrive, and who can mend it; a code of the mail server's as it is."""
    known = {
        "person_disabled": gettext("The person no longer has access."),
        "person_unknown": gettext("Nobody of this id has been invited."),
        "person_forgotten": gettext("The person’s data have been erased."),
        "address_invalid": gettext("The address does not work: give another one under Users."),
        "address_malformed": gettext("The address is none: give another one under Users."),
        "cannot_open": gettext("The address could not be read: tell operations."),
    }
    return known.get(code) or gettext("The mail server said: %s") % code.removeprefix("smtp_")
