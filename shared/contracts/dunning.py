"""What dunning tells: customer invoices on their way to being paid, or to collection.

All that concerns one debtor shares the debtor's key, and so keeps its order. The debtor is the
party of the ledger: `debtor_id` is sync's `party_id`, `invoice_id` is sync's too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from shared.contracts.base import Contract
from shared.contracts.values import Copy, SealedAccount, SealedReference
from shared.money import Money
from shared.sealed import Sealed

ChargeKind = Literal["fee", "interest", "compensation", "absorbed"]
"""`absorbed` is the negative line with which flat compensation takes in fees already charged."""
CopyPlace = Literal["none", "embedded", "page_two"]


@dataclass(frozen=True, slots=True)
class InterestSpan:
    """Days at one rate on one base: `rate` is percent a year, `from_on` and `through_on` count."""

    from_on: date
    through_on: date
    days: int
    base: Money
    rate: str
    rule_id: str


@dataclass(frozen=True, slots=True)
class NoticeCharge:
    """One charge of a letter with the rule that allows it.

    `law` cites the paragraph; `unverified` says that the rule rests on what nobody has verified yet.
    """

    charge_id: UUID
    invoice_id: UUID
    kind: ChargeKind
    amount: Money
    rule_id: str
    law: str
    unverified: bool = False
    spans: tuple[InterestSpan, ...] = ()


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """One invoice of a letter: what of it is open, and all charges on it so far, this letter's included.

    `account` is where and under which reference it is paid; `references` are the debtor's own, such as
    a case or registration number.
    """

    invoice_id: UUID
    number: str
    issued_on: date
    due_on: date
    gross: Money
    principal: Money
    charges: Money
    account: SealedAccount | None = None
    references: tuple[SealedReference, ...] = ()
    copy_of: Copy | None = None


@dataclass(frozen=True, slots=True)
class OpenCredit:
    """A payment or credit note that the ledger has matched with nothing: positive, reduces what is owed."""

    item_id: UUID
    kind: Literal["payment", "credit_note", "other"]
    number: str
    dated_on: date
    remaining: Money


class _Notice(Contract):
    """A letter as it is to be sent: figures only, since whoever writes it knows the words.

    `level` counts the letters of the oldest invoice's timeline from one, statements not among them.
    `valid_through_on` is the last day on which it may be sent as it stands: sent later its charges
    would be wrong, so it is not. `channels` are those that may carry it, in the order to be tried.
    `total` is principal and charges of all lines; open credits stand beside it and are never netted.
    `portal` opens as the path of the page that shows this debtor's ledger.
    """

    notice_id: UUID
    debtor_id: UUID
    level: int
    language: str
    currency: str
    issued_on: date
    valid_through_on: date
    lines: tuple[NoticeLine, ...]
    charges: tuple[NoticeCharge, ...]
    total: Money
    channels: tuple[str, ...]
    copies: CopyPlace
    credits: tuple[OpenCredit, ...] = ()
    portal: Sealed | None = None


class ReminderIssued(_Notice, publisher="dunning", aggregate="debtor"):
    """A reminder is to be sent, with or without charges. `pay_by_on` is the deadline it sets."""

    pay_by_on: date


class CollectionWarningIssued(_Notice, publisher="dunning", aggregate="debtor"):
    """A reminder that warns of collection, in the form of the country's law.

    `law` cites the paragraph whose content it must have. Unpaid after `deadline_on` it may be handed
    over.
    """

    deadline_on: date
    law: str


class StatementIssued(_Notice, publisher="dunning", aggregate="debtor"):
    """A statement of the debtor's account: all open items, nothing charged, no step of a timeline."""


class NoticeRecalled(Contract, publisher="dunning", aggregate="debtor"):
    """The letter is not to be sent after all, if it has not been: it was paid, paused or disputed."""

    notice_id: UUID
    debtor_id: UUID
    code: str


class ReminderDue(Contract, publisher="dunning", aggregate="debtor"):
    """This step of this invoice's timeline has come: it stands on today's list."""

    invoice_id: UUID
    debtor_id: UUID
    kind: Literal["reminder", "warning", "statement"]
    level: int
    planned_on: date
    listed_on: date
    principal: Money


class ReminderSkipped(Contract, publisher="dunning", aggregate="debtor"):
    """Its step has come and it is not on the list: `code` names the rule. Told once per reason."""

    invoice_id: UUID
    debtor_id: UUID
    code: str
    listed_on: date


class ChargeAdded(Contract, publisher="dunning", aggregate="debtor"):
    """A charge was made by a letter that was sent, or claimed by the creditor."""

    invoice_id: UUID
    debtor_id: UUID
    notice_id: UUID | None
    charge: NoticeCharge
    charged_on: date


class ChargesWrittenOff(Contract, publisher="dunning", aggregate="debtor"):
    """Given up in the books. Only `claim_waived` means that the debtor no longer owes them."""

    invoice_id: UUID
    debtor_id: UUID
    amounts: tuple[tuple[UUID, Money], ...]
    code: Literal["manual", "principal_paid", "aged", "handed_over"]
    claim_waived: bool
    written_off_on: date


class ChargesReversed(Contract, publisher="dunning", aggregate="debtor"):
    """Charges that were wrong, or became so: as new lines, never by changing the old ones."""

    invoice_id: UUID
    debtor_id: UUID
    amounts: tuple[tuple[UUID, Money], ...]
    code: str
    reversed_on: date


@dataclass(frozen=True, slots=True)
class ChargeLine:
    """One line on a customer's account: positive is owed by the customer, negative gives up or corrects.

    `income` is an account's role in the client's ledger (fee_income, interest_income,
    compensation_income). `settles` is the token and line number of the posting whose charge this
    line gives up, so that the ledger matches the two.
    """

    charge_id: UUID
    income: Literal["fee_income", "interest_income", "compensation_income"]
    amount: Money
    settles: str | None = None


class ChargePostingSought(Contract, publisher="dunning", aggregate="debtor"):
    """A voucher for charges, or for giving them up, is to be bookkept on the customer's account.

    The only thing sync bookkeeps charges from. `text` is made of numbers and the notice's level.
    """

    posting_id: UUID
    invoice_id: UUID
    debtor_id: UUID
    party_number: str
    invoice_number: str
    token: str
    voucher_on: date
    due_on: date
    lines: tuple[ChargeLine, ...]


class OpenItemsCheckSought(Contract, publisher="dunning", aggregate="debtor"):
    """The mirror of this debtor's open items is too old to send a letter from: read them again."""

    check_id: UUID
    debtor_id: UUID
    party_number: str


class InvoiceCopySought(Contract, publisher="dunning", aggregate="debtor"):
    """The debtor wants a copy of this invoice, and none has been told of: fetch it from the ledger."""

    invoice_id: UUID
    debtor_id: UUID


class InvoicePaused(Contract, publisher="dunning", aggregate="debtor"):
    """Reminders wait, until and with a day or until somebody says so. Interest goes on by default."""

    invoice_id: UUID
    debtor_id: UUID
    until_on: date | None
    code: str


class InvoiceResumed(Contract, publisher="dunning", aggregate="debtor"):
    invoice_id: UUID
    debtor_id: UUID


class InvoiceDisputed(Contract, publisher="dunning", aggregate="debtor"):
    """The debtor contests it: nothing more is sent or handed over until that is settled."""

    invoice_id: UUID
    debtor_id: UUID
    code: str


class DisputeSettled(Contract, publisher="dunning", aggregate="debtor"):
    invoice_id: UUID
    debtor_id: UUID
    upheld: bool


class CommentAdded(Contract, publisher="dunning", aggregate="debtor"):
    """Somebody has written about an invoice; `mentions` are colleagues to be told of it.

    What was written stays where it was written: whoever is told opens the invoice.
    """

    invoice_id: UUID
    debtor_id: UUID
    number: str
    written_by: UUID
    mentions: tuple[UUID, ...]


class DebtorFrozen(Contract, publisher="dunning", aggregate="debtor"):
    """Insolvent or deceased: no letter, no fee and no transfer until a person says otherwise."""

    debtor_id: UUID
    code: Literal["insolvent", "deceased"]
    frozen_on: date


class DebtorUnfrozen(Contract, publisher="dunning", aggregate="debtor"):
    debtor_id: UUID


class ReceivableSettled(Contract, publisher="dunning", aggregate="debtor"):
    """Nothing of its principal is owed any more."""

    invoice_id: UUID
    debtor_id: UUID
    settled_on: date


class ReceivableReopened(Contract, publisher="dunning", aggregate="debtor"):
    """Something is owed again: its timeline goes on where it was, and does not begin anew."""

    invoice_id: UUID
    debtor_id: UUID
    principal: Money


class ReadyForCollection(Contract, publisher="dunning", aggregate="debtor"):
    """Warned, the deadline passed, principal open: the facts that a case would stand on.

    Told again when a figure changes. `interest` is what has accrued by law to `ready_on` beyond the
    charges already made, and is told to the agency without being posted; `interest_ahead` is the same
    for each day that follows, as far as rates are known, and is told anew before a month is over.
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
    interest_ahead: tuple[Money, ...] = ()
    debtor_kind: Literal["consumer", "company"]
    country: str
    copy_of: Copy | None = None
    references: tuple[SealedReference, ...] = ()


class CollectionHeld(Contract, publisher="dunning", aggregate="debtor"):
    """It would be ready and is not, or no more: `code` says why (only_charges_left, unmatched_items,
    paused, disputed, insolvent, deceased, settled).
    """

    invoice_id: UUID
    debtor_id: UUID
    code: str
    principal: Money
    blocking: Money | None = None


class ReminderListPublished(Contract, publisher="dunning", aggregate="creditor"):
    """Today's list stands: how much is on it, per kind, and whether it goes by itself."""

    listed_on: date
    invoices: int
    debtors: int
    principal: tuple[Money, ...]
    goes_by_itself_at: datetime | None


class ReportPublished(Contract, publisher="dunning", aggregate="creditor"):
    """A report is frozen: whoever fetches it verifies the hash."""

    report_id: UUID
    kind: Literal["quality", "month_end"]
    period: str
    copy_of: Copy
