"""A letter: composed, then sent or not. What it says never changes.

composed --NoteSent--> sent --NoteFailed(was_sent)--> failed
|  '--RecallNotice--> recalled --NoteWithheld--> withheld
|                        '------NoteSent------> sent, for it was too late
|--NoteOutcomeUnknown--> unknown --NoteSent or NoteFailed, by a person--> sent or failed
'--NoteFailed--> failed
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from services.dunning.commands.notice import (
    ComposeNotice,
    NoteDownload,
    NoteFailed,
    NoteOutcomeUnknown,
    NoteRendered,
    NoteSent,
    NoteWithheld,
    NoticeCommand,
    RecallNotice,
)
from services.dunning.events import notice as e
from services.dunning.values import Letter
from shared.contracts.values import Copy
from shared.decider import Decider, Rejected


class State(StrEnum):
    NEW = "new"
    COMPOSED = "composed"
    RECALLED = "recalled"
    UNKNOWN = "unknown"
    SENT = "sent"
    WITHHELD = "withheld"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Notice:
    state: State = State.NEW
    letter: Letter | None = None
    copy_of: Copy | None = None
    sent_at: datetime | None = None
    lost: e.NoticeOutcomeUnknown | None = None

    @property
    def composed(self) -> Letter:
        if self.letter is None:
            raise Rejected("there is no such letter", code="unknown_notice")
        return self.letter


def decide(  # noqa: C901, PLR0912  a closed union
    command: NoticeCommand, notice: Notice
) -> Sequence[e.NoticeEvent]:
    """Answer a command with the events it causes; none if it has been answered before."""
    if notice.state is State.NEW and not isinstance(command, ComposeNotice):
        raise Rejected("there is no such letter", code="unknown_notice")
    match command:
        case ComposeNotice():
            if notice.state is not State.NEW:
                return []
            return [e.NoticeComposed(command.letter, command.composed_by)]
        case NoteRendered():
            if notice.copy_of == command.copy_of:
                return []
            return [e.NoticeRendered(command.copy_of, command.pages)]
        case NoteSent():
            return note_sent(command, notice)
        case RecallNotice():
            if notice.state is not State.COMPOSED:
                return []
            return [e.NoticeRecalled(command.code)]
        case NoteWithheld():
            return [e.NoticeWithheld()] if notice.state is State.RECALLED else []
        case NoteOutcomeUnknown():
            if notice.state not in {State.COMPOSED, State.RECALLED}:
                return []
            return [e.NoticeOutcomeUnknown(command.channel, command.tried_at, command.delivery)]
        case NoteFailed():
            if notice.state in {State.WITHHELD, State.FAILED}:
                return []
            return [e.NoticeFailed(command.code, command.was_sent)]
        case NoteDownload():
            return [e.LetterDownloaded(command.sha256, command.link)]
        case _:
            assert_never(command)


def note_sent(command: NoteSent, notice: Notice) -> Sequence[e.NoticeEvent]:
    """The first delivery counts. A later one is the same letter by another way."""
    if notice.state in {State.COMPOSED, State.RECALLED, State.UNKNOWN}:
        return [e.NoticeSent(command.channel, command.sent_at, command.delivery)]
    return []


def evolve(notice: Notice, event: e.NoticeEvent) -> Notice:
    match event:
        case e.NoticeComposed():
            return replace(notice, state=State.COMPOSED, letter=event.letter)
        case e.NoticeRendered():
            return replace(notice, copy_of=event.copy_of)
        case e.NoticeSent():
            return replace(notice, state=State.SENT, sent_at=event.sent_at)
        case e.NoticeOutcomeUnknown():
            return replace(notice, state=State.UNKNOWN, lost=event)
        case e.NoticeRecalled():
            return replace(notice, state=State.RECALLED)
        case e.NoticeWithheld():
            return replace(notice, state=State.WITHHELD)
        case e.NoticeFailed():
            return replace(notice, state=State.FAILED)
        case e.LetterDownloaded():
            return notice
        case _:
            assert_never(event)


NOTICE: Decider[NoticeCommand, Notice, e.NoticeEvent] = Decider(decide, evolve, Notice())
