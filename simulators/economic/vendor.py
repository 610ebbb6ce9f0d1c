"""e-conomic's public interface, as functions from a call on one agreement's books to an answer.

Legacy REST: self, suppliers, customers, booked sales invoices, accounting years and periods.
OpenAPI: booked entries, matching, journals and attached documents. The bodies of bulk drafts, of
`bookdraftentries` and of their answers are unverified; so is a voucher number of its own for each
draft sent without one. From memory and unverified: that the list of booked invoices shows
`references` and `notes`, and that a credit note's heading names the invoice that it takes back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

import msgspec

from simulators.economic import bookkeeping, filters, pdf, views
from simulators.economic.books import Agreement, Draft, SalesInvoice
from simulators.economic.problems import invalid, missing

T = TypeVar("T")

ENTRIES = "/bookedEntriesapi/v7.0.0/booked-entries"
JOURNALS = "/journalsapi/v16.0.1"
DOCUMENTS = "/documentsapi/v4.0.1/AttachedDocuments"

encoded = msgspec.json.Encoder(decimal_format="number").encode


@dataclass(frozen=True, slots=True)
class Call:
    """A request that has passed the door."""

    books: Agreement
    now: datetime
    body: bytes
    path: Mapping[str, Any]
    query: Mapping[str, str]
    page_size: int


@dataclass(frozen=True, slots=True)
class Answer:
    status: int = 200
    body: bytes = b""
    media_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


class EntryNumbers(msgspec.Struct, rename="camel"):
    entry_numbers: list[int]


class EntryIds(msgspec.Struct, rename="camel"):
    entry_ids: list[int]


def answered(value: object, status: int = 200) -> Answer:
    return Answer(status, encoded(value))


def read_self(call: Call) -> Answer:
    return answered(views.self_(call.books))


def list_suppliers(call: Call) -> Answer:
    rows = [views.supplier(row) for row in call.books.suppliers]
    rows.sort(key=lambda row: row["supplierNumber"])
    return _collection(call, rows, views.SUPPLIER_FILTERS)


def list_customers(call: Call) -> Answer:
    rows = [views.customer(row) for row in call.books.customers]
    rows.sort(key=lambda row: row["customerNumber"])
    return _collection(call, rows, views.CUSTOMER_FILTERS)


def list_sales(call: Call) -> Answer:
    customers = {customer.number: customer for customer in call.books.customers}
    rows = [
        views.sale(row, call.books.entry(row.entry_number), customers[row.customer_number])
        for row in call.books.sales
    ]
    rows.sort(key=lambda row: row["bookedInvoiceNumber"])
    return _collection(call, rows, views.SALE_FILTERS)


def read_sale(call: Call) -> Answer:
    row, books = _sale(call), call.books
    item, customer = books.entry(row.entry_number), books.customer(row.customer_number)
    return answered(views.sale(row, item, customer))


def read_sale_pdf(call: Call) -> Answer:
    return Answer(body=pdf.drawn(_sale(call).lines), media_type="application/pdf")


def _sale(call: Call) -> SalesInvoice:
    number = call.path["number"]
    found = next((row for row in call.books.sales if row.number == number), None)
    if found is None:
        raise missing(f"booked invoice {number}")
    return found


def list_years(call: Call) -> Answer:
    return _collection(call, [views.year(row) for row in call.books.years], {})


def list_periods(call: Call) -> Answer:
    for year in call.books.years:
        if year.id == call.path["year"]:
            return _collection(call, [views.period(row) for row in year.periods], {})
    raise missing(f"accounting year {call.path['year']}")


def list_entries(call: Call) -> Answer:
    rows = [views.entry(row) for row in call.books.entries]
    return _page(call, rows, views.ENTRY_FILTERS, "entryNumber")


def list_pairs(call: Call) -> Answer:
    both = [row for pair in call.books.pairs for row in views.pairs(pair)]
    rows = [{**row, "id": n} for n, row in enumerate(both, start=1)]
    return _page(call, rows, views.PAIR_FILTERS, "id")


def match_entries(call: Call) -> Answer:
    wanted = _body(call, EntryIds).entry_ids
    bookkeeping.match(call.books, wanted, call.now.date(), call.now)
    return Answer(204)


def list_drafts(call: Call) -> Answer:
    rows = [msgspec.to_builtins(row, builtin_types=(Decimal,)) for row in call.books.drafts]
    return _page(call, rows, views.DRAFT_FILTERS, "entryNumber")


def create_drafts(call: Call) -> Answer:
    drafts = _body(call, list[Draft])
    if not 1 <= len(drafts) <= 500:
        raise invalid("BulkSize", "between 1 and 500 entries are created at a time")
    numbers = bookkeeping.enter_all(call.books, drafts)
    return answered([{"entryNumber": number} for number in numbers], 201)


def book_drafts(call: Call) -> Answer:
    wanted = _body(call, EntryNumbers).entry_numbers
    bookkeeping.book_drafts(call.books, call.path["journal"], wanted, call.now)
    return Answer(204)


def list_documents(call: Call) -> Answer:
    rows = [
        {
            "number": row.number,
            "accountingYear": row.accounting_year,
            "voucherNumber": row.voucher_number,
            "pageCount": 1,
        }
        for row in call.books.attachments
    ]
    return _page(call, rows, views.ATTACHMENT_FILTERS, "number")


def read_document(call: Call) -> Answer:
    for row in call.books.attachments:
        if row.number == call.path["number"]:
            return Answer(body=pdf.drawn(row.lines), media_type="application/pdf")
    raise missing(f"document {call.path['number']}")


ROUTES: tuple[tuple[str, str, Callable[[Call], Answer]], ...] = (
    ("GET", "/self", read_self),
    ("GET", "/suppliers", list_suppliers),
    ("GET", "/customers", list_customers),
    ("GET", "/invoices/booked", list_sales),
    ("GET", "/invoices/booked/{number:int}", read_sale),
    ("GET", "/invoices/booked/{number:int}/pdf", read_sale_pdf),
    ("GET", "/accounting-years", list_years),
    ("GET", "/accounting-years/{year:path}/periods", list_periods),
    ("GET", ENTRIES, list_entries),
    ("GET", f"{ENTRIES}/matched-pairs", list_pairs),
    ("POST", f"{ENTRIES}/match", match_entries),
    ("GET", f"{JOURNALS}/draft-entries", list_drafts),
    ("POST", f"{JOURNALS}/draft-entries/bulk", create_drafts),
    ("POST", f"{JOURNALS}/journals/{{journal:int}}/bookdraftentries", book_drafts),
    ("GET", DOCUMENTS, list_documents),
    ("GET", f"{DOCUMENTS}/{{number:int}}/pdf", read_document),
)


def _page(call: Call, rows: Sequence[views.Shown], fields: Mapping[str, type], key: str) -> Answer:
    """A page of an OpenAPI list: the cursor is the key of the first row of the next page."""
    test = filters.parsed(call.query.get("filter", ""), fields)
    start = _whole(call.query.get("cursor", "0"))
    rest = sorted(
        (row for row in rows if row[key] >= start and test(_typed(row))), key=lambda row: row[key]
    )
    page: dict[str, Any] = {"items": rest[: call.page_size]}
    if len(rest) > call.page_size:
        page["cursor"] = str(rest[call.page_size][key])
    return answered(page)


def _collection(call: Call, rows: Sequence[views.Shown], fields: Mapping[str, type]) -> Answer:
    """A page of a legacy list."""
    test = filters.parsed(call.query.get("filter", ""), fields)
    found = [row for row in rows if test(_typed(row))]
    size = min(_whole(call.query.get("pagesize", "20")), 1000)
    skipped = _whole(call.query.get("skippages", "0")) * size
    pagination = {"results": len(found), "pageSize": size}
    return answered({"collection": found[skipped : skipped + size], "pagination": pagination})


def _typed(row: views.Shown) -> views.Shown:
    """Days are compared as days, and instants as instants."""
    typed = dict(row)
    if "date" in row:
        typed["date"] = bookkeeping.day(row["date"])
    if "lastUpdated" in row:
        typed["lastUpdated"] = datetime.fromisoformat(row["lastUpdated"])
    return typed


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise invalid("InvalidNumber", f"{text} is not a number")
    return int(text)


def _body(call: Call, wanted: type[T]) -> T:
    try:
        return msgspec.json.decode(call.body, type=wanted)
    except msgspec.MsgspecError as error:
        raise invalid("InvalidBody", str(error), "Send the documented properties.") from error
