"""Runs over the customers' ledger that go wrong, begin late, or look back: each in its own house."""

from __future__ import annotations

from datetime import date

import pytest

from tests.sync.economic_world import BUTIK
from tests.sync.house import SHOP
from tests.sync.sales import KARIN, KLARUP, item, minor, party, selling

ENTRIES = "/booked-entries"


@pytest.fixture
def house(postgres_server):
    with selling(postgres_server) as house:
        yield house


def booked(house):
    return {fields["invoice_id"]: fields for fields in house.of_customers("InvoiceBooked")}


@pytest.mark.capability("Y17")
def test_what_was_booked_before_the_client_let_us_in_is_told_as_history_true_of_its_own_day(house):
    past = {"bookedOn": "2025-11-03", "dueOn": "2025-11-17", "enteredOn": "2025-11-03"}
    old, settled = house.sells("100.00", **past), house.sells("200.00", **past)
    payment = house.is_paid(settled, on="2025-11-20", enteredOn="2025-11-21")
    new = house.sells("300.00", bookedOn="2026-02-27", dueOn="2026-03-01")
    house.open_sales()
    told = booked(house)
    assert {entry: told[item(entry)]["historical"] for entry in (old, settled, new)} == {
        old: True, settled: True, new: False,
    }  # fmt: skip
    ((_, paid),) = house.story(payment)
    assert paid["historical"] is True
    _, (_, matched) = house.story(settled)
    assert [one["value_on"] for one in matched["allocations"]] == ["2025-11-20"]
    assert house.true_of(old) == [date(2025, 11, 3)]
    assert house.true_of(new) == [None, None]
    # What is history wants no document, though it has been overdue for long.
    assert house.names_of(old) == ["InvoiceBooked"]
    assert house.names_of(new) == ["InvoiceBooked", "InvoiceCopyStored"]


@pytest.mark.capability("Y17")
def test_a_client_says_from_which_day_on_its_invoices_are_followed_up(house):
    earlier = house.sells("100.00", enteredOn="2026-01-31")
    later = house.sells("100.00", enteredOn="2026-02-01")
    house.open_sales(followed_from=date(2026, 2, 1))
    house.open_sales()  # consent given anew does not say otherwise
    told = booked(house)
    assert [told[item(entry)]["historical"] for entry in (earlier, later)] == [True, False]
    consent = house.connection().consent
    assert consent.settings.receivables.followed_from == date(2026, 2, 1)


def test_what_was_entered_and_settled_since_is_no_history_since_it_may_be_owed_again(house):
    entry = house.sells("100.00")
    payment = house.is_paid(entry)
    house.open_sales()
    assert booked(house)[item(entry)]["historical"] is False
    assert house.story(payment)[0][1]["historical"] is False


def test_of_a_payment_that_is_gone_nothing_remains_until_it_is_back(house):
    house.sells("100.00")
    money = house.vendor.does(
        "customer-payments", customer=KARIN, amount="75.00", bookedOn="2026-03-02"
    )
    house.open_sales()
    entries = list(house.vendor.shop.entries)
    house.vendor.does("lose-entry", entry=money)
    house.sync_now()
    house.later(hours=1)
    name, gone = house.story(money)[-1]
    assert (name, gone["remaining"]) == ("ItemsMatched", minor("0.00"))
    house.vendor.shop.entries = entries
    house.sync_now()
    name, back = house.story(money)[-1]
    assert (name, back["remaining"]) == ("ItemsUnmatched", minor("75.00"))


def test_of_a_customer_who_was_forgotten_nothing_new_is_told_and_the_others_go_on(house):
    house.open_sales()
    house.world.vault.forget(SHOP, party(KARIN))
    house.sells("10.00", KARIN)
    house.vendor.does("change-customer", number=KARIN, city="Odense")
    other = house.sells("20.00", KLARUP)
    house.sync_now()
    assert list(booked(house)) == [item(other)]
    assert len(house.card(KARIN)) == 1
    assert house.names("SyncFailed") == []


def test_a_client_that_opens_its_customers_ledger_later_has_it_read_from_its_beginning(house):
    sold = house.sells("100.00")
    house.vendor.invoice("F-1", "10.00")
    house.consent()
    assert house.of_customers("InvoiceBooked", "PartyChanged") == []
    house.checks(KLARUP)
    assert [fields["complete"] for _, fields in house.told("OpenItemsChecked")] == [False]
    house.open_sales()
    assert list(booked(house)) == [item(sold)]
    assert house.names("InvoiceBooked") == ["InvoiceBooked"] * 2


@pytest.mark.case("integrations", 3)
def test_a_booking_between_two_pages_of_both_ledgers_is_told_once(postgres_server):
    with selling(postgres_server, page_size=3, sync_page="3") as house:
        sold = [house.sells("10.00") for _ in range(4)]
        for n in range(3):
            house.vendor.invoice(f"F-{n}", "10.00")
        house.open_sales()
        sold.append(house.sells("10.00"))
        house.sync_now()
        assert list(booked(house)) == [item(entry) for entry in sold]


@pytest.mark.case("integrations", 11)
def test_an_empty_set_of_customers_items_is_a_fault_and_withdraws_nothing(house):
    for _ in range(3):
        house.sells("10.00")
    house.vendor.invoice("F-1", "10.00")
    house.open_sales()
    for _ in range(2):
        house.vendor.fails(ENTRIES, method="GET", status=200, body='{"items": []}', times=2)
        house.advance(hours=2)
        house.sync_now()
        house.vendor.person.delete(f"{house.vendor.address}/control/faults")
    assert house.names("InvoiceWithdrawn") == []
    assert sorted(fields["side"] for _, fields in house.told("LedgerDriftDetected")) == [
        "payable",
        "receivable",
    ]
    house.sync_now()
    assert sorted(fields["side"] for _, fields in house.told("LedgerDriftCleared")) == [
        "payable",
        "receivable",
    ]


def test_what_two_sweeps_an_hour_apart_do_not_find_of_a_customer_is_withdrawn(house):
    kept, lost = house.sells("10.00"), house.sells("20.00")
    house.sells("30.00")
    house.open_sales()
    house.vendor.does("lose-entry", entry=lost)
    house.sync_now()
    house.later(minutes=59)
    assert house.names("InvoiceWithdrawn") == []
    house.later(minutes=1)
    ((_, withdrawn),) = house.told("InvoiceWithdrawn")
    assert (withdrawn["invoice_id"], withdrawn["side"]) == (item(lost), "receivable")
    assert house.item(kept).withdrawn is False


def test_each_side_is_held_against_its_own_control_account(house):
    house.sells("100.00")
    house.sells("1000.00", 203)
    house.vendor.invoice("F-1", "70.00")
    house.open_sales()
    totals = {fields["side"]: fields for _, fields in house.told("ControlTotalRead")}
    assert totals["receivable"]["ledger_total"] == minor("760.00")
    assert totals["receivable"]["mirror_total"] == minor("760.00")
    assert totals["payable"]["ledger_total"] == minor("70.00")
    house.vendor.does("receivables-drift", amount="0.05", bookedOn="2026-03-02")
    house.sync_now()
    house.sync_now()
    ((_, drift),) = house.told("LedgerDriftDetected")
    assert (drift["side"], drift["ledger_total"]) == ("receivable", minor("760.05"))
    house.vendor.does("receivables-drift", amount="-0.05", bookedOn="2026-03-02")
    house.sync_now()
    assert [fields["side"] for _, fields in house.told("LedgerDriftCleared")] == ["receivable"]


@pytest.mark.case("integrations", 12)
def test_the_grant_of_another_company_tells_nothing_of_its_customers(house):
    house.sells("100.00")
    house.open_sales(grant="grant-bakery")
    assert house.connection().standing == "wrong_agreement"
    assert house.names() == ["LedgerAccessDenied", "SyncFailed"]


def test_a_customer_made_while_a_run_is_under_way_is_read_with_its_first_entry(house):
    house.open_sales()
    house.vendor.does("customers", BUTIK, number=299, name="Ny A/S")
    entry = house.sells("10.00", 299)
    house.vendor.fails("/customers", status=200, body='{"collection": []}')
    house.sync_now()
    assert house.opened(booked(house)[item(entry)]["party_name"]) == "Ny A/S"
    assert len(house.card(299)) == 1


def test_an_entry_that_cannot_be_read_is_set_aside_and_the_rest_goes_on(house):
    house.vendor.shop.rates["JPY"] = house.vendor.shop.rates["SEK"]
    house.sells("10.50", KARIN, currency="JPY")
    good = house.sells("10.00", KLARUP)
    house.open_sales()
    assert list(booked(house)) == [item(good)]
