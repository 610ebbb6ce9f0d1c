"""Values that commands and events carry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final, Literal, get_args
from uuid import UUID

import msgspec

from shared.contracts.values import Copy, Fault, SealedAccount, SealedReference
from shared.money import Money
from shared.sealed import Sealed

Country = Literal["DK", "SE", "NO", "FI"]
COUNTRIES: Final[tuple[Country, ...]] = get_args(Country)
"""Whose law we know."""
DebtorKind = Literal["consumer", "company"]
DueBasis = Literal["agreed", "unilateral", "statutory"]
Channel = Literal["mail", "letter", "portal"]
Mode = Literal["automatic", "ask", "off"]
ChargeKind = Literal["fee", "interest", "compensation", "absorbed"]
WriteOff = Literal["manual", "principal_paid", "aged", "handed_over"]


class NoticeKind(StrEnum):
    """The kinds of letter. Whether a reminder carries charges is said by its step."""

    REMINDER = "reminder"
    WARNING = "warning"
    STATEMENT = "statement"


class Invoice(msgspec.Struct, frozen=True):
    """A customer's invoice as the ledger tells it.

    `due_on` is the nominal due date; `historical` was booked before the ledger was connected, and no
    reminder begins from it by itself.
    """

    debtor_id: UUID
    debtor_number: str
    number: str
    voucher: str
    issued_on: date
    sent_on: date
    due_on: date
    due_basis: DueBasis
    gross: Money
    gross_in_base: Money
    account: SealedAccount | None = None
    references: tuple[SealedReference, ...] = ()
    copy_of: Copy | None = None
    historical: bool = False
    dunned_elsewhere: bool = False


class Movement(msgspec.Struct, frozen=True):
    """What reduces an invoice's principal: positive, counting from `value_on`.

    `correction` is a credit note that takes back what was never owed. `through_agency` is a payment
    that a collection agency has collected and paid out.
    """

    entry_id: UUID
    kind: Literal["payment", "credit_note", "charge", "other"]
    amount: Money
    value_on: date
    matched_on: date
    correction: bool = False
    through_agency: bool = False


class Step(msgspec.Struct, frozen=True):
    """One letter of a timeline, so many days after the due date. A warning always carries charges."""

    kind: NoticeKind
    after_days: int
    charged: bool = False


class Timeline(msgspec.Struct, frozen=True):
    """What is sent when, in order.

    `gap_days` lie at least between two letters of one invoice; `list_days` are the weekdays on which
    today's list is shown, Monday 0. A timeline of one statement sends it every `after_days` days
    while anything is open.
    """

    name: str
    steps: tuple[Step, ...]
    gap_days: int
    list_days: tuple[int, ...] = (0, 1, 2, 3, 4)
    mode: Mode = "ask"

    @property
    def is_statement(self) -> bool:
        return len(self.steps) == 1 and self.steps[0].kind is NoticeKind.STATEMENT


class FeeTier(msgspec.Struct, frozen=True):
    """The fee for overdue principal from an amount on; the boundary belongs to the higher tier."""

    from_principal: Money
    fee: Money


class ChargePolicy(msgspec.Struct, frozen=True):
    """What the creditor charges, within the law: `legal` is the most that the law allows.

    `rate` is the full yearly rate in percent where interest is `own`. `fee_clause` says that the fee
    was agreed at the latest when the debt arose, where the law asks for that.
    """

    interest: Literal["legal", "own", "none"] = "legal"
    rate: str | None = None
    fees: Literal["legal", "own", "none"] = "legal"
    tiers: tuple[FeeTier, ...] = ()
    fee_clause: bool = False
    compensation: bool = False
    allocation: str = "country"
    day_count: Literal["act/365", "act/act", "30/360"] = "act/365"
    count_due_date: bool = False
    accept_unverified: bool = False


class ReminderRules(msgspec.Struct, frozen=True):
    """What else decides who is reminded.

    `minimum` is the least overdue principal, one amount per currency. `open_items` are unmatched
    payments and credit notes: `hold` reminds nobody who has one, `remind` does, and the letter says
    that they are there. `copies` is where an invoice's copy goes.
    """

    minimum: tuple[Money, ...] = ()
    open_items: Literal["hold", "remind"] = "hold"
    collective: bool = True
    copies: Literal["none", "embedded", "page_two"] = "embedded"
    historical: bool = False


class WriteOffRules(msgspec.Struct, frozen=True):
    """When charges are given up in the books by themselves; `months` after they were made."""

    principal_paid: bool = True
    months: int | None = 3
    days_after_hand_over: int | None = 30


class Span(msgspec.Struct, frozen=True):
    """Days at one rate on one base, both ends counted; `rate` is percent a year."""

    from_on: date
    through_on: date
    days: int
    base: Money
    rate: str
    rule_id: str


class Charge(msgspec.Struct, frozen=True):
    """One charge with the rule that allows it and what it was computed from."""

    charge_id: UUID
    kind: ChargeKind
    amount: Money
    rule_id: str
    law: str
    law_version: str
    unverified: bool = False
    spans: tuple[Span, ...] = ()


class Plan(msgspec.Struct, frozen=True):
    """The next step of an invoice: which one of its timeline (from zero), what, and when.

    `because` names what decided the day: due_date, gap, deadline, resumed, paused, excluded, list_day.
    """

    step: int
    kind: NoticeKind
    charged: bool
    planned_on: date
    because: str


class Claimed(msgspec.Struct, frozen=True):
    """One charge's amount, as far as something is done to it."""

    charge_id: UUID
    amount: Money


class LetterLine(msgspec.Struct, frozen=True):
    """An invoice of a letter: its principal then, and all its charges, this letter's included."""

    invoice_id: UUID
    number: str
    step: int | None
    issued_on: date
    due_on: date
    gross: Money
    principal: Money
    charges: Money
    added: tuple[Charge, ...] = ()
    account: SealedAccount | None = None
    references: tuple[SealedReference, ...] = ()
    copy_of: Copy | None = None


class Credit(msgspec.Struct, frozen=True):
    """A posting on a debtor's account that is no invoice and is not fully matched.

    Positive reduces what is owed. `corrects` is the invoice that a credit note takes back as never
    owed.
    """

    item_id: UUID
    kind: Literal["payment", "credit_note", "other"]
    number: str
    dated_on: date
    amount: Money
    remaining: Money
    corrects: UUID | None = None


class Letter(msgspec.Struct, frozen=True):
    """A letter as it was composed: what `notifications` is told, and what is decided from it later."""

    debtor_id: UUID
    kind: NoticeKind
    charged: bool
    level: int
    language: str
    currency: str
    issued_on: date
    valid_through_on: date
    pay_by_on: date | None
    law: str
    lines: tuple[LetterLine, ...]
    total: Money
    channels: tuple[Channel, ...]
    copies: Literal["none", "embedded", "page_two"]
    credits: tuple[Credit, ...] = ()
    portal: Sealed | None = None

    @property
    def fee(self) -> Money:
        """What it charges for itself, on whichever of its invoices."""
        charges = [charge for line in self.lines for charge in line.added]
        fees = [charge.amount for charge in charges if charge.kind == "fee"]
        return sum(fees, Money.zero(self.currency))

    @property
    def compensated(self) -> frozenset[UUID]:
        """The invoices on which it puts the flat compensation."""
        return frozenset(
            line.invoice_id
            for line in self.lines
            if any(charge.kind == "compensation" for charge in line.added)
        )


class Contact(msgspec.Struct, frozen=True):
    """What is known of a debtor: personal values sealed. Without a kind the law protects a consumer."""

    number: str
    name: Sealed
    kind: DebtorKind
    country: str
    language: str
    currency: str | None = None
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Terms:
    """All that decides about an invoice beside its own history: what its creditor has set, how its
    debtor stands, and which day it is there. Gathered at the edge, and part of each command.

    `credits` are the debtor's unmatched postings, one sum per currency. `excluded_until_on` and
    `excluded` are the debtor's; `drift` says that mirror and ledger disagree.
    """

    today_on: date
    country: Country
    home_currency: str
    debtor_kind: DebtorKind
    timeline: Timeline
    rules: ReminderRules
    policy: ChargePolicy
    write_offs: WriteOffRules
    credits: Mapping[str, Money] = field(default_factory=dict)
    channels: tuple[Channel, ...] = ("mail", "letter")
    frozen: str | None = None
    excluded: str | None = None
    excluded_until_on: date | None = None
    drift: bool = False


def country_of(code: str) -> Country | None:
    """The country, where we know its law."""
    return next((country for country in COUNTRIES if country == code), None)
