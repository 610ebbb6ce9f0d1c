"""Events beside claims and cases: the creditor's ways, agreements, debtors, and open items."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

from services.collections.values import Contact, Received
from shared.eventstore.events import Event
from shared.money import Money
from shared.sealed import Sealed


class CreditorLearnt(Event, frozen=True, tag="collections.CreditorLearnt.v1"):
    """Where the creditor is at home: its time zone makes the date, its country the banking days."""

    time_zone: str
    country: str


class WaysSet(Event, frozen=True, tag="collections.WaysSet.v1"):
    """How the creditor hands over.

    `stop_days` are banking days between ready and going; `weekday` (0 is Monday) is the day of the
    week on which cases go, if they go on one only; less than `minimum` does not go by itself.
    """

    automatic: bool
    stop_days: int
    weekday: int | None
    minimum: Money | None
    set_by: UUID


class AgencySelected(Event, frozen=True, tag="collections.AgencySelected.v1"):
    """The agency that new cases go to."""

    agency: str
    selected_by: UUID


CreditorEvent = CreditorLearnt | WaysSet | AgencySelected


class AgreementOffered(Event, frozen=True, tag="collections.AgreementOffered.v1"):
    """The creditor has said yes, and how the agency knows it."""

    agency: str
    contact: Contact
    offered_by: UUID


class AgreementAwaited(Event, frozen=True, tag="collections.AgreementAwaited.v1"):
    """The agency has not said yes yet: something is to be signed at this address."""

    agency: str
    code: str
    link: str


class AgreementReached(Event, frozen=True, tag="collections.AgreementReached.v1"):
    """The agency has said yes too."""

    agency: str
    agreed_on: date


class AgreementEnded(Event, frozen=True, tag="collections.AgreementEnded.v1"):
    """One of the two does not want any more. What is at the agency stays there."""

    agency: str
    code: Literal["creditor", "agency"]


AgreementEvent = AgreementOffered | AgreementAwaited | AgreementReached | AgreementEnded


class DebtorLearnt(Event, frozen=True, tag="collections.DebtorLearnt.v1"):
    """Whom an agency would have to find: master data of the ledger, sealed."""

    debtor_id: UUID
    number: str
    name: Sealed
    country: str | None
    email: Sealed | None
    mobile: Sealed | None
    address: Sealed | None
    id_number: Sealed | None


class DebtorFrozen(Event, frozen=True, tag="collections.DebtorFrozen.v1"):
    """Insolvent or deceased."""

    code: str


class DebtorUnfrozen(Event, frozen=True, tag="collections.DebtorUnfrozen.v1"):
    """No more."""


DebtorEvent = DebtorLearnt | DebtorFrozen | DebtorUnfrozen


class ItemLearnt(Event, frozen=True, tag="collections.ItemLearnt.v1"):
    """What remains of one thing on a customer's account; of an invoice also what is set off against it,
    of a payment or credit note also what it is over.

    `kind` is invoice, payment, credit_note or, where nothing else is known, item.
    """

    entry_id: UUID
    debtor_id: UUID
    kind: str
    remaining: Money
    number: str = ""
    received: tuple[Received, ...] = ()
    amount: Money | None = None
