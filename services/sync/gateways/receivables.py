"""What the port to an accounting system speaks of on the customers' side.

Signs are those of the receivables ledger: what a customer owes is positive, so an invoice is
positive, a credit note and a payment are negative.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.sync.gateways.ledger import EntryKind, SupplierEntry, VoucherRef
from shared.money import Money


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer's card as the ledger has it: read, not yet judged.

    `identification` is a company's number or a person's; `country` is whatever somebody wrote.
    """

    number: int
    name: str
    currency: str
    street: str
    postal_code: str
    city: str
    country: str
    email: str
    mobile: str
    identification: str
    blocked: bool
    layout: int | None
    updated_at: str | None = None


@dataclass(frozen=True, slots=True)
class CustomerEntry:
    """One booked entry of the receivables ledger.

    `invoice_number` is that of the customer's invoice that the entry is, or belongs to. `mark` is
    the token and ordinal of the posting that entered it, where one of ours did.
    """

    entry_number: int
    kind: EntryKind
    customer_number: int
    invoice_number: int | None
    voucher: VoucherRef
    dated_on: date
    due_on: date | None
    amount: Money
    amount_in_base: Money
    remaining: Money
    created_on: date
    matched_on: date | None
    mark: str | None = None


@dataclass(frozen=True, slots=True)
class SalesDocument:
    """What a customer's booked invoice says beside its entry. It does not change once it is booked.

    `credits` is the number of the invoice that a credit note names as the one it takes back.
    """

    number: int
    other_reference: str
    credits: int | None


PartyEntry = SupplierEntry | CustomerEntry


@dataclass(frozen=True, slots=True)
class OpenItem:
    """One line of the open set. `remaining_in_base` adds up to its side's control account.

    `entry` is the whole of it as it stands now, so that a change of payment details is seen too.
    """

    entry: PartyEntry
    remaining_in_base: Money

    @property
    def entry_number(self) -> int:
        return self.entry.entry_number

    @property
    def remaining(self) -> Money:
        return self.entry.remaining
