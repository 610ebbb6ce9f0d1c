"""The port to an accounting system: pure input and output, no rules of ours.

One instance serves one tenant's connection. Reads are resumable and may be repeated; writes are
never repeated by the adapter.

Posting exactly once is the caller's state machine (intended, searching, sending, confirmed,
refused, uncertain). The port makes it possible: every line carries a mark made of the posting's
token, `find_posting` sees drafts and booked vouchers alike, drafting and booking are separate
writes, and each write either returns, was certainly not done, or raises `OutcomeUnknown`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Protocol

from services.sync.gateways.ledger import (
    Agreement,
    Capabilities,
    Document,
    Match,
    Page,
    Posting,
    PostingFound,
    Supplier,
    VoucherRef,
)
from services.sync.gateways.receivables import (
    Customer,
    CustomerEntry,
    OpenItem,
    PartyEntry,
    SalesDocument,
)
from services.sync.values import Side
from shared.money import Money


class AccountingSource(Protocol):
    """Raises the errors of `services.sync.gateways.errors`, and no others of the network's."""

    def probe(self) -> Agreement:
        """The agreement behind the grant; `WrongAgreement` if it is not the one connected."""
        ...

    def capabilities(self) -> Capabilities: ...

    def changes(self, cursor: str | None, limit: int) -> Page[PartyEntry]:
        """Entries of both ledgers booked after the cursor, oldest first; `None`: from the beginning.

        Matching changes no entry's place here: what was paid shows in `open_set`.
        """
        ...

    def open_set(self) -> Iterator[OpenItem]:
        """All open items. A set is a set only when the iterator ends without raising."""
        ...

    def get(self, entry_number: int) -> PartyEntry:
        """The entry as it stands now, or `Gone`."""
        ...

    def standing(self, entry_numbers: Collection[int]) -> dict[int, PartyEntry]:
        """The entries as they stand now, by their numbers; what is gone is not among them."""
        ...

    def suppliers(self, cursor: str | None) -> Page[Supplier]: ...

    def customers(self, cursor: str | None, since: str | None) -> Page[Customer]:
        """By their numbers; `since`, an instant of the vendor's, leaves out what is older."""
        ...

    def customer(self, number: int) -> Customer | None: ...

    def sales_documents(self, numbers: Collection[int]) -> dict[int, SalesDocument]:
        """Those booked under these numbers; an invoice typed into a journal has none."""
        ...

    def open_items_of(self, customer_number: int) -> tuple[CustomerEntry, ...]:
        """All that stands open on one customer's account."""
        ...

    def matches(self, entry_number: int) -> tuple[Match, ...]:
        """What the entry has been set off against."""
        ...

    def matches_of(self, entry_numbers: Collection[int]) -> tuple[Match, ...]:
        """What any of the entries has been set off against."""
        ...

    def invoice_copy(self, number: int) -> Document:
        """The document of a customer's invoice as it was sent, or `Gone`."""
        ...

    def document(self, ref: VoucherRef) -> Document:
        """The first document attached to the voucher, or `Gone`."""
        ...

    def find_posting(self, token: str, after_entry: int = 0) -> PostingFound:
        """Every draft and booked line that carries the token.

        `after_entry`: the highest booked entry number known when the posting was intended, since
        nothing of ours can have been booked before it.
        """
        ...

    def draft(self, posting: Posting, token: str, idempotency_key: str) -> tuple[int, ...]:
        """Enter the lines as drafts and give their numbers. Line n carries the mark `token.n`."""
        ...

    def book(self, draft_entries: Sequence[int], idempotency_key: str) -> None:
        """Book exactly these drafts and no stranger's. There is no way back."""
        ...

    def match(self, pairs: Sequence[tuple[int, int]]) -> None:
        """Set entries off against each other, pair by pair: after an error, read `matches`.

        Needs no key: after a match one of the two has nothing left, so a second one is refused.
        """
        ...

    def control_total(self, on: date, side: Side = "payable") -> Money:
        """What a side's control accounts say is owed at the end of a day, in base currency."""
        ...

    def first_open_day(self, on: date) -> date | None:
        """The day itself, or the first later day of an open period; none if there is none."""
        ...
