"""E-invoices from their arrival to the ledger's own word about them."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from services.sync.acts import booking
from services.sync.effects.once import COMMIT_DELAY
from services.sync.model.document import as_booked
from services.sync.model.einvoice import NotAnInvoice
from services.sync.model.safe_xml import UnsafeXml
from services.sync.values import Entry, Reading
from shared.contracts.values import Fault, SealedAccount
from shared.decider import Rejected
from shared.sealed import Sealed
from tests.sync.economic_world import BUTIK
from tests.sync.house import SHOP, dkk, living

DOCUMENTS = Path(__file__).parent / "documents"
FIK71 = (DOCUMENTS / "peppol-dk-fik71.xml").read_bytes()
BULK, BOOKING = "/draft-entries/bulk", "/bookdraftentries"


@pytest.fixture
def house(postgres_server):
    with living(postgres_server, economic_timeout="0.5") as house:
        house.attach()
        house.vendor.does(
            "suppliers", BUTIK, number=80, name="Lindtoft Tømmerhandel", vatNumber="31884209"
        )
        house.consent()
        yield house


def refused(act):
    with pytest.raises(Rejected) as caught:
        act()
    return caught.value.code


@pytest.mark.capability("S14")
@pytest.mark.capability("S15")
def test_a_document_is_kept_as_it_came_read_and_told(house):
    document_id = house.receive(FIK71)
    received, read = house.told("EInvoiceReceived", "EInvoiceRead")
    copy = {
        "sha256": sha256(FIK71).hexdigest(),
        "media_type": "application/xml",
        "size_bytes": len(FIK71),
    }
    assert received[1] == {"document_id": str(document_id), "copy_of": copy}
    assert read[1]["number"] == "2048311"
    assert read[1]["payable"] == {"minor": 8624000, "currency": "DKK"}
    assert read[1]["faults"] == []
    assert house.document(document_id).supplier_number == 80
    with house.world.runtimes["sync"].app.transaction([SHOP]) as transaction:
        (kept,) = transaction.raw.execute("select bytes from copy").fetchone()
    assert bytes(kept) == FIK71


@pytest.mark.capability("S14")
def test_the_same_document_twice_is_one(house):
    assert house.receive(FIK71) == house.receive(FIK71)
    assert house.names("EInvoiceReceived") == ["EInvoiceReceived"]


@pytest.mark.parametrize(
    ("document", "error", "code"),
    [
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", UnsafeXml, "doctype"),
        (b"<a>", UnsafeXml, "malformed"),
        (b"<note xmlns='urn:x'/>", NotAnInvoice, "unknown_document"),
    ],
)
def test_what_is_unsafe_or_no_invoice_is_named_and_not_kept(house, document, error, code):
    with pytest.raises(error) as caught:
        house.receive(document)
    assert caught.value.code == code
    assert house.names("EInvoiceReceived") == []
    with house.world.runtimes["sync"].app.transaction([SHOP]) as transaction:
        assert transaction.raw.execute("select from copy").fetchall() == []


@pytest.mark.capability("S15")
@pytest.mark.capability("S12")
@pytest.mark.capability("S13")
def test_one_yes_books_it_and_the_next_run_tells_it_with_its_own_document(house):
    document_id = house.receive(FIK71)
    house.sync_now()
    assert house.names("InvoiceBooked") == [], "what is not booked cannot be paid"
    house.book(document_id)
    (booked,) = (fields for _, fields in house.told("EInvoiceBooked"))
    assert booked["voucher"] == "2026-1"
    (told,) = (fields for _, fields in house.told("InvoiceBooked"))
    assert (told["number"], told["party_number"]) == ("2048311", "80")
    assert told["gross"] == told["remaining"] == {"minor": 8624000, "currency": "DKK"}
    assert told["copy_of"]["sha256"] == sha256(FIK71).hexdigest()
    assert told["account"]["kind"] == "fik71"
    assert (told["issued_on"], told["due_on"], told["faults"]) == ("2026-02-12", "2026-03-02", [])


@pytest.mark.case("integrations", 5)
@pytest.mark.parametrize("write", [BULK, BOOKING])
@pytest.mark.parametrize("done", [True, False])
def test_a_booking_whose_answer_was_lost_stands_once(house, write, done):
    house.vendor.fails(write, afterCommit=done, end="lost")
    document_id = house.receive(FIK71)
    house.book(document_id)
    house.book(document_id)
    assert house.names("EInvoiceBooked") == []
    for _ in range(3):
        house.world.clock.advance(seconds=int(COMMIT_DELAY.total_seconds()))
        house.settle()
    assert house.names("EInvoiceBooked") == ["EInvoiceBooked"]
    assert len(house.vendor.books()["vouchers"]) == 1
    assert house.vendor.books()["drafts"] == []


def test_the_same_invoice_in_other_bytes_is_not_booked_a_second_time(house):
    house.book(house.receive(FIK71))
    again = house.receive(FIK71.replace(b"<cbc:Note>", b"<cbc:Note> ", 1) + b"\n")
    assert refused(lambda: house.book(again)) == "booked_already"
    assert len(house.vendor.books()["vouchers"]) == 1
    other = house.receive(FIK71.replace(b"2048311", b"2048312"))
    house.book(other)
    assert house.document(other).state == "booked"


def test_an_unknown_supplier_keeps_it_from_the_books_until_one_is_chosen(house):
    document_id = house.receive((DOCUMENTS / "peppol-no-kid.xml").read_bytes())
    assert refused(lambda: house.book(document_id)) == "supplier_unknown"

    def choose(number):
        house.world.work("sync", SHOP, lambda w: booking.choose_supplier(w, document_id, number))

    assert refused(lambda: choose(999)) == "supplier_unknown"
    choose(70)
    house.book(document_id)
    assert house.document(document_id).state == "booked"
    assert house.document(document_id).supplier_number == 70


def test_a_seller_without_a_number_is_no_supplier_without_one(house):
    house.vendor.does("suppliers", BUTIK, number=90, name="Uden nummer", vatNumber="n/a")
    house.sync_now()
    nameless = FIK71.replace(b"31884209", b"none").replace(b"Lindtoft", b"Ukendt")
    assert house.document(house.receive(nameless)).supplier_number is None


def test_a_field_read_with_doubt_is_confirmed_by_a_person_first(house):
    document_id = house.receive((DOCUMENTS / "oioubl-fik71-wrong-digit.xml").read_bytes())
    assert refused(lambda: house.book(document_id)) == "not_confirmed"
    house.book(document_id, confirmed=True)
    (told,) = (fields for _, fields in house.told("InvoiceBooked"))
    assert [fault["code"] for fault in told["faults"]] == ["reference_check_digit"]


@pytest.mark.parametrize("name", ["sums-that-do-not-add-up", "negative-total"])
def test_sums_that_cannot_be_entered_are_not(house, name):
    document_id = house.receive((DOCUMENTS / f"{name}.xml").read_bytes())
    with pytest.raises(Rejected):
        house.book(document_id, confirmed=True)


def test_a_credit_note_is_booked_against_the_supplier(house):
    document_id = house.receive((DOCUMENTS / "credit-note.xml").read_bytes())
    house.book(document_id)
    (note,) = (fields for _, fields in house.told("CreditNoteBooked"))
    assert note["gross"] == {"minor": 135500, "currency": "DKK"}
    assert house.item(2).remaining in {None, dkk("-1355.00")}


def test_a_refusal_by_the_ledger_is_shown_and_the_booking_can_be_asked_again(house):
    house.vendor.does("close-periods", until="2027-12-31")
    document_id = house.receive(FIK71)
    house.book(document_id)
    assert house.document(document_id).state == "read"
    for year in house.vendor.shop.years:
        year.closed = False
        for period in year.periods:
            period.closed = False
    house.book(document_id)
    assert house.document(document_id).state == "booked"


def test_nothing_is_booked_without_a_ledger(postgres_server):
    with living(postgres_server) as house:
        document_id = house.receive(FIK71)
        assert refused(lambda: house.book(document_id)) == "not_connected"


@pytest.mark.capability("S15")
@pytest.mark.parametrize(
    ("name", "code"), [("several-means", "several_means"), ("direct-debit", "direct_debit")]
)
def test_what_stands_against_paying_a_document_stands_against_its_invoice(house, name, code):
    document_id = house.receive((DOCUMENTS / f"{name}.xml").read_bytes())
    house.world.work("sync", SHOP, lambda w: booking.choose_supplier(w, document_id, 70))
    house.book(document_id, confirmed=True)
    (told,) = (fields for _, fields in house.told("InvoiceBooked"))
    assert code in [fault["code"] for fault in told["faults"]]


@pytest.mark.capability("S15")
def test_an_entry_that_a_run_saw_before_we_knew_it_was_ours_is_told_what_stands_against_it(house):
    document_id = house.receive((DOCUMENTS / "several-means.xml").read_bytes())
    house.world.work("sync", SHOP, lambda w: booking.choose_supplier(w, document_id, 70))
    house.vendor.fails(BOOKING, afterCommit=True, end="lost")
    house.book(document_id, confirmed=True)
    house.sync_now()
    (seen,) = (fields for _, fields in house.told("InvoiceBooked"))
    assert seen["faults"] == []
    house.world.clock.advance(seconds=int(COMMIT_DELAY.total_seconds()))
    house.settle()
    changed = [fields for _, fields in house.told("InvoiceChanged")]
    assert [fault["code"] for fault in changed[-1]["faults"]] == ["several_means"]


@pytest.mark.parametrize(("code", "stands"), [("several_means", False), ("direct_debit", True)])
def test_details_entered_in_the_ledger_answer_which_way_to_pay_not_whether(code, stands):
    def account(fingerprint):
        return SealedAccount("iban", fingerprint, "0001", Sealed(SHOP, "x"))

    reading = a_reading(account("read"), Fault(code, "account"), Fault("missing", "due_on"))
    as_it_was = as_booked(an_entry(account("read")), reading)
    assert [fault.code for fault in as_it_was.faults] == [code]
    assert as_booked(as_it_was, reading) == as_it_was
    changed = as_booked(an_entry(account("entered")), reading)
    assert [fault.code for fault in changed.faults] == ([code] if stands else [])


def a_reading(account, *faults):
    return Reading(
        kind="invoice",
        number="7",
        sender=Sealed(SHOP, "x"),
        issued_on=None,
        due_on=None,
        payable=None,
        confidence="1",
        taxed=False,
        account=account,
        faults=faults,
        supplier_number=None,
    )


def an_entry(account):
    return Entry(
        number=1,
        kind="invoice",
        party_id=SHOP,
        party_name=Sealed(SHOP, "x"),
        party_number="70",
        invoice_number="7",
        year="2026",
        voucher=1,
        issued_on=date(2026, 3, 2),
        due_on=date(2026, 3, 9),
        gross=dkk("10.00"),
        account=account,
        faults=(),
        exported_to_bank=False,
        historical=False,
        token=None,
        print="p",
    )
