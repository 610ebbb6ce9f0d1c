"""E-invoices from their arrival to the ledger's own word about them."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from services.sync.acts import booking
from services.sync.effects.once import COMMIT_DELAY
from services.sync.model.einvoice import NotAnInvoice
from services.sync.model.safe_xml import UnsafeXml
from shared.decider import Rejected
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
