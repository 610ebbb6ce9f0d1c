"""IN: what mail servers report about a mail, from whichever way it came to us."""

from __future__ import annotations

from typing import assert_never
from uuid import UUID

from services.notifications.acts import letters
from services.notifications.commands import NoteAddressFailed, NoteArrived, NoteBounced
from services.notifications.gateways.bounces import Action, Bounce
from services.notifications.model.delivery import DELIVERY
from services.notifications.model.person import PERSON, person_stream
from services.notifications.model.status import address_is_gone
from shared.work import Work


def delivery_of(bounce: Bounce, mail_domain: str) -> UUID | None:
    """The delivery whose Message-ID the report carries; None where it is not one of ours."""
    local, _, domain = bounce.message_id.strip("<>").rpartition("@")
    if domain != mail_domain:
        return None
    try:
        return UUID(local)
    except ValueError:
        return None


def note_report(bounce: Bounce, delivery_id: UUID, work: Work) -> None:
    """Record what became of a delivery; a report that has been noted before changes nothing."""
    match bounce.action:
        case Action.FAILED:
            note_bounce(bounce.status, delivery_id, work)
        case Action.DELIVERED:
            work.execute(DELIVERY, delivery_id, NoteArrived())
        case Action.DELAYED | Action.RELAYED | Action.EXPANDED:
            return  # it may still arrive, or we shall not hear of it again
        case _:
            assert_never(bounce.action)


def note_letter_report(bounce: Bounce, notice_id: UUID, delivery: int, work: Work) -> None:
    """What became of a letter sent by mail; that it arrived changes nothing about it."""
    if bounce.action is Action.FAILED:
        letters.note_bounce(work, notice_id, delivery, bounce.status)


def note_bounce(status: str, delivery_id: UUID, work: Work) -> None:
    events = work.execute(DELIVERY, delivery_id, NoteBounced(status))
    delivery = work.load(DELIVERY, delivery_id).state
    if not events or delivery is None or delivery.email is None or not address_is_gone(status):
        return
    person_id = delivery.notice.recipient_id
    command = NoteAddressFailed(person_id, delivery.email, status)
    work.execute(PERSON, person_stream(work.tenant_id, person_id), command)
