"""Charges that dunning asks for stand on the customer's account once, whatever breaks on the way."""

from __future__ import annotations

from decimal import Decimal

import pytest

from services.sync.acts.posting import try_again
from services.sync.effects.once import COMMIT_DELAY
from tests.sync.house import SHOP
from tests.sync.sales import FEES_EARNED, KLARUP, RECEIVABLES, charge, item, minor, selling

FEE = "ABCDEFGHIJKLMNOPQRSTUVWXYZ.{}"
BULK, BOOKING, MATCHING = "/draft-entries/bulk", "/bookdraftentries", "/booked-entries/match"
STRANGERS = {
    "journalNumber": 4,
    "entryTypeNumber": 10,
    "date": "2026-03-02",
    "amount": 30,
    "currency": "DKK",
    "customerNumber": KLARUP,
    "contraAccountNumber": 1010,
    "text": "Porto",
}
_tokens = iter(FEE.format(n) for n in range(1, 100))


@pytest.fixture(scope="module")
def house(postgres_server):
    with selling(postgres_server, economic_timeout="0.5") as house:
        house.open_sales()
        yield house


@pytest.fixture
def token():
    return next(_tokens)


@pytest.fixture
def invoice(house):
    entry = house.sells("1000.00")
    house.sync_now()
    return entry


def ours(house, token):
    return [text for text in house.vendor.texts() if f"{token}." in text]


def posted(house, token):
    """What became of a posting, each time that it was told."""
    told = house.told("VoucherPosted", "VoucherRefused")
    return [(name, fields) for name, fields in told if fields["token"] == token]


def entries_of(house, token):
    """The ledger's entries on the customer, of each line."""
    lines = [entry for voucher in house.vendor.books()["vouchers"] for entry in voucher["entries"]]
    return [entry for entry in lines if f"{token}." in entry["text"] and "customerNumber" in entry]


def wait(house):
    """Long enough for every question that a lost write leads to."""
    for _ in range(4):
        house.advance(seconds=int(COMMIT_DELAY.total_seconds()))
        house.settle()


@pytest.mark.capability("Y13")
def test_a_letters_charges_stand_on_the_customers_account_each_from_its_own_income(
    house, invoice, token
):
    before = house.vendor.books()["accountBalances"]
    house.charges(invoice, token, charge("100.00"), charge("12.34", "interest_income"))
    number = house.item(invoice).entry.invoice_number
    assert ours(house, token) == [
        f"Rykkergebyr {number} {token}.1",
        f"Morarente {number} {token}.2",
    ]
    moved = house.vendor.books()["accountBalances"]
    assert moved[str(RECEIVABLES)] - before[str(RECEIVABLES)] == Decimal("112.34")
    assert moved[str(FEES_EARNED)] - before.get(str(FEES_EARNED), 0) == Decimal("-100.00")
    fee, interest = entries_of(house, token)
    ((name, told),) = posted(house, token)
    assert (name, told["posted_on"]) == ("VoucherPosted", "2026-03-02")
    assert told["entries"] == [item(fee["entryNumber"]), item(interest["entryNumber"])]
    house.sync_now()
    ((name, read_back),) = house.story(fee["entryNumber"])
    assert (name, read_back["line_token"], read_back["amount"]) == (
        "ChargeEntryBooked", f"{token}.1", minor("100.00"),
    )  # fmt: skip


@pytest.mark.capability("Y14")
def test_a_charge_that_a_payment_settles_is_told_with_the_payment(house, invoice, token):
    house.charges(invoice, token, charge("100.00"))
    (fee,) = entries_of(house, token)
    payment = house.is_paid(invoice, amount="1100.00")
    house.vendor.does("match", entries=[fee["entryNumber"], payment], bookedOn="2026-03-06")
    house.sync_now()
    name, matched = house.story(fee["entryNumber"])[-1]
    assert (name, matched["remaining"]) == ("ItemsMatched", minor("0.00"))
    ((entry_id, amount),) = [(one["entry_id"], one["amount"]) for one in matched["allocations"]]
    assert (entry_id, amount) == (item(payment), minor("100.00"))


@pytest.mark.capability("Y15")
@pytest.mark.capability("Y16")
def test_a_charge_that_is_given_up_is_offset_on_the_same_accounts_and_set_off(
    house, invoice, token
):
    house.charges(invoice, token, charge("100.00"), charge("50.00"))
    before = house.vendor.books()["accountBalances"]
    back = next(_tokens)
    house.charges(invoice, back, charge("-100.00", settles=f"{token}.1"))
    moved = house.vendor.books()["accountBalances"]
    assert moved[str(FEES_EARNED)] - before[str(FEES_EARNED)] == Decimal("100.00")
    (given_up, kept), (offset,) = entries_of(house, token), entries_of(house, back)
    assert (given_up["remainder"], kept["remainder"], offset["remainder"]) == (0, 50, 0)
    house.sync_now()
    name, told = house.story(given_up["entryNumber"])[-1]
    assert (name, told["remaining"]) == ("ItemsMatched", minor("0.00"))
    assert [one["kind"] for one in told["allocations"]] == ["charge"]
    assert house.story(offset["entryNumber"])[0][1]["amount"] == minor("-100.00")


def test_giving_up_finds_a_charge_of_which_nobody_knows_yet_that_it_was_entered(
    house, invoice, token
):
    house.vendor.fails(BOOKING, afterCommit=True, end="lost")
    house.charges(invoice, token, charge("100.00"))
    assert posted(house, token) == []
    back = next(_tokens)
    house.charges(invoice, back, charge("-100.00", settles=f"{token}.1"))
    assert [entry["remainder"] for entry in entries_of(house, token)] == [0]
    wait(house)
    assert [name for name, _ in posted(house, token)] == ["VoucherPosted"]


@pytest.mark.capability("Y13")
def test_the_same_request_three_times_is_one_voucher(house, invoice, token):
    lines = [charge("100.00")]
    for _ in range(3):
        house.charges(invoice, token, *lines)
    assert len(ours(house, token)) == 1
    assert len(posted(house, token)) == 1


@pytest.mark.case("integrations", 5)
@pytest.mark.parametrize("write", [BULK, BOOKING])
def test_a_charge_whose_answer_was_lost_is_found_and_not_repeated(house, invoice, token, write):
    house.vendor.fails(write, afterCommit=True, end="lost")
    house.charges(invoice, token, charge("100.00"))
    assert posted(house, token) == []
    wait(house)
    assert len(ours(house, token)) == 1
    assert [name for name, _ in posted(house, token)] == ["VoucherPosted"]
    assert house.vendor.books()["drafts"] == []


@pytest.mark.case("integrations", 5)
def test_a_match_whose_answer_was_lost_gives_the_charge_up_once(house, invoice, token):
    house.charges(invoice, token, charge("100.00"))
    back = next(_tokens)
    house.vendor.fails(MATCHING, afterCommit=True, end="lost")
    house.charges(invoice, back, charge("-100.00", settles=f"{token}.1"))
    wait(house)
    assert len(ours(house, back)) == 1
    assert [entry["remainder"] for entry in entries_of(house, token)] == [0]
    assert [name for name, _ in posted(house, back)] == ["VoucherPosted"]


@pytest.mark.case("integrations", 6)
def test_a_day_later_when_the_vendor_has_forgotten_the_key_the_charge_is_found(
    house, invoice, token
):
    house.vendor.fails(BOOKING, afterCommit=True, end="lost")
    house.charges(invoice, token, charge("100.00"))
    house.advance(days=1)
    house.settle()
    wait(house)
    assert len(ours(house, token)) == 1
    assert [name for name, _ in posted(house, token)] == ["VoucherPosted"]


@pytest.mark.case("integrations", 7)
def test_strangers_drafts_are_left_alone(house, invoice, token):
    stranger = house.vendor.does("drafts", **STRANGERS)
    house.charges(invoice, token, charge("100.00"))
    assert [draft["entryNumber"] for draft in house.vendor.books()["drafts"]] == [stranger]
    house.vendor.shop.drafts.clear()


@pytest.mark.case("integrations", 8)
def test_what_lacked_an_account_moves_from_a_closed_period_to_the_first_open_day_and_says_why(
    postgres_server, token
):
    with selling(postgres_server) as house:
        invoice = house.sells("1000.00")
        house.consent_without_income()
        house.vendor.does("close-periods", until="2026-03-31")
        contract = house.charges(invoice, token, charge("100.00"))
        assert [fields["code"] for _, fields in posted(house, token)] == ["account_missing"]
        house.open_sales()
        house.world.work("sync", SHOP, lambda work: try_again(work, contract.posting_id))
        house.settle()
        _, told = posted(house, token)[-1]
        assert told["posted_on"] == "2026-04-01"
        assert told["moved_because"] == "the period of 2026-03-02 is closed"
        assert all("2026-03-02" in text for text in ours(house, token))
