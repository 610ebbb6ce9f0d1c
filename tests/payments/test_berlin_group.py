from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import pytest
import stamina

from services.payments.gateways.bank import (
    BadBatchError,
    Bank,
    BankStatus,
    CancelAnswer,
    EntryKind,
    EntryStatus,
    OutcomeUnknown,
    Refused,
)
from shared.clock import SettableClock
from shared.money import Money
from shared.testing.servers import serve
from simulators.bank.app import create_app
from simulators.bank.book import Book
from simulators.bank.faults import Fault, FaultKind
from simulators.bank.pages import Pages
from simulators.bank.state import Account
from tests.payments.bank_connection import DEBTOR, TODAY, YEAR, batch, connected, order, sent
from tests.simulators.berlin_group_spec import BERLIN_GROUP
from tests.simulators.judging import Judged

TUESDAY = datetime(2026, 12, 1, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def patience_is_not_tested() -> Iterator[None]:
    with stamina.set_testing(testing=True, attempts=2, cap=True):
        yield


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(TUESDAY)


@pytest.fixture
def book() -> Book:
    book = Book(pages=Pages(page_size=2))
    book.open_account(DEBTOR, {"DKK": 50_000_00}, "sesam")
    return book


@pytest.fixture
def account(book: Book) -> Account:
    (account,) = book.accounts_of("sesam")
    return account


@pytest.fixture
def bank(clock: SettableClock, book: Book) -> Iterator[Bank]:
    judged = Judged(create_app(clock, book), BERLIN_GROUP)
    with serve(judged) as base_url, connected(base_url) as bank:
        yield bank
    assert judged.complaints() == []


def test_a_batch_is_sent_followed_and_found_in_the_statement(bank: Bank) -> None:
    receipt = bank.send("M-1", bank.render(batch(order("E-1", 1250_00))))
    assert receipt.status is BankStatus.ACTC
    assert bank.status(receipt.payment_id) == (EntryStatus("E-1", BankStatus.ACSC),)
    (entry,) = bank.transactions(DEBTOR, *YEAR)
    assert (entry.kind, entry.end_to_end_id) == (EntryKind.PAYMENT, "E-1")
    assert (entry.amount, entry.value_on) == (Money(-1250_00, "DKK"), TODAY)


@pytest.mark.case("rails", 16)
def test_a_part_of_a_batch_is_rejected_and_the_rest_is_one_pooled_line(
    bank: Bank, book: Book, account: Account
) -> None:
    account.pooled = True
    book.add_fault(Fault(FaultKind.REJECT, end_to_end_id="E-3", reason="AC01"))
    amounts = [1250_00, 900_00, 2000_00, 4300_00, 4050_00]
    asked = [order(f"E-{n}", minor) for n, minor in enumerate(amounts, start=1)]
    told = bank.status(sent(bank, *asked))
    assert [entry for entry in told if entry.status is not BankStatus.ACSC] == [
        EntryStatus("E-3", BankStatus.RJCT, "AC01")
    ]
    (pool,) = bank.transactions(DEBTOR, *YEAR)
    assert (pool.kind, pool.amount) == (EntryKind.POOL, Money(-10500_00, "DKK"))
    assert [detail.end_to_end_id for detail in pool.details] == ["E-1", "E-2", "E-4", "E-5"]


@pytest.mark.case("rails", 17)
def test_an_unknown_outcome_is_settled_by_the_statement(clock: SettableClock, book: Book) -> None:
    book.add_fault(Fault(FaultKind.TIMEOUT_AFTER))
    with serve(create_app(clock, book)) as base_url, connected(base_url) as bank:
        with connected(base_url, read=0.3) as hasty, pytest.raises(OutcomeUnknown):
            sent(hasty, order("E-1", 1250_00))
        entries = list(bank.transactions(DEBTOR, *YEAR))
    assert [entry.end_to_end_id for entry in entries] == ["E-1"]
    assert len(book.inspect()["requests"]) == 1, "nothing was sent again"


@pytest.mark.case("rails", 18)
def test_a_debit_may_arrive_while_a_cancellation_is_pending_and_a_refusal_after_it(
    bank: Bank, book: Book, clock: SettableClock
) -> None:
    book.add_fault(Fault(FaultKind.LOSE_CANCEL))
    payment = sent(bank, order("E-1", 1250_00, on=date(2026, 12, 4)))
    assert bank.cancel(payment) == CancelAnswer(requested=True)
    clock.advance(days=3)
    assert [entry.end_to_end_id for entry in bank.transactions(DEBTOR, *YEAR)] == ["E-1"]
    assert bank.cancel(payment).code == "CANCELLATION_INVALID"


def test_a_cancellation_that_is_taken_shows_in_the_status(bank: Bank) -> None:
    payment = sent(bank, order("E-1", 1250_00, on=date(2026, 12, 4)))
    assert bank.cancel(payment).requested
    assert bank.status(payment) == (EntryStatus("E-1", BankStatus.CANC),)


@pytest.mark.parametrize(
    ("kind", "moved"),
    [
        (FaultKind.TIMEOUT_BEFORE, 0),
        (FaultKind.TIMEOUT_AFTER, 1),
        (FaultKind.ERROR_BEFORE, 0),
        (FaultKind.ERROR_AFTER, 1),
        (FaultKind.GARBAGE_AFTER, 1),
    ],
)
def test_whether_money_moved_can_not_be_told_from_the_error(
    clock: SettableClock, book: Book, kind: FaultKind, moved: int
) -> None:
    book.add_fault(Fault(kind, creditor_account="80882939"))
    with serve(create_app(clock, book)) as base_url, connected(base_url, read=0.3) as bank:
        with pytest.raises(OutcomeUnknown):
            sent(bank)
        book.advance(clock.now())
    assert len(book.inspect()["debits"]) == moved


def test_the_same_batch_has_the_same_request_id_and_another_one_another(
    bank: Bank, book: Book
) -> None:
    sent(bank)
    sent(bank)
    sent(bank, order("E-2", 1), message_id="M-2")
    first, again, other = (request["request_id"] for request in book.inspect()["requests"])
    assert first == again != other


def test_fees_and_returns_are_lines_of_their_own_over_several_pages(
    bank: Bank, book: Book, account: Account, clock: SettableClock
) -> None:
    account.fee = Money(2_50, "DKK")
    book.add_fault(
        Fault(FaultKind.RETURN, end_to_end_id="E-1", reason="AC04", days=2, short=Money(1, "DKK"))
    )
    sent(bank, order("E-1", 1250_00), order("E-2", 900_00))
    clock.advance(days=20)
    assert [
        (e.kind, e.end_to_end_id, e.amount.minor, e.reason)
        for e in bank.transactions(DEBTOR, *YEAR)
    ] == [
        (EntryKind.PAYMENT, "E-1", -1250_00, None),
        (EntryKind.FEE, "E-1", -2_50, None),
        (EntryKind.PAYMENT, "E-2", -900_00, None),
        (EntryKind.FEE, "E-2", -2_50, None),
        (EntryKind.RETURN, "E-1", 1249_99, "AC04"),
    ]


def test_money_from_elsewhere_is_neither_payment_nor_return(
    bank: Bank, book: Book, clock: SettableClock
) -> None:
    book.credit(DEBTOR, Money(5_00, "DKK"), clock.now(), "Indbetaling")
    (entry,) = bank.transactions(DEBTOR, *YEAR)
    assert (entry.kind, entry.text, entry.reason) == (EntryKind.OTHER, "Indbetaling", None)


def test_a_bank_that_tells_the_batch_only_says_the_same_of_each_order(clock: SettableClock) -> None:
    book = Book(pages=Pages(tells_entries=False))
    book.open_account(DEBTOR, {"DKK": 50_000_00}, "sesam")
    with serve(create_app(clock, book)) as base_url, connected(base_url) as bank:
        told = bank.status(sent(bank, order("E-1", 1), order("E-2", 2)))
    assert told == (EntryStatus("E-1", BankStatus.ACSC), EntryStatus("E-2", BankStatus.ACSC))


def test_a_status_that_contradicts_itself_is_handed_on_as_it_is(bank: Bank, book: Book) -> None:
    book.add_fault(Fault(FaultKind.DOUBLE_STATUS))
    assert [entry.status for entry in bank.status(sent(bank))] == [BankStatus.ACSC, BankStatus.ACTC]


@pytest.mark.property_("P19")
def test_another_connection_sees_neither_the_payment_nor_the_account(
    clock: SettableClock, book: Book
) -> None:
    book.open_account("DK9520000123456789", {"DKK": 0}, "other")
    with (
        serve(create_app(clock, book)) as base_url,
        connected(base_url) as ours,
        connected(base_url, "other") as theirs,
    ):
        payment = sent(ours)
        with pytest.raises(Refused, match="RESOURCE_UNKNOWN"):
            theirs.status(payment)
        with pytest.raises(Refused, match="ACCOUNT_UNKNOWN"):
            list(theirs.transactions(DEBTOR, *YEAR))
        assert not theirs.cancel(payment).requested


@pytest.mark.property_("P1")
@pytest.mark.parametrize(
    ("message_id", "change"),
    [
        ("M-2", lambda body: body),
        ("M-1", lambda body: body.replace(b'"paymentInf', b'"chargeBearer":"DEBT","paymentInf')),
        (
            "M-1",
            lambda body: body.replace(b'"amount":"1250.00"', b'"amount":"9.00","amount":"1250.00"'),
        ),
        ("M-1", lambda body: body + b"\n"),
    ],
)
def test_bytes_that_say_anything_but_what_was_sealed_do_not_leave(
    bank: Bank, book: Book, message_id: str, change: Callable[[bytes], bytes]
) -> None:
    body = bank.render(batch())
    with pytest.raises(BadBatchError):
        bank.send(message_id, change(body))
    assert book.inspect()["requests"] == []
    bank.send("M-1", body)
