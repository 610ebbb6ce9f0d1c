"""Values that events and commands carry."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from shared.sealed import Sealed


class OccasionName(StrEnum):
    """What a mail is about, as it stands in events and logs."""

    APPROVAL_REQUESTED = "approval_requested"
    APPROVAL_REMINDER = "approval_reminder"
    APPROVAL_EXPIRED = "approval_expired"
    PAYMENTS_REJECTED = "payments_rejected"
    PAYMENTS_FAILED = "payments_failed"
    PAYMENTS_UNKNOWN = "payments_unknown"
    PAYMENTS_RETURNED = "payments_returned"


class Channel(StrEnum):
    """By which way somebody is told, as it stands in the log."""

    MAIL = "mail"
    PUSH = "push"


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """What one person is to be told: ids, an instant and a sealed link, no figure and no name."""

    recipient_id: UUID
    occasion: OccasionName
    subject_id: UUID
    """The request or the payment that it is about; the delivery's own id for a digest."""
    payments: tuple[UUID, ...]
    person_id: UUID | None = None
    """Who asked, or who said no; none where it was nobody or several."""
    at: datetime | None = None
    """Answer by, or expired at."""
    link: Sealed | None = None
    """Opens as the path that this reader's mail leads to."""
