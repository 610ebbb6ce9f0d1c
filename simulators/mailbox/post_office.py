"""The mails of all mailboxes, the faults that are set, and the bounces still to come.

Kept in memory and, where a file is named, in one JSON file that is replaced as a whole after each
change, so that a kill leaves either the old state or the new one. The SMTP server and the pages
call from different threads.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from threading import RLock

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from shared.clock import Clock
from simulators.keeping import replace_whole
from simulators.mailbox.bounces import bounce_of
from simulators.mailbox.faults import Fault, FaultKind
from simulators.mailbox.mails import ReceivedMail

MAILS_MAX = 1_000


class PendingBounce(BaseModel):
    model_config = ConfigDict(frozen=True)

    number: int
    due_at: AwareDatetime


class State(BaseModel):
    """What the file holds."""

    next_number: int = 1
    mails: list[ReceivedMail] = []
    faults: list[Fault] = []
    bounces: list[PendingBounce] = []


class PostOffice:
    def __init__(self, clock: Clock, file: Path | None = None) -> None:
        self._clock = clock
        self._file = file
        self._lock = RLock()
        self._state = read(file) if file and file.exists() else State()

    def mails(self, recipient: str | None = None) -> list[ReceivedMail]:
        """The mails to one recipient or to all, newest first, bounces that have fallen due too."""
        with self._lock:
            self._deliver_bounces()
            found = [mail for mail in self._state.mails if recipient in {None, mail.recipient}]
        return found[::-1]

    def mail(self, number: int) -> ReceivedMail | None:
        return next((mail for mail in self.mails() if mail.number == number), None)

    def faults(self) -> list[Fault]:
        with self._lock:
            return list(self._state.faults)

    def set_fault(self, fault: Fault) -> None:
        with self._lock:
            self._state.faults.append(fault)
            self._save()

    def clear_faults(self) -> None:
        with self._lock:
            self._state.faults.clear()
            self._save()

    def clear_mails(self) -> None:
        """Empty every mailbox. Numbers go on, so that a link to an old mail finds nothing."""
        with self._lock:
            self._state.mails.clear()
            self._state.bounces.clear()
            self._save()

    def meet_fault(self, recipient: str, *kinds: FaultKind) -> Fault | None:
        """The first fault of these kinds that meets a mail to this recipient; it is used up."""
        with self._lock:
            for index, fault in enumerate(self._state.faults):
                if fault.kind in kinds and fault.meets(recipient):
                    left = fault.used()
                    self._state.faults[index : index + 1] = [left] if left else []
                    self._save()
                    return fault
        return None

    def keep(self, recipient: str, sender: str, raw: bytes) -> None:
        """Put a mail into its mailbox, and set the bounce that a fault may have asked for."""
        with self._lock:
            mail = self._add(recipient, sender, raw, self._clock.now())
            fault = self.meet_fault(recipient, FaultKind.BOUNCE)
            if fault and sender:
                due_at = mail.received_at + timedelta(minutes=fault.after_minutes)
                self._state.bounces.append(PendingBounce(number=mail.number, due_at=due_at))
            self._save()

    def _deliver_bounces(self) -> None:
        now = self._clock.now()
        due = [bounce for bounce in self._state.bounces if bounce.due_at <= now]
        if not due:
            return
        self._state.bounces = [bounce for bounce in self._state.bounces if bounce.due_at > now]
        by_number = {mail.number: mail for mail in self._state.mails}
        for bounce in due:
            mail = by_number.get(bounce.number)
            if mail:
                # An empty envelope sender, so that a bounce never bounces (RFC 5321 §4.5.5).
                self._add(mail.sender, "", bounce_of(mail, bounce.due_at), bounce.due_at)
        self._save()

    def _add(self, recipient: str, sender: str, raw: bytes, at: datetime) -> ReceivedMail:
        mail = ReceivedMail(self._state.next_number, recipient, sender, at, raw)
        self._state.next_number += 1
        self._state.mails = [*self._state.mails, mail][-MAILS_MAX:]
        return mail

    def _save(self) -> None:
        if self._file is not None:
            replace_whole(self._file, self._state.model_dump_json().encode())


def read(file: Path) -> State:
    try:
        return State.model_validate_json(file.read_bytes())
    except ValidationError as error:
        raise ValueError(f"{file} does not hold the mailbox's state: {error}") from error
