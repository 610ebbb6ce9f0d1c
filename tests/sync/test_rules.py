"""The rules by themselves: connections and runs, items, documents, postings, vouchers, hours."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given as each
from hypothesis import strategies as st

from services.sync import commands as c
from services.sync import events as e
from services.sync.model.connection import CONNECTION
from services.sync.model.document import DOCUMENT
from services.sync.model.hours import HOURS, jitter, next_run
from services.sync.model.item import ITEM
from services.sync.model.naming import following
from services.sync.model.posting import POSTING
from services.sync.model.sweeping import Looked, differing, is_believable
from services.sync.model.voucher import Unbookable, ledger_lines
from services.sync.values import ControlTotal, Entry, Reading, RoleLine, Settings
from shared.contracts.values import Copy, Fault, RunCounts
from shared.money import Money
from shared.sealed import Sealed
from shared.testing.spec import given

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
RUN, NEXT = uuid4(), uuid4()
SEALED = Sealed(uuid4(), "c2VhbGVk")
CONSENT = e.ConsentGiven(
    "economic", "1001", Settings(4, (6800,), {}, 1310), SEALED, "Inst", "1", RUN, date(2026, 3, 2)
)
STARTED = e.RunStarted(RUN, "person", AT)
CONNECTED = (CONSENT, e.LedgerConnected("DKK"))
ACCOUNTS = {"bank": 5820, "bank_fees": 4310, "in_transit": 5830}


def dkk(amount: str) -> Money:
    return Money.of(amount, "DKK")


def sweep(ledger: str, mirror: str, *, believable: bool = True) -> c.NoteSweep:
    return c.NoteSweep(RUN, 3, 1, believable, (dkk(ledger), dkk(mirror)), AT)


SWEPT = e.SweepRead(RUN, 3, 1, complete=True)


def completed(ledger: str, mirror: str) -> e.RunCompleted:
    total = ControlTotal("payable", dkk(ledger), dkk(mirror))
    return e.RunCompleted(RUN, AT, RunCounts(0, 0, 1), (total,))


def test_a_first_answer_connects_and_the_second_does_not_again():
    note = c.NoteSuppliers(RUN, "DKK", None, 0, (), complete=True)
    read = e.SuppliersRead(RUN, None, 0, (), complete=True)
    given(CONNECTION, CONSENT, STARTED).when(note).then(e.LedgerConnected("DKK"), read)
    given(CONNECTION, *CONNECTED, STARTED).when(note).then(read)


def test_an_answer_of_another_run_says_nothing():
    page = c.NotePage(NEXT, "7", 1, 1, (), complete=True)
    given(CONNECTION, *CONNECTED, STARTED).when(page).then_nothing()
    given(CONNECTION, *CONNECTED).when(c.FailRun(RUN, "unreachable", "", AT)).then_nothing()


def test_drift_is_told_when_it_begins_when_it_changes_and_when_it_ends():
    begins = e.DriftDetected(dkk("10.05"), dkk("10.00"))
    running = given(CONNECTION, *CONNECTED, STARTED)
    running.when(sweep("10.05", "10.00")).then(SWEPT, begins, completed("10.05", "10.00"))
    running.when(sweep("10.00", "10.00")).then(SWEPT, completed("10.00", "10.00"))
    drifting = given(CONNECTION, *CONNECTED, begins, STARTED)
    drifting.when(sweep("10.05", "10.00")).then(SWEPT, completed("10.05", "10.00"))
    changed = e.DriftDetected(dkk("11.00"), dkk("10.00"))
    drifting.when(sweep("11.00", "10.00")).then(SWEPT, changed, completed("11.00", "10.00"))
    agrees = completed("10.00", "10.00")
    drifting.when(sweep("10.00", "10.00")).then(SWEPT, e.DriftCleared(), agrees)


def test_what_was_asked_for_meanwhile_follows_a_run_however_it_ended():
    queued = given(CONNECTION, *CONNECTED, STARTED, e.RunQueued("person"))
    follows = e.RunStarted(following(RUN), "person", AT)
    queued.when(sweep("1.00", "1.00")).then(SWEPT, completed("1.00", "1.00"), follows)
    failed = e.RunFailed(RUN, "unreachable", "")
    queued.when(c.FailRun(RUN, "unreachable", "", AT)).then(failed, follows)


def test_a_lost_consent_ends_the_run_and_nothing_follows_it():
    queued = given(CONNECTION, *CONNECTED, STARTED, e.RunQueued("person"))
    failed = e.RunFailed(RUN, "needs_consent", "")
    queued.when(c.FailRun(RUN, "needs_consent", "", AT)).then(e.ConsentLost(), failed)


def test_the_clock_does_not_knock_at_a_shut_door_and_a_person_is_told():
    shut = given(CONNECTION, *CONNECTED, e.ConsentLost())
    shut.when(c.StartRun(NEXT, "schedule", AT)).then_nothing()
    shut.when(c.StartRun(NEXT, "person", AT)).then_rejected("not_connected")


def test_another_companys_books_do_not_go_on_where_this_ones_ended():
    read = given(CONNECTION, *CONNECTED, STARTED, e.PageRead(RUN, "7", 1, 1, (), complete=False))
    consent = c.GiveConsent(
        "economic", "2002", CONSENT.settings, SEALED, "Inst", "1", RUN, AT.date(), NEXT, AT
    )
    read.when(consent).then_rejected("another_agreement")


ENTRY = Entry(
    number=7,
    kind="invoice",
    party_id=uuid4(),
    party_name=SEALED,
    party_number="70",
    invoice_number="F-1",
    year="2026",
    voucher=1,
    issued_on=date(2026, 3, 2),
    due_on=date(2026, 3, 31),
    gross=dkk("900.00"),
    account=None,
    faults=(),
    exported_to_bank=False,
    historical=False,
    token=None,
    print="a",
)
SEEN = e.InvoiceSeen(ENTRY, dkk("900.00"))


def observed(remaining: str, entry: Entry = ENTRY) -> c.ObserveEntry:
    return c.ObserveEntry(entry, dkk(remaining), date(2026, 3, 5))


def test_an_entry_is_told_on_change_and_never_twice():
    given(ITEM).when(observed("900.00")).then(SEEN)
    item = given(ITEM, SEEN)
    item.when(observed("900.00")).then_nothing()
    item.when(observed("400.00")).then(e.ItemMatched(dkk("400.00"), date(2026, 3, 5)))
    changed = msgspec.structs.replace(ENTRY, print="b")
    item.when(observed("900.00", changed)).then(e.EntryAltered(changed))
    paid = given(ITEM, SEEN, e.ItemMatched(dkk("0.00"), date(2026, 3, 5)))
    paid.when(observed("900.00")).then(e.ItemUnmatched(dkk("900.00")))


def test_whether_an_entry_is_history_is_settled_by_the_first_sight_of_it():
    later = msgspec.structs.replace(ENTRY, print="b", historical=True)
    told = msgspec.structs.replace(later, historical=False)
    given(ITEM, SEEN).when(observed("900.00", later)).then(e.EntryAltered(told))


def test_a_missed_entry_is_withdrawn_an_hour_later_and_told_anew_if_it_comes_back():
    missed = e.ItemMissed(AT)
    given(ITEM, SEEN).when(c.MissItem(AT)).then(missed)
    item = given(ITEM, SEEN, missed)
    item.when(c.MissItem(AT + timedelta(minutes=59))).then_nothing()
    item.when(c.MissItem(AT + timedelta(hours=1))).then(e.ItemWithdrawn())
    item.when(observed("900.00")).then(e.ItemFound())
    gone = given(ITEM, SEEN, missed, e.ItemWithdrawn())
    gone.when(c.MissItem(AT + timedelta(hours=2))).then_nothing()
    gone.when(observed("900.00")).then(e.ItemFound(), e.EntryAltered(ENTRY))


COPY = Copy("0" * 64, "application/xml", 1)


def reading(*faults: Fault, confidence: str = "1", supplier: int | None = 70) -> e.DocumentRead:
    return e.DocumentRead(
        Reading(
            kind="invoice",
            number="F-1",
            sender=SEALED,
            issued_on=date(2026, 3, 2),
            due_on=None,
            payable=dkk("900.00"),
            confidence=confidence,
            taxed=True,
            account=None,
            faults=faults,
            supplier_number=supplier,
        )
    )


def book(*, confirmed: bool = False) -> c.BookEInvoice:
    return c.BookEInvoice("TOKEN.1", 1310, "I25", 5, confirmed)


def test_what_stands_in_the_way_of_paying_does_not_stand_in_the_way_of_booking():
    received = e.DocumentReceived(COPY)
    asked = e.BookingAsked("TOKEN.1", 1, 70, 1310, "I25", 5)
    given(DOCUMENT, received, reading(Fault("no_account", "account"))).when(book()).then(asked)
    faulty = given(DOCUMENT, received, reading(Fault("does_not_add_up", "to_pay")))
    faulty.when(book(confirmed=True)).then_rejected("does_not_add_up")


def test_a_booking_goes_on_under_its_token_after_a_refusal():
    history = (e.DocumentReceived(COPY), reading())
    asked = e.BookingAsked("TOKEN.1", 1, 70, 1310, "I25", 5)
    given(DOCUMENT, *history, asked).when(book()).then_nothing()
    refused = given(DOCUMENT, *history, asked, e.BookingRefused("closed", ""))
    refused.when(book()).then(msgspec.structs.replace(asked, attempt=2))
    given(DOCUMENT).when(book()).then_rejected("unknown_document")
    chosen = given(DOCUMENT, *history, asked)
    chosen.when(c.ChooseSupplier(71)).then_rejected("booking_asked")


def test_a_posting_is_told_once_however_often_its_outcome_comes():
    sought = e.PostingSought(uuid4(), "T.1", 1, date(2026, 3, 2), (), 0)
    posted = e.VoucherPosted("T.1", "2026-1", date(2026, 3, 2))
    confirm = c.ConfirmPosting("2026-1", date(2026, 3, 2), None)
    given(POSTING, sought).when(confirm).then(posted)
    given(POSTING, sought, e.PostingUncertain("")).when(confirm).then(posted)
    given(POSTING, sought, posted).when(confirm).then_nothing()
    given(POSTING, sought, posted).when(c.RefusePosting("x", "")).then_nothing()
    given(POSTING, sought, posted).when(c.RetryPosting()).then_rejected("not_refused")


def lines_of(*lines: RoleLine) -> list[tuple[int | None, int | None, int, str]]:
    return [
        (line.supplier_number, line.account, line.contra_account, str(line.amount.decimal))
        for line in ledger_lines(lines, ACCOUNTS, "Betaling")
    ]


def test_a_voucher_is_entered_against_the_account_of_the_money():
    supplier = RoleLine("supplier", dkk("1250.00"), "70", "F-1", 7)
    fee, bank = RoleLine("bank_fees", dkk("2.50")), RoleLine("bank", dkk("-1252.50"))
    assert lines_of(supplier, fee, bank) == [
        (70, None, 5820, "1250.00"),
        (None, 4310, 5820, "2.50"),
    ]
    pooled = lines_of(RoleLine("in_transit", dkk("10.00")), RoleLine("bank", dkk("-10.00")))
    assert pooled == [(None, 5830, 5820, "10.00")]
    submitted = lines_of(
        RoleLine("supplier", dkk("10.00"), "70"), RoleLine("in_transit", dkk("-10.00"))
    )
    assert submitted == [(70, None, 5830, "10.00")]


@each(st.lists(st.integers(-(10**6), 10**6).filter(bool), min_size=1, max_size=8))
def test_what_is_entered_moves_each_account_by_what_the_voucher_says(amounts: list[int]):
    lines = [RoleLine("bank_fees", Money(minor, "DKK")) for minor in amounts]
    lines.append(RoleLine("bank", Money(-sum(amounts), "DKK")))
    entered = ledger_lines(lines, ACCOUNTS, "Gebyr")
    moved = {4310: 0, 5820: 0}
    for line in entered:
        assert line.account is not None
        moved[line.account] += line.amount.minor
        moved[line.contra_account] -= line.amount.minor
    assert moved == {4310: sum(amounts), 5820: -sum(amounts)}


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ([RoleLine("supplier", dkk("1.00"), "70"), RoleLine("bank", dkk("-2.00"))], "unbalanced"),
        ([RoleLine("supplier", dkk("1.00"), "x"), RoleLine("bank", dkk("-1.00"))], "supplier_unknown"),
        ([RoleLine("gain", dkk("1.00")), RoleLine("bank", dkk("-1.00"))], "account_missing"),
        ([RoleLine("bank", dkk("1.00")), RoleLine("bank", dkk("-1.00"))], "no_contra"),
        ([RoleLine("bank_fees", dkk("1.00")), RoleLine("bank_fees", dkk("-1.00"))], "no_contra"),
    ],
)  # fmt: skip
def test_what_cannot_be_entered_is_named(lines: list[RoleLine], code: str):
    with pytest.raises(Unbookable) as refused:
        ledger_lines(lines, ACCOUNTS, "Betaling")
    assert refused.value.code == code


def test_only_what_differs_is_looked_at():
    listed = {1: dkk("1.00"), 2: dkk("2.00"), 3: dkk("3.00")}
    mirror = {1: dkk("1.00"), 2: dkk("9.00"), 4: dkk("4.00")}
    assert differing(listed, mirror) == [2, 3, 4]


@pytest.mark.case("integrations", 11)
def test_a_set_is_believed_unless_it_lacks_what_is_open_or_half_of_it():
    open_, settled, gone = Looked(dkk("1.00")), Looked(dkk("0.00")), Looked(None)
    assert is_believable([], [], {})
    assert is_believable([], [1, 2], {1: settled, 2: settled})
    assert is_believable([1], [1, 2], {2: gone})
    assert not is_believable([1], [1, 2], {2: open_})
    assert not is_believable([], [1], {1: gone})
    assert not is_believable([1], [1, 2, 3], {2: gone, 3: gone})


@each(st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)), st.uuids())  # noqa: DTZ001  made aware below
def test_the_next_run_is_later_than_now_within_a_day_and_near_its_hour(
    moment: datetime, tenant: UUID
):
    zone = ZoneInfo("Europe/Copenhagen")
    after = moment.replace(tzinfo=UTC)
    run = next_run(after, "Europe/Copenhagen", tenant)
    assert timedelta() < run - after <= timedelta(hours=15)
    assert abs(jitter(tenant)) <= timedelta(minutes=20)
    planned = (run.astimezone(zone).replace(tzinfo=None) - jitter(tenant)).time()
    assert planned in HOURS
