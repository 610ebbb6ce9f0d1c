"""What can be asked of the rules of claims and cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.collections.values import ClaimFacts, Received, Seen, SentClaim
from shared.money import Money
from shared.sealed import Sealed


@dataclass(frozen=True, slots=True)
class NoteReady:
    """Dunning tells that it may go."""

    facts: ClaimFacts


@dataclass(frozen=True, slots=True)
class NoteNotReady:
    """Dunning tells that it may not."""

    invoice_id: UUID
    debtor_id: UUID
    code: str
    principal: Money
    blocking: Money | None = None


@dataclass(frozen=True, slots=True)
class TellHold:
    """A pause or a dispute begins."""

    invoice_id: UUID
    debtor_id: UUID
    code: str
    until_on: date | None = None


@dataclass(frozen=True, slots=True)
class LiftHold:
    code: str


@dataclass(frozen=True, slots=True)
class LookAtClaim:
    """All that is known elsewhere: what stands in the way, and when it would go by itself."""

    found: tuple[str, ...] = ()
    blocking: Money | None = None
    transfer_on: date | None = None
    goes_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DropPlan:
    """`code`: by_hand_now or below_minimum."""

    code: str = "by_hand_now"


@dataclass(frozen=True, slots=True)
class StopTransfer:
    stopped_by: UUID


@dataclass(frozen=True, slots=True)
class EndStop:
    ended_by: UUID


@dataclass(frozen=True, slots=True)
class SendClaim:
    """It is to leave in this case. `found` is what was looked at in the same instant."""

    case_id: UUID
    found: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RejoinCase:
    """The agency has the case after all: what is still here, is there."""

    case_id: UUID


@dataclass(frozen=True, slots=True)
class ReturnClaim:
    """`code`: refused, not_sent, never_arrived or recalled."""

    case_id: UUID
    code: str


@dataclass(frozen=True, slots=True)
class EndClaim:
    case_id: UUID
    code: str


ClaimCommand = (
    NoteReady
    | NoteNotReady
    | TellHold
    | LiftHold
    | LookAtClaim
    | DropPlan
    | StopTransfer
    | EndStop
    | SendClaim
    | RejoinCase
    | ReturnClaim
    | EndClaim
)


@dataclass(frozen=True, slots=True)
class SendCase:
    """Claims of one debtor in one currency leave together, as these sealed bytes."""

    agency: str
    debtor_id: UUID
    claims: tuple[SentClaim, ...]
    reference: str
    body: Sealed
    sha256: str
    sent_on: date
    automatic: bool


@dataclass(frozen=True, slots=True)
class NoteNotSent:
    """Provably not a byte left."""


@dataclass(frozen=True, slots=True)
class NoteOutcomeUnknown:
    at: datetime


@dataclass(frozen=True, slots=True)
class RaiseAlert:
    pass


@dataclass(frozen=True, slots=True)
class ReportNeverArrived:
    """A person has the agency's word that it never got the case."""

    reported_by: UUID
    reason: Sealed


@dataclass(frozen=True, slots=True)
class NoteAccepted:
    agency_case_id: str
    agency_reference: str


@dataclass(frozen=True, slots=True)
class NoteRefused:
    code: str


@dataclass(frozen=True, slots=True)
class NoteReceived:
    """All that the ledger sets off against one claim of the case now."""

    invoice_id: UUID
    received: tuple[Received, ...]


@dataclass(frozen=True, slots=True)
class NoteSeen:
    """The agency was asked how the case stands: `case_id` is the case's own, `on` the creditor's day."""

    case_id: UUID
    seen: Seen
    on: date


@dataclass(frozen=True, slots=True)
class SeekRecall:
    """The creditor wants the case back."""

    case_id: UUID
    sought_by: UUID
    reason: Sealed


@dataclass(frozen=True, slots=True)
class SeekPause:
    """The creditor wants the agency to wait, until and with a day."""

    case_id: UUID
    sought_by: UUID
    until_on: date


@dataclass(frozen=True, slots=True)
class NoteTold:
    number: int
    at: datetime


@dataclass(frozen=True, slots=True)
class NoteTellingUnknown:
    number: int


@dataclass(frozen=True, slots=True)
class NoteTellingRefused:
    number: int
    code: str


CaseCommand = (
    SendCase
    | NoteNotSent
    | NoteOutcomeUnknown
    | RaiseAlert
    | ReportNeverArrived
    | NoteAccepted
    | NoteRefused
    | NoteReceived
    | NoteSeen
    | SeekRecall
    | SeekPause
    | NoteTold
    | NoteTellingUnknown
    | NoteTellingRefused
)
