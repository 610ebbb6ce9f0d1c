from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from shared.clock import SettableClock
from shared.money import Money
from simulators.bank.app import create_app
from simulators.bank.book import Book
from simulators.bank.days import after, is_banking_day
from simulators.bank.faults import Fault, FaultKind
from simulators.bank.pages import Pages
from simulators.bank.state import Account
from tests.simulators.bank_customer import DEBTOR, Customer, customer_of, order, paid
from tests.simulators.berlin_group_spec import BERLIN_GROUP
from tests.simulators.judging import Judged

TUESDAY = datetime(2026, 12, 1, 9, tzinfo=UTC)


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(TUESDAY)


@pytest.fixture
def book() -> Book:
    book = Book()
    book.open_account(DEBTOR, {"DKK": 50_000_00}, "sesam")
    return book


@pytest.fixture
def account(book: Book) -> Account:
    (account,) = book.accounts_of("sesam")
    return account


@pytest.fixture
def customer(clock: SettableClock, book: Book) -> Iterator[Customer]:
    judged = Judged(create_app(clock, book), BERLIN_GROUP)
    with customer_of(judged) as customer:
        yield customer
    assert judged.complaints() == []


def test_an_order_for_today_is_executed_today(customer: Customer) -> None:
    payment = paid(customer, ("E-1", "1250.00"))
    assert customer.statuses(payment) == [("E-1", "ACSC", None)]
    assert customer.book()["accounts"][0]["balances"] == {"DKK": 48_750_00}


def test_an_order_for_later_waits_for_its_day(customer: Customer, clock: SettableClock) -> None:
    payment = paid(customer, ("E-1", "1250.00"), on="2026-12-04")
    assert customer.statuses(payment) == [("E-1", "ACCP", None)]
    assert customer.lines() == []
    clock.advance(days=3)
    assert customer.statuses(payment) == [("E-1", "ACSC", None)]


def test_a_clock_moved_by_a_month_books_each_order_on_its_own_day(
    customer: Customer, clock: SettableClock
) -> None:
    paid(customer, ("E-1", "10.00"), on="2026-12-08")
    paid(customer, ("E-2", "20.00"), on="2026-12-04")
    clock.advance(days=30)
    assert [(line["endToEndId"], line["bookingDate"]) for line in customer.lines()] == [
        ("E-2", "2026-12-04"),
        ("E-1", "2026-12-08"),
    ]


def test_a_day_on_which_the_bank_is_closed_is_moved_and_said(
    customer: Customer, clock: SettableClock
) -> None:
    payment = paid(customer, ("E-1", "10.00"), on="2026-12-05")
    assert customer.statuses(payment) == [("E-1", "ACWC", None)]
    held = customer.client.get(customer.of(payment), headers=customer.headers()).json()
    assert held["requestedExecutionDate"] == "2026-12-07"


def test_an_order_after_the_cut_off_is_executed_on_the_next_banking_day(
    customer: Customer, clock: SettableClock
) -> None:
    clock.advance(hours=5)
    payment = paid(customer, ("E-1", "10.00"))
    assert customer.statuses(payment) == [("E-1", "ACWC", None)]
    clock.advance(days=1)
    assert [line["bookingDate"] for line in customer.lines()] == ["2026-12-02"]


def test_the_bank_is_closed_on_the_days_that_the_danish_banks_close() -> None:
    closed = [date(2027, 5, 6), date(2027, 5, 7), date(2026, 6, 5), date(2026, 12, 24)]
    assert not any(is_banking_day(day) for day in [*closed, date(2026, 12, 31)])
    assert after(date(2027, 5, 5), 1) == date(2027, 5, 10)


@pytest.mark.case("rails", 16)
def test_one_bad_order_of_five_is_rejected_and_the_others_are_one_pooled_line(
    customer: Customer, book: Book, account: Account
) -> None:
    account.pooled = True
    book.add_fault(Fault(FaultKind.REJECT, end_to_end_id="E-3", reason="AC01"))
    amounts = {
        "E-1": "1250.00",
        "E-2": "900.00",
        "E-3": "2000.00",
        "E-4": "4300.00",
        "E-5": "4050.00",
    }
    payment = paid(customer, *amounts.items())
    assert customer.group(payment) == "PART"
    assert [told for told in customer.statuses(payment) if told[1] != "ACSC"] == [
        ("E-3", "RJCT", "AC01")
    ]
    (line,) = customer.lines()
    assert line["transactionAmount"] == {"currency": "DKK", "amount": "-10500.00"}
    assert [detail["endToEndId"] for detail in line["entryDetails"]] == ["E-1", "E-2", "E-4", "E-5"]


def test_a_fee_is_a_line_of_its_own(customer: Customer, account: Account) -> None:
    account.fee = Money(2_50, "DKK")
    paid(customer, ("E-1", "1250.00"))
    told = [(x["bankTransactionCode"], x["transactionAmount"]["amount"]) for x in customer.lines()]
    assert told == [("PMNT-ICDT-DMCT", "-1250.00"), ("PMNT-ICDT-FEES", "-2.50")]


def test_the_same_order_asked_for_twice_is_paid_twice(customer: Customer) -> None:
    paid(customer, ("E-1", "1250.00"), request_id="first")
    paid(customer, ("E-1", "1250.00"), request_id="second")
    debits = customer.book()["debits"]
    assert [debit["end_to_end_id"] for debit in debits] == ["E-1", "E-1"]
    assert len({debit["request_id"] for debit in debits}) == 2


def test_the_same_request_repeated_is_recognised(customer: Customer) -> None:
    first = paid(customer, ("E-1", "1250.00"), request_id="same")
    assert paid(customer, ("E-1", "1250.00"), request_id="same") == first
    assert len(customer.book()["debits"]) == 1
    assert len(customer.book()["requests"]) == 2


def test_a_bank_that_forgets_requests_pays_the_repeated_one_again(
    clock: SettableClock,
) -> None:
    book = Book(pages=Pages(remembers_requests=False))
    book.open_account(DEBTOR, {"DKK": 50_000_00}, "sesam")
    with customer_of(create_app(clock, book)) as customer:
        paid(customer, ("E-1", "1250.00"), request_id="same")
        paid(customer, ("E-1", "1250.00"), request_id="same")
        assert len(customer.book()["debits"]) == 2


def test_a_request_id_used_for_another_request_is_a_conflict(customer: Customer) -> None:
    paid(customer, ("E-1", "1250.00"), request_id="same")
    assert customer.pay(("E-2", "1.00"), request_id="same").status_code == 409


def test_an_order_without_money_waits_and_is_rejected_at_last(
    customer: Customer, clock: SettableClock
) -> None:
    payment = paid(customer, ("E-1", "90000.00"))
    told = []
    for _ in range(4):
        told += customer.statuses(payment)
        clock.advance(days=1)
    assert [(status, reason) for _, status, reason in told] == [
        ("PDNG", None),
        ("PDNG", None),
        ("PDNG", None),
        ("RJCT", "AM04"),
    ]
    assert customer.book()["accounts"][0]["balances"] == {"DKK": 50_000_00}


def test_money_that_comes_in_time_lets_the_order_go(
    customer: Customer, clock: SettableClock
) -> None:
    payment = paid(customer, ("E-1", "90000.00"))
    assert customer.group(payment) == "PDNG"
    funds = {"number": DEBTOR, "amount": {"minor": 50_000_00, "currency": "DKK"}, "text": "in"}
    assert customer.client.post("/control/credits", json=funds).status_code == 204
    clock.advance(days=1)
    assert customer.statuses(payment) == [("E-1", "ACSC", None)]


def test_money_is_returned_days_later_and_short(
    customer: Customer, clock: SettableClock, book: Book
) -> None:
    book.add_fault(Fault(FaultKind.RETURN, reason="AC04", days=3, short=Money(15_00, "DKK")))
    payment = paid(customer, ("E-1", "1000.00"))
    assert customer.statuses(payment) == [("E-1", "ACSC", None)]
    clock.advance(days=10)
    back = customer.lines(from_on="2026-12-04", to_on="2026-12-04")
    assert [(x["endToEndId"], x["transactionAmount"]["amount"]) for x in back] == [
        ("E-1", "985.00")
    ]
    assert back[0]["additionalInformation"] == "AC04"
    assert customer.book()["accounts"][0]["balances"] == {"DKK": 49_985_00}


def test_what_waits_can_be_cancelled(customer: Customer, clock: SettableClock) -> None:
    payment = paid(customer, ("E-1", "10.00"), on="2026-12-04")
    assert customer.cancel(payment) == 204
    clock.advance(days=5)
    assert customer.statuses(payment) == [("E-1", "CANC", None)]
    assert customer.lines() == []


def test_what_is_executed_can_not_be_cancelled(customer: Customer) -> None:
    assert customer.cancel(paid(customer, ("E-1", "10.00"))) == 405


@pytest.mark.case("rails", 18)
def test_a_cancellation_may_be_taken_and_the_money_leave_all_the_same(
    customer: Customer, clock: SettableClock, book: Book
) -> None:
    book.add_fault(Fault(FaultKind.LOSE_CANCEL, end_to_end_id="E-1"))
    payment = paid(customer, ("E-1", "10.00"), on="2026-12-04")
    assert customer.cancel(payment) == 202
    clock.advance(days=5)
    assert [line["endToEndId"] for line in customer.lines()] == ["E-1"]
    assert customer.cancel(payment) == 405


def test_a_cancellation_is_refused_on_demand(customer: Customer, book: Book) -> None:
    book.add_fault(Fault(FaultKind.REFUSE_CANCEL))
    payment = paid(customer, ("E-1", "10.00"), on="2026-12-04")
    assert customer.cancel(payment) == 405
    assert customer.cancel(payment) == 204


def test_an_order_is_held_for_as_long_as_asked(
    customer: Customer, clock: SettableClock, book: Book
) -> None:
    book.add_fault(Fault(FaultKind.HOLD, amount=Money(10_00, "DKK"), times=2))
    payment = paid(customer, ("E-1", "10.00"), ("E-2", "20.00"))
    assert customer.statuses(payment) == [("E-1", "ACSP", None), ("E-2", "ACSC", None)]
    clock.advance(days=2)
    assert [line["bookingDate"] for line in customer.lines()] == ["2026-12-01", "2026-12-03"]


def test_a_late_status_says_received_while_the_statement_says_paid(
    customer: Customer, clock: SettableClock, book: Book
) -> None:
    book.add_fault(Fault(FaultKind.LATE_STATUS, days=2))
    payment = paid(customer, ("E-1", "10.00"))
    assert customer.statuses(payment) == [("E-1", "RCVD", None)]
    assert len(customer.lines()) == 1
    clock.advance(days=2)
    assert customer.statuses(payment) == [("E-1", "ACSC", None)]


def test_a_double_status_contradicts_itself_once(customer: Customer, book: Book) -> None:
    book.add_fault(Fault(FaultKind.DOUBLE_STATUS))
    payment = paid(customer, ("E-1", "10.00"))
    assert [told[1] for told in customer.statuses(payment)] == ["ACSC", "ACTC"]
    assert [told[1] for told in customer.statuses(payment)] == ["ACSC"]


def test_a_late_rejection_comes_on_the_execution_day(
    customer: Customer, clock: SettableClock, book: Book
) -> None:
    fault = {"kind": "reject_late", "creditor_account": "53010000123456", "reason": "AC04"}
    assert customer.client.post("/control/faults", json=fault).status_code == 204
    payment = paid(customer, ("E-1", "10.00"), on="2026-12-04")
    assert customer.statuses(payment) == [("E-1", "ACCP", None)]
    clock.advance(days=3)
    assert customer.statuses(payment) == [("E-1", "RJCT", "AC04")]


def test_faults_on_demand_are_cleared_on_demand(customer: Customer) -> None:
    customer.client.post("/control/faults", json={"kind": "error_before", "times": None})
    assert customer.pay(("E-1", "10.00")).status_code == 503
    assert customer.pay(("E-1", "10.00")).status_code == 503
    assert customer.client.delete("/control/faults").status_code == 204
    paid(customer, ("E-1", "10.00"))
    assert len(customer.book()["debits"]) == 1


def test_a_fault_that_nobody_knows_is_an_error(customer: Customer) -> None:
    assert customer.client.post("/control/faults", json={"kind": "meteor"}).status_code == 400
    paid(customer, ("E-1", "10.00"))


def test_accounts_are_opened_and_funded_from_outside(customer: Customer) -> None:
    new = {"number": "53010000999999", "token": "sesam", "balances": {"DKK": 0}}
    funds = {"number": "53010000999999", "amount": {"minor": 100, "currency": "DKK"}}
    assert customer.client.post("/control/accounts", json=new).status_code == 204
    assert customer.client.post("/control/accounts", json=new).status_code == 400
    assert customer.client.post("/control/credits", json=funds).status_code == 204
    assert customer.client.post("/control/credits", json=funds | {"number": "0"}).status_code == 400
    told = customer.client.get("/v1/accounts", headers=customer.headers()).json()["accounts"]
    assert [account.get("iban") or account["bban"] for account in told] == [DEBTOR, new["number"]]
    assert customer.book()["accounts"][1]["balances"] == {"DKK": 100}


def test_an_iban_that_can_not_exist_is_rejected(customer: Customer) -> None:
    wrong = order("E-1", "10.00") | {"creditorAccount": {"iban": "DE89370400440532013001"}}
    body = {"debtorAccount": {"iban": DEBTOR}, "payments": [wrong]}
    path = "/v1/bulk-payments/domestic-credit-transfers"
    told = customer.client.post(path, json=body, headers=customer.headers()).json()
    assert customer.statuses(told["paymentId"]) == [("E-1", "RJCT", "AC01")]


@pytest.mark.parametrize(
    ("headers", "body", "status", "code"),
    [
        ({"X-Request-ID": "no uuid"}, {}, 400, "FORMAT_ERROR"),
        ({"Authorization": "Bearer guess"}, {}, 401, "TOKEN_UNKNOWN"),
        ({}, {"payments": []}, 400, "FORMAT_ERROR"),
        ({}, {"payments": [order("E-1", "-5.00")]}, 400, "FORMAT_ERROR"),
        ({}, {"payments": [order("E-1", "5.001")]}, 400, "FORMAT_ERROR"),
        ({}, {"payments": [order("E-1", "NaN")]}, 400, "FORMAT_ERROR"),
        ({}, {"debtorAccount": {"iban": "DK9520000123456789"}}, 404, "RESOURCE_UNKNOWN"),
    ],
)
def test_a_request_that_breaks_the_standard_is_refused_in_its_words(
    customer: Customer, headers: dict[str, str], body: dict[str, Any], status: int, code: str
) -> None:
    whole = {"debtorAccount": {"iban": DEBTOR}, "payments": [order("E-1", "1.00")], **body}
    path = "/v1/bulk-payments/domestic-credit-transfers"
    answer = customer.client.post(path, json=whole, headers=customer.headers() | headers)
    assert (answer.status_code, answer.json()["tppMessages"][0]["code"]) == (status, code)
    assert customer.book()["debits"] == []


@pytest.mark.property_("P19")
def test_another_connections_payment_is_not_there(customer: Customer, book: Book) -> None:
    book.open_account("DK9520000123456789", {"DKK": 0}, "other")
    payment = paid(customer, ("E-1", "10.00"), on="2026-12-04")
    stranger = customer.headers() | {"Authorization": "Bearer other"}
    for path in (customer.of(payment), customer.of(payment, "/status")):
        assert customer.client.get(path, headers=stranger).status_code == 404
    assert customer.client.delete(customer.of(payment), headers=stranger).status_code == 404


def test_the_bank_survives_a_restart(clock: SettableClock, tmp_path: Path) -> None:
    file = tmp_path / "book.json"
    book = Book.load(file)
    book.open_account(DEBTOR, {"DKK": 50_000_00}, "sesam", Money(2_50, "DKK"))
    book.add_fault(Fault(FaultKind.RETURN, end_to_end_id="E-1", reason="AC04", days=1))
    with customer_of(create_app(clock, book)) as customer:
        payment = paid(customer, ("E-1", "10.00"), on="2026-12-04")
    clock.advance(days=10)
    again = Book.load(file)
    with customer_of(create_app(clock, again)) as customer:
        assert customer.statuses(payment) == [("E-1", "ACSC", None)]
    assert Book.load(file).inspect() == again.inspect()
    assert [len(again.inspect()[what]) for what in ("debits", "returns", "lines")] == [1, 1, 3]


def test_the_book_tells_everything_but_the_tokens(customer: Customer) -> None:
    paid(customer, ("E-1", "10.00"))
    assert "sesam" not in json.dumps(customer.book())


def test_every_balance_is_what_came_less_what_left(
    customer: Customer, clock: SettableClock, book: Book, account: Account
) -> None:
    account.fee, account.pooled = Money(2_50, "DKK"), True
    book.add_fault(Fault(FaultKind.RETURN, end_to_end_id="E-2", reason="AC04", days=2))
    paid(customer, ("E-1", "1000.00"), ("E-2", "2000.00"), ("E-3", "90000.00"))
    clock.advance(days=20)
    kept = customer.book()
    assert kept["accounts"][0]["balances"]["DKK"] == 50_000_00 + sum(
        line["amount"]["minor"] for line in kept["lines"]
    )


def test_the_judge_of_this_file_finds_what_departs_from_the_standard() -> None:
    """It would be worth nothing if it never complained."""

    async def careless(scope: Scope, receive: Receive, send: Send) -> None:
        await JSONResponse({"accounts": [{"iban": DEBTOR}]})(scope, receive, send)

    judged = Judged(careless, BERLIN_GROUP)
    with customer_of(judged) as customer:
        customer.client.get("/v1/accounts")
    answer, request = judged.complaints()
    assert "'currency' is a required property" in answer
    assert "X-Request-ID" in request
