"""e-conomic as an accounting system: OpenAPI services first, legacy REST for what they lack.

Legacy REST: the agreement (`/self`), suppliers, customers and their booked invoices, and accounting
years with their periods. OpenAPI: booked entries and matching, journals, attached documents;
versions are pinned per service.

A whole journal is never booked (`/journals/{n}/book`), since it may hold strangers' drafts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from urllib.parse import quote

from services.sync.gateways import economic_records as records
from services.sync.gateways import economic_wire as wire
from services.sync.gateways.economic_filter import all_of, either, where
from services.sync.gateways.economic_lists import (
    REST_PAGE,
    EconomicSettings,
    pdf,
    read_agreement,
    readable,
)
from services.sync.gateways.economic_sales import ENTRIES, EconomicSales
from services.sync.gateways.errors import Gone, OutcomeUnknown, Unreadable
from services.sync.gateways.ledger import (
    Capabilities,
    Document,
    FoundLine,
    Page,
    Posting,
    PostingFound,
    Supplier,
    VoucherRef,
)
from services.sync.gateways.receivables import OpenItem, PartyEntry
from services.sync.values import Side
from shared.money import Money

__all__ = ["EconomicLedger", "EconomicSettings", "read_agreement"]

_JOURNALS = "/journalsapi/v16.0.1"
_DOCUMENTS = "/documentsapi/v4.0.1/AttachedDocuments"
_OF_A_SUPPLIER = where("supplierNumber", "gt", 0)
_OF_ANYBODY = either(_OF_A_SUPPLIER, where("customerNumber", "gt", 0))


class EconomicLedger(EconomicSales):
    """`AccountingSource` for one agreement. Identity is checked before the first read and each write."""

    def capabilities(self) -> Capabilities:
        return Capabilities(
            pushes_changes=True,
            replays_by_key=True,
            drafts_before_booking=True,
            matches=True,
            unmatches=False,
            serves_documents=True,
        )

    def changes(self, cursor: str | None, limit: int) -> Page[PartyEntry]:
        base_currency = self.known().base_currency
        after = int(cursor or 0)
        page = self.page(ENTRIES, all_of(self._parties(), where("entryNumber", "gt", after)))
        rows = page.items[:limit]
        numbers = [wire.read(row, wire.EntryNumber).entry_number for row in rows]
        # The cursor is the last number of the page, so a page out of order would lose entries.
        if any(later <= earlier for earlier, later in pairwise([after, *numbers])):
            raise Unreadable("booked entries do not come in the order of their numbers")
        entries, parked = wire.read_each(
            rows,
            wire.BookedEntry,
            lambda row: row.entry_number,
            lambda row: records.party_entry(row, base_currency, self.year_of),
        )
        return Page(
            records=entries,
            next_cursor=str(numbers[-1]) if numbers else cursor,
            complete=page.cursor is None and len(rows) == len(page.items),
            parked=parked,
        )

    def open_set(self) -> Iterator[OpenItem]:
        base_currency = self.known().base_currency
        open_entries = all_of(self._parties(), where("remainder", "ne", 0))
        for row in self.walk(ENTRIES, wire.BookedEntry, open_entries):
            with readable("an open item"):
                item = records.open_item(row, base_currency, self.year_of)
            yield item

    def get(self, entry_number: int) -> PartyEntry:
        found = self.standing([entry_number]).get(entry_number)
        if found is None:
            raise Gone(f"entry {entry_number}")
        return found

    def standing(self, entry_numbers: Collection[int]) -> dict[int, PartyEntry]:
        base_currency = self.known().base_currency
        with readable("an entry"):
            return {
                row.entry_number: records.party_entry(row, base_currency, self.year_of)
                for row in self.walk_of(ENTRIES, wire.BookedEntry, "entryNumber", entry_numbers)
            }

    def suppliers(self, cursor: str | None) -> Page[Supplier]:
        query = {
            "filter": where("supplierNumber", "gt", int(cursor or 0)),
            "sort": "supplierNumber",
            "pagesize": str(REST_PAGE),
        }
        rows = self.collection("/suppliers", query)
        numbers = [wire.read(row, wire.SupplierNumber).supplier_number for row in rows]
        suppliers, parked = wire.read_each(
            rows, wire.SupplierRow, lambda row: row.supplier_number, records.supplier
        )
        return Page(
            records=suppliers,
            next_cursor=str(max(numbers)) if numbers else cursor,
            complete=len(rows) < REST_PAGE,
            parked=parked,
        )

    def document(self, ref: VoucherRef) -> Document:
        of_voucher = all_of(
            where("accountingYear", "eq", ref.accounting_year),
            where("voucherNumber", "eq", ref.number),
        )
        attached = next(self.walk(_DOCUMENTS, wire.AttachedDocument, of_voucher), None)
        if attached is None:
            raise Gone(f"a document of voucher {ref.accounting_year}-{ref.number}")
        number = attached.number
        answer = self.http.get(f"{_DOCUMENTS}/{number}/pdf")
        media_type = answer.headers.get("content-type", "")
        return pdf(answer.body, media_type, f"document {number}")

    def find_posting(self, token: str, after_entry: int = 0) -> PostingFound:
        # Drafts first: one that is booked meanwhile is then seen twice, never missed.
        drafts = self._marked_drafts(token)
        later = where("entryNumber", "gt", after_entry)
        rows = self.walk(ENTRIES, wire.MarkedEntry, later)
        with readable("a booked entry of ours"):
            booked = records.marked_vouchers(rows, token, self.year_of)
        if {line.ordinal for line in drafts} & {line.ordinal for line in booked}:
            drafts = self._marked_drafts(token)
        return PostingFound(tuple(sorted([*drafts, *booked], key=lambda line: line.ordinal)))

    def draft(self, posting: Posting, token: str, idempotency_key: str) -> tuple[int, ...]:
        drafts = [
            records.draft_entry(line, self.settings.journal, posting.voucher_on, f"{token}.{n}")
            for n, line in enumerate(posting.lines, start=1)
        ]
        self.probe()
        answer = self.http.post(
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
        address = f"{_JOURNALS}/journals/{self.settings.journal}/bookdraftentries"
        body = wire.written({"entryNumbers": list(draft_entries)})
        self.http.post(address, body, idempotency_key)

    def match(self, pairs: Sequence[tuple[int, int]]) -> None:
        self.probe()
        for pair in pairs:
            body = wire.written({"entryIds": list(pair)})
            self.http.post(f"{ENTRIES}/match", body)

    def control_total(self, on: date, side: Side = "payable") -> Money:
        """Summed from the entries of the accounts, a call for every thousand.

        Rests on the unverified belief that the listing across years holds each movement once, and
        no opening entries that repeat last year's balance.
        """
        base_currency = self.known().base_currency
        until = where("date", "lte", on)
        debit = Decimal()
        of_suppliers = side == "payable"
        chosen = self.settings
        for account in chosen.payables_accounts if of_suppliers else chosen.receivables_accounts:
            of_account = all_of(where("accountNumber", "eq", account), until)
            for row in self.walk(ENTRIES, wire.AccountEntry, of_account):
                debit += row.amount_in_base_currency
        with readable("the control account"):
            return Money.of(-debit if of_suppliers else debit, base_currency)

    def first_open_day(self, on: date) -> date | None:
        years = sorted(self.accounting_years(), key=lambda year: year.from_date)
        for year in years:
            if year.closed or wire.day(year.to_date) < on:
                continue
            rows = self.collection(f"/accounting-years/{quote(year.year, safe='')}/periods")
            periods = [wire.read(row, wire.Period) for row in rows]
            for period in sorted(periods, key=lambda period: period.from_date):
                if not period.closed and wire.day(period.to_date) >= on:
                    return max(on, wire.day(period.from_date))
        return None

    def _marked_drafts(self, token: str) -> list[FoundLine]:
        """Looked through here, since the vendor cannot filter on a draft's text.

        In all journals: a person can have moved a draft of ours.
        """
        rows = self.walk(f"{_JOURNALS}/draft-entries", wire.MarkedDraft)
        with readable("a draft of ours"):
            return [found for row in rows if (found := records.marked_draft(row, token))]

    def _parties(self) -> str:
        """Whose entries are read: each is asked for once, whichever side it stands on."""
        return _OF_ANYBODY if self.settings.receivables_accounts else _OF_A_SUPPLIER
