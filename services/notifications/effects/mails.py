"""Mails are sent, and asked after.

Sent once more, a mail has the same Message-ID, which its reader's mail program shows as one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from services.notifications.acts.intake import note_report
from services.notifications.acts.writing import NOT_TOLD_OF, CannotWrite, Writer
from services.notifications.commands import NoteAddressFailed, NoteSent
from services.notifications.effects.sending import Sending, later
from services.notifications.gateways import mail as gateway
from services.notifications.gateways.bounces import Bounce
from services.notifications.gateways.reports import Bounces, NoAnswer
from services.notifications.intents import FOLLOW, SEND
from services.notifications.model.delivery import DELIVERY
from services.notifications.model.following import next_ask
from services.notifications.model.mail import message_id
from services.notifications.model.person import PERSON, person_stream
from services.notifications.model.status import address_is_gone
from services.notifications.values import Notice
from shared.effects.worker import Done, Later, Outcome, Refused, Task
from shared.sealed import Sealed
from shared.work import Work

_decode = msgspec.json.Decoder(Notice).decode


@dataclass(frozen=True, slots=True)
class AddressRefused(Refused):
    """The address itself does not work."""

    email: Sealed


class MailSender(Sending):
    kind = SEND

    def __init__(self, writer: Writer, mailer: gateway.Mailer) -> None:
        super().__init__(writer)
        self._mailer = mailer

    def perform(self, task: Task, now: datetime) -> Outcome:
        written = self._writer.write(task.tenant_id, task.aggregate_id, _decode(task.body))
        if isinstance(written, CannotWrite):
            return cannot_write(written, task, now)
        try:
            self._mailer.send(written.mail)
        except gateway.Refused as refused:
            return refusal(refused, written.email)
        except gateway.NotSent as not_sent:
            return later(f"smtp_{not_sent.code}", task, now)
        except gateway.OutcomeUnknown:
            return self.unknown(task, now)
        return Done(written.email)

    def record(self, work: Work, task: Task, outcome: Outcome) -> None:
        super().record(work, task, outcome)
        match outcome:
            case Done(answer=Sealed() as email):
                work.execute(DELIVERY, task.aggregate_id, NoteSent(email, work.now))
            case AddressRefused(code=code, email=email):
                person_id = _decode(task.body).recipient_id
                note = NoteAddressFailed(person_id, email, code)
                work.execute(PERSON, person_stream(work.tenant_id, person_id), note)
            case _:
                return


def cannot_write(reason: CannotWrite, task: Task, now: datetime) -> Outcome:
    if reason == NOT_TOLD_OF:
        return later(reason.code, task, now)
    if reason.email is not None:
        return AddressRefused(reason.code, "", reason.email)
    return Refused(reason.code, "")


def refusal(refused: gateway.Refused, email: Sealed) -> Refused:
    if address_is_gone(refused.status):
        return AddressRefused(refused.status, "", email)
    return Refused(f"smtp_{refused.code}", "")


class MailFollower:
    """Asks, at growing intervals, whether a mail has come back. Asking changes nothing outside."""

    kind = FOLLOW

    def __init__(self, bounces: Bounces, *, sender: str, mail_domain: str) -> None:
        self._bounces = bounces
        self._sender = sender
        self._mail_domain = mail_domain

    def perform(self, task: Task, now: datetime) -> Outcome:
        try:
            reports = self._bounces.fetch(self._sender)
        except NoAnswer as error:
            return self._again(str(error), task, now)
        ours = message_id(self._own_id(task), self._mail_domain)
        final = [bounce for bounce in reports if bounce.message_id == ours and bounce.final]
        return Done(final[0]) if final else self._again("no report yet", task, now)

    def find(self, task: Task, now: datetime) -> Outcome:
        return self.perform(task, now)

    def _own_id(self, task: Task) -> UUID:
        """What the Message-ID was made of."""
        return task.aggregate_id

    def _again(self, text: str, task: Task, now: datetime) -> Outcome:
        # Later and not unknown: asking leaves nothing outside that somebody would have to look for.
        wait = next_ask(task.attempt)
        return Done() if wait is None else Later(text, now + wait)

    def record(self, work: Work, task: Task, outcome: Outcome) -> None:
        if isinstance(outcome, Done) and isinstance(outcome.answer, Bounce):
            note_report(outcome.answer, task.aggregate_id, work)
