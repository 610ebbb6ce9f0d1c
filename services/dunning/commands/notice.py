"""What can be asked of a letter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.dunning.values import (
    Letter,
)
from shared.contracts.values import Copy


@dataclass(frozen=True, slots=True)
class ComposeNotice:
    letter: Letter
    composed_by: UUID | None = None


@dataclass(frozen=True, slots=True)
class NoteRendered:
    copy_of: Copy
    pages: int


@dataclass(frozen=True, slots=True)
class NoteSent:
    channel: str
    sent_at: datetime
    delivery: int


@dataclass(frozen=True, slots=True)
class RecallNotice:
    code: str


@dataclass(frozen=True, slots=True)
class NoteWithheld:
    pass


@dataclass(frozen=True, slots=True)
class NoteOutcomeUnknown:
    channel: str
    tried_at: datetime
    delivery: int


@dataclass(frozen=True, slots=True)
class NoteFailed:
    code: str
    was_sent: bool


@dataclass(frozen=True, slots=True)
class NoteDownload:
    """A copy of the invoice or the letter was given to the debtor, by the link in the letter `link`."""

    sha256: str
    link: UUID


NoticeCommand = (
    ComposeNotice
    | NoteRendered
    | NoteSent
    | RecallNotice
    | NoteWithheld
    | NoteOutcomeUnknown
    | NoteFailed
    | NoteDownload
)
