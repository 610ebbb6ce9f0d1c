"""The rules of the customers' side by themselves, and stored events from before there was one."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import uuid4

import msgspec
import pytest

from services.sync import commands as c
from services.sync import events as e
from services.sync.model.connection import CONNECTION
from services.sync.model.customer import CUSTOMER
from services.sync.model.item import ITEM
from services.sync.model.posting import POSTING
from services.sync.model.references import references_in
from services.sync.model.voucher import Unbookable, charge_lines
from services.sync.values import (
    AskedCharge,
    AskedCharges,
    Entry,
    Receivables,
    Settings,
)
from shared.contracts.sync import Allocation
from shared.eventstore.mapper import EventMapper
from shared.money import Money
from shared.sealed import Sealed
from shared.testing.spec import given

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
RUN = uuid4()
SEALED = Sealed(uuid4(), "c2VhbGVk")
PAYABLES_ONLY = Settings(4, (6800,), {}, 1310)
BOTH = Settings(4, (6800,), {}, 1310, None, Receivables((5600,)))
FROM_MARCH = Settings(
    4, (6800,), {}, 1310, None, Receivables((5600,), followed_from=date(2026, 3, 2))
)


def dkk(amount: str) -> Money:
    return Money.of(amount, "DKK")


def given_consent(settings: Settings) -> e.ConsentGiven:
    return e.ConsentGiven("economic", "1001", settings, SEALED, "Inst", "1", RUN, date(2026, 3, 2))


def consent(settings: Settings, given_on: date = date(2026, 3, 2)) -> c.GiveConsent:
    return c.GiveConsent("economic", "1001", settings, SEALED, "Inst", "1", RUN, given_on, RUN, AT)


STARTED = e.RunStarted(RUN, "consent", AT)


def test_what_is_followed_up_begins_with_the_first_consent_and_stays_so():
    given(CONNECTION).when(consent(BOTH)).then(given_consent(FROM_MARCH), STARTED)
    read = (given_consent(FROM_MARCH), STARTED, e.RunFailed(RUN, "unreachable", ""))
    again = given(CONNECTION, *read).when(consent(BOTH, date(2026, 6, 1)))
    again.then(
        msgspec.structs.replace(given_consent(FROM_MARCH), given_on=date(2026, 6, 1)), STARTED
    )


def test_a_ledger_that_is_opened_later_is_read_from_its_beginning_by_the_next_run():
    history: list[e.ConnectionEvent] = [
        given_consent(PAYABLES_ONLY),
        STARTED,
        e.PageRead(RUN, "70", 1, 1, (), complete=False),
        given_consent(FROM_MARCH),
        # The page that was on its way when the client consented again.
        e.PageRead(RUN, "71", 1, 1, (), complete=True),
    ]
    assert CONNECTION.fold(history).cursor == "71"
    later = CONNECTION.fold([*history, e.RunFailed(RUN, "x", ""), STARTED])
    assert (later.cursor, later.reads_customers) == (None, True)
    other = msgspec.structs.replace(given_consent(FROM_MARCH), agreement="2002")
    moved = c.GiveConsent(
        "economic", other.agreement, BOTH, SEALED, "Inst", "1", RUN, AT.date(), RUN, AT
    )
    given(CONNECTION, *history).when(moved).then_rejected("another_agreement")


def test_customers_are_read_after_suppliers_and_only_where_they_are_wanted():
    suppliers = e.SuppliersRead(RUN, None, 0, (), complete=True)
    customers = e.CustomersRead(RUN, "204", 1, (), complete=False, newest="2026-03-02T07:00:00Z")
    rest = e.CustomersRead(RUN, None, 1, (), complete=True, newest="2026-03-01T07:00:00Z")
    step = CONNECTION.fold([given_consent(FROM_MARCH), STARTED, suppliers])
    assert step.run is not None
    assert step.run.step == "customers"
    read = CONNECTION.fold([customers, rest], step)
    assert read.run is not None
    assert (read.run.step, read.cards_since) == ("entries", "2026-03-02T07:00:00Z")
    without = CONNECTION.fold([given_consent(PAYABLES_ONLY), STARTED, suppliers])
    assert without.run is not None
    assert without.run.step == "entries"


ENTRY = Entry(
    number=7,
    kind="invoice",
    party_id=uuid4(),
    party_name=SEALED,
    party_number="201",
    invoice_number="1001",
    year="2026",
    voucher=1,
    issued_on=date(2026, 3, 2),
    due_on=date(2026, 3, 16),
    gross=dkk("900.00"),
    account=None,
    faults=(),
    exported_to_bank=False,
    historical=False,
    token=None,
    print="a",
    side="receivable",
)
PAID = Allocation(uuid4(), "payment", dkk("900.00"), date(2026, 3, 5), date(2026, 3, 6))


def observed(remaining: str, *against: Allocation) -> c.ObserveEntry:
    return c.ObserveEntry(ENTRY, dkk(remaining), date(2026, 3, 6), allocations=against)


def test_what_stands_against_an_invoice_is_told_at_first_sight_and_whenever_it_changes():
    seen = e.InvoiceSeen(ENTRY, dkk("0.00"))
    matched = e.ItemMatched(dkk("0.00"), date(2026, 3, 6), (PAID,))
    given(ITEM).when(observed("0.00", PAID)).then(seen, matched)
    item = given(ITEM, seen, matched)
    item.when(observed("0.00", PAID)).then_nothing()
    other = Allocation(uuid4(), "payment", PAID.amount, PAID.value_on, PAID.matched_on)
    item.when(observed("0.00", other)).then(e.ItemMatched(dkk("0.00"), date(2026, 3, 6), (other,)))
    item.when(observed("900.00")).then(e.ItemUnmatched(dkk("900.00")))


def test_a_check_is_told_once():
    check = c.NoteCheck(uuid4(), AT, complete=True)
    told = e.OpenItemsChecked(check.check_id, AT, complete=True)
    given(CUSTOMER).when(check).then(told)
    given(CUSTOMER, told).when(check).then_nothing()


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("Sag 2026-114; Reg.nr. AB 12 345", [("case", "2026-114"), ("registration", "AB 12 345")]),
        ("Sagsnr.: 7", [("case", "7")]),
        ("Ärendenr 44\nOrdernr: 9", [("case", "44"), ("order", "9")]),
        ("Saksnummer 12", [("case", "12")]),
        ("PO 4500012345", [("order", "4500012345")]),
        ("Att.: Bo Ek", [("contact", "Bo Ek")]),
        ("AB 12 345", [("registration", "AB 12 345")]),
        ("Sagen er klar", [("registration", "Sagen er klar")]),
        ("Sag", [("registration", "Sag")]),
        (" ; ", []),
    ],
)
def test_the_field_of_other_references_is_read_by_the_words_before_each(written, found):
    assert list(references_in(written, "registration")) == found


def asked(*lines: AskedCharge, customer: str = "201") -> AskedCharges:
    return AskedCharges(uuid4(), customer, "1001", date(2026, 3, 16), lines)


def test_charges_are_entered_on_the_customer_from_their_income():
    lines = charge_lines(
        asked(AskedCharge("fee_income", dkk("100.00")), AskedCharge("interest_income", dkk("-3.00"), "T.1.2")),
        {"fee_income": 1311, "interest_income": 4305},
        "sv",
    )  # fmt: skip
    entered = [
        (line.customer_number, line.contra_account, line.text, line.gives_up) for line in lines
    ]
    assert entered == [
        (201, 1311, "Påminnelseavgift 1001", None),
        (201, 4305, "Dröjsmålsränta 1001", "T.1.2"),
    ]


@pytest.mark.parametrize(
    ("charges", "code"),
    [
        (asked(AskedCharge("compensation_income", dkk("310.00"))), "account_missing"),
        (asked(AskedCharge("fee_income", dkk("100.00")), customer="x"), "customer_unknown"),
        (asked(), "no_lines"),
    ],
)
def test_charges_that_cannot_be_entered_are_named(charges: AskedCharges, code: str):
    with pytest.raises(Unbookable) as refused:
        charge_lines(charges, {"fee_income": 1311}, "da")
    assert refused.value.code == code


# As they were stored before there was a customers' side.
OLD = {
    "sync.DriftDetected.v1": b'{"event":"sync.DriftDetected.v1",'
    b'"ledger_total":{"minor":5,"currency":"DKK"},"mirror_total":{"minor":0,"currency":"DKK"}}',
    "sync.DriftCleared.v1": b'{"event":"sync.DriftCleared.v1"}',
    "sync.RunCompleted.v1": b'{"event":"sync.RunCompleted.v1",'
    b'"run_id":"0193c1f0-0000-7000-8000-000000000001","started_at":"2026-03-02T08:00:00Z",'
    b'"counts":{"pages":1,"entries":1,"told":1}}',
    "sync.ConsentGiven.v1": b'{"event":"sync.ConsentGiven.v1","system":"economic",'
    b'"agreement":"1001","settings":{"journal":4,"payables_accounts":[6800],"accounts":{},'
    b'"expense_account":1310,"vat_code":null},'
    b'"grant":{"subject":"0193c1f0-0000-7000-8000-000000000001","sealed":"eA=="},'
    b'"institute":"I","licence":"1","given_by":"0193c1f0-0000-7000-8000-000000000001",'
    b'"given_on":"2026-03-02"}',
    "sync.InvoiceSeen.v1": b'{"event":"sync.InvoiceSeen.v1","entry":{"number":7,"kind":"invoice",'
    b'"party_id":"0193c1f0-0000-7000-8000-000000000001",'
    b'"party_name":{"subject":"0193c1f0-0000-7000-8000-000000000001","sealed":"eA=="},'
    b'"party_number":"70","invoice_number":"F-1","year":"2026","voucher":1,'
    b'"issued_on":"2026-03-02","due_on":"2026-03-31","gross":{"minor":100,"currency":"DKK"},'
    b'"account":null,"faults":[],"exported_to_bank":false,"historical":false,"token":null,'
    b'"print":"a"},"remaining":{"minor":100,"currency":"DKK"},"copy_of":null}',
    "sync.ItemMatched.v1": b'{"event":"sync.ItemMatched.v1",'
    b'"remaining":{"minor":0,"currency":"DKK"},"matched_on":"2026-03-05"}',
    "sync.ItemUnmatched.v1": b'{"event":"sync.ItemUnmatched.v1",'
    b'"remaining":{"minor":100,"currency":"DKK"}}',
    "sync.PostingSought.v1": b'{"event":"sync.PostingSought.v1",'
    b'"payment_id":"0193c1f0-0000-7000-8000-000000000001","token":"T.1","attempt":1,'
    b'"voucher_on":"2026-03-02","lines":[{"contra_account":5820,'
    b'"amount":{"minor":100,"currency":"DKK"},"text":"Betaling","account":null,'
    b'"supplier_number":70,"invoice_number":"F-1","settles":7}],"after_entry":0}',
    "sync.PostingRefused.v1": b'{"event":"sync.PostingRefused.v1","token":"T.1","code":"x",'
    b'"reason":"y","asked":{"payment_id":"0193c1f0-0000-7000-8000-000000000001","token":"T.1",'
    b'"voucher_on":"2026-03-02","lines":[]}}',
    "sync.VoucherPosted.v1": b'{"event":"sync.VoucherPosted.v1","token":"T.1","voucher":"2026-1",'
    b'"posted_on":"2026-03-02","moved_because":null,"unmatched":[]}',
}


def test_what_was_stored_before_there_were_customers_is_still_read_and_is_the_suppliers():
    mapper = EventMapper(e.SyncEvent)
    read = {name: mapper.event(name, body) for name, body in OLD.items()}
    drifts = CONNECTION.fold([read["sync.ConsentGiven.v1"], read["sync.DriftDetected.v1"]])
    assert (drifts.reads_customers, list(drifts.drifts)) == (False, ["payable"])
    assert CONNECTION.fold([read["sync.DriftCleared.v1"]], drifts).drifts == {}
    item = ITEM.fold([read["sync.InvoiceSeen.v1"], read["sync.ItemMatched.v1"]])
    assert item.entry is not None
    assert (item.entry.side, item.allocations) == ("payable", ())
    posting = POSTING.fold([read["sync.PostingSought.v1"], read["sync.VoucherPosted.v1"]])
    assert posting.state == "posted"
    assert read["sync.PostingRefused.v1"].asked.charges is None
