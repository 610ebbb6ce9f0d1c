"""From what is to be told to the words of its mail: which occasion, and where its link leads."""

from __future__ import annotations

import re
from datetime import datetime
from typing import assert_never
from uuid import UUID

from services.notifications.model.occasions import (
    ApprovalExpired,
    ApprovalReminder,
    ApprovalRequested,
    ListGoes,
    ListWaits,
    Occasion,
    PaymentsFailed,
    PaymentsRejected,
    PaymentsReturned,
    PaymentsUnknown,
)
from services.notifications.model.texts import Language
from services.notifications.values import Notice, OccasionName

PATH = re.compile(r"/approvals/[A-Za-z0-9._~/?&=%-]*")
LIST_OF_APPROVALS = "/approvals/"


def occasion_of(notice: Notice, client: str, person: str | None) -> Occasion:
    """`person` is the name of whoever asked or said no; for several, or nobody, the client stands."""
    count, who = notice.count, client if person is None else person
    match notice.occasion:
        case OccasionName.APPROVAL_REQUESTED:
            return ApprovalRequested(
                client=client, payments=count, asked_by=who, answer_by=instant(notice)
            )
        case OccasionName.APPROVAL_REMINDER:
            return ApprovalReminder(
                client=client, payments=count, asked_by=who, answer_by=instant(notice)
            )
        case OccasionName.APPROVAL_EXPIRED:
            return ApprovalExpired(client=client, payments=count, expired_at=instant(notice))
        case OccasionName.PAYMENTS_REJECTED:
            return PaymentsRejected(client=client, payments=count, rejected_by=who)
        case OccasionName.PAYMENTS_FAILED:
            return PaymentsFailed(client=client, payments=count)
        case OccasionName.PAYMENTS_UNKNOWN:
            return PaymentsUnknown(client=client, payments=count)
        case OccasionName.PAYMENTS_RETURNED:
            return PaymentsReturned(client=client, payments=count)
        case OccasionName.LIST_WAITS:
            return ListWaits(client=client, payments=count, debtors=notice.debtors)
        case OccasionName.LIST_GOES:
            return ListGoes(
                client=client, payments=count, debtors=notice.debtors, goes_at=instant(notice)
            )
        case _:
            assert_never(notice.occasion)


def instant(notice: Notice) -> datetime:
    assert notice.at is not None, f"{notice.occasion} speaks of an instant"
    return notice.at


def path_of(tenant_id: UUID, notice: Notice, opened: str | None) -> str:
    """Where the mail leads on our own site; `opened` is the notice's link, if it has one.

    A link that is not a path among the approvals is dropped for the list, and never spoken of: it
    may hold a token.
    """
    match notice.occasion:
        case OccasionName.APPROVAL_REQUESTED | OccasionName.APPROVAL_REMINDER:
            return opened if opened and PATH.fullmatch(opened) else LIST_OF_APPROVALS
        case (
            OccasionName.APPROVAL_EXPIRED
            | OccasionName.PAYMENTS_REJECTED
            | OccasionName.PAYMENTS_FAILED
            | OccasionName.PAYMENTS_UNKNOWN
            | OccasionName.PAYMENTS_RETURNED
        ):
            one, payables = len(notice.payments) == 1, f"/payments/{tenant_id}/payables"
            return f"{payables}/{notice.payments[0]}" if one else payables
        case OccasionName.LIST_WAITS | OccasionName.LIST_GOES:
            return f"/dunning/{tenant_id}/reminders"
        case _:
            assert_never(notice.occasion)


def language_of(tag: str) -> Language:
    """The reader's language by its tag (`da`, `nb-NO`); English where we do not speak it."""
    primary = tag.lower().replace("_", "-").partition("-")[0]
    primary = {"no": "nb", "nn": "nb"}.get(primary, primary)
    return Language(primary) if primary in set(Language) else Language.ENGLISH
