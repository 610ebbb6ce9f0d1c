"""Values that this service's commands, events and rules share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

from shared.contracts.values import Copy, SealedReference
from shared.money import Money
from shared.sealed import Sealed


class ClaimState(StrEnum):
    """Where one overdue invoice is. The values are stored and shown by code."""

    NEW = "new"
    READY = "ready"
    PLANNED = "planned"
    HELD = "held"
    SENT = "sent"
    OVER = "over"


HERE = frozenset({ClaimState.READY, ClaimState.PLANNED, ClaimState.HELD})
"""Still the creditor's own."""


class CaseState(StrEnum):
    """Where a case is. The values are stored and shown by code."""

    NEW = "new"
    SUBMITTED = "submitted"
    OUTCOME_UNKNOWN = "outcome_unknown"
    ACTIVE = "active"
    REFUSED = "refused"
    NOT_SENT = "not_sent"
    RECALLED = "recalled"
    CLOSED = "closed"


LIVE = frozenset({CaseState.SUBMITTED, CaseState.OUTCOME_UNKNOWN, CaseState.ACTIVE})
"""The agency has it, or may have it."""
AT_AGENCY = frozenset({CaseState.ACTIVE, CaseState.RECALLED, CaseState.CLOSED})
"""The agency has said that it has it, so it can be asked after."""


class Hold(StrEnum):
    """Why an invoice does not go. The first of several is the one that is told."""

    DECEASED = "deceased"
    INSOLVENT = "insolvent"
    DISPUTED = "disputed"
    PAUSED = "paused"
    WITHDRAWN = "withdrawn"
    SETTLED = "settled"
    ONLY_CHARGES_LEFT = "only_charges_left"
    UNMATCHED_ITEMS = "unmatched_items"
    DEBTOR_UNKNOWN = "debtor_unknown"
    NOT_READY = "not_ready"
    STOPPED = "stopped"
    REFUSED = "refused"
    RECALLED = "recalled"
    NEVER_ARRIVED = "never_arrived"
    CLOSED = "closed"


BY_HAND = frozenset({
    Hold.STOPPED, Hold.REFUSED, Hold.RECALLED, Hold.NEVER_ARRIVED, Hold.CLOSED,
})  # fmt: skip
"""Holds that only a person ends, by saying that it may go after all."""

Status = Literal["active", "paused", "legal", "paying", "surveillance"]
"""The agency's progress in our words."""
MoneyKind = Literal["payment", "credit_note"]
Telling = Literal["payment", "credit_note", "reversal", "withdrawal", "pause"]
"""What an agency is told of a case that it has."""


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """What dunning says of an invoice that is ready. `principal` is as dunning knew it, `interest` what
    has accrued by `ready_on`, and `interest_ahead` what will have on each day after it.
    """

    invoice_id: UUID
    debtor_id: UUID
    party_number: str
    number: str
    issued_on: date
    due_on: date
    warned_on: date
    deadline_on: date
    ready_on: date
    gross: Money
    principal: Money
    charges: Money
    interest: Money
    debtor_kind: Literal["consumer", "company"]
    country: str
    copy_of: Copy | None = None
    references: tuple[SealedReference, ...] = ()
    interest_ahead: tuple[Money, ...] = ()

    def interest_on(self, day: date) -> Money:
        """As far as it was told: later days have that of the last, which is less and never too much."""
        told = (self.interest, *self.interest_ahead)
        return told[min((day - self.ready_on).days, len(told) - 1)]


@dataclass(frozen=True, slots=True)
class Received:
    """What the ledger sets off against an invoice of one payment or credit note, in all.

    `whole` is what that entry is over, of which a part may be set off elsewhere; None where unknown.
    """

    entry_id: UUID
    kind: MoneyKind
    amount: Money
    value_on: date
    whole: Money | None = None


@dataclass(frozen=True, slots=True)
class SentClaim:
    """One invoice as it stands in a case.

    `before` is what the ledger had set off against it before it left: that is in the figures already.
    """

    invoice_id: UUID
    number: str
    issued_on: date
    due_on: date
    principal: Money
    charges: Money
    interest: Money
    before: tuple[Received, ...] = ()


@dataclass(frozen=True, slots=True)
class Collected:
    """Money that the agency has got from the debtor. `kept_at_most` is what it may keep of it."""

    settlement_id: str
    amount: Money
    collected_on: date
    kept_at_most: Money


@dataclass(frozen=True, slots=True)
class Seen:
    """A case as the agency shows it. `closed` is our word for how it ended, None while it goes on."""

    status: Status
    agency_code: str
    remaining: Money | None
    collected: tuple[Collected, ...]
    closed: str | None
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Contact:
    """Who speaks for the creditor at the agency, by the key that the agency gave out; all sealed.

    `hook_secret` verifies what the agency calls with.
    """

    key: Sealed
    email: Sealed
    hook_secret: Sealed | None = None
