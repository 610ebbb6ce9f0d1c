"""The simulated e-conomic's customers: cards, booked invoices, money, and the account they add up to.

Most of it happens in one set of books, each test with a customer of its own.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from itertools import count

import pypdfium2
import pytest

from shared.clock import SettableClock
from simulators.economic import Books, create_app, open_agreement
from tests.simulators.test_economic import ENTRIES, JOURNALS, audit, client_of, does

CUSTOMERS, SALES = "/customers", "/invoices/booked"
_numbers = count(301)


@pytest.fixture(scope="module")
def clock():
    return SettableClock(datetime(2026, 3, 2, 8, tzinfo=UTC))


@pytest.fixture(scope="module")
def vendor(clock):
    """A client of freshly opened books."""
    with client_of(
        create_app(clock, Books([open_agreement(1001, "grant", "Butik ApS")]))
    ) as client:
        yield client


@pytest.fixture
def customer(vendor):
    number = next(_numbers)
    does(vendor, "customers", number=number, name="Klarup Tømrer ApS", city="Aalborg")
    return number


def sells(vendor, customer, amount="1250.00", **more):
    body = {"customer": customer, "amount": amount, "bookedOn": "2026-03-02"} | more
    return does(vendor, "customer-invoices", **body)


def entry(vendor, number):
    (found,) = vendor.get(ENTRIES, params={"filter": f"entryNumber$eq:{number}"}).json()["items"]
    return found


def balances(vendor):
    return audit(vendor)["accountBalances"]


def test_a_booked_invoice_is_listed_with_what_it_says(vendor, customer):
    number = sells(vendor, customer, number=1001, dueOn="2026-03-16", vatCode="U25", other="Sag 7")
    (row,) = vendor.get(SALES, params={"filter": "bookedInvoiceNumber$in:[1001,9999]"}).json()[
        "collection"
    ]
    assert (row["grossAmount"], row["netAmount"], row["vatAmount"]) == (1250, 1000, 250)
    assert (row["date"], row["dueDate"], row["remainder"]) == ("2026-03-02", "2026-03-16", 1250)
    assert (row["customer"], row["references"]) == (
        {"customerNumber": customer},
        {"other": "Sag 7"},
    )
    assert row["recipient"] == {"name": "Klarup Tømrer ApS", "city": "Aalborg"}
    assert vendor.get(f"{SALES}/1001").json() == row
    listed = entry(vendor, number)
    assert (listed["type"], listed["customerNumber"], listed["customerInvoiceNumber"]) == (
        1, customer, 1001,
    )  # fmt: skip
    page = pypdfium2.PdfDocument(vendor.get(f"{SALES}/1001/pdf").content)[0]
    assert "Øvrig ref." in page.get_textpage().get_text_bounded()
    assert vendor.get(f"{SALES}/9999").status_code == 404
    assert vendor.get(f"{SALES}/9999/pdf").status_code == 404


def test_a_credit_note_is_an_invoice_of_negative_amounts_that_names_what_it_takes_back(
    vendor, customer
):
    invoice = sells(vendor, customer, number=2001)
    note = does(
        vendor, "customer-credit-notes", customer=customer, amount="1250.00",
        bookedOn="2026-03-03", number=2002, credits=2001,
    )  # fmt: skip
    row = vendor.get(f"{SALES}/2002").json()
    assert (row["grossAmount"], row["notes"]) == (-1250, {"heading": "Krediterer faktura 2001"})
    does(vendor, "match", entries=[invoice, note], bookedOn="2026-03-03")
    assert audit(vendor)["customerBalances"][str(customer)] == 0
    assert vendor.get(f"{SALES}/2001").json()["remainder"] == 0


def test_money_settles_an_invoice_and_a_person_takes_the_match_back(vendor, customer):
    invoice = sells(vendor, customer)
    payment = does(
        vendor, "customer-payments", entry=invoice, amount="1000.00", bookedOn="2026-03-04",
        enteredOn="2026-03-09",
    )  # fmt: skip
    paid = entry(vendor, payment)
    assert (paid["type"], paid["amount"], paid["remainder"]) == (2, -1000, 0)
    assert (paid["date"][:10], paid["creationDate"][:10]) == ("2026-03-04", "2026-03-09")
    assert entry(vendor, invoice)["remainder"] == 250
    does(vendor, "unmatch", entries=[invoice, payment], bookedOn="2026-03-10")
    assert entry(vendor, invoice)["remainder"] == 1250


def test_a_year_of_books_is_made_in_one_request(vendor, customer):
    sale = {"customer": customer, "amount": "300.00", "bookedOn": "2026-01-05"}
    steps = [
        ("customer-invoices", sale | {"number": 3001}),
        ("customer-invoices", sale | {"number": 3002}),
        ("customer-payments", {"invoice": 3001, "amount": "100.00", "bookedOn": "2026-02-01"}),
        ("customer-credit-notes", sale | {"number": 3003, "credits": 3002, "match": True}),
    ]
    asked = [{"action": action, "body": body} for action, body in steps]
    answers = vendor.post("/control/1001/in-turn", json=asked).json()["answers"]
    assert [answer.get("bookedInvoiceNumber") for answer in answers] == [3001, 3002, None, 3003]
    left = [vendor.get(f"{SALES}/{number}").json()["remainder"] for number in (3001, 3002, 3003)]
    assert left == [200, 0, 0]
    assert (
        vendor.post("/control/1001/in-turn", json=[{"action": "x", "body": {}}]).status_code == 400
    )


def test_two_rates_leave_a_difference_on_the_customers_account(vendor, customer):
    invoice = sells(vendor, customer, amount="100.00", currency="EUR")
    draft = {
        "journalNumber": 4, "entryTypeNumber": 2, "date": "2026-03-02", "amount": -100,
        "currency": "EUR", "exchangeRate": 750, "customerNumber": customer,
        "contraAccountNumber": 5820,
    }  # fmt: skip
    before = balances(vendor)
    (made,) = vendor.post(f"{JOURNALS}/draft-entries/bulk", json=[draft]).json()
    booked = {"entryNumbers": [made["entryNumber"]]}
    assert vendor.post(f"{JOURNALS}/journals/4/bookdraftentries", json=booked).status_code == 204
    wanted = {"filter": f"customerNumber$eq:{customer}$and:type$eq:2"}
    (paid,) = vendor.get(ENTRIES, params=wanted).json()["items"]
    pair = {"entryIds": [invoice, paid["entryNumber"]]}
    assert vendor.post(f"{ENTRIES}/match", json=pair).status_code == 204
    after = balances(vendor)
    assert after["5600"] - before["5600"] == Decimal("-746.00")
    assert after["4380"] - before.get("4380", 0) == Decimal("-4.00")


def test_an_invoice_typed_into_a_journal_is_on_the_account_and_not_among_the_invoices(
    vendor, customer
):
    number = sells(vendor, customer, manual=True)
    listed = entry(vendor, number)
    assert (listed["type"], listed["amount"]) == (10, 1250)
    sale = listed["customerInvoiceNumber"]
    assert vendor.get(f"{SALES}/{sale}").status_code == 404


def test_cards_are_found_by_when_they_were_changed(vendor, customer, clock):
    clock.advance(hours=1)
    later = {"filter": "lastUpdated$gte:2026-03-02T08:30:00Z"}
    assert vendor.get(CUSTOMERS, params=later).json()["collection"] == []
    does(vendor, "change-customer", number=customer, email="ny@klarup.example.dk", city=None)
    (card,) = vendor.get(CUSTOMERS, params=later).json()["collection"]
    assert (card["customerNumber"], card["email"]) == (customer, "ny@klarup.example.dk")
    assert (card["name"], "city" in card) == ("Klarup Tømrer ApS", False)


def test_the_books_may_be_kept_in_another_currency():
    books = open_agreement(2002, "g", "Fjord AS", base_currency="NOK")
    assert books.rate("NOK") == Decimal(100)
    assert books.rate("DKK") == Decimal("156.25")
    assert "NOK" not in books.rates


@pytest.mark.parametrize(
    ("action", "body"),
    [
        ("customers", {"number": 301, "name": "Igen"}),
        ("customers", {"number": 999}),
        ("change-customer", {"number": 999, "name": "Ny"}),
        ("customer-invoices", {"customer": 999, "amount": 1, "bookedOn": "2026-03-02"}),
        ("customer-payments", {"customer": 301, "bookedOn": "2026-03-02"}),
        ("customer-payments", {"entry": 99999, "bookedOn": "2026-03-02"}),
        ("customer-adjustments", {"customer": 999, "amount": 1, "bookedOn": "2026-03-02"}),
        ("lose-entry", {"entry": 99999}),
    ],
)
def test_what_a_person_cannot_do_is_refused(vendor, action, body):
    before = audit(vendor)
    assert vendor.post(f"/control/1001/{action}", json=body).status_code == 400
    assert audit(vendor) == before
