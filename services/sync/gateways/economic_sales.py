"""What e-conomic knows of customers: cards and booked invoices (legacy REST), their open entries.

Cards are read by what was changed since the last reading (`lastUpdated`); the booked invoices have
no such stamp, and need none: what they say beside their entry does not change.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from services.sync.gateways import economic_records as records
from services.sync.gateways import economic_sales_records as sales
from services.sync.gateways import economic_wire as wire
from services.sync.gateways.economic_filter import all_of, among, where
from services.sync.gateways.economic_lists import REST_PAGE, EconomicLists, pdf, readable
from services.sync.gateways.errors import Gone, Refused
from services.sync.gateways.ledger import Document, Match, Page
from services.sync.gateways.receivables import Customer, CustomerEntry, SalesDocument

ENTRIES: Final = "/bookedEntriesapi/v7.0.0/booked-entries"
_MISSING: Final = frozenset({"404", "NotFound"})


class EconomicSales(EconomicLists):
    def customers(self, cursor: str | None, since: str | None) -> Page[Customer]:
        after = where("customerNumber", "gt", int(cursor or 0))
        query = {
            "filter": all_of(after, where("lastUpdated", "gte", since)) if since else after,
            "sort": "customerNumber",
            "pagesize": str(REST_PAGE),
        }
        rows = self.collection("/customers", query)
        numbers = [wire.read(row, wire.CustomerNumber).customer_number for row in rows]
        found, parked = wire.read_each(
            rows, wire.CustomerRow, lambda row: row.customer_number, sales.customer
        )
        return Page(
            records=found,
            next_cursor=str(max(numbers)) if numbers else cursor,
            complete=len(rows) < REST_PAGE,
            parked=parked,
        )

    def customer(self, number: int) -> Customer | None:
        rows = self.collection("/customers", {"filter": where("customerNumber", "eq", number)})
        return sales.customer(wire.read(rows[0], wire.CustomerRow)) if rows else None

    def sales_documents(self, numbers: Collection[int]) -> dict[int, SalesDocument]:
        found: dict[int, SalesDocument] = {}
        for some in among("bookedInvoiceNumber", numbers):
            wanted = {"filter": some, "pagesize": str(REST_PAGE)}
            for raw in self.collection("/invoices/booked", wanted):
                row = wire.read(raw, wire.SalesRow)
                found[row.booked_invoice_number] = sales.sales_document(row)
        return found

    def open_items_of(self, customer_number: int) -> tuple[CustomerEntry, ...]:
        base_currency = self.known().base_currency
        mine = all_of(where("customerNumber", "eq", customer_number), where("remainder", "ne", 0))
        with readable("a customer's open item"):
            return tuple(
                sales.customer_entry(row, base_currency, self.year_of)
                for row in self.walk(ENTRIES, wire.BookedEntry, mine)
            )

    def matches(self, entry_number: int) -> tuple[Match, ...]:
        return self.matches_of([entry_number])

    def matches_of(self, entry_numbers: Collection[int]) -> tuple[Match, ...]:
        path = f"{ENTRIES}/matched-pairs"
        rows = self.walk_of(path, wire.MatchedPair, "entryNumber", entry_numbers)
        with readable("a matched pair"):
            return tuple(records.match(row) for row in rows)

    def invoice_copy(self, number: int) -> Document:
        self.known()
        try:
            answer = self.http.get_legacy(f"/invoices/booked/{number}/pdf")
        except Refused as error:
            if error.code in _MISSING:
                raise Gone(f"booked invoice {number}") from error
            raise
        return pdf(answer.body, answer.headers.get("content-type", ""), f"invoice {number}")
