"""What the e-conomic adapter reads and writes of customers, against the simulated vendor."""

from __future__ import annotations

from datetime import date

import pytest

from services.sync.gateways.economic import EconomicLedger, EconomicSettings
from services.sync.gateways.errors import Gone, Unreadable
from services.sync.gateways.ledger import ChargeLine, EntryKind, Match, Posting, SupplierEntry
from services.sync.gateways.receivables import CustomerEntry, SalesDocument
from shared.money import Money
from tests.sync.economic_world import BUTIK, JOURNAL, MARCH, PAYABLES, running
from tests.sync.sales import CARDS, KARIN, KLARUP, NORDVIK, RECEIVABLES

TOKEN = "ABCDEFGHIJKLMNOPQRSTUVWXYZ.7"


@pytest.fixture(scope="module")
def world():
    with running() as world:
        for card in CARDS:
            world.does("customers", **card)
        yield world


@pytest.fixture
def ledger(world):
    settings = EconomicSettings(str(BUTIK), JOURNAL, (PAYABLES,), (RECEIVABLES,))
    return EconomicLedger(world.http(), settings)


def sells(world, amount="1250.00", customer=KLARUP, **more):
    body = {"customer": customer, "bookedOn": str(MARCH), "dueOn": "2026-03-16"} | more
    return world.does("customer-invoices", amount=amount, **body)


def kroner(amount):
    return Money.of(amount, "DKK")


def test_both_sides_are_read_in_one_list_and_each_entry_knows_its_own(world, ledger):
    bought, sold = world.invoice("F-1", "70.00"), sells(world)
    entries = {entry.entry_number: entry for entry in ledger.changes(None, 1000).records}
    assert entries[bought].supplier_number == 70
    assert isinstance(entries[sold], CustomerEntry)
    assert (entries[sold].customer_number, entries[sold].kind) == (KLARUP, EntryKind.INVOICE)
    assert entries[sold].amount == entries[sold].remaining == kroner("1250.00")
    assert (entries[sold].due_on, entries[sold].created_on) == (date(2026, 3, 16), MARCH)
    suppliers_only = EconomicSettings(str(BUTIK), JOURNAL, (PAYABLES,))
    without = EconomicLedger(world.http(), suppliers_only).changes(None, 1000).records
    assert {type(entry).__name__ for entry in without} == {"SupplierEntry"}


def test_what_an_entry_is_follows_from_its_type_its_sign_and_our_mark(world, ledger):
    note = world.does("customer-credit-notes", customer=KLARUP, amount="10.00", bookedOn=str(MARCH))
    money = world.does("customer-payments", customer=KLARUP, amount="10.00", bookedOn=str(MARCH))
    typed = sells(world, manual=True)
    opening = world.does(
        "customer-adjustments", customer=KLARUP, amount="10.00", bookedOn=str(MARCH)
    )
    kinds = {n: entry.kind for n, entry in ledger.standing([note, money, typed, opening]).items()}
    assert kinds == {
        note: EntryKind.CREDIT_NOTE,
        money: EntryKind.PAYMENT,
        typed: EntryKind.INVOICE,
        opening: EntryKind.OTHER,
    }


def test_in_another_currency_an_entry_has_its_worth_in_the_books(world, ledger):
    entry = ledger.get(sells(world, "1000.00", NORDVIK))
    assert (entry.amount, entry.amount_in_base) == (Money.of("1000.00", "SEK"), kroner("660.00"))


def test_documents_say_what_stands_beside_their_entries(world, ledger):
    sells(world, number=501, other=" Sag 7 ")
    world.does(
        "customer-credit-notes", customer=KLARUP, amount="1", bookedOn=str(MARCH), number=502,
        credits=501,
    )  # fmt: skip
    assert ledger.sales_documents([501, 502, 999]) == {
        501: SalesDocument(501, "Sag 7", None),
        502: SalesDocument(502, "", 501),
    }
    copy = ledger.invoice_copy(501)
    assert copy.content.startswith(b"%PDF-")
    assert (copy.media_type, len(copy.sha256)) == ("application/pdf", 64)
    with pytest.raises(Gone):
        ledger.invoice_copy(999)


def test_garbage_is_no_copy_of_an_invoice(world, ledger):
    sells(world, number=503)
    world.fails("/invoices/booked/503/pdf", status=200, body="<html>")
    with pytest.raises(Unreadable, match="is not a PDF"):
        ledger.invoice_copy(503)


def test_more_numbers_than_one_list_may_hold_are_asked_for_in_several(world, ledger):
    entry = sells(world)
    assert list(ledger.standing([entry, *range(100_000, 100_400)])) == [entry]


def test_what_stands_open_on_one_customers_account_is_read_alone(world, ledger):
    mine, paid = sells(world, "11.00", KARIN), sells(world, "12.00", KARIN)
    payment = world.does("customer-payments", entry=paid, bookedOn=str(MARCH))
    sells(world)
    assert [entry.entry_number for entry in ledger.open_items_of(KARIN)] == [mine]
    assert ledger.matches_of([paid]) == (Match(paid, payment, kroner("12.00"), MARCH),)


def test_cards_are_read_by_number_and_by_when_they_were_changed(world, ledger):
    page = ledger.customers(None, None)
    assert [card.number for card in page.records] == [card["number"] for card in CARDS]
    assert (page.complete, page.next_cursor) == (True, str(CARDS[-1]["number"]))
    world.clock.advance(hours=1)
    since = world.clock.now().isoformat(timespec="seconds")
    world.does("change-customer", number=KARIN, email="karin@ny.example.dk")
    (changed,) = ledger.customers(None, since).records
    assert (changed.number, changed.email) == (KARIN, "karin@ny.example.dk")
    assert ledger.customer(KARIN) == changed
    assert ledger.customer(999) is None


def test_a_card_that_cannot_be_read_is_parked(world, ledger):
    body = '{"collection": [{"customerNumber": 1}, {"customerNumber": 2, "name": "B", "currency": "DKK"}]}'
    world.fails("/customers", status=200, body=body)
    page = ledger.customers(None, None)
    assert ([card.number for card in page.records], [one.source_id for one in page.parked]) == (
        [2], ["unknown"],
    )  # fmt: skip


def test_the_open_items_of_customers_add_up_to_their_control_account(world, ledger):
    sells(world, "100.01", NORDVIK)
    world.invoice("F-2", "55.00")
    open_in_base = {CustomerEntry: 0, SupplierEntry: 0}
    for one in ledger.open_set():
        open_in_base[type(one.entry)] += one.remaining_in_base.minor
    owed = ledger.control_total(date.max, "receivable").minor
    assert owed == open_in_base[CustomerEntry]
    assert ledger.control_total(date.max).minor == open_in_base[SupplierEntry]
    world.does("receivables-drift", amount="0.05", bookedOn=str(MARCH))
    assert ledger.control_total(date.max, "receivable").minor == owed + 5


def test_a_charge_is_drafted_booked_found_by_its_mark_and_set_off(world, ledger):
    lines = (
        ChargeLine(KLARUP, kroner("100.00"), 1311, "Rykkergebyr 1001", date(2026, 3, 20)),
        ChargeLine(KLARUP, kroner("-100.00"), 1311, "Rykkergebyr 1001"),
    )
    drafts = ledger.draft(Posting(MARCH, lines), TOKEN, "key")
    ledger.book(drafts, "key:book")
    charged, given_up = ledger.find_posting(TOKEN).booked
    assert (charged.supplier_entry, charged.party_entry) == (None, charged.customer_entry)
    entry = ledger.get(charged.customer_entry)
    assert (entry.kind, entry.mark) == (EntryKind.CHARGE, f"{TOKEN}.1")
    assert (entry.amount, entry.due_on) == (kroner("100.00"), date(2026, 3, 20))
    ledger.match([(given_up.party_entry, charged.party_entry)])
    assert ledger.get(charged.party_entry).remaining == kroner("0.00")
