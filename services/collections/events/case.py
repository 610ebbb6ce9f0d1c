"""What can have happened to a case: claims of one debtor in one currency at an agency."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from services.collections.values import Collected, MoneyKind, SentClaim, Status, Telling
from shared.eventstore.events import Event
from shared.money import Money
from shared.sealed import Sealed


class CaseSent(Event, frozen=True, tag="collections.CaseSent.v1"):
    """The claims leave: the exact bytes, sealed, and what they add up to."""

    agency: str
    debtor_id: UUID
    claims: tuple[SentClaim, ...]
    principal: Money
    charges: Money
    interest: Money
    reference: str
    body: Sealed
    sha256: str
    sent_on: date
    automatic: bool


class CaseNotSent(Event, frozen=True, tag="collections.CaseNotSent.v1"):
    """Given up before a byte left: the agency could not be reached for a long time."""


class CaseOutcomeUnknown(Event, frozen=True, tag="collections.CaseOutcomeUnknown.v1"):
    """No answer: nobody knows whether the agency has it. It is not sent again."""

    since_at: datetime


class OutcomeAlertRaised(Event, frozen=True, tag="collections.OutcomeAlertRaised.v1"):
    """Still unknown: people must ask the agency."""


class AgencyWordReported(Event, frozen=True, tag="collections.AgencyWordReported.v1"):
    """A person asked the agency, which says that it never got the case."""

    reported_by: UUID
    reason: Sealed


class CaseFoundAfterAll(Event, frozen=True, tag="collections.CaseFoundAfterAll.v1"):
    """The agency has what a person was told that it had not. What went in another case meanwhile, one
    of the two must drop.
    """

    agency_case_id: str


class CaseAccepted(Event, frozen=True, tag="collections.CaseAccepted.v1"):
    """The agency has it, under its own id and reference."""

    agency_case_id: str
    agency_reference: str


class CaseRefused(Event, frozen=True, tag="collections.CaseRefused.v1"):
    """The agency does not take it."""

    code: str


class MoneyNoted(Event, frozen=True, tag="collections.MoneyNoted.v1"):
    """The ledger sets something off against a claim after it left; less than nothing takes it back.

    Whether the debtor paid the creditor, or the agency paid out, is judged when the agency has been
    asked what it collected.
    """

    number: int
    entry_id: UUID
    invoice_id: UUID
    kind: MoneyKind
    amount: Money
    value_on: date
    whole: Money | None = None


class AgencyCollected(Event, frozen=True, tag="collections.AgencyCollected.v1"):
    """The agency shows a payment of the debtor's to itself."""

    collected: Collected


class CollectionTakenBack(Event, frozen=True, tag="collections.CollectionTakenBack.v1"):
    """The agency shows a payment no more that it had shown: the debtor owes it again."""

    settlement_id: str
    amount: Money


class PayOutRecognised(Event, frozen=True, tag="collections.PayOutRecognised.v1"):
    """The ledger's money is what the agency collected, less its fee: the agency is not told of it."""

    number: int
    settlements: tuple[str, ...]
    amount: Money
    paid_out_on: date


class MoneyNotTold(Event, frozen=True, tag="collections.MoneyNotTold.v1"):
    """The agency need not hear of it: nothing of the principal was left, or the case is over."""

    number: int
    code: str


class TellingSought(Event, frozen=True, tag="collections.TellingSought.v1"):
    """The agency is to be told. `money` is the number of what was noted, if it is about money."""

    number: int
    kind: Telling
    token: str
    agency_case_id: str
    invoice_id: UUID | None = None
    amount: Money | None = None
    on: date | None = None
    money: int | None = None
    reason: Sealed | None = None
    sought_by: UUID | None = None


class TellingDone(Event, frozen=True, tag="collections.TellingDone.v1"):
    """The agency has been told, once."""

    number: int
    told_at: datetime


class TellingUnknown(Event, frozen=True, tag="collections.TellingUnknown.v1"):
    """No answer: whether the agency has been told is found out, not tried again."""

    number: int


class TellingRefused(Event, frozen=True, tag="collections.TellingRefused.v1"):
    """The agency would not hear it: people must tell it. A withdrawal may be sought again."""

    number: int
    code: str
    kind: Telling = "payment"


class StatusLearnt(Event, frozen=True, tag="collections.StatusLearnt.v1"):
    """How far the agency is, in our words and in its own code."""

    status: Status
    agency_code: str
    remaining: Money | None


class CaseRecalled(Event, frozen=True, tag="collections.CaseRecalled.v1"):
    """The agency has let go of it."""

    recalled_on: date


class CaseClosed(Event, frozen=True, tag="collections.CaseClosed.v1"):
    """It is over; `code` is our word for how, `agency_code` the agency's."""

    code: str
    agency_code: str
    closed_on: date


CaseEvent = (
    CaseSent
    | CaseNotSent
    | CaseOutcomeUnknown
    | OutcomeAlertRaised
    | AgencyWordReported
    | CaseFoundAfterAll
    | CaseAccepted
    | CaseRefused
    | MoneyNoted
    | AgencyCollected
    | CollectionTakenBack
    | PayOutRecognised
    | MoneyNotTold
    | TellingSought
    | TellingDone
    | TellingUnknown
    | TellingRefused
    | StatusLearnt
    | CaseRecalled
    | CaseClosed
)
