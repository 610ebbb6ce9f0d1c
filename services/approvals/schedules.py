"""The clock's part: approvers are reminded, and what nobody answers runs out."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import msgspec

from services.approvals.acts import asking
from services.approvals.acts.asking import Asking
from services.approvals.intents import EXPIRE, REMIND, Reminder
from shared.scheduler import Job, Occurrence
from shared.work import Work


def jobs_of(desk: Asking) -> Mapping[str, Job]:
    def remind(occurrence: Occurrence, work: Work) -> None:
        reminder = msgspec.json.decode(occurrence.body, type=Reminder)
        desk.remind(work, reminder.request_id, reminder.latest_approval_at)

    return {REMIND: remind, EXPIRE: expire}


def expire(occurrence: Occurrence, work: Work) -> None:
    asking.expire(work, UUID(occurrence.key))
