"""A claim: one overdue invoice, from ready to the case that it leaves in.

    (none) ─▶ ready ─▶ planned ─▶ sent ─▶ over
                ▲ │       │ ▲       │       │
                │ ▼       ▼ │       │ refused, not sent, recalled; ready again
                held ───────┘◀──────┴───────┘

What others told of it (ready or not, paused, disputed) and what a person said (stopped) stand here;
what follows from the debtor and the ledger arrives with each look as `found`. It is sent only where
nothing at all stands in the way, and in one case at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import assert_never
from uuid import UUID

from services.collections.commands import (
    ClaimCommand,
    DropPlan,
    EndClaim,
    EndStop,
    LiftHold,
    LookAtClaim,
    NoteNotReady,
    NoteReady,
    RejoinCase,
    ReturnClaim,
    SendClaim,
    StopTransfer,
    TellHold,
)
from services.collections.events.claim import (
    ClaimEvent,
    ClaimFree,
    ClaimHeld,
    ClaimNotReady,
    ClaimOver,
    ClaimReady,
    ClaimReopened,
    ClaimReturned,
    ClaimSent,
    HoldLifted,
    HoldTold,
    PlanDropped,
    StopEnded,
    TransferPlanned,
    TransferStopped,
)
from services.collections.values import BY_HAND, HERE, ClaimFacts, ClaimState, Hold
from shared.decider import Decider, Rejected
from shared.money import Money

_COMES_BACK_AS = {
    "refused": Hold.REFUSED,
    "recalled": Hold.RECALLED,
    "never_arrived": Hold.NEVER_ARRIVED,
}
"""Ways of coming back after which a person must say that it may go again."""


@dataclass(frozen=True, slots=True)
class Claim:
    """`told` is what dunning has against it, `standing` the pauses and disputes, `by_hand` what only a
    person ends, `held` what the last look found.
    """

    facts: ClaimFacts | None = None
    told: str | None = None
    told_blocking: Money | None = None
    principal: Money | None = None
    standing: tuple[str, ...] = ()
    by_hand: Hold | None = None
    held: tuple[str, ...] | None = None
    transfer_on: date | None = None
    goes_at: datetime | None = None
    case_id: UUID | None = None
    over: bool = False

    @property
    def state(self) -> ClaimState:
        if self.over:
            return ClaimState.OVER
        if self.case_id is not None:
            return ClaimState.SENT
        if self.facts is None and self.told is None:
            return ClaimState.NEW
        if self.held:
            return ClaimState.HELD
        return ClaimState.PLANNED if self.goes_at is not None else ClaimState.READY

    @property
    def own_holds(self) -> tuple[str, ...]:
        """What stands in the way by what this stream knows alone."""
        told = [self.told] if self.told else []
        if self.facts is None and not told:
            told = [Hold.NOT_READY.value]
        by_hand = [self.by_hand.value] if self.by_hand else []
        return tuple(dict.fromkeys([*self.standing, *told, *by_hand]))


def decide(command: ClaimCommand, claim: Claim) -> Sequence[ClaimEvent]:  # noqa: C901, PLR0912  a closed union
    match command:
        case NoteReady():
            return note_ready(command, claim)
        case NoteNotReady():
            return note_not_ready(command, claim)
        case TellHold():
            known = command.code in claim.standing
            told = HoldTold(command.invoice_id, command.debtor_id, command.code, command.until_on)
            return [] if known else [told]
        case LiftHold():
            return [HoldLifted(command.code)] if command.code in claim.standing else []
        case LookAtClaim():
            return look(command, claim)
        case DropPlan():
            return [PlanDropped(command.code)] if claim.state is ClaimState.PLANNED else []
        case StopTransfer():
            return stop(command, claim)
        case EndStop():
            return end_stop(command, claim)
        case SendClaim():
            return send(command, claim)
        case RejoinCase():
            return [ClaimSent(command.case_id)] if claim.state in HERE else []
        case ReturnClaim():
            left = claim.case_id == command.case_id and not claim.over
            return [ClaimReturned(command.case_id, command.code)] if left else []
        case EndClaim():
            left = claim.case_id == command.case_id and not claim.over
            return [ClaimOver(command.case_id, command.code)] if left else []
        case _:
            assert_never(command)


def note_ready(command: NoteReady, claim: Claim) -> Sequence[ClaimEvent]:
    """After a case that is closed it may go in another, once a person has said so."""
    if claim.over and claim.case_id is not None:
        return [ClaimReopened(claim.case_id), ClaimReady(command.facts)]
    same = claim.facts == command.facts and claim.told is None
    return [] if same else [ClaimReady(command.facts)]


def note_not_ready(command: NoteNotReady, claim: Claim) -> Sequence[ClaimEvent]:
    told = (command.code, command.principal, command.blocking)
    if claim.over or told == (claim.told, claim.principal, claim.told_blocking):
        return []
    return [
        ClaimNotReady(
            command.invoice_id, command.debtor_id, command.code, command.principal, command.blocking
        )
    ]


def look(command: LookAtClaim, claim: Claim) -> Sequence[ClaimEvent]:
    """What stands in the way now, and when it goes by itself if nothing does.

    Where nothing has changed a plan stays as it is: a look never moves the day.
    """
    if claim.state in {ClaimState.NEW, ClaimState.SENT, ClaimState.OVER}:
        return []
    codes = _in_order((*claim.own_holds, *command.found))
    if codes:
        planned = claim.goes_at is not None
        held = ClaimHeld(codes, planned, command.blocking or claim.told_blocking)
        return [] if codes == claim.held else [held]
    freed: list[ClaimEvent] = [] if claim.held == () else [ClaimFree()]
    if claim.goes_at is not None or command.goes_at is None or command.transfer_on is None:
        return freed
    return [*freed, TransferPlanned(command.transfer_on, command.goes_at)]


def stop(command: StopTransfer, claim: Claim) -> Sequence[ClaimEvent]:
    if claim.state in {ClaimState.SENT, ClaimState.OVER}:
        raise Rejected("it has left: ask the agency to drop it", code="already_sent")
    if claim.state is ClaimState.NEW:
        raise Rejected("there is no such claim", code="not_ready")
    if claim.by_hand is not None:
        return []
    return [TransferStopped(command.stopped_by, claim.goes_at is not None)]


def end_stop(command: EndStop, claim: Claim) -> Sequence[ClaimEvent]:
    if claim.by_hand is None:
        return []
    return [StopEnded(command.ended_by)]


def send(command: SendClaim, claim: Claim) -> Sequence[ClaimEvent]:
    """The last look: only what is free at this instant leaves, and only once."""
    if claim.state in {ClaimState.SENT, ClaimState.OVER}:
        raise Rejected("it has left already", code="already_sent")
    if claim.own_holds or command.found:
        raise Rejected("something stands in the way", code="held")
    return [ClaimSent(command.case_id)]


def evolve(claim: Claim, event: ClaimEvent) -> Claim:  # noqa: C901, PLR0912  a closed union
    match event:
        case ClaimReady():
            return replace(
                claim,
                facts=event.facts,
                told=None,
                told_blocking=None,
                principal=event.facts.principal,
            )
        case ClaimNotReady():
            return replace(
                claim, told=event.code, told_blocking=event.blocking, principal=event.principal
            )
        case HoldTold():
            return replace(claim, standing=(*claim.standing, event.code))
        case HoldLifted():
            left = tuple(code for code in claim.standing if code != event.code)
            return replace(claim, standing=left)
        case ClaimHeld():
            return replace(claim, held=event.codes, goes_at=None, transfer_on=None)
        case ClaimFree():
            return replace(claim, held=())
        case TransferPlanned():
            return replace(claim, transfer_on=event.transfer_on, goes_at=event.goes_at)
        case PlanDropped():
            return replace(claim, transfer_on=None, goes_at=None)
        case TransferStopped():
            return replace(claim, by_hand=Hold.STOPPED)
        case ClaimReopened():
            return replace(claim, over=False, case_id=None, by_hand=Hold.CLOSED, held=None)
        case StopEnded():
            return replace(claim, by_hand=None)
        case ClaimSent():
            return replace(claim, case_id=event.case_id, transfer_on=None, goes_at=None, held=())
        case ClaimReturned():
            return replace(claim, case_id=None, by_hand=_COMES_BACK_AS.get(event.code), held=None)
        case ClaimOver():
            return replace(claim, over=True)
        case _:
            assert_never(event)


def _in_order(codes: Sequence[str]) -> tuple[str, ...]:
    """The gravest first; what dunning alone knows by name comes last."""
    known = [hold.value for hold in Hold]
    unique = dict.fromkeys(codes)
    return tuple(
        sorted(unique, key=lambda code: known.index(code) if code in known else len(known))
    )


def is_by_hand(code: str) -> bool:
    return code in {hold.value for hold in BY_HAND}


CLAIM: Decider[ClaimCommand, Claim, ClaimEvent] = Decider(decide, evolve, Claim())
