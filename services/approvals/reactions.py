"""What own events put on the calendar: reminders, and the end of the asking."""

from __future__ import annotations

from collections.abc import Iterable

from services.approvals.events import ApprovalRequested
from services.approvals.intents import EXPIRE, REMIND, Reminder
from services.approvals.model.request import Request
from shared.after import After
from shared.effects.intents import Due, Reaction
from shared.eventstore.events import Recorded

reactions: After[Reaction] = After()


@reactions.after(ApprovalRequested)
def after_approval_requested(
    recorded: Recorded[ApprovalRequested], _: Request
) -> Iterable[Reaction]:
    request_id, items = recorded.aggregate_id, recorded.event.items
    for latest_at, remind_at in {(i.latest_approval_at, at) for i in items for at in i.remind_at}:
        key = f"{request_id}:{latest_at.isoformat()}"
        yield Due(REMIND, key, remind_at, Reminder(request_id, latest_at))
    for expires_at in {item.expires_at for item in items}:
        yield Due(EXPIRE, str(request_id), expires_at)
