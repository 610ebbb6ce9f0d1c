"""What sending is, by whichever channel, and each way that it can end.

A message goes at least once as far as the other side lets us know: where no answer came, or the process
died before it was noted, it is sent once more as the same message. It is then not sent again, and
counts as failed. Outcomes have codes and never the other side's words, which may hold an address.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from services.notifications.acts.writing import Writer
from services.notifications.commands import NoteOutcomeLost, NoteRefused, RepeatDelivery
from services.notifications.model.delivery import DELIVERY, State, may_repeat
from shared.effects.worker import Done, Later, Outcome, Refused, Task, Unknown
from shared.work import Work

ATTEMPTS_MAX: Final = 10
"""With the waits below about twelve hours; the worker itself lets go after twelve attempts."""
LONGEST_WAIT: Final = timedelta(hours=4)
QUIET: Final = timedelta(minutes=15)
"""How long after an unknown outcome it goes once more: a slow server has answered by then."""


@dataclass(frozen=True, slots=True)
class OnceMore(Later):
    """Nobody knows whether it left, and it may go again."""


class Sending:
    """What the performers of mails and of pushes have in common."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    def find(self, task: Task, now: datetime) -> Outcome:
        """The other side cannot be asked for a message: what is known is what has been recorded."""
        progress = self._writer.progress(task.tenant_id, task.aggregate_id)
        if progress.state in {State.BOUNCED, State.DELIVERED}:
            return Done()  # a report has come that says where it went
        if may_repeat(progress.repeats):
            return OnceMore("sent once more as the same message", now)
        return Unknown("no_answer_twice")

    def unknown(self, task: Task, now: datetime) -> Unknown:
        repeats = self._writer.progress(task.tenant_id, task.aggregate_id).repeats
        return Unknown("no_answer", now + QUIET if may_repeat(repeats) else None)

    def record(self, work: Work, task: Task, outcome: Outcome) -> None:
        match outcome:
            case Refused(code=code):
                work.execute(DELIVERY, task.aggregate_id, NoteRefused(code))
            case Unknown(ask_at=ask_at):
                note_lost = NoteOutcomeLost(final=ask_at is None)
                work.execute(DELIVERY, task.aggregate_id, note_lost)
            case OnceMore():
                work.execute(DELIVERY, task.aggregate_id, RepeatDelivery())
            case Done() | Later():
                return


def later(
    code: str, task: Task, now: datetime, asked_wait: timedelta | None = None
) -> Later | Refused:
    """Again after two, four, eight minutes and so on, or when the other side asks us to come back.

    Given up when it has lasted too long.
    """
    if task.attempt >= ATTEMPTS_MAX:
        return Refused(code, "given up")
    wait = max(timedelta(minutes=2**task.attempt), asked_wait or timedelta())
    return Later(code, now + min(wait, LONGEST_WAIT))
