"""Reading a client's customers' ledger: what is told of it, when, and only on change.

Most of it happens in one house, each test with invoices of its own.
"""

from __future__ import annotations

import json
from uuid import UUID

import pytest

from shared.contracts.dunning import InvoiceCopySought
from tests.sync.economic_world import FIK
from tests.sync.sales import (
    DUE,
    KARIN,
    KLARUP,
    NORDVIK,
    VESTBY,
    item,
    minor,
    party,
    selling,
)


@pytest.fixture(scope="module")
def house(postgres_server):
    with selling(postgres_server) as house:
        house.open_sales()
        yield house


@pytest.mark.capability("Y2")
@pytest.mark.capability("Y9")
@pytest.mark.capability("E11")
@pytest.mark.capability("E12")
def test_a_customers_invoice_is_told_with_everything_that_reminding_of_it_takes(house):
    entry = house.sells("1250.00", number=4711, other="Sag 2026-114; Reg.nr. AB 12 345")
    house.sync_now()
    ((name, booked),) = house.story(entry)
    assert (name, booked["side"], booked["number"]) == ("InvoiceBooked", "receivable", "4711")
    assert (booked["party_id"], booked["party_number"]) == (str(party(KLARUP)), str(KLARUP))
    assert booked["gross"] == booked["remaining"] == booked["gross_in_base"] == minor("1250.00")
    assert (booked["issued_on"], booked["due_on"]) == ("2026-03-02", DUE.isoformat())
    assert (booked["due_basis"], booked["historical"]) == ("agreed", False)
    references = [(one["kind"], house.opened(one["value"])) for one in booked["references"]]
    assert references == [("case", "2026-114"), ("registration", "AB 12 345")]
    assert json.loads(house.opened(booked["account"]["sealed"])) == {
        "kind": "fik71",
        "account": "81234567",
        "reference": "000000000047118",
        "bic": None,
    }


def test_nothing_personal_of_a_customer_leaves_in_clear(house):
    house.sells("10.00", KARIN, other="Sag Holm 7")
    house.sync_now()
    everything = json.dumps(house.told(), ensure_ascii=False)
    for secret in ("Holm", "Klarup", "Søndergade", "0101851234", "+4520123456", "81234567"):
        assert secret not in everything, secret


def test_in_another_currency_it_is_told_with_its_worth_in_the_books_and_its_own_reference(house):
    swedish = house.sells("1000.00", NORDVIK, number=12345)
    norwegian = house.sells("1000.00", VESTBY)
    house.sync_now()
    ((_, told),) = house.story(swedish)
    assert (told["gross"], told["gross_in_base"]) == (minor("1000.00", "SEK"), minor("660.00"))
    opened = json.loads(house.opened(told["account"]["sealed"]))
    assert (opened["account"], opened["reference"]) == ("50501055", "123455")
    ((_, elsewhere),) = house.story(norwegian)
    assert elsewhere["account"] is None


def test_an_invoice_whose_terms_give_no_due_date_falls_due_by_the_law(house):
    entry = house.sells("10.00", dueOn=None)
    house.sync_now()
    ((_, told),) = house.story(entry)
    assert (told["due_basis"], told["due_on"]) == ("statutory", told["issued_on"])


@pytest.mark.case("integrations", 1)
@pytest.mark.capability("Y4")
@pytest.mark.capability("Y11")
@pytest.mark.capability("Y12")
def test_a_customers_payment_settles_its_invoice_once_with_its_amount_and_days(house):
    entry = house.sells("900.00")
    house.sync_now()
    payment = house.is_paid(entry, on="2026-03-01", enteredOn="2026-03-02", match=False)
    house.vendor.does("match", entries=[entry, payment], bookedOn="2026-03-02")
    house.sync_now()
    house.sync_now()
    ((_, paid),) = house.story(payment)
    assert (paid["amount"], paid["remaining"]) == (minor("900.00"), minor("0.00"))
    assert (paid["value_on"], paid["entered_on"]) == ("2026-03-01", "2026-03-02")
    _, (name, matched) = house.story(entry)
    assert (name, matched["remaining"]) == ("ItemsMatched", minor("0.00"))
    assert matched["allocations"] == [
        {
            "entry_id": item(payment),
            "kind": "payment",
            "amount": minor("900.00"),
            "value_on": "2026-03-01",
            "matched_on": "2026-03-02",
        }
    ]


@pytest.mark.case("integrations", 2)
def test_a_match_that_is_taken_back_reopens_both_and_the_due_date_stands(house):
    entry = house.sells("900.00")
    house.sync_now()
    payment = house.is_paid(entry)
    house.sync_now()
    house.vendor.does("unmatch", entries=[entry, payment], bookedOn="2026-03-06")
    house.sync_now()
    name, unmatched = house.story(entry)[-1]
    assert (name, unmatched["remaining"]) == ("ItemsUnmatched", minor("900.00"))
    assert unmatched["allocations"] == []
    name, free = house.story(payment)[-1]
    assert (name, free["remaining"]) == ("ItemsUnmatched", minor("900.00"))
    known = house.item(entry).entry
    assert known is not None
    assert known.due_on == DUE


def test_another_payment_in_place_of_the_first_is_told_though_as_much_remains(house):
    entry = house.sells("500.00")
    first = house.is_paid(entry)
    house.sync_now()
    second = house.is_paid(entry, amount="500.00", match=False)
    house.vendor.does("unmatch", entries=[entry, first], bookedOn="2026-03-06")
    house.vendor.does("match", entries=[entry, second], bookedOn="2026-03-06")
    house.sync_now()
    name, matched = house.story(entry)[-1]
    assert (name, matched["remaining"]) == ("ItemsMatched", minor("0.00"))
    assert [one["entry_id"] for one in matched["allocations"]] == [item(second)]


@pytest.mark.capability("Y3")
def test_a_credit_note_is_told_with_the_invoice_that_it_takes_back(house):
    entry = house.sells("800.00", number=8001)
    note = house.vendor.does(
        "customer-credit-notes", customer=KLARUP, amount="800.00", bookedOn="2026-03-03",
        credits=8001,
    )  # fmt: skip
    house.vendor.does("match", entries=[entry, note], bookedOn="2026-03-03")
    house.sync_now()
    ((name, told),) = house.story(note)
    assert (name, told["corrects"]) == ("CreditNoteBooked", item(entry))
    assert (told["gross"], told["remaining"]) == (minor("800.00"), minor("0.00"))
    _, (_, matched) = house.story(entry)
    assert [one["kind"] for one in matched["allocations"]] == ["credit_note"]


def test_money_on_account_and_opening_balances_are_told_as_what_they_are(house):
    money = house.vendor.does(
        "customer-payments", customer=KARIN, amount="75.00", bookedOn="2026-03-02"
    )
    opening = house.vendor.does(
        "customer-adjustments", customer=KARIN, amount="40.00", bookedOn="2026-03-02"
    )
    house.sync_now()
    ((name, paid),) = house.story(money)
    assert (name, paid["amount"], paid["remaining"]) == (
        "LedgerPaymentBooked", minor("75.00"), minor("75.00"),
    )  # fmt: skip
    # What reduces the debt is positive, and this adds to it.
    ((name, adjusted),) = house.story(opening)
    assert (name, adjusted["amount"]) == ("LedgerAdjustmentBooked", minor("-40.00"))


@pytest.mark.capability("Y5")
@pytest.mark.capability("Y7")
@pytest.mark.capability("Y8")
def test_a_customer_is_told_with_its_card_sealed_and_whose_law_protects_it(house):
    cards = {number: house.card(number)[0] for number in (KLARUP, KARIN, NORDVIK, VESTBY)}
    assert {
        number: (card["kind"], card["country"], card["language"], card["currency"])
        for number, card in cards.items()
    } == {
        KLARUP: ("company", "DK", "da", "DKK"),
        KARIN: ("person", "DK", "da", "DKK"),
        NORDVIK: ("company", "SE", "sv", "SEK"),
        VESTBY: ("company", "NO", "nb", "NOK"),
    }
    assert all(card["faults"] == [] for card in cards.values())
    klarup = cards[KLARUP]
    shown = {name: house.opened(klarup[name]) for name in ("name", "email", "mobile", "id_number")}
    assert shown == {
        "name": "Klarup Tømrer ApS",
        "email": "bogholderi@klarup.example.dk",
        "mobile": "+4520123456",
        "id_number": "31884209",
    }
    assert json.loads(house.opened(klarup["address"])) == {
        "street": "Havnegade 4",
        "postal_code": "9000",
        "city": "Aalborg",
        "country": "DK",
    }


@pytest.mark.capability("Y6")
@pytest.mark.capability("Y8")
def test_a_changed_card_is_told_once_with_what_is_wrong_with_it(house):
    house.vendor.does("customers", number=210, name="Ny Kunde")
    house.sync_now()
    house.advance(hours=1)
    house.vendor.does(
        "change-customer",
        number=210,
        address="Nygade 1",
        zip="21",
        country="Sverige",
        email="ny@",
        mobilePhone="12 34",
        corporateIdentificationNumber="556016-0681",
    )
    house.sync_now()
    house.sync_now()
    first, changed = house.card(210)
    missing = [("missing", field) for field in ("address", "email", "id_number")]
    assert [(fault["code"], fault["field"]) for fault in first["faults"]] == missing
    assert [(fault["code"], fault["field"]) for fault in changed["faults"]] == [
        ("city_missing", "address"),
        ("postal_code_malformed", "address"),
        ("invalid", "email"),
        ("invalid", "mobile"),
        ("invalid", "id_number"),
    ]
    assert (first["kind"], changed["kind"], changed["mobile"]) == (None, None, None)


def test_a_supplier_and_a_customer_of_one_number_are_two(house):
    house.vendor.does("customers", number=70, name="Papir som kunde")
    bought = house.vendor.invoice("F-70", "100.00", payment=FIK)
    sold = house.sells("100.00", 70)
    house.sync_now()
    (_, payable), (_, receivable) = house.story(bought)[0], house.story(sold)[0]
    assert (payable["party_number"], receivable["party_number"]) == ("70", "70")
    assert (payable["side"], receivable["side"]) == ("payable", "receivable")
    assert payable["party_id"] != receivable["party_id"]


def test_a_second_run_over_unchanged_books_tells_nothing_new(house):
    house.sells("33.00")
    house.sync_now()
    before = house.names()
    house.sync_now()
    assert house.names()[len(before) :] == ["ControlTotalRead"] * 2 + ["SyncCompleted"]


@pytest.mark.capability("Y10")
def test_the_document_is_fetched_once_its_invoice_is_overdue_and_not_before(house):
    entry = house.sells("66.00", dueOn="2026-03-01", number=6001)
    waiting = house.sells("66.00", dueOn="2026-12-01")
    typed = house.sells("66.00", dueOn="2026-03-01", manual=True)
    house.sync_now()
    assert house.names_of(waiting) == house.names_of(typed) == ["InvoiceBooked"]
    _, (name, stored) = house.story(entry)
    assert (name, stored["copy_of"]["media_type"]) == ("InvoiceCopyStored", "application/pdf")
    assert "Faktura\t6001" in house.vendor.shop.sale(6001).lines


@pytest.mark.capability("E51")
def test_a_document_that_the_debtor_asks_for_is_fetched_before_its_invoice_is_overdue(house):
    entry = house.sells("66.00", dueOn="2026-12-01")
    typed = house.sells("66.00", dueOn="2026-12-01", manual=True)
    house.sync_now()
    for wanted in (entry, typed, 404404):
        house.say(InvoiceCopySought(invoice_id=UUID(item(wanted)), debtor_id=party(KLARUP)))
    house.settle()
    assert house.names_of(entry) == ["InvoiceBooked", "InvoiceCopyStored"]
    assert house.names_of(typed) == ["InvoiceBooked"]


@pytest.mark.capability("Y10")
@pytest.mark.case("integrations", 1)
def test_a_check_tells_what_was_paid_at_noon_and_then_that_it_has_looked(house):
    house.vendor.does("customers", number=220, name="Til Tiden ApS")
    paid, still = house.sells("70.00", 220), house.sells("80.00", 220)
    house.sync_now()
    payment = house.is_paid(paid)
    check_id = house.checks(220)
    told = house.told()[-4:]
    assert [name for name, _ in told] == [
        "LedgerPaymentBooked", "ItemsMatched", "InvoiceCopyStored", "OpenItemsChecked",
    ]  # fmt: skip
    assert told[0][1]["entry_id"] == item(payment)
    assert (told[1][1]["item_id"], told[1][1]["remaining"]) == (item(paid), minor("0.00"))
    assert told[2][1]["invoice_id"] == item(still)
    assert (told[3][1]["check_id"], told[3][1]["complete"]) == (str(check_id), True)


def test_a_check_that_cannot_be_made_says_so_in_the_end(house):
    house.vendor.fails("/booked-entries", status=503, times=1000)
    check_id = house.checks(KARIN)
    before = [fields["check_id"] for _, fields in house.told("OpenItemsChecked")]
    assert str(check_id) not in before
    for _ in range(4):
        house.advance(minutes=16)
        house.settle()
    house.vendor.person.delete(f"{house.vendor.address}/control/faults")
    _, checked = house.told("OpenItemsChecked")[-1]
    assert (checked["check_id"], checked["complete"]) == (str(check_id), False)
    house.advance(hours=8)
    house.settle()
