"""What the e-conomic adapter reads, against the simulated vendor over a real connection."""

from __future__ import annotations

import json
from datetime import date, timedelta
from email.utils import format_datetime, parsedate_to_datetime

import httpx
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.sync.gateways.economic import read_agreement
from services.sync.gateways.economic_filter import all_of, where
from services.sync.gateways.errors import (
    AccessDenied,
    Gone,
    NeedsConsent,
    NotSent,
    Refused,
    Transient,
    Unreadable,
    WrongAgreement,
)
from services.sync.gateways.ledger import EntryKind, PaymentDetails, PaymentType, VoucherRef
from shared.money import Money
from simulators.economic.filters import parsed
from simulators.economic.vendor import ENTRIES
from tests.sync.economic_world import BAGER, BUTIK, FIK, MARCH, running

DKK = "DKK"
LISTED = "/booked-entries"
TOKENS = {"X-AppSecretToken": "secret", "X-AgreementGrantToken": "grant-shop"}


def kroner(amount):
    return Money.of(amount, DKK)


def numbers_of(ledger, limit=1000):
    """All entries by following the cursor, with what happened between the pages left to others."""
    cursor, found = None, []
    while True:
        page = ledger.changes(cursor, limit)
        found += [entry.entry_number for entry in page.records]
        cursor = page.next_cursor
        if page.complete:
            return found


def test_a_booked_invoice_is_read_as_it_stands_in_the_ledger(world):
    number = world.invoice("F-1", "1250.10", payment=FIK)
    (entry,) = world.ledger().changes(None, 1000).records
    assert entry.entry_number == number
    assert (entry.kind, entry.supplier_number) == (EntryKind.INVOICE, 70)
    assert entry.supplier_invoice_number == "F-1"
    assert (entry.amount, entry.remaining) == (kroner("1250.10"), kroner("1250.10"))
    assert (entry.dated_on, entry.due_on) == (MARCH, date(2026, 3, 31))
    assert entry.voucher == entry.document == VoucherRef("2026", 1)
    assert entry.created_on == MARCH
    assert entry.payment_details == PaymentDetails(
        PaymentType.FIK_71, creditor="81234567", reference="000000000012344"
    )
    assert not entry.exported_to_bank_file
    assert entry.matched_on is None


def test_a_credit_note_and_a_payment_count_against_what_is_owed(world):
    invoice = world.invoice("F-1", "900.00")
    note = world.does(
        "credit-notes", supplier=70, number="K-1", amount="100.00", bookedOn=str(MARCH)
    )
    payment = world.does("payments", entry=invoice, bookedOn=str(MARCH), amount="300.00")
    ledger = world.ledger()
    assert (ledger.get(note).kind, ledger.get(note).amount) == (
        EntryKind.CREDIT_NOTE,
        kroner("-100.00"),
    )
    assert (ledger.get(payment).kind, ledger.get(payment).amount) == (
        EntryKind.PAYMENT,
        kroner("-300.00"),
    )
    assert ledger.get(invoice).remaining == kroner("600.00")


@pytest.mark.parametrize("amount", ["0.01", "0.29", "1250.10", "8589934592.07", "999999999999.99"])
def test_an_amount_arrives_to_the_cent(world, amount):
    number = world.invoice("F-1", amount)
    assert world.ledger().get(number).amount == kroner(amount)


def test_changed_payment_details_and_the_bank_file_show_on_the_next_read(world):
    number = world.invoice("F-1", "50.00", payment=FIK)
    account = {"paymentTypeNumber": 2, "creditorId": "DE89370400440532013000", "bic": "COBADEFFXXX"}
    world.does("payment-details", entry=number, payment=account)
    world.does("export-to-bank-file", entry=number)
    entry = world.ledger().get(number)
    assert entry.payment_details == PaymentDetails(
        PaymentType.IBAN, iban="DE89370400440532013000", bic="COBADEFFXXX"
    )
    assert entry.exported_to_bank_file


@pytest.mark.case("integrations", 3)
def test_a_booking_between_two_pages_is_neither_missed_nor_doubled(world):
    booked = world.many_invoices(2500)
    ledger = world.ledger()
    first = ledger.changes(None, 1000)
    booked.append(world.invoice("F-late", "10.00"))
    second = ledger.changes(first.next_cursor, 1000)
    third = ledger.changes(second.next_cursor, 1000)
    read = [entry.entry_number for page in (first, second, third) for entry in page.records]
    assert read == booked
    assert (first.complete, second.complete, third.complete) == (False, False, True)
    assert ledger.changes(third.next_cursor, 1000).records == ()


def test_a_short_limit_gives_short_pages_and_the_same_entries(world):
    booked = [world.invoice(f"F-{n}", "10.00") for n in range(5)]
    assert numbers_of(world.ledger(), limit=2) == booked


def test_an_item_paid_outside_leaves_the_open_set_and_comes_back_when_unmatched(world):
    invoice, other = world.invoice("F-1", "900.00"), world.invoice("F-2", "70.00")
    payment = world.does("payments", entry=invoice, bookedOn="2026-03-05")
    ledger = world.ledger()
    assert [item.entry_number for item in ledger.open_set()] == [other]
    assert ledger.get(invoice).matched_on == date(2026, 3, 5)
    (match,) = ledger.matches(invoice)
    assert (match.against, match.amount) == (payment, kroner("900.00"))

    world.does("unmatch", entries=[invoice, payment], bookedOn="2026-03-06")
    assert {item.entry_number for item in ledger.open_set()} == {invoice, other, payment}
    assert ledger.get(invoice).due_on == date(2026, 3, 31)
    assert ledger.matches(invoice) == ()


def test_the_open_set_is_read_across_pages():
    with running(page_size=2) as world:
        booked = [world.invoice(f"F-{n}", "10.00") for n in range(5)]
        assert [item.entry_number for item in world.ledger().open_set()] == booked


def test_the_open_set_in_base_currency_adds_up_to_the_control_account(world):
    world.invoice("F-1", "1000.00")
    holz = world.invoice("H-1", "100.01", supplier=71, currency="EUR")
    world.shop.rates["EUR"] += 1
    world.does("payments", entry=holz, bookedOn="2026-03-09", amount="33.33")
    ledger = world.ledger()
    open_in_base = sum(item.remaining_in_base.minor for item in ledger.open_set())
    assert open_in_base == ledger.control_total(date(2026, 3, 31)).minor
    world.does("drift", amount="-0.05", bookedOn="2026-03-09")
    assert ledger.control_total(date(2026, 3, 31)).minor == open_in_base + 5
    assert ledger.control_total(date(2026, 3, 1)) == kroner("0.00")


def test_a_record_that_cannot_be_read_is_parked_and_the_others_go_on(world):
    good = world.invoice("F-1", "10.00")
    world.shop.rates["JPY"] = world.shop.rates["SEK"]
    odd = world.invoice("F-2", "10.50", currency="JPY")
    last = world.invoice("F-3", "10.00")
    page = world.ledger().changes(None, 1000)
    assert [entry.entry_number for entry in page.records] == [good, last]
    (parked,) = page.parked
    assert parked.source_id == str(odd)
    assert "JPY has 0 decimals" in parked.reason
    assert page.next_cursor == str(last)


def test_an_entry_without_a_remainder_is_not_taken_for_paid(world):
    world.invoice("F-1", "10.00")
    listed = world.person.get(f"{world.address}{ENTRIES}", headers=TOKENS).json()
    for entry in listed["items"]:
        entry.pop("remainder", None)
    ours = {"items": [entry for entry in listed["items"] if "supplierNumber" in entry]}
    world.fails(LISTED, status=200, body=json.dumps(ours))
    page = world.ledger().changes(None, 10)
    assert page.records == ()
    assert "has no remainder" in page.parked[0].reason


def test_an_open_set_with_an_unreadable_item_is_no_set(world):
    world.shop.rates["JPY"] = world.shop.rates["SEK"]
    world.invoice("F-2", "10.50", currency="JPY")
    with pytest.raises(Unreadable, match="an open item"):
        list(world.ledger().open_set())


def test_the_document_of_a_voucher_is_a_pdf_with_its_hash(world):
    number = world.invoice("F-1", "10.00")
    ledger = world.ledger()
    document = ledger.document(ledger.get(number).document)
    page = pypdfium2.PdfDocument(document.content)[0]
    assert "Faktura F-1" in page.get_textpage().get_text_bounded()
    assert document.media_type == "application/pdf"
    assert document == ledger.document(ledger.get(number).document)
    assert len(document.sha256) == 64


def test_a_voucher_without_a_document_says_so(world):
    number = world.invoice("F-1", "10.00", document=False)
    ledger = world.ledger()
    with pytest.raises(Gone):
        ledger.document(ledger.get(number).document)


def test_a_retired_version_of_the_interface_is_not_a_vanished_entry(world):
    number = world.invoice("F-1", "10.00")
    world.fails(LISTED, status=404)
    with pytest.raises(Refused, match="404"):
        world.ledger().get(number)


def test_an_entry_that_does_not_exist_is_gone(world):
    with pytest.raises(Gone):
        world.ledger().get(4711)


def test_suppliers_are_read_with_their_default_payment_details(world):
    details = {"paymentTypeNumber": 1, "creditorId": "12340001234567"}
    world.does("suppliers", number=72, name="Spærret A/S", barred=True, payment=details)
    page = world.ledger().suppliers(None)
    by_number = {supplier.number: supplier for supplier in page.records}
    assert by_number[70].vat_number == "12345674"
    assert by_number[71].currency == "EUR"
    assert by_number[71].payment_details is None
    assert by_number[72].blocked
    assert by_number[72].payment_details == PaymentDetails(
        PaymentType.BANK_ACCOUNT, creditor="12340001234567"
    )
    assert page.complete
    assert world.ledger().suppliers(page.next_cursor).records == ()


def test_an_accounting_year_over_two_calendar_years_is_found_by_its_escaped_name(world):
    bakery = world.ledger("grant-bakery", BAGER)
    body = {"supplier": 70, "number": "B-1", "amount": "10.00", "bookedOn": "2026-06-30"}
    number = world.does("invoices", BAGER, **body)
    assert bakery.get(number).voucher.accounting_year == "2025/2026"
    assert bakery.document(bakery.get(number).document).content.startswith(b"%PDF-")
    world.does("close-periods", BAGER, until="2026-04-30")
    assert bakery.first_open_day(date(2026, 2, 14)) == date(2026, 5, 1)


def test_the_first_open_day_is_the_day_itself_or_the_next_open_one(world):
    ledger = world.ledger()
    assert ledger.first_open_day(date(2026, 1, 15)) == date(2026, 1, 15)
    world.does("close-periods", until="2026-02-28")
    assert ledger.first_open_day(date(2026, 1, 15)) == date(2026, 3, 1)
    assert ledger.first_open_day(date(2026, 3, 17)) == date(2026, 3, 17)
    world.does("close-periods", until="2027-12-31")
    assert ledger.first_open_day(date(2026, 1, 15)) is None


@pytest.mark.case("integrations", 12)
def test_the_grant_of_another_company_opens_nothing(world):
    world.does("invoices", BAGER, supplier=70, number="B-1", amount="10.00", bookedOn=str(MARCH))
    misdirected = world.ledger("grant-bakery", BUTIK)
    for read in (
        misdirected.probe,
        lambda: misdirected.changes(None, 10),
        lambda: list(misdirected.open_set()),
        lambda: misdirected.suppliers(None),
        lambda: misdirected.find_posting("FF-A"),
    ):
        with pytest.raises(WrongAgreement, match="connected to agreement 1001"):
            read()


def test_the_agreement_is_known_at_consent(world):
    agreement = read_agreement(world.http())
    assert (agreement.identity, agreement.company_name) == ("1001", "Butik ApS")
    assert (agreement.vat_number, agreement.base_currency) == ("DK10103940", DKK)
    assert world.ledger().probe() == agreement


@pytest.mark.case("integrations", 9)
def test_a_tenant_told_to_wait_waits_alone(world):
    shop, bakery = world.ledger(), world.ledger("grant-bakery", BAGER)
    shop.probe()
    world.fails(LISTED, grant="grant-shop", status=429, retryAfter=30)
    with pytest.raises(Transient) as told:
        shop.changes(None, 10)
    assert told.value.retry_after == timedelta(seconds=30)
    assert bakery.changes(None, 10).complete

    world.clock.advance(seconds=29)
    with pytest.raises(Transient) as still:
        shop.changes(None, 10)
    assert still.value.retry_after == timedelta(seconds=1)
    world.clock.advance(seconds=1)
    assert shop.changes(None, 10).complete


def test_a_wait_until_a_moment_is_measured_by_the_vendors_own_clock(world):
    vendors_now = parsedate_to_datetime(world.person.get(f"{world.address}/").headers["Date"])
    until = format_datetime(vendors_now + timedelta(hours=1), usegmt=True)
    world.fails("/self", status=429, retryAfter=until)
    with pytest.raises(Transient) as told:
        world.ledger().probe()
    asked = told.value.retry_after
    assert asked is not None
    assert timedelta(minutes=59) < asked <= timedelta(hours=1)


def test_a_read_is_tried_again_after_a_passing_fault(world):
    world.fails(LISTED, status=503, times=2)
    assert world.ledger().changes(None, 10).complete


@pytest.mark.parametrize("fault", [{"status": 502}, {"end": "lost"}, {"status": 429}])
def test_a_read_that_keeps_failing_is_for_later(world, fault):
    world.fails(LISTED, times=3, **fault)
    with pytest.raises(Transient):
        world.ledger().changes(None, 10)
    assert world.ledger().changes(None, 10).complete


@pytest.mark.parametrize("body", ["<html>closed</html>", "{}", '{"items": [{}]}', ""])
def test_garbage_is_not_taken_for_an_answer(world, body):
    world.fails(LISTED, status=200, body=body)
    with pytest.raises(Unreadable):
        world.ledger().changes(None, 10)


def test_a_redirect_is_not_followed(world):
    world.fails("/self", status=302)
    with pytest.raises(Unreadable, match="redirects"):
        world.ledger().probe()


def test_a_withdrawn_grant_needs_consent_and_a_plan_without_access_is_denied(world):
    with pytest.raises(NeedsConsent):
        world.ledger("grant-withdrawn").probe()
    world.does("access", apiAccess=False)
    with pytest.raises(AccessDenied, match="plan"):
        world.ledger().probe()


def test_nobody_at_the_address_means_that_nothing_was_sent(world, nobody):
    with pytest.raises(NotSent):
        world.ledger(address=nobody).probe()


def test_the_tokens_are_not_in_what_is_shown_or_raised(world):
    http = world.http("grant-shop")
    world.fails("/self", status=500, times=3)
    with pytest.raises(Transient) as raised:
        http.get_legacy("/self")
    assert "grant-shop" not in f"{http!r}{raised.value!r}{raised.value.__context__!r}"


@settings(max_examples=50, deadline=None, derandomize=True)
@given(st.text(max_size=30), st.text(max_size=30))
def test_an_escaped_filter_finds_the_very_value(wanted, other):
    fields = {"name": str, "city": str}
    test = parsed(all_of(where("name", "eq", wanted), where("city", "eq", other)), fields)
    assert test({"name": wanted, "city": other})
    assert not test({"name": f"{wanted}x", "city": other})


def test_the_filter_survives_the_way_through_an_address():
    address = httpx.URL("http://h/x", params={"filter": where("accountingYear", "eq", "2025/2026")})
    assert address.params["filter"] == "accountingYear$eq:2025/2026"
