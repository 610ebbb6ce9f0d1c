"""e-conomic as an accounting system: OpenAPI services first, legacy REST for what they lack.

Legacy REST: the agreement (`/self`), the suppliers, and accounting years with their periods.
OpenAPI: booked entries and matching, journals, attached documents; versions are pinned per service.

Lists are read by cursor or by number (`entryNumber$gt`), never by skipping pages, since a booking
between two pages would move the rest. Links in answers are not followed: addresses are built here.
A whole journal is never booked (`/journals/{n}/book`), since it may hold strangers' drafts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from itertools import pairwise
from typing import TypeVar
from urllib.parse import quote

import msgspec

from services.sync.gateways import economic_records as records
from services.sync.gateways import economic_wire as wire
from services.sync.gateways.economic_filter import all_of, where
from services.sync.gateways.errors import Gone, OutcomeUnknown, Unreadable, WrongAgreement
from services.sync.gateways.ledger import (
    Agreement,
    Capabilities,
    Document,
    FoundLine,
    Match,
    OpenItem,
    Page,
    Posting,
    PostingFound,
    Supplier,
    SupplierEntry,
    VoucherRef,
)
from services.sync.gateways.transport import EconomicHttp
from shared.money import Money

W = TypeVar("W")

_ENTRIES = "/bookedEntriesapi/v7.0.0/booked-entries"
_JOURNALS = "/journalsapi/v16.0.1"
_DOCUMENTS = "/documentsapi/v4.0.1/AttachedDocuments"
_REST_PAGE = 1000
_OF_A_SUPPLIER = where("supplierNumber", "gt", 0)


@dataclass(frozen=True, slots=True)
class EconomicSettings:
    """What a tenant chose at consent: the agreement, our own journal, the payables accounts."""

    agreement: str
    journal: int
    payables_accounts: tuple[int, ...]


def read_agreement(http: EconomicHttp) -> Agreement:
    """Whose books the grant opens: asked at consent, before there is anything to compare with."""
    return records.agreement(wire.read(http.get_legacy("/self").body, wire.Self))


class EconomicLedger:
    """`AccountingSource` for one agreement. Identity is checked before the first read and each write."""

    def __init__(self, http: EconomicHttp, settings: EconomicSettings) -> None:
        self._http = http
        self._settings = settings
        self._agreement: Agreement | None = None
        self._years: list[wire.AccountingYear] = []

    def probe(self) -> Agreement:
        # Forgotten first: after a mismatch nothing may be read on the strength of an older answer.
        self._agreement = None
        found = read_agreement(self._http)
        if found.identity != self._settings.agreement:
            raise WrongAgreement(self._settings.agreement, found.identity)
        self._agreement = found
        return found

    def capabilities(self) -> Capabilities:
        return Capabilities(
            pushes_changes=True,
            replays_by_key=True,
            drafts_before_booking=True,
            matches=True,
            unmatches=False,
            serves_documents=True,
        )

    def changes(self, cursor: str | None, limit: int) -> Page[SupplierEntry]:
        after = int(cursor or 0)
        page = self._page(_ENTRIES, all_of(_OF_A_SUPPLIER, where("entryNumber", "gt", after)))
        rows = page.items[:limit]
        numbers = [wire.read(row, wire.EntryNumber).entry_number for row in rows]
        # The cursor is the last number of the page, so a page out of order would lose entries.
        if any(later <= earlier for earlier, later in pairwise([after, *numbers])):
            raise Unreadable("booked entries do not come in the order of their numbers")
        entries, parked = wire.read_each(
            rows,
            wire.BookedEntry,
            lambda row: row.entry_number,
            lambda row: records.supplier_entry(row, self._year_of),
        )
        return Page(
            records=entries,
            next_cursor=str(numbers[-1]) if numbers else cursor,
            complete=page.cursor is None and len(rows) == len(page.items),
            parked=parked,
        )

    def open_set(self) -> Iterator[OpenItem]:
        base_currency = self._known().base_currency
        open_entries = all_of(_OF_A_SUPPLIER, where("remainder", "ne", 0))
        for row in self._walk(_ENTRIES, wire.BookedEntry, open_entries):
            with _readable("an open item"):
                item = records.open_item(row, base_currency, self._year_of)
            yield item

    def get(self, entry_number: int) -> SupplierEntry:
        mine = where("entryNumber", "eq", entry_number)
        for row in self._walk(_ENTRIES, wire.BookedEntry, mine):
            with _readable("an entry"):
                return records.supplier_entry(row, self._year_of)
        raise Gone(f"entry {entry_number}")

    def suppliers(self, cursor: str | None) -> Page[Supplier]:
        query = {
            "filter": where("supplierNumber", "gt", int(cursor or 0)),
            "sort": "supplierNumber",
            "pagesize": str(_REST_PAGE),
        }
        rows = self._collection("/suppliers", query)
        numbers = [wire.read(row, wire.SupplierNumber).supplier_number for row in rows]
        suppliers, parked = wire.read_each(
            rows, wire.SupplierRow, lambda row: row.supplier_number, records.supplier
        )
        return Page(
            records=suppliers,
            next_cursor=str(max(numbers)) if numbers else cursor,
            complete=len(rows) < _REST_PAGE,
            parked=parked,
        )

    def matches(self, entry_number: int) -> tuple[Match, ...]:
        mine = where("entryNumber", "eq", entry_number)
        rows = self._walk(f"{_ENTRIES}/matched-pairs", wire.MatchedPair, mine)
        with _readable("a matched pair"):
            return tuple(records.match(row) for row in rows)

    def document(self, ref: VoucherRef) -> Document:
        of_voucher = all_of(
            where("accountingYear", "eq", ref.accounting_year),
            where("voucherNumber", "eq", ref.number),
        )
        attached = next(self._walk(_DOCUMENTS, wire.AttachedDocument, of_voucher), None)
        if attached is None:
            raise Gone(f"a document of voucher {ref.accounting_year}-{ref.number}")
        number = attached.number
        answer = self._http.get(f"{_DOCUMENTS}/{number}/pdf")
        media_type = answer.headers.get("content-type", "").partition(";")[0].strip()
        if not answer.body.startswith(b"%PDF-"):
            raise Unreadable(f"document {number} is not a PDF")
        return Document(answer.body, media_type, sha256(answer.body).hexdigest())

    def find_posting(self, token: str, after_entry: int = 0) -> PostingFound:
        # Drafts first: one that is booked meanwhile is then seen twice, never missed.
        drafts = self._marked_drafts(token)
        later = where("entryNumber", "gt", after_entry)
        rows = self._walk(_ENTRIES, wire.MarkedEntry, later)
        with _readable("a booked entry of ours"):
            booked = records.marked_vouchers(rows, token, self._year_of)
        if {line.ordinal for line in drafts} & {line.ordinal for line in booked}:
            drafts = self._marked_drafts(token)
        return PostingFound(tuple(sorted([*drafts, *booked], key=lambda line: line.ordinal)))

    def draft(self, posting: Posting, token: str, idempotency_key: str) -> tuple[int, ...]:
        drafts = [
            records.draft_entry(line, self._settings.journal, posting.voucher_on, f"{token}.{n}")
            for n, line in enumerate(posting.lines, start=1)
        ]
        self.probe()
        answer = self._http.post(
            f"{_JOURNALS}/draft-entries/bulk", wire.written(drafts), idempotency_key
        )
        try:
            created = wire.read(answer.body, list[wire.EntryNumber])
        except Unreadable as error:
            raise OutcomeUnknown("the answer to new drafts cannot be read") from error
        if len(created) != len(drafts):
            raise OutcomeUnknown(f"{len(drafts)} drafts were sent and {len(created)} answered")
        return tuple(draft.entry_number for draft in created)

    def book(self, draft_entries: Sequence[int], idempotency_key: str) -> None:
        assert draft_entries, "booking nothing might be taken for booking all"
        self.probe()
        address = f"{_JOURNALS}/journals/{self._settings.journal}/bookdraftentries"
        body = wire.written({"entryNumbers": list(draft_entries)})
        self._http.post(address, body, idempotency_key)

    def match(self, pairs: Sequence[tuple[int, int]]) -> None:
        self.probe()
        for pair in pairs:
            body = wire.written({"entryIds": list(pair)})
            self._http.post(f"{_ENTRIES}/match", body)

    def control_total(self, on: date) -> Money:
        """Summed from the entries of the accounts, a call for every thousand.

        Rests on the unverified belief that the listing across years holds each movement once, and
        no opening entries that repeat last year's balance.
        """
        base_currency = self._known().base_currency
        until = where("date", "lte", on)
        debit = Decimal()
        for account in self._settings.payables_accounts:
            of_account = all_of(where("accountNumber", "eq", account), until)
            for row in self._walk(_ENTRIES, wire.AccountEntry, of_account):
                debit += row.amount_in_base_currency
        with _readable("the control account"):
            return Money.of(-debit, base_currency)

    def first_open_day(self, on: date) -> date | None:
        years = sorted(self._accounting_years(), key=lambda year: year.from_date)
        for year in years:
            if year.closed or wire.day(year.to_date) < on:
                continue
            rows = self._collection(f"/accounting-years/{quote(year.year, safe='')}/periods")
            periods = [wire.read(row, wire.Period) for row in rows]
            for period in sorted(periods, key=lambda period: period.from_date):
                if not period.closed and wire.day(period.to_date) >= on:
                    return max(on, wire.day(period.from_date))
        return None

    def _known(self) -> Agreement:
        return self._agreement or self.probe()

    def _page(
        self, path: str, filter_: str | None, cursor: str | int | None = None
    ) -> wire.CursorPage:
        self._known()
        asked = {"filter": filter_, "cursor": None if cursor is None else str(cursor)}
        query = {name: value for name, value in asked.items() if value is not None}
        return wire.read(self._http.get(path, query).body, wire.CursorPage)

    def _walk(self, path: str, wanted: type[W], filter_: str | None = None) -> Iterator[W]:
        """Every row of a list, page by page."""
        seen: set[str | int] = set()
        page = self._page(path, filter_)
        while True:
            for row in page.items:
                yield wire.read(row, wanted)
            if page.cursor is None:
                return
            if page.cursor in seen:
                raise Unreadable("a cursor came back that has been read before")
            seen.add(page.cursor)
            page = self._page(path, filter_, page.cursor)

    def _marked_drafts(self, token: str) -> list[FoundLine]:
        """Looked through here, since the vendor cannot filter on a draft's text.

        In all journals: a person can have moved a draft of ours.
        """
        rows = self._walk(f"{_JOURNALS}/draft-entries", wire.MarkedDraft)
        with _readable("a draft of ours"):
            return [found for row in rows if (found := records.marked_draft(row, token))]

    def _collection(self, path: str, query: dict[str, str] | None = None) -> list[msgspec.Raw]:
        self._known()
        answer = self._http.get_legacy(path, query or {"pagesize": str(_REST_PAGE)})
        return wire.read(answer.body, wire.Collection).collection

    def _accounting_years(self) -> list[wire.AccountingYear]:
        rows = self._collection("/accounting-years")
        return [wire.read(row, wire.AccountingYear) for row in rows]

    def _year_of(self, on: date) -> str:
        """The accounting year of a day: kept, and asked for anew when no known year holds it."""
        for ask in (False, True):
            if ask:
                self._years = self._accounting_years()
            for year in self._years:
                if wire.day(year.from_date) <= on <= wire.day(year.to_date):
                    return year.year
        raise Unreadable(f"no accounting year holds {on.isoformat()}")


@contextmanager
def _readable(what: str) -> Iterator[None]:
    """Turn what cannot be an amount or a day into the port's own error."""
    try:
        yield
    except (ValueError, ArithmeticError) as error:
        raise Unreadable(f"{what}: {error}") from error
