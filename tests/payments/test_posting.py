"""What is bookkept: the numbered cases, each balanced to the øre."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.payments.model import posting
from services.payments.model.naming import aggregate_of, token_of
from services.payments.model.order import Payment
from services.payments.model.payment import PAYMENT
from services.payments.model.posting import Line, Voucher
from services.payments.values import State
from shared.money import Money
from tests.payments.histories import DAY, HISTORIES, ORDER, dkk

PAID = PAYMENT.fold(HISTORIES[State.EXECUTED])


def through_transit(payment: Payment) -> Payment:
    return replace(payment, in_transit=True)


def lines(voucher: Voucher | None) -> list[tuple[str, str]]:
    assert voucher is not None
    return [(line.account, str(line.amount.decimal)) for line in voucher.lines]


@pytest.mark.case("rails", 15)
def test_case_a_payment_and_fee() -> None:
    assert lines(posting.executed(PAID, dkk("1250.00"), dkk("2.50"), DAY)) == [
        ("supplier", "1250.00"),
        ("bank", "-1250.00"),
        ("bank_fees", "2.50"),
        ("bank", "-2.50"),
    ]


def test_cases_d_and_g_settle_what_was_paid_of_the_invoice() -> None:
    voucher = posting.executed(PAID, dkk("8500.00"), None, DAY)
    assert lines(voucher) == [("supplier", "8500.00"), ("bank", "-8500.00")]
    assert voucher is not None
    assert voucher.lines[0].invoice_number == "A-100"


def test_case_e_goes_through_in_transit_and_out_once_with_the_pool() -> None:
    payment = through_transit(PAID)
    assert lines(posting.submitted(payment, DAY)) == [
        ("supplier", "1250.00"),
        ("in_transit", "-1250.00"),
    ]
    assert posting.executed(payment, dkk("1250.00"), None, DAY, pooled=True) is None
    assert lines(posting.pool(dkk("6450.00"), DAY)) == [
        ("in_transit", "6450.00"),
        ("bank", "-6450.00"),
    ]


def test_an_order_with_a_line_of_its_own_empties_in_transit_by_itself() -> None:
    voucher = posting.executed(through_transit(PAID), dkk("1250.00"), None, DAY)
    assert lines(voucher) == [("in_transit", "1250.00"), ("bank", "-1250.00")]


def test_a_line_over_another_amount_is_bookkept_as_the_bank_has_it() -> None:
    voucher = posting.executed(through_transit(PAID), dkk("1249.99"), None, DAY)
    assert lines(voucher) == [("in_transit", "1249.99"), ("bank", "-1249.99")]


def test_what_was_never_put_into_transit_is_not_taken_out_of_it() -> None:
    unknown = through_transit(PAYMENT.fold(HISTORIES[State.OUTCOME_UNKNOWN]))
    assert lines(posting.executed(unknown, dkk("1250.00"), None, DAY)) == [
        ("supplier", "1250.00"),
        ("bank", "-1250.00"),
    ]


def test_case_h_takes_in_transit_back_and_books_nothing_without_it() -> None:
    rejected = PAYMENT.fold(HISTORIES[State.BANK_REJECTED])
    assert posting.taken_back(rejected, DAY) is None
    assert lines(posting.taken_back(through_transit(rejected), DAY)) == [
        ("in_transit", "1250.00"),
        ("supplier", "-1250.00"),
    ]


def test_a_debit_after_a_refusal_is_booked_straight_to_the_bank() -> None:
    rejected = through_transit(PAYMENT.fold(HISTORIES[State.BANK_REJECTED]))
    assert lines(posting.executed(rejected, dkk("1250.00"), None, DAY)) == [
        ("supplier", "1250.00"),
        ("bank", "-1250.00"),
    ]


def test_a_return_reopens_the_item_in_full_and_what_was_kept_is_a_cost() -> None:
    assert lines(posting.returned(PAID, dkk("1235.00"), DAY)) == [
        ("bank", "1235.00"),
        ("bank_fees", "15.00"),
        ("supplier", "-1250.00"),
    ]


def test_a_voucher_that_does_not_balance_cannot_be_made() -> None:
    with pytest.raises(AssertionError, match="does not"):
        Voucher(DAY, "x", (Line("bank", dkk("1.00")), Line("supplier", dkk("-0.99"))))


amounts = st.integers(1, 10**12).map(lambda minor: Money(minor, "DKK"))
fees = st.none() | st.integers(0, 10**6).map(lambda minor: Money(minor, "DKK"))


@given(amounts, fees, st.booleans(), st.booleans())
def test_every_voucher_balances(
    amount: Money, fee: Money | None, in_transit: Any, pooled: Any
) -> None:
    payment = replace(PAID, in_transit=in_transit, executed=amount)
    made = [
        posting.executed(payment, amount, fee, DAY, pooled=pooled),
        posting.submitted(payment, DAY),
        posting.returned(payment, amount, DAY),
    ]
    for voucher in made:
        assert voucher is None or sum(line.amount.minor for line in voucher.lines) == 0


def test_a_token_names_its_order_and_nothing_else_is_taken_for_one() -> None:
    assert aggregate_of(token_of(ORDER, 7)) == ORDER
    for other in ("", "hello", "A.1", f"{token_of(ORDER, 7)}x", "0" * 26 + ".1"):
        assert aggregate_of(other) is None
