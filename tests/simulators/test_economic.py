"""The simulated e-conomic by itself: books that balance, remember, and speak the vendor's dialect."""

from __future__ import annotations

import json
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal

import pypdfium2
import pytest

from shared.clock import SettableClock
from shared.testing.servers import serve
from simulators.economic import Books, create_app, open_agreement
from simulators.economic.filters import parsed
from simulators.economic.pdf import drawn
from simulators.economic.problems import ProblemError
from tests.asking import program

HEADERS = {"X-AppSecretToken": "secret", "X-AgreementGrantToken": "grant"}
ENTRIES = "/bookedEntriesapi/v7.0.0/booked-entries"
JOURNALS = "/journalsapi/v16.0.1"
FIELDS = {"a": int, "b": str, "c": Decimal, "d": date}
INVOICE = {"supplier": 70, "number": "F-1", "amount": "1250.00", "bookedOn": "2026-03-02"}


@pytest.fixture
def clock():
    return SettableClock(datetime(2026, 3, 2, 8, tzinfo=UTC))


@pytest.fixture
def file(tmp_path):
    return tmp_path / "books.json"


@pytest.fixture
def vendor(clock, file):
    """A client of freshly opened books that are kept in a file."""
    books = Books.load(file)
    books.add(open_agreement(1001, "grant", "Butik ApS"))
    with client_of(create_app(clock, books)) as client:
        does(client, "suppliers", number=70, name="Papir")
        yield client


@contextmanager
def client_of(app):
    with (
        serve(app) as address,
        program(address, headers=HEADERS) as client,
    ):
        yield client


def does(vendor, action, **body):
    answer = vendor.post(f"/control/1001/{action}", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json().get("entryNumber")


def audit(vendor):
    return json.loads(vendor.get("/control/books").text, parse_float=Decimal)["agreements"][0]


def test_what_was_booked_is_there_again_after_a_restart(vendor, clock, file):
    number = does(vendor, "invoices", **INVOICE)
    before = audit(vendor)
    with client_of(create_app(clock, Books.load(file))) as restarted:
        assert audit(restarted) == before
        assert does(restarted, "invoices", **INVOICE | {"number": "F-2"}) > number
    assert not file.with_suffix(".new").exists()


def test_a_refused_act_leaves_the_books_as_they_were(vendor, file):
    does(vendor, "close-periods", until="2026-03-31")
    before = file.read_bytes()
    for action, body in {
        "invoices": INVOICE,
        "drift": {"amount": "-5.00", "bookedOn": "2026-03-02"},
        "payments": {"entry": 4711, "bookedOn": "2026-03-02"},
    }.items():
        assert vendor.post(f"/control/1001/{action}", json=body).status_code == 400
    does(vendor, "close-periods", until="2026-03-31")
    assert file.read_bytes() == before


def test_every_voucher_has_as_much_debit_as_credit(vendor):
    invoice = does(vendor, "invoices", **INVOICE, vatCode="I25")
    does(vendor, "credit-notes", **INVOICE | {"amount": "0.01", "number": "K-1"}, vatCode="I25")
    does(vendor, "payments", entry=invoice, bookedOn="2026-03-03", amount="333.33")
    does(vendor, "drift", amount="-7.00", bookedOn="2026-03-03")
    books = audit(vendor)
    assert len(books["vouchers"]) == 4
    assert all(voucher["debit"] == voucher["credit"] for voucher in books["vouchers"])
    assert sum(books["accountBalances"].values()) == 0
    owed = -books["supplierBalances"]["70"]
    assert owed == Decimal("1250.00") - Decimal("0.01") - Decimal("333.33")
    assert -books["accountBalances"]["6800"] == owed + 7


def test_numbers_are_served_with_their_digits(vendor):
    does(vendor, "invoices", **INVOICE | {"amount": "1250.10"})
    assert '"amount":-1250.10,' in vendor.get(ENTRIES).text


def test_false_and_empty_are_left_out(vendor):
    does(vendor, "invoices", **INVOICE)
    (entry, contra) = vendor.get(ENTRIES).json()["items"]
    assert not {"dueDate", "effectiveMatchDate", "supplierPayment"} & set(entry)
    assert not {"supplierNumber", "remainder"} & set(contra)


def test_matching_at_two_rates_books_the_difference_and_unmatching_takes_it_back(vendor):
    does(vendor, "suppliers", number=71, name="Holz", currency="EUR")
    euro = INVOICE | {"supplier": 71, "currency": "EUR", "amount": "100.00"}
    invoice = does(vendor, "invoices", **euro)
    note = does(vendor, "credit-notes", **euro | {"number": "K-1"})
    drafts = [
        {
            "journalNumber": 4,
            "entryTypeNumber": 4,
            "date": "2026-03-02",
            "amount": 100,
            "currency": "EUR",
            "exchangeRate": 750,
            "supplierNumber": 71,
            "contraAccountNumber": 5820,
        }
    ]
    (draft,) = vendor.post(f"{JOURNALS}/draft-entries/bulk", json=drafts).json()
    booked = {"entryNumbers": [draft["entryNumber"]]}
    assert vendor.post(f"{JOURNALS}/journals/4/bookdraftentries", json=booked).status_code == 204
    payment = vendor.get(ENTRIES, params={"filter": "type$eq:4"}).json()["items"][0]["entryNumber"]
    pair = [invoice, payment]
    assert vendor.post(f"{ENTRIES}/match", json={"entryIds": pair}).status_code == 204
    assert audit(vendor)["accountBalances"]["4380"] == Decimal("4.00")
    assert audit(vendor)["accountBalances"]["6800"] == Decimal("746.00")

    does(vendor, "unmatch", entries=pair, bookedOn="2026-03-02")
    assert audit(vendor)["accountBalances"]["4380"] == 0
    does(vendor, "match", entries=[invoice, note], bookedOn="2026-03-02")
    assert audit(vendor)["accountBalances"]["4380"] == 0


def test_an_item_paid_in_thirds_leaves_no_cent_behind(vendor):
    does(vendor, "suppliers", number=71, name="Holz", currency="EUR")
    euro = INVOICE | {"supplier": 71, "currency": "EUR", "amount": "0.03"}
    invoice = does(vendor, "invoices", **euro)
    for _ in range(3):
        does(vendor, "payments", entry=invoice, bookedOn="2026-03-02", amount="0.01")
    assert audit(vendor)["accountBalances"]["6800"] == 0


def test_all_drafts_are_created_or_none(vendor):
    good = {
        "journalNumber": 4,
        "entryTypeNumber": 5,
        "date": "2026-03-02",
        "amount": 1,
        "currency": "DKK",
        "accountNumber": 4310,
        "contraAccountNumber": 5820,
    }
    for change in (
        {"amount": 0},
        {"amount": 1.005},
        {"currency": "ZAR"},
        {"date": "02.03.2026"},
        {"entryTypeNumber": 3, "supplierNumber": 99},
        {"entryTypeNumber": 7},
        {"accountNumber": None},
        {"contraAccountNumber": None},
        {"contraVatCode": "X"},
        {"text": "x" * 251},
        {"voucherNumber": -1},
    ):
        answer = vendor.post(f"{JOURNALS}/draft-entries/bulk", json=[good, good | change])
        assert answer.status_code == 400, change
        assert answer.json()["errorCode"], change
    assert audit(vendor)["drafts"] == []


def test_a_journal_cannot_be_booked_as_a_whole(vendor):
    assert vendor.post(f"{JOURNALS}/journals/4/book").status_code == 404
    nothing = vendor.post(f"{JOURNALS}/journals/4/bookdraftentries", json={"entryNumbers": []})
    assert nothing.status_code == 400


def test_a_repeated_key_gets_the_first_answer_until_it_is_forgotten(vendor, clock):
    draft = {
        "journalNumber": 4,
        "entryTypeNumber": 5,
        "date": "2026-03-02",
        "amount": 1,
        "currency": "DKK",
        "accountNumber": 4310,
        "contraAccountNumber": 5820,
    }
    key = {"Idempotency-Key": "k"}
    address = f"{JOURNALS}/draft-entries/bulk"
    first = vendor.post(address, json=[draft], headers=key)
    clock.advance(minutes=59)
    again = vendor.post(address, json=[draft], headers=key)
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert again.headers["X-ResultFromCache"] == "true"
    clock.advance(minutes=1)
    later = vendor.post(address, json=[draft], headers=key)
    assert later.json() != first.json()
    assert "X-ResultFromCache" not in later.headers


def test_without_tokens_nothing_is_answered(vendor):
    for wrong in ({"X-AgreementGrantToken": "other"}, {"X-AgreementGrantToken": ""}):
        assert vendor.get("/self", headers=wrong).status_code == 401
    del vendor.headers["X-AppSecretToken"]
    assert vendor.get("/self").status_code == 401


def test_faults_come_as_often_as_asked_and_only_where_asked(vendor):
    fault = {"path": "/self", "status": 429, "retryAfter": 7, "times": 2}
    vendor.post("/control/faults", json=[fault])
    assert vendor.get("/suppliers").status_code == 200
    refused = [vendor.get("/self") for _ in range(3)]
    assert [answer.status_code for answer in refused] == [429, 429, 200]
    assert refused[0].headers["Retry-After"] == "7"
    vendor.post("/control/faults", json=[fault])
    vendor.delete("/control/faults")
    assert vendor.get("/self").status_code == 200


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a$eq:1", True),
        ("a$gt:1", False),
        ("a$gte:1$and:b$like:*APIR", True),
        ("b$like:api", True),
        ("b$eq:papir", True),
        ("a$eq:2$or:b$eq:papir$and:c$lt:0", False),
        ("(a$eq:2$or:b$eq:papir)$and:c$gt:10.49", True),
        ("a$in:[3,2,1]", True),
        ("a$nin:[3,2]", True),
        ("d$lte:2026-03-02", True),
        ("d$ne:$null:", True),
        ("a$eq:$null:", False),
    ],
)
def test_a_filter_means_what_the_vendor_says(text, found):
    row = {"a": 1, "b": "Papir", "c": Decimal("10.50"), "d": date(2026, 3, 2)}
    assert parsed(text, FIELDS)(row) is found


@pytest.mark.parametrize(
    "text", ["a", "a$eq", "a$eq:x", "a$like:1", "x$eq:1", "(a$eq:1", "a$eq:1)", "a$in:1", "a$in:[1"]
)
def test_a_filter_that_is_no_filter_is_refused(text):
    with pytest.raises(ProblemError):
        parsed(text, FIELDS)


def test_a_drafts_text_cannot_be_filtered_on(vendor):
    answer = vendor.get(f"{JOURNALS}/draft-entries", params={"filter": "text$like:FF"})
    assert (answer.status_code, answer.json()["errorCode"]) == (400, "FilterNotAllowed")


def test_the_pdf_shows_its_lines_and_is_the_same_each_time():
    lines = ["Blåbærgrød & Søn", "I alt (inkl. moms) 1.250,00 kr. \\ DKK"]
    file = drawn(lines)
    shown = pypdfium2.PdfDocument(file)[0].get_textpage().get_text_bounded()
    assert shown.splitlines() == lines
    assert drawn(lines) == file


@pytest.mark.parametrize(
    ("first", "name", "last"),
    [
        (date(2026, 1, 1), "2026", date(2026, 12, 31)),
        (date(2025, 7, 1), "2025/2026", date(2026, 6, 30)),
    ],
)
def test_an_accounting_year_has_twelve_months_without_a_gap(first, name, last):
    (year,) = open_agreement(1, "g", "A", first_days=(first,)).years
    assert (year.id, year.from_on, year.to_on) == (name, first, last)
    days = [day for period in year.periods for day in (period.from_on, period.to_on)]
    assert len(year.periods) == 12
    assert days == sorted(days)
    assert sum((part.to_on - part.from_on).days + 1 for part in year.periods) == 365
