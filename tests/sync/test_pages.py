"""What people and programs see and do: the inbox, one document, the connection, copies."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from services.sync.model.naming import item_id_of
from shared.copies import invoice_copies
from shared.settings import Settings
from shared.testing.servers import serve
from tests.sync.economic_world import FIK, MARCH
from tests.sync.house import CONNECTION_ID, SHOP
from tests.sync.site import STRANGER, assertion, site_in, words_of

DOCUMENTS = Path(__file__).parent / "documents"
FIK71 = (DOCUMENTS / "peppol-dk-fik71.xml").read_bytes()
HOME = f"/sync/{SHOP}"
INBOX = f"/tenants/{SHOP}/einvoices"
CONSENT = {
    "agreement": "1001",
    "grant": "grant-shop",
    "journal": 4,
    "payables_accounts": [6800],
    "accounts": {"bank": 5820, "bank_fees": 4310},
    "expense_account": 1310,
    "vat_code": "I25",
    "institute": "Nordbetaling A/S",
    "licence": "FT 34012",
}
CUSTOMERS = {
    "accounts": [5600],
    "pay_to": [{"kind": "fik71", "currency": "DKK", "account": "81234567"}],
    "layouts": {"21": "en"},
}


@pytest.fixture
def site(postgres_server):
    with site_in(postgres_server) as site:
        yield site


def upload(site, content, name="invoice.xml"):
    return site.post(f"{HOME}/einvoices", files={"file": (name, content, "application/xml")})


@pytest.mark.capability("S15")
def test_a_file_is_uploaded_read_shown_and_booked_with_one_click(site):
    site.house.consent()
    page = words_of(upload(site, FIK71).text)
    assert "Lindtoft Tømmerhandel A/S" in page
    assert "+71&lt;" in page
    listed = site.page(f"{HOME}/einvoices")
    assert "To book" in listed
    assert "86,240.00" in listed
    (booking,) = [part for part in listed.split('"') if part.endswith("/book")]
    assert "Being booked" in site.post(booking).text
    site.house.settle()
    assert "Voucher 2026-1" in site.page(f"{HOME}/einvoices")


def test_a_file_that_is_no_invoice_is_named_and_not_kept(site):
    page = words_of(upload(site, b"<note xmlns='urn:x'/>").text)
    assert "The file is no e-invoice" in page
    assert "No e-invoices yet" in page


def test_an_unknown_sender_is_matched_by_a_person_and_then_booked(site):
    site.house.consent()
    where = upload(site, (DOCUMENTS / "peppol-no-kid.xml").read_bytes())
    assert "Supplier unknown" in where.text
    here = where.url.path
    page = site.post(f"{here}/supplier", supplier_number="70").text
    assert "Supplier unknown" not in page
    site.post(f"{here}/book")
    site.house.settle()
    assert "Voucher" in site.page(here)


def test_doubted_fields_are_marked_and_must_be_confirmed(site):
    site.house.consent()
    where = upload(site, (DOCUMENTS / "oioubl-fik71-wrong-digit.xml").read_bytes())
    here = where.url.path
    assert 'class="warn"' in where.text
    assert "confirm them" in site.post(f"{here}/book").text
    assert "Being booked" in site.post(f"{here}/book", confirmed="true").text


@pytest.mark.capability("S3")
@pytest.mark.capability("S8")
def test_the_connection_says_how_it_stands_and_runs_when_asked(site):
    page = words_of(site.page(f"{HOME}/connection"))
    assert "has not let us into its ledger" in page
    site.house.vendor.invoice("F-1", "100.00", payment=FIK)
    site.house.consent()
    page = words_of(site.page(f"{HOME}/connection"))
    assert "Agrees" in page
    assert "Nordbetaling A/S, FT 34012" in page
    assert "after the consent" in page
    site.house.vendor.does("drift", amount="-0.05", bookedOn=str(MARCH))
    site.post(f"{HOME}/connection/run")
    site.house.settle()
    page = words_of(site.page(f"{HOME}/connection"))
    assert "Differs" in page
    assert "0.05" in page
    run = site.api("GET", f"/tenants/{SHOP}/connection").json()["runs"][0]["run_id"]
    assert "by a person" in site.page(f"{HOME}/connection/runs/{run}")


def test_both_ledgers_are_shown_with_their_control_accounts_and_the_side_that_differs(site):
    house = site.house
    accounts = {"bank": 5820, "bank_fees": 4310, "fee_income": 1311, "interest_income": 4305}
    wanted = CONSENT | {"receivables": CUSTOMERS, "accounts": accounts}
    assert site.api("PUT", f"/tenants/{SHOP}/connection", json=wanted).status_code == 202
    house.vendor.does("customers", number=201, name="Klarup Tømrer ApS")
    sale = {"customer": 201, "amount": "100.00", "bookedOn": str(MARCH), "dueOn": "2026-12-01"}
    entry = house.vendor.does("customer-invoices", **sale, number=1001)
    house.vendor.does("receivables-drift", amount="0.05", bookedOn=str(MARCH))
    house.settle()
    page = words_of(site.page(f"{HOME}/connection"))
    assert "Customers: the ledger’s control account and its open items differ by 0.05" in page
    assert "Suppliers: the ledger’s" not in page
    assert "The customers’ control account says 100.05" in page
    assert "The suppliers’ control account says 0.00" in page
    assert "Customers Invoices 1" in page
    state = site.api("GET", f"/tenants/{SHOP}/connection").json()
    assert [(one["side"], one["drifts"]) for one in state["totals"]] == [
        ("payable", False), ("receivable", True),
    ]  # fmt: skip
    assert "by 0.05" in words_of(site.page("/sync/fragments/today"))
    # Nobody needs its document before it is overdue, but for whoever asks.
    assert house.names("InvoiceCopyStored") == []
    copy = f"/tenants/{SHOP}/invoices/{item_id_of(CONNECTION_ID, entry)}/copy"
    assert site.api("POST", copy).status_code == 202
    house.settle()
    ((_, stored),) = house.told("InvoiceCopyStored")
    kept = site.api("GET", f"/copies/{stored['copy_of']['sha256']}")
    assert kept.content.startswith(b"%PDF-")
    unknown = site.api("POST", f"/tenants/{SHOP}/invoices/{STRANGER}/copy")
    assert (unknown.status_code, unknown.json()["code"]) == (409, "unknown_invoice")


@pytest.mark.parametrize(
    ("pay_to", "code"),
    [
        ([{"kind": "bankgiro", "currency": "SEK", "account": "5050-1056"}], "account_check_digit"),
        ([{"kind": "fik71", "currency": "DKK", "account": "81234567"}] * 2, "currency_twice"),
        ([{"kind": "slip", "currency": "DKK", "account": "81234567"}], None),
    ],
)
def test_where_customers_are_to_pay_is_refused_when_it_cannot_be_right(site, pay_to, code):
    wanted = CONSENT | {"receivables": CUSTOMERS | {"pay_to": pay_to}}
    answer = site.api("PUT", f"/tenants/{SHOP}/connection", json=wanted)
    assert answer.status_code == 422
    assert code is None or answer.json()["code"] == code
    assert "81234567" not in answer.text


@pytest.mark.capability("S24")
def test_a_copy_is_shown_as_pictures_or_drawn_and_given_as_it_came(site):
    site.house.vendor.invoice("F-1", "100.00")
    site.house.consent()
    (stored,) = (fields for _, fields in site.house.told("InvoiceCopyStored"))
    here = f"{HOME}/copies/{stored['copy_of']['sha256']}"
    assert f'src="{here}/pages/1"' in site.page(here)
    assert site.get(f"{here}/pages/1").content.startswith(b"\x89PNG")
    original = site.get(f"{here}/original")
    assert sha256(original.content).hexdigest() == stored["copy_of"]["sha256"]
    assert original.headers["content-disposition"].startswith("attachment")
    assert site.get(f"{here}/pages/2").status_code == 404
    upload(site, FIK71)
    drawn = f"{HOME}/copies/{sha256(FIK71).hexdigest()}/view"
    assert "<html" in site.page(drawn)
    bare = site.get(drawn, **{"hx-request": "true"}).text
    assert "<html" not in bare
    assert "Lindtoft Tømmerhandel A/S" in bare


def test_fragments_say_what_waits_and_how_ledgers_stand(site):
    assert "No consent" in site.page("/sync/fragments/today")
    site.house.consent()
    upload(site, FIK71)
    today = words_of(site.page("/sync/fragments/today"))
    assert "To book 1 Butik ApS" in today
    assert "Agrees" in site.page("/sync/fragments/operations")


@pytest.mark.capability("S14")
def test_a_program_sends_documents_books_them_and_reads_the_answer(site):
    assert site.api("PUT", f"/tenants/{SHOP}/connection", json=CONSENT).status_code == 202
    site.house.settle()
    state = site.api("GET", f"/tenants/{SHOP}/connection").json()
    assert (state["standing"], state["institute"]) == ("connected", "Nordbetaling A/S")
    received = site.api("POST", INBOX, content=FIK71)
    assert received.status_code == 201
    again = site.api("POST", INBOX, content=FIK71)
    assert again.json() == received.json()
    document = received.json()["document_id"]
    assert site.api("POST", f"{INBOX}/{document}/booking", json={}).status_code == 202
    site.house.settle()
    (listed,) = site.api("GET", INBOX).json()
    assert (listed["state"], listed["voucher"]) == ("booked", "2026-1")


def test_an_unsafe_document_is_refused_by_the_name_of_its_fault(site):
    answer = site.api("POST", INBOX, content=b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>")
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "doctype"
    assert site.api("GET", INBOX).json() == []


def test_a_rule_that_refuses_a_booking_is_named(site):
    document = site.api("POST", INBOX, content=FIK71).json()["document_id"]
    answer = site.api("POST", f"{INBOX}/{document}/booking", json={})
    assert (answer.status_code, answer.json()["code"]) == (409, "not_connected")


@pytest.mark.property_("P9")
def test_nobody_fetches_the_copy_of_another_client(site):
    upload(site, FIK71)
    sha = sha256(FIK71).hexdigest()
    mine = site.api("GET", f"/copies/{sha}")
    assert (mine.status_code, mine.content) == (200, FIK71)
    assert site.api("GET", f"/copies/{sha}", token=assertion(STRANGER)).status_code == 404
    assert site.get(f"/sync/{STRANGER}/copies/{sha}").status_code == 404


@pytest.mark.property_("P9")
def test_a_service_has_the_copy_of_the_client_that_it_asks_for_and_of_no_other(site):
    upload(site, FIK71)
    door, sha = "/sync/internal/tenants", sha256(FIK71).hexdigest()
    assert site.get(f"{door}/{SHOP}/copies/{sha}").content == FIK71
    assert site.get(f"{door}/{STRANGER}/copies/{sha}").status_code == 404
    # As the other services ask for it, over the network.
    with serve(site.app) as url:
        kept = invoice_copies(Settings({"sync_url": url}))
        assert kept is not None
        assert kept.fetch(SHOP, sha) == FIK71
        assert kept.fetch(STRANGER, sha) is None


def test_an_approver_sees_documents_and_books_nothing(site):
    token = assertion(role="approver")
    assert site.api("GET", INBOX, token=token).status_code == 200
    assert site.api("POST", INBOX, token=token, content=FIK71).status_code == 403


@pytest.mark.capability("S2")
def test_a_refused_voucher_is_tried_again_under_its_token_once_the_cause_is_mended(site):
    house = site.house
    invoice = house.vendor.invoice("F-1", "100.00")
    house.consent()
    house.vendor.does("close-periods", until="2027-12-31")
    contract = house.pay(invoice, "100.00", MARCH, "ABCDEFGHIJKLMNOPQRSTUVWXYZ.1")
    house.settle()
    (posting,) = site.api("GET", f"/tenants/{SHOP}/postings").json()
    assert posting["state"] == "refused"
    for year in house.vendor.shop.years:
        year.closed = False
        for period in year.periods:
            period.closed = False
    again = f"/tenants/{SHOP}/postings/{contract.posting_id}/retry"
    assert site.api("POST", again).status_code == 202
    house.settle()
    (posting,) = site.api("GET", f"/tenants/{SHOP}/postings").json()
    assert (posting["state"], posting["token"]) == ("posted", contract.token)
    assert site.api("POST", again).json()["code"] == "not_refused"
    assert "Voucher 2026-2" in site.page(f"{HOME}/connection")
