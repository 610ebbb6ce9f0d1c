"""Vouchers asked for by payments stand in the ledger once, whatever breaks on the way."""

from __future__ import annotations

from uuid import uuid5

import pytest

from services.sync.acts.posting import try_again
from services.sync.effects.once import COMMIT_DELAY
from shared.contracts.payments import PaymentPostingSought, VoucherLine
from shared.decider import Rejected
from tests.sync.economic_world import FEES, MARCH
from tests.sync.house import SHOP, dkk, living

TOKEN = "ABCDEFGHIJKLMNOPQRSTUVWXYZ.7"
BULK, BOOKING, MATCHING = "/draft-entries/bulk", "/bookdraftentries", "/booked-entries/match"
WRITES = [BULK, BOOKING, MATCHING]
STRANGERS = {
    "journalNumber": 4,
    "entryTypeNumber": 5,
    "date": "2026-03-02",
    "amount": 30,
    "currency": "DKK",
    "accountNumber": 4310,
    "contraAccountNumber": 5820,
    "text": "Frimærker",
}


@pytest.fixture
def house(postgres_server):
    with living(postgres_server, economic_timeout="0.5") as house:
        house.attach()
        house.invoice = house.vendor.invoice("F-1", "1250.00")
        house.consent()
        yield house


def ours(house):
    return [text for text in house.vendor.texts() if TOKEN in text]


def wait(house):
    """Long enough for every question that a lost write leads to."""
    for _ in range(4):
        house.world.clock.advance(seconds=int(COMMIT_DELAY.total_seconds()))
        house.settle()


@pytest.mark.case("rails", 15)
@pytest.mark.capability("S2")
@pytest.mark.capability("S4")
def test_a_payment_is_bookkept_against_its_invoice(house):
    contract = house.pay(house.invoice, "1250.00", MARCH, TOKEN)
    house.settle()
    assert ours(house) == [f"Betaling F-1 {TOKEN}.1", f"Betaling {TOKEN}.2"]
    (posted,) = (fields for _, fields in house.told("VoucherPosted"))
    assert posted == {
        "posting_id": str(contract.posting_id),
        "token": TOKEN,
        "voucher": "2026-2, 2026-3",
        "posted_on": "2026-03-02",
        "moved_because": None,
        "entries": [],
    }
    balances = house.vendor.books()["accountBalances"]
    assert (balances["6800"], balances["5820"], balances["4310"]) == (0, -1252.50, 2.50)


@pytest.mark.capability("F9")
def test_the_payment_that_we_entered_is_known_as_ours_when_it_is_read_back(house):
    house.pay(house.invoice, "1250.00", MARCH, TOKEN)
    house.settle()
    house.sync_now()
    (paid,) = (fields for _, fields in house.told("LedgerPaymentBooked"))
    assert paid["token"] == TOKEN
    assert [f["remaining"]["minor"] for _, f in house.told("ItemsMatched")] == [0]


@pytest.mark.case("rails", 15)
@pytest.mark.capability("F9")
def test_the_same_request_three_times_is_one_voucher(house):
    for _ in range(3):
        house.pay(house.invoice, "1250.00", MARCH, TOKEN)
        house.settle()
    assert len(ours(house)) == 2
    assert house.names("VoucherPosted") == ["VoucherPosted"]


@pytest.mark.case("integrations", 5)
@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("end", ["lost", "silence"])
def test_a_write_whose_answer_was_lost_is_found_and_not_repeated(house, write, end):
    house.vendor.fails(write, afterCommit=True, end=end)
    house.pay(house.invoice, "1250.00", MARCH, TOKEN)
    house.settle()
    assert house.names("VoucherPosted") == []
    wait(house)
    assert len(ours(house)) == 2
    assert house.names("VoucherPosted", "VoucherRefused") == ["VoucherPosted"]
    assert house.vendor.books()["drafts"] == []


@pytest.mark.case("integrations", 5)
@pytest.mark.parametrize("write", WRITES)
def test_a_write_that_was_lost_before_it_was_done_is_sent_after_a_complete_search(house, write):
    house.vendor.fails(write, end="lost")
    house.pay(house.invoice, "1250.00", MARCH, TOKEN)
    house.settle()
    wait(house)
    assert len(ours(house)) == 2
    assert house.names("VoucherPosted", "VoucherRefused") == ["VoucherPosted"]


@pytest.mark.case("integrations", 5)
def test_nothing_is_sent_again_before_the_vendors_commit_delay_has_passed(house):
    house.vendor.fails(BULK, end="lost")
    house.pay(house.invoice, "1250.00", MARCH, TOKEN)
    house.settle()
    house.world.clock.advance(seconds=int(COMMIT_DELAY.total_seconds()) - 1)
    house.settle()
    assert ours(house) == []
    house.world.clock.advance(seconds=1)
    house.settle()
    assert len(ours(house)) == 2


@pytest.mark.case("integrations", 6)
def test_a_day_later_when_the_vendor_has_forgotten_the_key_the_token_is_found(house):
    house.vendor.fails(BOOKING, afterCommit=True, end="lost")
    house.pay(house.invoice, "1250.00", MARCH, TOKEN)
    house.settle()
    house.advance(days=1)
    house.settle()
    wait(house)
    assert len(ours(house)) == 2
    assert house.names("VoucherPosted") == ["VoucherPosted"]


@pytest.mark.case("integrations", 7)
def test_strangers_drafts_are_left_alone(house):
    stranger = house.vendor.does("drafts", **STRANGERS)
    house.pay(house.invoice, "1250.00", MARCH, TOKEN)
    house.settle()
    (left,) = house.vendor.books()["drafts"]
    assert left["entryNumber"] == stranger


@pytest.mark.case("integrations", 8)
def test_in_a_closed_period_it_moves_to_the_first_open_day_and_says_why(house):
    house.vendor.does("close-periods", until="2026-03-31")
    house.pay(house.invoice, "1250.00", MARCH, TOKEN)
    house.settle()
    (posted,) = (fields for _, fields in house.told("VoucherPosted"))
    assert posted["posted_on"] == "2026-04-01"
    assert posted["moved_because"] == "the period of 2026-03-02 is closed"
    assert all("2026-03-02" in text for text in ours(house))


def test_with_every_period_closed_it_is_refused_and_nothing_is_drafted(house):
    house.vendor.does("close-periods", until="2027-12-31")
    house.pay(house.invoice, "1250.00", MARCH, TOKEN)
    house.settle()
    (refused,) = (fields for _, fields in house.told("VoucherRefused"))
    assert refused["code"] == "no_open_period"
    assert house.vendor.books()["drafts"] == []


def test_a_token_that_stands_twice_is_refused_and_never_silent(house):
    stranger = STRANGERS | {"text": f"kopi {TOKEN}.1"}
    house.vendor.does("drafts", **stranger)
    house.vendor.does("drafts", **stranger)
    house.pay(house.invoice, "1250.00", MARCH, TOKEN)
    house.settle()
    (refused,) = (fields for _, fields in house.told("VoucherRefused"))
    assert refused["code"] == "posted_twice"


def test_a_line_taken_out_of_the_journal_by_a_person_is_refused(house):
    house.vendor.fails(BULK, afterCommit=True, end="lost")
    house.pay(house.invoice, "1250.00", MARCH, TOKEN)
    house.settle()
    house.vendor.shop.drafts.pop()
    wait(house)
    (refused,) = (fields for _, fields in house.told("VoucherRefused"))
    assert refused["code"] == "incomplete"


def test_an_invoice_that_a_person_has_settled_is_bookkept_without_a_match(house):
    house.vendor.does("payments", entry=house.invoice, bookedOn="2026-03-02")
    house.pay(house.invoice, "1250.00", MARCH, TOKEN)
    house.settle()
    assert house.names("VoucherPosted") == ["VoucherPosted"]


def test_a_vendor_that_asks_to_wait_is_asked_again_and_the_voucher_stands_once(house):
    house.vendor.fails(BOOKING, status=429, retryAfter=30)
    house.pay(house.invoice, "1250.00", MARCH, TOKEN)
    house.settle()
    assert ours(house) == []
    house.advance(seconds=30)
    house.settle()
    assert len(ours(house)) == 2


def test_what_the_client_has_named_no_account_for_is_refused_with_the_role(house):
    contract = house.pay(house.invoice, "1250.00", MARCH, TOKEN)
    lines = [line for line in contract.lines if line.account != "bank_fees"]
    pooled = [
        type(line)("in_transit" if line.account == "bank" else line.account, line.amount)
        for line in lines
    ]
    changed = contract.model_copy(
        update={"posting_id": uuid5(SHOP, "pool"), "lines": tuple(pooled[:2])}
    )
    house.say(changed)
    house.settle()
    (refused,) = (fields for _, fields in house.told("VoucherRefused"))
    assert (refused["code"], "in_transit" in refused["reason"]) == ("account_missing", True)


def test_a_shut_door_keeps_a_voucher_waiting_until_it_opens(house):
    house.vendor.does("access", apiAccess=False)
    house.pay(house.invoice, "1250.00", MARCH, TOKEN)
    house.settle()
    assert house.names("VoucherPosted", "VoucherRefused") == []
    house.vendor.does("access", apiAccess=True)
    house.advance(minutes=5)
    house.settle()
    assert house.names("VoucherPosted") == ["VoucherPosted"]


def test_a_voucher_that_lacked_an_account_is_written_once_the_client_has_named_it(house):
    lines = (
        VoucherLine("supplier", dkk("1250.00"), "70", "F-1"),
        VoucherLine("in_transit", dkk("-1250.00")),
    )
    contract = PaymentPostingSought(
        posting_id=uuid5(SHOP, TOKEN),
        payment_id=uuid5(SHOP, "payment"),
        token=TOKEN,
        voucher_on=MARCH,
        text="payment_in_transit",
        lines=lines,
    )

    def again():
        house.world.work("sync", SHOP, lambda work: try_again(work, contract.posting_id))
        house.settle()

    house.say(contract)
    house.settle()
    again()
    assert ours(house) == []
    house.consent(in_transit=FEES)
    again()
    with pytest.raises(Rejected) as refused:
        again()
    assert refused.value.code == "not_refused"
    assert ours(house) == [f"Betaling F-1 {TOKEN}.1"]
    assert house.names("VoucherPosted", "VoucherRefused") == ["VoucherRefused", "VoucherPosted"]
