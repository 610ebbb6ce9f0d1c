"""An agreement between a creditor and an agency: nothing is handed over before both have said yes.

(none) ─▶ offered ─▶ awaited ─▶ agreed ─▶ ended ─▶ offered
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import assert_never
from uuid import UUID

from services.collections.events.beside import (
    AgreementAwaited,
    AgreementEnded,
    AgreementEvent,
    AgreementOffered,
    AgreementReached,
)
from services.collections.values import Contact
from shared.decider import Decider, Rejected


class AgreementState(StrEnum):
    NONE = "none"
    OFFERED = "offered"
    AWAITED = "awaited"
    AGREED = "agreed"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Agreement:
    """`contact` is kept after the end, since what is at the agency is still asked after."""

    state: AgreementState = AgreementState.NONE
    agency: str = ""
    contact: Contact | None = None
    link: str = ""
    agreed_on: date | None = None

    @property
    def both_agree(self) -> bool:
        return self.state is AgreementState.AGREED


@dataclass(frozen=True, slots=True)
class Offer:
    """`roles` are those of whoever offers: it takes an administrator to bind the creditor."""

    agency: str
    contact: Contact
    offered_by: UUID
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class NoteAnswer:
    """What the agency says now: yes (`code` empty), or what it still waits for and where that is done."""

    code: str
    link: str
    on: date


@dataclass(frozen=True, slots=True)
class End:
    roles: frozenset[str]


AgreementCommand = Offer | NoteAnswer | End


def decide(command: AgreementCommand, agreement: Agreement) -> Sequence[AgreementEvent]:
    match command:
        case Offer():
            _administrator(command.roles)
            return [AgreementOffered(command.agency, command.contact, command.offered_by)]
        case NoteAnswer():
            return note_answer(command, agreement)
        case End():
            _administrator(command.roles)
            if agreement.state in {AgreementState.NONE, AgreementState.ENDED}:
                return []
            return [AgreementEnded(agreement.agency, "creditor")]
        case _:
            assert_never(command)


def note_answer(command: NoteAnswer, agreement: Agreement) -> Sequence[AgreementEvent]:
    if agreement.state in {AgreementState.NONE, AgreementState.ENDED}:
        return []
    if not command.code:
        reached = AgreementReached(agreement.agency, command.on)
        return [] if agreement.both_agree else [reached]
    if agreement.both_agree:
        return [AgreementEnded(agreement.agency, "agency")]
    same = agreement.state is AgreementState.AWAITED and agreement.link == command.link
    return [] if same else [AgreementAwaited(agreement.agency, command.code, command.link)]


def _administrator(roles: frozenset[str]) -> None:
    if "administrator" not in roles:
        raise Rejected("this takes an administrator of the client", code="role_missing")


def evolve(agreement: Agreement, event: AgreementEvent) -> Agreement:
    match event:
        case AgreementOffered():
            return Agreement(AgreementState.OFFERED, event.agency, event.contact)
        case AgreementAwaited():
            return replace(agreement, state=AgreementState.AWAITED, link=event.link)
        case AgreementReached():
            return replace(agreement, state=AgreementState.AGREED, agreed_on=event.agreed_on)
        case AgreementEnded():
            return replace(agreement, state=AgreementState.ENDED)
        case _:
            assert_never(event)


AGREEMENT: Decider[AgreementCommand, Agreement, AgreementEvent] = Decider(
    decide, evolve, Agreement()
)
