"""What can have happened to a letter: composed, rendered, sent, or not sent after all."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.dunning.values import Letter
from shared.contracts.values import Copy
from shared.eventstore.events import Event


class NoticeComposed(Event, frozen=True, tag="dunning.NoticeComposed.v1"):
    """`composed_by` is None where it goes by itself."""

    letter: Letter
    composed_by: UUID | None = None


class NoticeRendered(Event, frozen=True, tag="dunning.NoticeRendered.v1"):
    copy_of: Copy
    pages: int


class NoticeSent(Event, frozen=True, tag="dunning.NoticeSent.v1"):
    """A channel has accepted it. A later delivery of the same letter changes nothing in law."""

    channel: str
    sent_at: datetime
    delivery: int


class NoticeRecalled(Event, frozen=True, tag="dunning.NoticeRecalled.v1"):
    """It is not to be sent if that can still be helped."""

    code: str


class NoticeWithheld(Event, frozen=True, tag="dunning.NoticeWithheld.v1"):
    """It was stopped in time: nothing of it has left."""


class NoticeOutcomeUnknown(Event, frozen=True, tag="dunning.NoticeOutcomeUnknown.v1"):
    """Nobody knows whether it left: a person says so, or has it written of anew."""

    channel: str
    tried_at: datetime
    delivery: int


class NoticeFailed(Event, frozen=True, tag="dunning.NoticeFailed.v1"):
    """It did not leave, or came back, and no channel is left."""

    code: str
    was_sent: bool


class LetterDownloaded(Event, frozen=True, tag="dunning.LetterDownloaded.v1"):
    """The debtor has fetched this very document, by the link in the letter `link`: this or a later one."""

    sha256: str
    link: UUID


NoticeEvent = (
    NoticeComposed
    | NoticeRendered
    | NoticeSent
    | NoticeRecalled
    | NoticeWithheld
    | NoticeOutcomeUnknown
    | NoticeFailed
    | LetterDownloaded
)
