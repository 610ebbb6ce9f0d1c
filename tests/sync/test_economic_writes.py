"""What the e-conomic adapter writes: found again whatever happened to the answer, and never twice."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from services.sync.gateways.economic_wire import written
from services.sync.gateways.errors import (
    NotSent,
    OutcomeUnknown,
    Refused,
    Transient,
    WrongAgreement,
)
from services.sync.gateways.ledger import (
    AccountLine,
    InvoiceLine,
    PaymentDetails,
    PaymentLine,
    PaymentType,
    Posting,
    VoucherRef,
)
from services.sync.gateways.transport import EconomicHttp
from shared.money import Money
from tests.sync.economic_world import BAGER, BANK, BUTIK, FEES, FIK, JOURNAL, MARCH

TOKEN = "FF-MZXW6YTBOI"
BULK, BOOKING = "/draft-entries/bulk", "/bookdraftentries"
FEE = AccountLine(FEES, BANK, Money(250, "DKK"), "Gebyr")
STRANGERS = {
    "journalNumber": JOURNAL,
    "entryTypeNumber": 5,
    "date": "2026-03-02",
    "amount": 77.5,
    "currency": "DKK",
    "accountNumber": 3600,
    "contraAccountNumber": BANK,
    "text": "Frimærker",
}
# The ways in which an answer is lost: within it, or because it never comes.
LOSSES = pytest.mark.parametrize("end", ["lost", "silence"])


def payment(amount="1250.00", on=MARCH):
    paid = PaymentLine(70, "F-1", Money.of(amount, "DKK"), BANK, "Betaling F-1")
    return Posting(on, (paid, FEE))


def posted(ledger, posting, token=TOKEN):
    """The straight road: draft, then book."""
    ledger.book(ledger.draft(posting, token, f"{token}-draft"), f"{token}-book")
    return ledger.find_posting(token)


def test_a_payment_with_its_fee_is_drafted_booked_found_and_matched(world):
    invoice = world.invoice("F-1", "1250.00", payment=FIK)
    ledger = world.ledger()
    drafted = ledger.draft(payment(), TOKEN, "key-1")
    assert ledger.find_posting(TOKEN).drafts == drafted
    assert ledger.get(invoice).remaining == Money.of("1250.00", "DKK")

    ledger.book(drafted, "key-2")
    found = ledger.find_posting(TOKEN)
    assert (found.drafts, found.doubled) == ((), frozenset())
    paid, fee = found.booked
    assert (paid.ordinal, fee.ordinal) == (1, 2)
    assert paid.voucher_on == MARCH
    assert fee.supplier_entry is None

    ledger.match([(invoice, paid.supplier_entry)])
    assert list(ledger.open_set()) == []
    assert ledger.matches(invoice)[0].against == paid.supplier_entry
    balances = world.books()["accountBalances"]
    assert balances[str(BANK)] == Decimal("-1252.50")
    assert balances[str(FEES)] == Decimal("2.50")


def test_a_second_match_is_refused_so_it_needs_no_key(world):
    invoice = world.invoice("F-1", "1250.00")
    ledger = world.ledger()
    pairs = [(invoice, posted(ledger, payment()).booked[0].supplier_entry)]
    ledger.match(pairs)
    with pytest.raises(Refused, match="NothingToMatch"):
        ledger.match(pairs)
    assert len(ledger.matches(invoice)) == 1


def test_an_e_invoice_is_booked_with_its_payment_details_and_tax(world):
    details = PaymentDetails(PaymentType.FIK_75, "81234567", "0000000000123451", "Faktura E-9")
    line = InvoiceLine(
        supplier_number=70,
        invoice_number="E-9",
        amount=Money.of("1250.00", "DKK"),
        contra_account=1310,
        text="Papir",
        due_on=date(2026, 4, 1),
        contra_vat_code="I25",
        payment_details=details,
    )
    ledger = world.ledger()
    (booked,) = posted(ledger, Posting(MARCH, (line,))).booked
    entry = ledger.get(booked.supplier_entry)
    assert (entry.amount, entry.due_on) == (Money.of("1250.00", "DKK"), date(2026, 4, 1))
    assert (entry.supplier_invoice_number, entry.payment_details) == ("E-9", details)
    balances = world.books()["accountBalances"]
    assert (balances["1310"], balances["6903"]) == (Decimal("1000.00"), Decimal("250.00"))


def test_a_payment_in_another_currency_is_booked_at_the_rate_of_its_invoice(world):
    invoice = world.invoice("H-1", "1000.00", supplier=71, currency="EUR")
    world.shop.rates["EUR"] = Decimal("747.31")
    paid = PaymentLine(71, "H-1", Money.of("1000.00", "EUR"), BANK, "H-1", rate=Decimal("7.46"))
    loss = AccountLine(4380, BANK, Money.of("13.10", "DKK"), "Kurstab H-1")
    ledger = world.ledger()
    booked = posted(ledger, Posting(MARCH, (paid, loss))).booked
    ledger.match([(invoice, booked[0].supplier_entry)])
    balances = world.books()["accountBalances"]
    assert balances[str(BANK)] == Decimal("-7473.10")
    assert balances["4380"] == Decimal("13.10")
    assert balances["6800"] == 0


def test_a_payment_type_that_the_vendor_lacks_is_refused_before_anything_is_sent(world):
    line = InvoiceLine(
        70, "E-1", Money(100, "DKK"), 1310, "x", payment_details=PaymentDetails(PaymentType.OTHER)
    )
    with pytest.raises(Refused, match="no payment type"):
        world.ledger().draft(Posting(MARCH, (line,)), TOKEN, "key")
    assert world.books()["drafts"] == []


@pytest.mark.case("integrations", 5)
@LOSSES
def test_drafts_whose_answer_was_lost_are_found_by_the_token(world, end):
    ledger = world.ledger(timeout_seconds=0.5)
    world.fails(BULK, afterCommit=True, end=end)
    with pytest.raises(OutcomeUnknown):
        ledger.draft(payment(), TOKEN, "key")
    found = ledger.find_posting(TOKEN)
    assert len(found.drafts) == 2
    ledger.book(found.drafts, "key-2")
    assert world.texts() == [f"Betaling F-1 {TOKEN}.1", f"Gebyr {TOKEN}.2"]


@pytest.mark.case("integrations", 5)
@LOSSES
def test_a_booking_whose_answer_was_lost_is_found_by_the_token(world, end):
    ledger = world.ledger(timeout_seconds=0.5)
    drafted = ledger.draft(payment(), TOKEN, "key")
    world.fails(BOOKING, afterCommit=True, end=end)
    with pytest.raises(OutcomeUnknown):
        ledger.book(drafted, "key-2")
    found = ledger.find_posting(TOKEN)
    assert (found.drafts, len(found.booked)) == ((), 2)
    assert len(world.books()["vouchers"]) == 2


@LOSSES
def test_what_was_lost_before_it_was_done_is_found_nowhere(world, end):
    ledger = world.ledger(timeout_seconds=0.5)
    world.fails(BULK, end=end)
    with pytest.raises(OutcomeUnknown):
        ledger.draft(payment(), TOKEN, "key")
    assert ledger.find_posting(TOKEN).lines == ()
    ledger.draft(payment(), TOKEN, "key")
    assert len(world.books()["drafts"]) == 2


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 500},
        {"status": 503},
        {"status": 409},
        {"status": 201, "body": "[{}"},
        {"status": 201, "body": "[]"},
    ],
)
def test_an_answer_that_says_nothing_leaves_the_outcome_unknown(world, fault):
    world.fails(BULK, afterCommit=True, **fault)
    ledger = world.ledger()
    with pytest.raises(OutcomeUnknown):
        ledger.draft(payment(), TOKEN, "key")
    assert len(ledger.find_posting(TOKEN).drafts) == 2


def test_a_write_is_sent_once_whatever_comes_back(world):
    world.fails(BULK, status=500)
    with pytest.raises(OutcomeUnknown):
        world.ledger().draft(payment(), TOKEN, "key")
    assert world.books()["drafts"] == []


def test_within_the_hour_the_vendor_replays_by_key(world):
    ledger = world.ledger()
    first = ledger.draft(payment(), TOKEN, "key")
    world.clock.advance(minutes=59)
    assert ledger.draft(payment(), TOKEN, "key") == first
    assert len(world.books()["drafts"]) == 2


@pytest.mark.case("integrations", 6)
def test_after_a_day_the_key_is_forgotten_and_the_token_is_not(world):
    ledger = world.ledger()
    world.fails(BULK, afterCommit=True, end="lost")
    with pytest.raises(OutcomeUnknown):
        ledger.draft(payment(), TOKEN, "key")
    world.clock.advance(days=1)
    assert len(ledger.find_posting(TOKEN).drafts) == 2
    assert ledger.find_posting(TOKEN).doubled == frozenset()


@pytest.mark.case("integrations", 6)
def test_whoever_sends_again_without_searching_is_found_out(world):
    ledger = world.ledger()
    ledger.draft(payment(), TOKEN, "key")
    world.clock.advance(days=1)
    again = ledger.draft(payment(), TOKEN, "key")
    assert ledger.find_posting(TOKEN).doubled == {1, 2}
    ledger.book(again, "key-2")
    assert ledger.find_posting(TOKEN).doubled == {1, 2}


@pytest.mark.case("integrations", 7)
def test_strangers_drafts_in_the_same_journal_are_left_alone(world):
    stranger = world.does("drafts", **STRANGERS)
    posted(world.ledger(), payment())
    (left,) = world.books()["drafts"]
    assert (left["entryNumber"], left["text"]) == (stranger, "Frimærker")
    assert not any("Frimærker" in text for text in world.texts())


def test_booking_nothing_is_not_booking_all(world):
    world.does("drafts", **STRANGERS)
    with pytest.raises(AssertionError):
        world.ledger().book([], "key")
    assert len(world.books()["drafts"]) == 1


def test_a_draft_that_a_person_moved_to_another_journal_is_still_found(world):
    ledger = world.ledger()
    drafted = ledger.draft(payment(), TOKEN, "key")
    for draft in world.shop.drafts:
        draft.journal_number = JOURNAL + 1
    assert ledger.find_posting(TOKEN).drafts == drafted


class BookedMeanwhile(EconomicHttp):
    """Someone books the journal right after its drafts have been listed."""

    def get(self, path, query=None):
        answer = super().get(path, query)
        if path.endswith("/draft-entries") and (drafts := json.loads(answer.body)["items"]):
            self.post(
                path.replace("/draft-entries", f"/journals/{JOURNAL}/bookdraftentries"),
                written({"entryNumbers": [draft["entryNumber"] for draft in drafts]}),
            )
        return answer


def test_a_draft_booked_during_the_search_is_found_once_and_as_booked(world):
    world.ledger().draft(payment(), TOKEN, "key")
    found = world.ledger(made_by=BookedMeanwhile).find_posting(TOKEN)
    assert (found.drafts, len(found.booked), found.doubled) == ((), 2, frozenset())


def test_an_amount_is_sent_with_all_its_digits():
    assert written({"amount": Money(125010, "DKK").decimal}) == b'{"amount":1250.10}'


def test_a_token_is_not_found_in_a_longer_one(world):
    ledger = world.ledger()
    posted(ledger, payment(), f"{TOKEN}A")
    world.does("drafts", **STRANGERS | {"text": f"se {TOKEN}.1x og {TOKEN}"})
    assert ledger.find_posting(TOKEN).lines == ()


def test_the_mark_survives_a_text_that_is_too_long(world):
    ledger = world.ledger()
    line = replace(FEE, text="x" * 400)
    assert len(posted(ledger, Posting(MARCH, (line,))).booked) == 1


def test_a_search_may_begin_after_what_was_known_at_the_intent(world):
    before = world.invoice("F-1", "1250.00")
    ledger = world.ledger()
    (paid, _fee) = posted(ledger, payment()).booked
    assert ledger.find_posting(TOKEN, after_entry=before).booked[0] == paid
    assert ledger.find_posting(TOKEN, after_entry=before + 100).lines == ()


@pytest.mark.case("integrations", 8)
def test_a_closed_period_refuses_and_the_next_open_day_takes_the_posting(world):
    world.does("close-periods", until="2026-03-31")
    ledger = world.ledger()
    with pytest.raises(Refused) as refused:
        posted(ledger, payment())
    assert refused.value.code == "AccountingPeriodClosed"
    assert refused.value.developer_hint
    assert world.books()["vouchers"] == []

    open_day = ledger.first_open_day(MARCH)
    assert open_day == date(2026, 4, 1)
    (paid, _fee) = posted(ledger, payment(on=open_day), "FF-NEXT").booked
    assert (paid.voucher_on, paid.voucher) == (open_day, VoucherRef("2026", 3))


@pytest.mark.case("integrations", 9)
def test_a_write_told_to_wait_was_not_done(world):
    ledger = world.ledger()
    world.fails(BULK, status=429, retryAfter=30)
    with pytest.raises(Transient):
        ledger.draft(payment(), TOKEN, "key")
    world.clock.advance(seconds=30)
    assert ledger.find_posting(TOKEN).lines == ()


@pytest.mark.case("integrations", 12)
def test_nothing_is_written_into_another_companys_books(world):
    misdirected = world.ledger("grant-bakery", BUTIK)
    for write in (
        lambda: misdirected.draft(payment(), TOKEN, "key"),
        lambda: misdirected.book([1], "key"),
        lambda: misdirected.match([(1, 2)]),
    ):
        with pytest.raises(WrongAgreement):
            write()
    assert (world.books(BAGER)["drafts"], world.books(BAGER)["vouchers"]) == ([], [])


@pytest.mark.case("integrations", 12)
def test_a_grant_exchanged_after_the_connection_stops_the_next_write(world):
    ledger = world.ledger()
    ledger.probe()
    world.shop.number, world.bakery.number = world.bakery.number, world.shop.number
    with pytest.raises(WrongAgreement):
        ledger.draft(payment(), TOKEN, "key")
    with pytest.raises(WrongAgreement):
        ledger.changes(None, 10)
    assert world.books(BAGER)["drafts"] == world.books(BUTIK)["drafts"] == []


def test_nobody_at_the_address_means_that_nothing_was_written(world, nobody):
    with pytest.raises(NotSent):
        world.ledger(address=nobody).draft(payment(), TOKEN, "key")
