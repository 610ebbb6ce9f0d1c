"""One letter to one debtor, on its way by one channel after another.

    (none) --ReceiveLetter--> routed --NoteDrawn--> drawn --NoteLetterSent--> sent
       |                       ^  |                 | |                        |
       |                       |  |                 | '--NoteLetterOutcomeLost--> unknown
       |                       |  '--RecallLetter--> withheld                  |
       |                       '--------- the next channel <--NoteLetterReturned (delivery n + 1)
       '--no channel--> failed <--- no channel is left

A letter is never sent twice by one channel: each delivery has an id of its own, by which a mail is
recognised and a print partner asked. What was called back while its sending was under way is not
tried again by any channel; if it has left, it counts as sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, TypeAlias, assert_never
from uuid import UUID, uuid5

from services.notifications.commands import (
    LetterCommand,
    NoteDrawn,
    NoteLetterOutcomeLost,
    NoteLetterRefused,
    NoteLetterReturned,
    NoteLetterSent,
    Reach,
    RecallLetter,
    ReceiveLetter,
    RepeatLetter,
    WithholdLetter,
)
from services.notifications.events import (
    LetterDrawn,
    LetterEvent,
    LetterFailed,
    LetterOutcomeLost,
    LetterRecalled,
    LetterReceived,
    LetterRefused,
    LetterRepeated,
    LetterReturned,
    LetterRouted,
    LetterSent,
    LetterWithheld,
)
from services.notifications.model.channels import next_channel
from services.notifications.values import Channel, Drawn, LetterFacts
from shared.decider import Decider
from shared.sealed import Sealed

REPEATS_MAX: Final = 1
NO_CHANNEL: Final = "no_channel"
STALE: Final = "stale"
RECALLED: Final = "recalled"


DeliveryCommand: TypeAlias = (
    NoteDrawn
    | NoteLetterSent
    | NoteLetterRefused
    | NoteLetterReturned
    | NoteLetterOutcomeLost
    | RepeatLetter
)


class LetterState(StrEnum):
    ROUTED = "intended"
    DRAWN = "drawn"
    SENT = "sent"
    UNKNOWN = "unknown"
    REFUSED = "refused"
    RETURNED = "bounced"
    WITHHELD = "withheld"
    FAILED = "failed"


ON_ITS_WAY: Final = frozenset({LetterState.ROUTED, LetterState.DRAWN, LetterState.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Letter:
    facts: LetterFacts
    state: LetterState = LetterState.ROUTED
    delivery: int = 0
    channel: Channel = Channel.MAIL
    tried: tuple[Channel, ...] = ()
    drawn: Drawn | None = None
    repeats: int = 0
    was_sent: bool = False
    recalled: bool = False
    address: Sealed | None = None
    """That the last delivery went to."""


def delivery_id(notice_id: UUID, delivery: int) -> UUID:
    """What a mail's Message-ID and a print partner's file name are made of."""
    return uuid5(notice_id, f"delivery:{delivery}")


def decide(command: LetterCommand, letter: Letter | None) -> Sequence[LetterEvent]:
    if isinstance(command, ReceiveLetter):
        return receive(command) if letter is None else []
    if letter is None:
        return []
    match command:
        case RecallLetter():
            return recall(command, letter)
        case WithholdLetter():
            return end_recalled(letter) if letter.state in ON_ITS_WAY else []
        case _:
            # What is said of a delivery that another has followed comes too late.
            return note(command, letter) if command.delivery == letter.delivery else []


def note(command: DeliveryCommand, letter: Letter) -> Sequence[LetterEvent]:
    """What became of the present delivery."""
    delivery, on_its_way = command.delivery, letter.state in ON_ITS_WAY
    match command:
        case NoteDrawn():
            waits = letter.state is LetterState.ROUTED
            return [LetterDrawn(delivery, command.drawn)] if waits else []
        case NoteLetterReturned():
            return come_back(command, letter)
    if not on_its_way:
        return []
    match command:
        case NoteLetterSent():
            return [LetterSent(delivery, letter.channel, command.at, command.address)]
        case NoteLetterRefused():
            return refuse(command, letter)
        case NoteLetterOutcomeLost():
            told = letter.state is LetterState.UNKNOWN and not command.final
            return [] if told else [LetterOutcomeLost(delivery, command.final)]
        case RepeatLetter():
            return [LetterRepeated(delivery)] if letter.repeats < REPEATS_MAX else []
        case _:
            assert_never(command)


def receive(command: ReceiveLetter) -> Sequence[LetterEvent]:
    channel = next_channel(command.facts, command.reach)
    received = LetterReceived(command.facts)
    if channel is None:
        return [received, LetterFailed(NO_CHANNEL, was_sent=False)]
    return [received, LetterRouted(1, channel)]


def refuse(command: NoteLetterRefused, letter: Letter) -> Sequence[LetterEvent]:
    refused = LetterRefused(command.delivery, letter.channel, command.code)
    if letter.recalled:
        return [refused, *end_recalled(letter)]
    if command.final:
        return [refused, LetterFailed(command.code, letter.was_sent)]
    return [refused, onward(command.code, command.reach, letter, was_sent=letter.was_sent)]


def come_back(command: NoteLetterReturned, letter: Letter) -> Sequence[LetterEvent]:
    """A report may arrive before we have noted that it was sent: the process may have died between."""
    reported = letter.state in ON_ITS_WAY | {LetterState.SENT}
    if not reported:
        return []
    returned = LetterReturned(command.delivery, letter.channel, command.code)
    if letter.recalled:
        return [returned, LetterFailed(command.code, was_sent=True)]
    return [returned, onward(command.code, command.reach, letter, was_sent=True)]


def onward(
    code: str, reach: Reach, letter: Letter, *, was_sent: bool
) -> LetterRouted | LetterFailed:
    channel = next_channel(letter.facts, reach, letter.tried)
    if channel is None:
        return LetterFailed(code, was_sent)
    return LetterRouted(letter.delivery + 1, channel)


def recall(command: RecallLetter, letter: Letter) -> Sequence[LetterEvent]:
    if letter.recalled or letter.state in {LetterState.WITHHELD, LetterState.FAILED}:
        return []
    on_its_way = letter.state in ON_ITS_WAY
    if on_its_way and not command.under_way and letter.state is not LetterState.UNKNOWN:
        return [LetterRecalled(), *end_recalled(letter)]
    return [LetterRecalled()]


def end_recalled(letter: Letter) -> Sequence[LetterEvent]:
    """A letter that has been sent once, by another channel, cannot be withheld any more."""
    return [LetterFailed(RECALLED, was_sent=True)] if letter.was_sent else [LetterWithheld()]


def evolve(letter: Letter | None, event: LetterEvent) -> Letter | None:
    """Fold one recorded event into the state. Never refuses: it has already happened."""
    if isinstance(event, LetterReceived):
        return Letter(event.facts)
    assert letter is not None
    match event:
        case LetterRecalled():
            return replace(letter, recalled=True)
        case LetterWithheld():
            return replace(letter, state=LetterState.WITHHELD)
        case LetterFailed():
            return replace(letter, state=LetterState.FAILED)
        case LetterRouted():
            return replace(
                letter,
                state=LetterState.ROUTED,
                delivery=event.delivery,
                channel=event.channel,
                tried=(*letter.tried, event.channel),
                drawn=None,
                repeats=0,
            )
        case _:
            return moved(letter, event)


def moved(
    letter: Letter,
    event: LetterDrawn
    | LetterSent
    | LetterRefused
    | LetterReturned
    | LetterOutcomeLost
    | LetterRepeated,
) -> Letter:
    """The present delivery has come a step further."""
    match event:
        case LetterDrawn():
            return replace(letter, state=LetterState.DRAWN, drawn=event.drawn)
        case LetterSent():
            sent = LetterState.SENT
            return replace(letter, state=sent, was_sent=True, address=event.address)
        case LetterRefused():
            return replace(letter, state=LetterState.REFUSED)
        case LetterReturned():
            return replace(letter, state=LetterState.RETURNED, was_sent=True)
        case LetterOutcomeLost():
            return replace(letter, state=LetterState.UNKNOWN)
        case LetterRepeated():
            return replace(letter, state=LetterState.DRAWN, repeats=letter.repeats + 1)
        case _:
            assert_never(event)


LETTER: Decider[LetterCommand, Letter | None, LetterEvent] = Decider(decide, evolve, None)
