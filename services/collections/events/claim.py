"""What can have happened to a claim: one overdue invoice on its way to an agency."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from services.collections.values import ClaimFacts
from shared.eventstore.events import Event
from shared.money import Money


class ClaimReady(Event, frozen=True, tag="collections.ClaimReady.v1"):
    """Dunning says that it may go, and upon which facts; told anew when one of them changes."""

    facts: ClaimFacts


class ClaimNotReady(Event, frozen=True, tag="collections.ClaimNotReady.v1"):
    """Dunning says that it may not go, or no more, and why."""

    invoice_id: UUID
    debtor_id: UUID
    code: str
    principal: Money
    blocking: Money | None = None


class HoldTold(Event, frozen=True, tag="collections.HoldTold.v1"):
    """A pause or a dispute: until it is lifted. `until_on` is shown; who told of it ends it."""

    invoice_id: UUID
    debtor_id: UUID
    code: str
    until_on: date | None = None


class HoldLifted(Event, frozen=True, tag="collections.HoldLifted.v1"):
    code: str


class ClaimHeld(Event, frozen=True, tag="collections.ClaimHeld.v1"):
    """Looked at, it may not go. `planned` says whether it would have gone by itself."""

    codes: tuple[str, ...]
    planned: bool
    blocking: Money | None = None


class ClaimFree(Event, frozen=True, tag="collections.ClaimFree.v1"):
    """Looked at, nothing stands in the way any more."""


class TransferPlanned(Event, frozen=True, tag="collections.TransferPlanned.v1"):
    """It goes by itself at this instant, unless somebody stops it."""

    transfer_on: date
    goes_at: datetime


class PlanDropped(Event, frozen=True, tag="collections.PlanDropped.v1"):
    """It does not go by itself any more: the creditor sends by hand now, or it is below the minimum."""

    code: str = "by_hand_now"


class TransferStopped(Event, frozen=True, tag="collections.TransferStopped.v1"):
    """A person said that it must not go."""

    stopped_by: UUID
    planned: bool


class StopEnded(Event, frozen=True, tag="collections.StopEnded.v1"):
    """A person said that it may go after all."""

    ended_by: UUID


class ClaimSent(Event, frozen=True, tag="collections.ClaimSent.v1"):
    """It left in this case."""

    case_id: UUID


class ClaimReturned(Event, frozen=True, tag="collections.ClaimReturned.v1"):
    """It is the creditor's own again: the case came to nothing, or was taken back."""

    case_id: UUID
    code: str


class ClaimReopened(Event, frozen=True, tag="collections.ClaimReopened.v1"):
    """It is owed, and here again, though the case that it left in is closed."""

    case_id: UUID


class ClaimOver(Event, frozen=True, tag="collections.ClaimOver.v1"):
    """The case that it left in is closed."""

    case_id: UUID
    code: str


ClaimEvent = (
    ClaimReady
    | ClaimNotReady
    | HoldTold
    | HoldLifted
    | ClaimHeld
    | ClaimFree
    | TransferPlanned
    | PlanDropped
    | TransferStopped
    | StopEnded
    | ClaimSent
    | ClaimReturned
    | ClaimOver
    | ClaimReopened
)
