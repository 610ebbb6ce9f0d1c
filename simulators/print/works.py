"""The printing works: what was uploaded, made and sent, and the faults that are set.

Kept in memory and, where a file is named, in one JSON file that is replaced as a whole after each
change, so that a kill leaves either the old state or the new one.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from threading import RLock
from uuid import uuid4

from pydantic import AwareDatetime, Base64Bytes, BaseModel, ConfigDict

from shared.clock import Clock
from simulators.keeping import replace_whole
from simulators.print.faults import Fault, FaultKind

LETTERS_MAX = 2_000
CHECKING = timedelta(seconds=20)
"""How long a letter is looked through before it can be sent."""


class PrintedLetter(BaseModel):
    """`sent_at` is when the partner took it for printing; `returns_at` when it will come back."""

    model_config = ConfigDict(frozen=True)

    id: str
    name: str
    address_position: str
    content: Base64Bytes
    created_at: AwareDatetime
    unfit: bool = False
    sent_at: AwareDatetime | None = None
    returns_at: AwareDatetime | None = None

    def status(self, now: datetime) -> str:
        if self.sent_at is None:
            looked_through = now >= self.created_at + CHECKING
            found = "action_required" if self.unfit else "valid"
            return found if looked_through else "validating"
        if self.returns_at is not None and self.returns_at <= now:
            return "undeliverable"
        return "sent"


class State(BaseModel):
    letters: list[PrintedLetter] = []
    uploads: dict[str, Base64Bytes] = {}
    faults: list[Fault] = []


class Works:
    def __init__(self, clock: Clock, file: Path | None = None) -> None:
        self.clock = clock
        self._file = file
        self._lock = RLock()
        found = file is not None and file.exists()
        self._state = State.model_validate_json(file.read_bytes()) if file and found else State()

    def letters(self, name: str | None = None) -> list[PrintedLetter]:
        """All, or those of one name, the first made first."""
        with self._lock:
            return [one for one in self._state.letters if name in {None, one.name}]

    def letter(self, letter_id: str) -> PrintedLetter | None:
        return next((one for one in self.letters() if one.id == letter_id), None)

    def place(self) -> str:
        """A place to upload one file to."""
        with self._lock:
            place = uuid4().hex
            self._state.uploads[place] = b""
            return place

    def upload(self, place: str, content: bytes) -> bool:
        with self._lock:
            if place not in self._state.uploads:
                return False
            self._state.uploads[place] = content
            return True

    def make(self, name: str, place: str, address_position: str) -> PrintedLetter | None:
        """A letter that is not sent yet; none where nothing that can be printed was uploaded."""
        with self._lock:
            content = self._state.uploads.pop(place, b"")
            if not content.startswith(b"%PDF-"):
                return None
            letter = PrintedLetter(
                id=uuid4().hex,
                name=name,
                address_position=address_position,
                content=content,
                created_at=self.clock.now(),
                unfit=self.meet_fault(name, FaultKind.UNFIT) is not None,
            )
            self._state.letters = [*self._state.letters, letter][-LETTERS_MAX:]
            self._save()
            return letter

    def send(self, letter_id: str) -> bool:
        """Take it for printing; false where it had been taken before, or is still looked through."""
        with self._lock:
            now = self.clock.now()
            for place, letter in enumerate(self._state.letters):
                if letter.id != letter_id or letter.status(now) != "valid":
                    continue
                fault = self.meet_fault(letter.name, FaultKind.UNDELIVERABLE)
                returns_at = now + timedelta(days=fault.after_days) if fault else None
                taken = letter.model_copy(update={"sent_at": now, "returns_at": returns_at})
                self._state.letters[place] = taken
                self._save()
                return True
            return False

    def set_fault(self, fault: Fault) -> None:
        with self._lock:
            self._state.faults.append(fault)
            self._save()

    def clear(self) -> None:
        with self._lock:
            self._state = State()
            self._save()

    def meet_fault(self, name: str, *kinds: FaultKind) -> Fault | None:
        """The first fault of these kinds that this letter meets, used up by one."""
        with self._lock:
            for place, fault in enumerate(self._state.faults):
                if fault.kind in kinds and fault.meets(name):
                    left = fault.used()
                    self._state.faults[place : place + 1] = [left] if left else []
                    self._save()
                    return fault
        return None

    def _save(self) -> None:
        if self._file is not None:
            replace_whole(self._file, self._state.model_dump_json().encode())


def digest(letter: PrintedLetter) -> str:
    return sha256(letter.content).hexdigest()
