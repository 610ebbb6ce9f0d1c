"""Values that events and commands carry."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from shared.money import Money
from shared.sealed import Sealed


class OccasionName(StrEnum):
    """What a mail is about, as it stands in events and logs."""

    APPROVAL_REQUESTED = "approval_requested"
    APPROVAL_REMINDER = "approval_reminder"
    APPROVAL_EXPIRED = "approval_expired"
    PAYMENTS_REJECTED = "payments_rejected"
    PAYMENTS_FAILED = "payments_failed"
    PAYMENTS_UNKNOWN = "payments_unknown"
    PAYMENTS_RETURNED = "payments_returned"
    LIST_WAITS = "list_waits"
    """Today's list of reminders waits for somebody to send it."""
    LIST_GOES = "list_goes"
    """It goes by itself, at an instant."""


class Channel(StrEnum):
    """By which way somebody is told, as it stands in the log."""

    MAIL = "mail"
    PUSH = "push"
    LETTER = "letter"
    """By post."""


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """What one person is to be told: ids, an instant and a sealed link, no figure and no name."""

    recipient_id: UUID
    occasion: OccasionName
    subject_id: UUID
    """The request or the payment that it is about; the delivery's own id for a digest."""
    payments: tuple[UUID, ...]
    person_id: UUID | None = None
    """Who asked, or who said no; none where it was nobody or several."""
    at: datetime | None = None
    """Answer by, or expired at."""
    link: Sealed | None = None
    """Opens as the path that this reader's mail leads to."""
    invoices: int = 0
    """Of today's list, and of how many debtors; of payments their ids are counted."""
    debtors: int = 0

    @property
    def count(self) -> int:
        return self.invoices or len(self.payments)


class LetterKind(StrEnum):
    """What a letter to a debtor is, as its texts are kept and its language is chosen by."""

    REMINDER = "reminder"
    CHARGED = "charged"
    """A reminder with charges."""
    WARNING = "warning"
    STATEMENT = "statement"


class Kept(msgspec.Struct, frozen=True):
    """A document by its hash: here, or at the service that keeps it."""

    sha256: str
    media_type: str
    size_bytes: int


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """Days at one rate on one base: `rate` is percent a year."""

    from_on: date
    through_on: date
    days: int
    base: Money
    rate: str


class LetterCharge(msgspec.Struct, frozen=True, kw_only=True):
    invoice_id: UUID
    kind: str
    amount: Money
    law: str
    unverified: bool = False
    spans: tuple[Span, ...] = ()


class Reference(msgspec.Struct, frozen=True):
    kind: str
    value: Sealed


class LetterLine(msgspec.Struct, frozen=True, kw_only=True):
    """One invoice. `account` opens as where it is paid and under which reference."""

    invoice_id: UUID
    number: str
    issued_on: date
    due_on: date
    gross: Money
    principal: Money
    charges: Money
    account: Sealed | None = None
    references: tuple[Reference, ...] = ()
    copy_of: Kept | None = None


class LetterCredit(msgspec.Struct, frozen=True, kw_only=True):
    kind: str
    number: str
    dated_on: date
    remaining: Money


class LetterFacts(msgspec.Struct, frozen=True, kw_only=True):
    """One letter as it was issued: figures and sealed values, no word of it."""

    debtor_id: UUID
    kind: LetterKind
    level: int
    language: str
    currency: str
    issued_on: date
    valid_through_on: date
    lines: tuple[LetterLine, ...]
    charges: tuple[LetterCharge, ...]
    total: Money
    channels: tuple[str, ...]
    copies: str
    """none, embedded or page_two."""
    deadline_on: date | None = None
    law: str = ""
    credits: tuple[LetterCredit, ...] = ()
    portal: Sealed | None = None


class Drawn(msgspec.Struct, frozen=True, kw_only=True):
    """A letter's document: what was kept, how long it is, and by which words and design it was made."""

    document: Kept
    pages: int
    language: str
    template_version: str


class AddressFault(msgspec.Struct, frozen=True):
    """What is wrong with a way to reach a debtor: `field` is email, address or id_number."""

    code: str
    field: str


class Contact(msgspec.Struct, frozen=True, kw_only=True):
    """A debtor as the ledger has them."""

    number: str
    name: Sealed
    country: str = ""
    is_person: bool = False
    email: Sealed | None = None
    address: Sealed | None = None
    faults: tuple[AddressFault, ...] = ()


class Branding(msgspec.Struct, frozen=True, kw_only=True):
    """How a creditor shows on its letters. `logo` is a PNG; nothing where there is none."""

    logo: bytes = b""
    street: str = ""
    postal_code: str = ""
    city: str = ""
    company_number: str = ""
    email: str = ""
    phone: str = ""
