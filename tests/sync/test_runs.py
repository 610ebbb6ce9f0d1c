"""Reading a client's ledger: what is told of it, when, and only on change."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from services.sync.commands import StartRun
from services.sync.model.naming import item_id_of
from shared.decider import Rejected
from shared.references.instruction import InstructionKind, PaymentInstruction
from tests.sync.economic_world import BAGER, BUTIK, FIK
from tests.sync.house import CONNECTION_ID, METTE, SHOP, dkk, living

OPEN_ITEMS = "/booked-entries"


@pytest.fixture
def house(postgres_server):
    with living(postgres_server) as house:
        house.attach()
        yield house


@pytest.mark.capability("S16")
@pytest.mark.capability("S13")
def test_a_booked_invoice_is_told_with_everything_that_paying_it_takes(house):
    entry = house.vendor.invoice("F-1", "1250.10", payment=FIK)
    house.consent()
    (booked,) = (fields for name, fields in house.told("InvoiceBooked"))
    assert booked["invoice_id"] == str(item_id_of(CONNECTION_ID, entry))
    assert (booked["number"], booked["party_number"]) == ("F-1", "70")
    assert booked["gross"] == booked["remaining"] == {"minor": 125010, "currency": "DKK"}
    assert (booked["issued_on"], booked["due_on"]) == ("2026-03-02", "2026-03-31")
    assert (booked["faults"], booked["historical"]) == ([], False)
    assert booked["account"]["kind"] == "fik71"
    assert booked["account"]["last4"] == "4567"


def test_names_and_accounts_leave_only_sealed_and_open_as_what_the_ledger_said(house):
    house.vendor.invoice("F-1", "1250.10", payment=FIK)
    house.consent()
    everything = json.dumps(house.told())
    assert "Papir" not in everything
    assert "81234567" not in everything
    (booked,) = (fields for _, fields in house.told("InvoiceBooked"))
    opened = house.opened(booked["account"]["sealed"])
    assert json.loads(opened) == {
        "kind": "fik71",
        "account": "81234567",
        "reference": "000000000012344",
        "bic": None,
    }
    assert house.opened(booked["party_name"]).startswith("Nørrebro")
    assert PaymentInstruction(**json.loads(opened)).kind == InstructionKind.FIK71


@pytest.mark.capability("S16")
def test_missing_and_faulty_details_are_named_as_faults(house):
    house.vendor.invoice("F-1", "10.00")
    house.vendor.invoice("F-2", "10.00", payment=FIK | {"creditorInvoiceId": "000000000012345"})
    house.consent()
    faults = [fields["faults"] for _, fields in house.told("InvoiceBooked")]
    assert [(fault["code"], fault["field"]) for fault in faults[0]] == [
        ("missing_details", "account")
    ]
    assert [(fault["code"], fault["expected"]) for fault in faults[1]] == [
        ("reference_check_digit", "4")
    ]


@pytest.mark.case("rails", 1)
def test_a_slip_is_sound_with_its_check_digit_and_told_the_one_it_lacks(house):
    slip = {"paymentTypeNumber": 3, "creditorId": "80882939"}
    for number, reference in (("F-1", "026840149965328"), ("F-2", "026840149965329")):
        payment = slip | {"creditorInvoiceId": reference}
        house.vendor.invoice(number, "1250.00", payment=payment)
    house.consent()
    faults = {fields["number"]: fields["faults"] for _, fields in house.told("InvoiceBooked")}
    assert faults["F-1"] == []
    assert [(fault["code"], fault["expected"]) for fault in faults["F-2"]] == [
        ("reference_check_digit", "8")
    ]


def test_a_second_run_over_unchanged_books_tells_nothing_new(house):
    house.vendor.invoice("F-1", "1250.10", payment=FIK)
    house.consent()
    before = house.names()
    house.advance(hours=1)
    house.sync_now()
    assert house.names()[len(before) :] == ["ControlTotalRead", "SyncCompleted"]


@pytest.mark.case("integrations", 1)
def test_an_invoice_paid_in_the_ledger_is_told_once_with_its_amount_and_day(house):
    entry = house.vendor.invoice("F-10", "900.00")
    house.consent()
    house.vendor.does("payments", entry=entry, bookedOn="2026-03-05")
    house.advance(days=3)
    house.sync_now()
    house.sync_now()
    (matched,) = (fields for _, fields in house.told("ItemsMatched"))
    assert matched["item_id"] == str(item_id_of(CONNECTION_ID, entry))
    assert matched["remaining"] == {"minor": 0, "currency": "DKK"}
    assert matched["matched_on"] == "2026-03-05"
    (paid,) = (fields for _, fields in house.told("LedgerPaymentBooked"))
    assert paid["amount"] == {"minor": 90000, "currency": "DKK"}


@pytest.mark.case("integrations", 2)
def test_a_match_that_is_taken_back_is_told_and_the_due_date_stands(house):
    entry = house.vendor.invoice("F-10", "900.00")
    house.consent()
    payment = house.vendor.does("payments", entry=entry, bookedOn="2026-03-05")
    house.sync_now()
    house.vendor.does("unmatch", entries=[entry, payment], bookedOn="2026-03-06")
    house.sync_now()
    (unmatched,) = (fields for _, fields in house.told("ItemsUnmatched"))
    assert unmatched["remaining"] == {"minor": 90000, "currency": "DKK"}
    known = house.item(entry).entry
    assert known is not None
    assert known.due_on.isoformat() == "2026-03-31"


@pytest.mark.case("integrations", 3)
def test_a_booking_between_two_pages_is_told_once(postgres_server):
    with living(postgres_server, page_size=3, sync_page="3") as house:
        booked = [house.vendor.invoice(f"F-{n}", "10.00") for n in range(7)]
        house.attach()
        house.consent()
        booked.append(house.vendor.invoice("F-late", "10.00"))
        house.sync_now()
        told = [fields["invoice_id"] for _, fields in house.told("InvoiceBooked")]
        assert told == [str(item_id_of(CONNECTION_ID, entry)) for entry in booked]
        last = [fields for _, fields in house.told("SyncCompleted")][-1]
        assert last["counts"] == {"pages": 1, "entries": 1, "told": 1}


@pytest.mark.capability("S16")
def test_changed_payment_details_are_told_as_a_change(house):
    entry = house.vendor.invoice("F-1", "1250.10", payment=FIK)
    house.consent()
    account = {"paymentTypeNumber": 2, "creditorId": "DE89370400440532013000", "bic": "COBADEFFXXX"}
    house.vendor.does("payment-details", entry=entry, payment=account)
    house.sync_now()
    house.sync_now()
    (changed,) = (fields for _, fields in house.told("InvoiceChanged"))
    assert changed["account"]["kind"] == "iban"
    assert house.names("ItemsMatched") == []


@pytest.mark.capability("S24")
def test_the_document_of_an_open_invoice_is_fetched_and_kept_by_its_hash(house):
    house.vendor.invoice("F-1", "1250.10")
    house.consent()
    (stored,) = (fields for _, fields in house.told("InvoiceCopyStored"))
    copy = stored["copy_of"]
    assert copy["media_type"] == "application/pdf"
    with house.world.runtimes["sync"].app.transaction([SHOP]) as transaction:
        rows = transaction.raw.execute("select sha256, length(bytes) from copy").fetchall()
    assert rows == [(copy["sha256"], copy["size_bytes"])]


def test_a_run_asked_for_while_one_is_under_way_follows_it(house):
    house.consent()
    at = house.world.clock.now()
    for _ in range(3):
        house.ask(StartRun(uuid4(), "person", at))
    house.settle()
    # The first, the one under way, and one for all that was asked for meanwhile.
    assert house.names("SyncCompleted") == ["SyncCompleted"] * 3


@pytest.mark.capability("Y1")
def test_three_runs_a_day_at_the_clients_own_hours(house):
    house.consent()
    started = []
    for _ in range(24 * 4):
        house.advance(minutes=15)
        house.settle()
    started = [
        datetime.fromisoformat(fields["started_at"]) for _, fields in house.told("SyncCompleted")
    ][1:]
    hours = [datetime(2026, 3, 2, hour, tzinfo=UTC) for hour in (11, 16, 29 - 24)]
    hours[-1] += timedelta(days=1)
    assert len(started) == 3
    assert all(
        abs(run - hour) <= timedelta(minutes=35) for run, hour in zip(started, hours, strict=True)
    )


@pytest.mark.case("integrations", 9)
def test_a_vendor_that_asks_for_patience_is_left_alone_for_as_long(house):
    house.consent()
    house.vendor.fails("/suppliers", status=429, retryAfter=30)
    house.sync_now()
    assert len(house.names("SyncCompleted")) == 1
    house.advance(seconds=29)
    house.settle()
    assert len(house.names("SyncCompleted")) == 1
    house.advance(seconds=1)
    house.settle()
    assert len(house.names("SyncCompleted")) == 2


def test_a_ledger_that_cannot_be_reached_fails_the_run_and_not_the_connection(house):
    house.consent()
    house.vendor.fails("/suppliers", status=503, times=1000)
    house.sync_now()
    house.advance(hours=2)
    house.settle()
    for _ in range(8):
        house.advance(hours=1)
        house.settle()
    failed = [fields for _, fields in house.told("SyncFailed")]
    assert failed
    assert failed[0]["reason"] == "unreachable"
    assert house.connection().standing == "connected"


@pytest.mark.case("integrations", 11)
def test_an_empty_open_set_is_a_fault_and_withdraws_nothing(house):
    for n in range(3):
        house.vendor.invoice(f"F-{n}", "10.00")
    house.consent()
    for _ in range(2):
        # The delta and then the open set are empty: the list's answer, with 200.
        house.vendor.fails(OPEN_ITEMS, method="GET", status=200, body='{"items": []}', times=2)
        house.advance(hours=2)
        house.sync_now()
        house.vendor.person.delete(f"{house.vendor.address}/control/faults")
    assert house.names("InvoiceWithdrawn") == []
    assert house.names("LedgerDriftDetected") == ["LedgerDriftDetected"]
    assert [fields["reason"] for _, fields in house.told("SyncFailed")] == ["open_set_shrunk"] * 2
    house.sync_now()
    assert house.names("LedgerDriftCleared") == ["LedgerDriftCleared"]


def test_what_two_sweeps_an_hour_apart_do_not_find_is_withdrawn(house):
    kept, lost = house.vendor.invoice("F-1", "10.00"), house.vendor.invoice("F-2", "10.00")
    house.vendor.invoice("F-3", "10.00")
    house.consent()
    house.vendor.shop.entries = [
        entry for entry in house.vendor.shop.entries if entry.entry_number not in {lost, lost + 1}
    ]
    house.sync_now()
    assert house.names("InvoiceWithdrawn") == []
    house.advance(minutes=30)
    house.sync_now()
    assert house.names("InvoiceWithdrawn") == []
    house.advance(minutes=30)
    house.sync_now()
    withdrawn = [fields["invoice_id"] for _, fields in house.told("InvoiceWithdrawn")]
    assert withdrawn == [str(item_id_of(CONNECTION_ID, lost))]
    assert house.item(kept).withdrawn is False


def test_a_control_account_that_disagrees_is_told_once_and_told_to_be_over(house):
    house.vendor.invoice("F-1", "100.00")
    house.consent()
    house.vendor.does("drift", amount="-0.05", bookedOn="2026-03-02")
    house.sync_now()
    house.sync_now()
    (drift,) = (fields for _, fields in house.told("LedgerDriftDetected"))
    assert (drift["ledger_total"]["minor"], drift["mirror_total"]["minor"]) == (10005, 10000)
    house.vendor.does("drift", amount="0.05", bookedOn="2026-03-02")
    house.sync_now()
    assert house.names("LedgerDriftCleared") == ["LedgerDriftCleared"]
    assert house.connection().drifts == {}


@pytest.mark.case("integrations", 12)
def test_the_grant_of_another_company_opens_nothing_and_stores_nothing(house):
    house.vendor.does(
        "invoices", BAGER, supplier=70, number="B-1", amount="1", bookedOn="2026-03-02"
    )
    house.consent(grant="grant-bakery", agreement=BUTIK)
    assert house.connection().standing == "wrong_agreement"
    assert house.names() == ["LedgerAccessDenied", "SyncFailed"]
    with pytest.raises(Rejected) as refused:
        house.sync_now()
    assert refused.value.code == "not_connected"
    house.consent()
    assert house.connection().standing == "connected"


def test_a_plan_without_access_is_shown_as_such_and_a_new_consent_mends_it(house):
    house.vendor.does("access", apiAccess=False)
    house.consent()
    assert house.names() == ["LedgerAccessDenied", "SyncFailed"]
    house.vendor.does("access", apiAccess=True)
    house.consent()
    assert house.connection().standing == "connected"


def test_a_withdrawn_grant_asks_for_consent(house):
    house.consent(grant="grant-of-nobody")
    assert house.names() == ["LedgerNeedsConsent", "SyncFailed"]
    house.advance(days=1)
    house.settle()
    assert house.names() == ["LedgerNeedsConsent", "SyncFailed"]


def test_a_consent_says_who_gave_it_and_through_whom(house):
    house.consent()
    consent = house.connection().consent
    assert consent is not None
    assert (consent.institute, consent.licence, consent.given_by) == (
        "Nordbetaling A/S",
        "FT 34012",
        METTE,
    )


def test_a_supplier_made_while_a_run_is_under_way_is_read_with_its_first_entry(house):
    house.consent()
    house.vendor.does("suppliers", number=72, name="Ny A/S")
    house.vendor.invoice("N-1", "10.00", supplier=72)
    house.vendor.fails("/suppliers", status=200, body='{"collection": []}')
    house.sync_now()
    (booked,) = (fields for _, fields in house.told("InvoiceBooked"))
    assert house.opened(booked["party_name"]) == "Ny A/S"


def test_a_record_that_cannot_be_read_is_set_aside_by_its_hash_and_the_rest_goes_on(house):
    house.vendor.shop.rates["JPY"] = house.vendor.shop.rates["SEK"]
    odd = house.vendor.invoice("F-2", "10.50", currency="JPY")
    good = house.vendor.invoice("F-3", "10.00")
    house.consent()
    assert [fields["invoice_id"] for _, fields in house.told("InvoiceBooked")] == [
        str(item_id_of(CONNECTION_ID, good))
    ]
    assert house.item(odd).entry is None
    assert [fields["reason"] for _, fields in house.told("SyncFailed")] == ["unreadable"]


def test_history_is_told_as_history(house):
    paid, still = house.vendor.invoice("F-1", "10.00"), house.vendor.invoice("F-2", "10.00")
    house.vendor.does("payments", entry=paid, bookedOn="2026-03-02")
    house.consent()
    flags = {fields["number"]: fields["historical"] for _, fields in house.told("InvoiceBooked")}
    assert flags == {"F-1": True, "F-2": False}
    assert house.item(still).remaining == dkk("10.00")
