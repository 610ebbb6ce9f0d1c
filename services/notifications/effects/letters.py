"""Letters are drawn, mailed and asked after.

What is drawn is kept in the transaction that notes it, and these bytes are sent. Before a letter leaves
its turn is taken, so that one called back in time never does. A mail whose outcome nobody knows goes
once more as the same message, under the same Message-ID, and then no more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from services.notifications.acts import letters as acts
from services.notifications.acts.intake import note_letter_report
from services.notifications.acts.lettering import (
    NOT_TOLD_OF,
    Letterer,
    LetterMade,
)
from services.notifications.acts.writing import CannotWrite
from services.notifications.commands import (
    NoteDrawn,
    NoteLetterOutcomeLost,
    NoteLetterSent,
    RepeatLetter,
)
from services.notifications.effects.mails import MailFollower
from services.notifications.effects.sending import QUIET, OnceMore, later
from services.notifications.gateways import mail as gateway
from services.notifications.gateways.bounces import Bounce
from services.notifications.intents import (
    DRAW,
    LETTER_FOLLOW,
    LETTER_MAIL,
    DrawOf,
    LetterFollowed,
    LetterOf,
)
from services.notifications.model.letter import (
    LETTER,
    RECALLED,
    REPEATS_MAX,
    STALE,
    LetterState,
    delivery_id,
)
from services.notifications.model.status import address_is_gone
from services.notifications.registers import documents
from shared.copies import NoAnswer
from shared.effects.worker import Done, Later, Outcome, Refused, Task, Unknown
from shared.sealed import Sealed
from shared.work import Work

_draw_of = msgspec.json.Decoder(DrawOf).decode
_letter_of = msgspec.json.Decoder(LetterOf).decode
_followed = msgspec.json.Decoder(LetterFollowed).decode
FINAL: Final = frozenset({STALE, RECALLED})
"""Refusals of ours after which no other channel is tried."""


@dataclass(frozen=True, slots=True)
class DebtorAddressRefused(Refused):
    """The debtor's address itself does not work."""

    address: Sealed


class LetterDrawer:
    """Makes a letter's document. Nothing leaves the house, so it may be made again at any time."""

    kind = DRAW

    def __init__(self, letterer: Letterer) -> None:
        self._letterer = letterer

    def perform(self, task: Task, now: datetime) -> Outcome:
        try:
            made = self._letterer.draw(task.tenant_id, _draw_of(task.body))
        except NoAnswer:
            return later("copy_unreached", task, now)
        if made == NOT_TOLD_OF:
            return later(NOT_TOLD_OF.code, task, now)
        return Refused(made.code, "") if isinstance(made, CannotWrite) else Done(made)

    def find(self, task: Task, now: datetime) -> Outcome:
        return self.perform(task, now)

    def record(self, work: Work, task: Task, outcome: Outcome) -> None:
        delivery = _draw_of(task.body).delivery
        match outcome:
            case Done(answer=LetterMade(drawn=drawn, content=content)):
                kept = drawn.document
                documents.keep(work.raw, work.tenant_id, content, kept.media_type)
                work.execute(LETTER, task.aggregate_id, NoteDrawn(delivery, drawn))
            case Refused(code=code):
                # The letter itself cannot be made: no other channel would carry it.
                acts.refuse(work, task.aggregate_id, delivery, code, final=True)
            case _:
                return


class LetterMailer:
    kind = LETTER_MAIL

    def __init__(self, letterer: Letterer, mailer: gateway.Mailer) -> None:
        self._letterer = letterer
        self._mailer = mailer

    def perform(self, task: Task, now: datetime) -> Outcome:
        about = _letter_of(task.body)
        so_far = self._letterer.progress(task.tenant_id, task.aggregate_id, about.delivery)
        outcome = self._sent(task, about, so_far.repeats, now)
        if so_far.repeats and isinstance(outcome, Refused):
            # What may have left the first time is not said to have stayed here: its step would be
            # written of once more.
            return Unknown(f"not_repeated_{outcome.code}")
        return outcome

    def _sent(self, task: Task, about: LetterOf, repeats: int, now: datetime) -> Outcome:
        refused = may_not_leave(self._letterer, task, about, now)
        if refused is not None:
            return refused
        written = self._letterer.mail(task.tenant_id, task.aggregate_id, about)
        if written == NOT_TOLD_OF:
            return later(NOT_TOLD_OF.code, task, now)
        if isinstance(written, CannotWrite):
            if written.email is not None:
                return DebtorAddressRefused(written.code, "", written.email)
            return Refused(written.code, "")
        if not self._letterer.begins(task.tenant_id, own_id(task, about)):
            return Refused(RECALLED, "")
        try:
            self._mailer.send(written.mail)
        except gateway.Refused as refused_by_server:
            status = refused_by_server.status
            if address_is_gone(status):
                return DebtorAddressRefused(status, "", written.email)
            return Refused(f"smtp_{refused_by_server.code}", "")
        except gateway.NotSent as not_sent:
            return later(f"smtp_{not_sent.code}", task, now)
        except gateway.OutcomeUnknown:
            return Unknown("no_answer", now + QUIET if repeats < REPEATS_MAX else None)
        return Done(written.email)

    def find(self, task: Task, now: datetime) -> Outcome:
        """A mail server cannot be asked for a mail: what is known is what has been recorded."""
        about = _letter_of(task.body)
        so_far = self._letterer.progress(task.tenant_id, task.aggregate_id, about.delivery)
        if so_far.state is LetterState.RETURNED:
            return Done()
        if so_far.recalled:
            return Unknown("no_answer_and_called_back")
        if so_far.repeats < REPEATS_MAX:
            return OnceMore("sent once more as the same message", now)
        return Unknown("no_answer_twice")

    def record(self, work: Work, task: Task, outcome: Outcome) -> None:
        record_sending(work, task, outcome)


def may_not_leave(letterer: Letterer, task: Task, about: LetterOf, now: datetime) -> Refused | None:
    """A letter past its last day is not sent: its charges would be wrong."""
    today = letterer.local_day(task.tenant_id, now)
    return Refused(STALE, "") if today > about.facts.valid_through_on else None


def own_id(task: Task, about: LetterOf) -> UUID:
    return delivery_id(task.aggregate_id, about.delivery)


def record_sending(work: Work, task: Task, outcome: Outcome) -> None:
    """The same by every channel: the day of its acceptance counts as the day of sending."""
    delivery, notice_id = _letter_of(task.body).delivery, task.aggregate_id
    match outcome:
        case Done(answer=Sealed() | None as address):
            work.execute(LETTER, notice_id, NoteLetterSent(delivery, work.now, address))
        case DebtorAddressRefused(code=code, address=address):
            acts.refuse(work, notice_id, delivery, code, failed=address)
        case Refused(code=code):
            acts.refuse(work, notice_id, delivery, code, final=code in FINAL)
        case OnceMore():
            work.execute(LETTER, notice_id, RepeatLetter(delivery))
        case Later():
            acts.not_left(work, notice_id, delivery)
        case Unknown(ask_at=ask_at):
            work.execute(LETTER, notice_id, NoteLetterOutcomeLost(delivery, ask_at is None))
        case _:
            return


class LetterFollower(MailFollower):
    """Asks whether a letter sent by mail has come back."""

    kind = LETTER_FOLLOW

    def _own_id(self, task: Task) -> UUID:
        return delivery_id(task.aggregate_id, _followed(task.body).delivery)

    def record(self, work: Work, task: Task, outcome: Outcome) -> None:
        if isinstance(outcome, Done) and isinstance(outcome.answer, Bounce):
            delivery = _followed(task.body).delivery
            note_letter_report(outcome.answer, task.aggregate_id, delivery, work)
