"""Pushes are sent to devices, each at most twice and under the same Topic.

A push service that says a device is gone is believed: the device is forgotten and not told again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import msgspec

from services.notifications.acts.writing import NOT_TOLD_OF, CannotWrite, Writer
from services.notifications.commands import ForgetDevice, NoteSent
from services.notifications.effects.sending import Sending, later
from services.notifications.gateways import push as gateway
from services.notifications.intents import PUSH, PushOf
from services.notifications.model.delivery import DELIVERY
from services.notifications.model.person import PERSON, person_stream
from shared.effects.worker import Done, Outcome, Refused, Task
from shared.work import Work

_decode = msgspec.json.Decoder(PushOf).decode


@dataclass(frozen=True, slots=True)
class DeviceGone(Refused):
    """The push service knows no such device any more."""


class PushSender(Sending):
    kind = PUSH

    def __init__(self, writer: Writer, pusher: gateway.Pusher) -> None:
        super().__init__(writer)
        self._pusher = pusher

    def perform(self, task: Task, now: datetime) -> Outcome:
        written = self._writer.write_push(
            task.tenant_id, task.aggregate_id, _decode(task.body), now
        )
        if written == NOT_TOLD_OF:
            return later(NOT_TOLD_OF.code, task, now)
        if isinstance(written, CannotWrite):
            return Refused(written.code, "")
        try:
            self._pusher.send(written)
        except gateway.Gone as gone:
            return DeviceGone(gone.code, "")
        except gateway.Refused as refused:
            return Refused(refused.code, "")
        except gateway.NotSent as not_sent:
            return later(not_sent.code, task, now, not_sent.wait)
        except gateway.OutcomeUnknown:
            return self.unknown(task, now)
        return Done()

    def record(self, work: Work, task: Task, outcome: Outcome) -> None:
        super().record(work, task, outcome)
        match outcome:
            case Done():
                work.execute(DELIVERY, task.aggregate_id, NoteSent(None, work.now))
            case DeviceGone():
                about = _decode(task.body)
                person_id = about.notice.recipient_id
                forget = ForgetDevice(person_id, about.device_id)
                work.execute(PERSON, person_stream(work.tenant_id, person_id), forget)
            case _:
                return
