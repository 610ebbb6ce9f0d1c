"""What is done outside: mails are sent, and asked after.

`mail.send` goes at least once as far as the mail server lets us know: where no answer came, or the
process died before it was noted, the mail is sent once more under the same Message-ID, which its
reader's mail program shows as one. It is then not sent again, and counts as failed. Outcomes have
codes and never the server's words, which may hold an address.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import msgspec

from services.notifications.acts.intake import note_report
from services.notifications.acts.writing import NOT_TOLD_OF, CannotWrite, Writer
from services.notifications.commands import (
    NoteAddressFailed,
    NoteOutcomeLost,
    NoteRefused,
    NoteSent,
    RepeatDelivery,
)
from services.notifications.gateways import mail as gateway
from services.notifications.gateways.bounces import Bounce
from services.notifications.gateways.reports import Bounces, NoAnswer
from services.notifications.intents import FOLLOW, SEND
from services.notifications.model.delivery import DELIVERY, State, may_repeat
from services.notifications.model.following import next_ask
from services.notifications.model.mail import message_id
from services.notifications.model.person import PERSON, person_stream
from services.notifications.model.status import address_is_gone
from services.notifications.values import Notice
from shared.effects.worker import Done, Later, Outcome, Refused, Task, Unknown
from shared.sealed import Sealed
from shared.work import Work

ATTEMPTS_MAX: Final = 10
"""With the waits below about twelve hours; the worker itself lets go after twelve attempts."""
LONGEST_WAIT: Final = timedelta(hours=4)
QUIET: Final = timedelta(minutes=15)
"""How long after an unknown outcome the mail goes once more: a slow server has answered by then."""

_decode = msgspec.json.Decoder(Notice).decode


@dataclass(frozen=True, slots=True)
class OnceMore(Later):
    """Nobody knows whether it left, and it may go again."""


@dataclass(frozen=True, slots=True)
class AddressRefused(Refused):
    """The address itself does not work."""

    email: Sealed


class MailSender:
    kind = SEND

    def __init__(self, writer: Writer, mailer: gateway.Mailer) -> None:
        self._writer = writer
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
            return self._unknown(task, now)
        return Done(written.email)

    def _unknown(self, task: Task, now: datetime) -> Unknown:
        repeats = self._writer.progress(task.tenant_id, task.aggregate_id).repeats
        return Unknown("no_answer", now + QUIET if may_repeat(repeats) else None)

    def find(self, task: Task, now: datetime) -> Outcome:
        """A mail server cannot be asked for a mail: what is known is what has been recorded."""
        progress = self._writer.progress(task.tenant_id, task.aggregate_id)
        if progress.state in {State.BOUNCED, State.DELIVERED}:
            return Done()  # a report has come that says where it went
        if may_repeat(progress.repeats):
            return OnceMore("sent once more under the same Message-ID", now)
        return Unknown("no_answer_twice")

    def record(self, work: Work, task: Task, outcome: Outcome) -> None:
        match outcome:
            case Done(answer=Sealed() as email):
                work.execute(DELIVERY, task.aggregate_id, NoteSent(email, work.now))
            case AddressRefused(code=code, email=email):
                work.execute(DELIVERY, task.aggregate_id, NoteRefused(code))
                person_id = _decode(task.body).recipient_id
                note = NoteAddressFailed(person_id, email, code)
                work.execute(PERSON, person_stream(work.tenant_id, person_id), note)
            case Refused(code=code):
                work.execute(DELIVERY, task.aggregate_id, NoteRefused(code))
            case Unknown(ask_at=ask_at):
                note_lost = NoteOutcomeLost(final=ask_at is None)
                work.execute(DELIVERY, task.aggregate_id, note_lost)
            case OnceMore():
                work.execute(DELIVERY, task.aggregate_id, RepeatDelivery())
            case Done() | Later():
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


def later(code: str, task: Task, now: datetime) -> Later | Refused:
    """Again after two, four, eight minutes and so on; given up when it has lasted too long."""
    if task.attempt >= ATTEMPTS_MAX:
        return Refused(code, "given up")
    return Later(code, now + min(timedelta(minutes=2**task.attempt), LONGEST_WAIT))


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
        ours = message_id(task.aggregate_id, self._mail_domain)
        final = [bounce for bounce in reports if bounce.message_id == ours and bounce.final]
        return Done(final[0]) if final else self._again("no report yet", task, now)

    def find(self, task: Task, now: datetime) -> Outcome:
        return self.perform(task, now)

    def _again(self, text: str, task: Task, now: datetime) -> Outcome:
        # Later and not unknown: asking leaves nothing outside that somebody would have to look for.
        wait = next_ask(task.attempt)
        return Done() if wait is None else Later(text, now + wait)

    def record(self, work: Work, task: Task, outcome: Outcome) -> None:
        if isinstance(outcome, Done) and isinstance(outcome.answer, Bounce):
            note_report(outcome.answer, task.aggregate_id, work)
