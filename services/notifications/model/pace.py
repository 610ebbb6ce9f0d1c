"""How many mails of one kind a reader gets, and what becomes of the rest.

Whoever can cause events could otherwise fill an approver's mailbox, or hide the one mail that
matters among many. Within a window the first mails go at once; the rest are told together in one
mail when the window ends. The count is per reader, client and occasion.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID, uuid5

from services.notifications.values import Notice, OccasionName

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Pace:
    """At most this many mails at once per window; windows begin at round hours or quarters."""

    mails: int
    window: timedelta

    def since(self, at: datetime) -> datetime:
        return at - (at - _EPOCH) % self.window

    def until(self, at: datetime) -> datetime:
        return self.since(at) + self.window


ASKING: Final = Pace(mails=5, window=timedelta(hours=1))
# A file that the bank refuses is news of every payment in it: the first at once, the rest together.
TELLING: Final = Pace(mails=1, window=timedelta(minutes=15))


def pace_of(occasion: OccasionName) -> Pace:
    if occasion in {OccasionName.APPROVAL_REQUESTED, OccasionName.APPROVAL_REMINDER}:
        return ASKING
    return TELLING


def digest_id(tenant_id: UUID, recipient_id: UUID, occasion: OccasionName, at: datetime) -> UUID:
    return uuid5(tenant_id, f"digest:{recipient_id}:{occasion}:{at.isoformat()}")


def digest(own_id: UUID, notices: Sequence[Notice]) -> Notice:
    """One notice for several of one reader and occasion; a single one stays as it is.

    Without a link of its own it leads to the list, and by the earliest of the instants.
    """
    if len(notices) == 1:
        return notices[0]
    people = {notice.person_id for notice in notices}
    return Notice(
        recipient_id=notices[0].recipient_id,
        occasion=notices[0].occasion,
        subject_id=own_id,
        payments=tuple(dict.fromkeys(one for notice in notices for one in notice.payments)),
        person_id=people.pop() if len(people) == 1 else None,
        at=min((notice.at for notice in notices if notice.at is not None), default=None),
    )
