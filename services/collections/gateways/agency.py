"""What collections needs of a collection agency, whichever agency it is.

A case is rendered to bytes first, which are sealed with the event that sends it, so that what is said
again after a doubt is what was said before. Handing over ends in one of four ways:

    Receipt           the agency has it
    NotSent           provably not: may be sent again, with the same bytes
    Refused           provably not: the agency said no
    OutcomeUnknown    nobody knows: never sent again, only asked after by our reference

Agencies differ in what they can be told. Where one knows no call for a payment or a withdrawal, it is
asked in words: the port's `report_…` and `request_…` promise that the agency was told, not that it has
done anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from services.collections.values import Collected, Seen
from shared.money import Money


class NotSent(Exception):
    """Provably not taken: the name was not found, the connection refused, or the door was shut.

    `wait` is how long the agency wants to be left alone, where it says so.
    """

    def __init__(self, text: str, wait: timedelta | None = None) -> None:
        super().__init__(text)
        self.wait = wait


class Refused(Exception):
    """The agency itself said no, and has done nothing."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"{code}: {text}" if text else code)
        self.code = code
        self.text = text


class OutcomeUnknown(Exception):
    """Time-out, a broken connection, a server error or an unreadable answer: it may have been done.

    From a call that only reads it means no more than "no answer": ask again later.
    """


class BadCaseError(ValueError):
    """A case that the agency could not take, found before anything is sealed: the text names the rule."""


@dataclass(frozen=True, slots=True)
class DebtorDetails:
    """Whom to collect from, in clear: this never leaves the gateway but to the agency."""

    is_company: bool
    name: str
    country: str
    street: str
    postal_code: str
    city: str
    email: str | None = None
    phone: str | None = None
    id_number: str | None = None


@dataclass(frozen=True, slots=True)
class ClaimDetails:
    """One invoice of a case."""

    number: str
    issued_on: date
    due_on: date
    principal: Money
    charges: Money
    interest: Money


@dataclass(frozen=True, slots=True)
class Submission:
    """A case to hand over: `reference` is ours and serves this case alone; `on` is the day of it."""

    reference: str
    debtor: DebtorDetails
    claims: tuple[ClaimDetails, ...]
    on: date
    contact_email: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """The agency has the case, under its own id, and the reference that its people use."""

    agency_case_id: str
    agency_reference: str


@dataclass(frozen=True, slots=True)
class Report:
    """Money to tell of: `token` stands in what is said, so that it can be found again."""

    token: str
    invoice: str
    amount: Money
    value_on: date


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether the agency works for the creditor: an empty `code`, or what it still waits for, and where."""

    code: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that the agency says has happened to a case: a reason to look, never a fact by itself."""

    event_id: str
    agency_case_id: str
    kind: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What an agency can do beyond the port's least."""

    find_by_our_ref: bool
    """Whether it can be asked for a case by our reference, so that an unknown outcome is found."""
    adds_claims: bool
    """Whether an invoice can join a case that it has; else it makes a case of its own."""
    takes_payments: bool
    """Whether payments are booked by a call; else they are told in words."""
    withdraws: bool
    """Whether a case is withdrawn by a call; else it is asked for."""


class CollectionAgency(Protocol):
    """An agency, seen from one creditor's account with it."""

    @property
    def capabilities(self) -> Capabilities: ...

    def standing(self) -> Standing:
        """Whether the agency works for this creditor."""
        ...

    def render(self, submission: Submission) -> bytes:
        """The exact bytes to seal and send: the same submission always gives the same bytes.

        BadCaseError where the agency has no way to carry it.
        """
        ...

    def submit(self, body: bytes, key: str) -> Receipt:
        """Hand sealed bytes over, once, under a key that serves this case alone."""
        ...

    def add_claim(self, agency_case_id: str, claim: ClaimDetails, key: str) -> None:
        """Let an invoice join a case. Refused where the agency cannot (see `capabilities`)."""
        ...

    def find_by_our_ref(self, reference: str) -> Receipt | None:
        """The case that came under our reference; None where the agency says that it has none."""
        ...

    def get(self, agency_case_id: str, now: datetime) -> Seen:
        """How a case stands, with all that was collected on it."""
        ...

    def settlements(self, agency_case_id: str) -> tuple[Collected, ...]:
        """What the agency has got from the debtor."""
        ...

    def events(self, agency_case_id: str, since: datetime) -> tuple[Happening, ...]:
        """What the agency says has happened, for whoever missed its calls."""
        ...

    def report_payment(self, agency_case_id: str, report: Report) -> None:
        """The debtor has paid to the creditor."""
        ...

    def report_credit(self, agency_case_id: str, report: Report) -> None:
        """The creditor has credited an invoice."""
        ...

    def report_reversal(self, agency_case_id: str, report: Report) -> None:
        """What was reported before counts no more: a payment bounced, or was meant for another invoice."""
        ...

    def request_withdrawal(self, agency_case_id: str, token: str, reason: str) -> None:
        """The creditor wants the case back."""
        ...

    def request_pause(self, agency_case_id: str, token: str, until_on: date) -> None:
        """The creditor wants the agency to wait, until and with a day."""
        ...

    def was_told(self, agency_case_id: str, token: str) -> bool:
        """Whether a report or request with this token has arrived."""
        ...

    def portal(self, agency_case_id: str) -> str:
        """Where the creditor sees the case at the agency."""
        ...

    def verified(
        self, headers: Mapping[str, str], body: bytes, secret: str, now: datetime
    ) -> Happening | None:
        """What the agency calls to say; None where it is not from the agency, or too old."""
        ...
