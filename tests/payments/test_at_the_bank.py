"""What the bank answers, what it does not answer, and what its statement says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from services.payments.acts import by_hand as desk
from services.payments.commands import NoteBankStatus
from services.payments.gateways.bank import (
    BankStatus,
    CancelAnswer,
    EntryDetail,
    EntryKind,
    NotSent,
    OutcomeUnknown,
    Refused,
    StatementEntry,
)
from services.payments.model.payment import PAYMENT
from services.payments.values import State
from shared.contracts import payments as told
from shared.contracts.tenants import UserDisabled
from shared.decider import Rejected
from shared.postgres import Server
from tests.payments.office_of_anna import Office, dkk, office_on

DAY = date(2026, 3, 9)
RELEASE_AT = datetime(2026, 3, 9, 9, 30, tzinfo=UTC)


@pytest.fixture
def office(postgres_server: Server) -> Iterator[Office]:
    with office_on(postgres_server) as office:
        yield office


@pytest.fixture
def pooling(postgres_server: Server) -> Iterator[Office]:
    with office_on(postgres_server, in_transit=True) as office:
        yield office


def released(office: Office, *amounts: str) -> list[UUID]:
    """Orders over these amounts, approved and handed to the bank."""
    orders = [office.book(f"A-{amount}", amount) for amount in amounts]
    office.approve(*orders)
    office.until(RELEASE_AT)
    return orders


def later(office: Office, **units: int) -> None:
    office.until(office.world.clock.now() + timedelta(**units))


def lines_of(office: Office) -> list[list[tuple[str, str]]]:
    return [
        [(line.account, str(line.amount.decimal)) for line in sought.lines]
        for sought in office.told(told.PaymentPostingSought)
    ]


@pytest.mark.case("rails", 17)
@pytest.mark.property_("P7")
def test_no_answer_freezes_the_order_until_the_statement_shows_it(office: Office) -> None:
    office.bank.failures = [OutcomeUnknown("the connection broke after the last byte")]
    office.bank.takes_all_the_same = True
    (order,) = released(office, "1250.00")
    assert office.state(order) is State.OUTCOME_UNKNOWN
    later(office, hours=1, minutes=59)
    assert "OutcomeAlertRaised" not in office.events(order)
    later(office, minutes=1)
    assert "OutcomeAlertRaised" in office.events(order)
    later(office, hours=22)
    assert len(office.bank.sent) == 1
    office.bank.execute(DAY)
    later(office, minutes=15)
    assert office.state(order) is State.RECONCILED
    assert len(office.told(told.PaymentExecuted)) == 1
    assert len(office.told(told.PaymentOutcomeUnknown)) == 1


@pytest.mark.property_("P7")
def test_two_persons_with_the_banks_word_send_it_again_under_the_same_end_to_end_id(
    office: Office,
) -> None:
    office.bank.failures = [OutcomeUnknown("no answer")]
    (order,) = released(office, "1250.00")
    office.do(lambda work: desk.report_bank_word(work, office.bo, order, received=False))
    later(office, minutes=1)
    assert office.state(order) is State.OUTCOME_UNKNOWN
    office.do(lambda work: desk.report_bank_word(work, office.carla, order, received=False))
    office.world.settle()
    assert office.state(order) is State.SUBMITTED
    first, second = (office.bank.parse(body) for _, body in office.bank.sent)
    assert first.message_id != second.message_id
    assert [o.end_to_end_id for o in first.orders] == [o.end_to_end_id for o in second.orders]
    later(office, days=1)
    assert len(office.bank.sent) == 2


def test_what_never_left_is_tried_again_with_the_same_bytes(office: Office) -> None:
    office.bank.failures = [NotSent("connection refused")]
    (order,) = released(office, "1250.00")
    assert office.state(order) is State.RELEASING
    later(office, minutes=2)
    assert office.state(order) is State.SUBMITTED
    assert office.bank.sent[0] == office.bank.sent[1]


@pytest.mark.property_("P12")
def test_what_lay_sealed_while_nobody_worked_is_looked_at_again_before_it_is_sent(
    office: Office,
) -> None:
    order = office.book()
    office.approve(order)
    office.world.clock.move_to(RELEASE_AT)
    office.do(lambda work: office.releaser.release(work, "danish_transfer"))
    assert office.state(order) is State.RELEASING
    office.say(UserDisabled(user_id=office.bo, client_id=office.tenant))
    office.world.clock.advance(days=2)
    office.world.settle()
    later(office, minutes=15)
    assert office.state(order) is State.HELD
    assert office.bank.sent == []


def test_a_bank_out_of_reach_gives_the_order_back_to_the_schedule(office: Office) -> None:
    office.bank.failures = [NotSent("connection refused")] * 5
    (order,) = released(office, "1250.00")
    for _ in range(4):
        later(office, minutes=2)
    assert office.state(order) is State.SCHEDULED
    later(office, minutes=15)
    assert office.state(order) is State.SUBMITTED


def test_a_refused_message_rejects_its_orders(office: Office) -> None:
    office.bank.failures = [Refused("FORMAT_ERROR", "no")]
    (order,) = released(office, "1250.00")
    assert office.state(order) is State.BANK_REJECTED
    (failed,) = office.told(told.PaymentFailed)
    assert failed.code == "FORMAT_ERROR"
    assert lines_of(office) == []


@pytest.mark.case("rails", 16)
@pytest.mark.capability("S10")
def test_one_of_five_is_rejected_and_the_pooled_line_reconciles_the_rest(
    pooling: Office,
) -> None:
    amounts = ["1500.00", "2500.00", "2000.00", "3000.00", "3500.00"]
    orders = released(pooling, *amounts)
    bad = orders[2]
    for order in pooling.bank.orders:
        rejected = order.amount == dkk("2000.00")
        pooling.bank.statuses[order.end_to_end_id] = (
            (BankStatus.RJCT, "AC01") if rejected else (BankStatus.ACCP, None)
        )
    later(pooling, minutes=5)
    states = [pooling.state(order) for order in orders]
    assert states == [State.BANK_REJECTED if o == bad else State.ACCEPTED for o in orders]
    good = [order for order in pooling.bank.orders if order.amount != dkk("2000.00")]
    pooling.bank.lines.append(
        StatementEntry(
            "POOL1",
            EntryKind.POOL,
            dkk("-10500.00"),
            DAY,
            DAY,
            details=tuple(EntryDetail(o.end_to_end_id, -o.amount) for o in good),
        )
    )
    later(pooling, hours=1)
    later(pooling, hours=1)
    assert [pooling.state(o) for o in orders if o != bad] == [State.RECONCILED] * 4
    vouchers = lines_of(pooling)
    assert [("in_transit", "10500.00"), ("bank", "-10500.00")] in vouchers
    assert [("in_transit", "2000.00"), ("supplier", "-2000.00")] in vouchers
    in_transit = [line for voucher in vouchers for line in voucher if line[0] == "in_transit"]
    assert sum(minor(amount) for _, amount in in_transit) == 0


def minor(amount: str) -> int:
    """Kroner and øre as øre."""
    return int(amount.replace(".", ""))


@pytest.mark.case("rails", 15)
def test_a_line_that_is_read_many_times_is_bookkept_once(office: Office) -> None:
    (order,) = released(office, "1250.00")
    office.bank.execute(DAY)
    for _ in range(3):
        later(office, hours=1)
    assert len(office.told(told.PaymentExecuted)) == 1
    assert len(lines_of(office)) == 1
    assert office.state(order) is State.RECONCILED


@pytest.mark.parametrize("answered", ["by the statement", "by a status"])
def test_an_unknown_order_of_a_client_with_transit_leaves_nothing_there(
    pooling: Office, answered: str
) -> None:
    pooling.bank.failures = [OutcomeUnknown("the connection broke after the last byte")]
    pooling.bank.takes_all_the_same = True
    (order,) = released(pooling, "1250.00")
    if answered == "by a status":
        batch = pooling.payment(order).batch_id
        assert batch is not None
        pooling.do(lambda work: work.execute(PAYMENT, order, NoteBankStatus(batch, "ACCP")))
    pooling.bank.execute(DAY)
    later(pooling, hours=1)
    assert pooling.state(order) is State.RECONCILED
    assert lines_of(pooling) == [[("supplier", "1250.00"), ("bank", "-1250.00")]]


def test_a_fee_that_comes_later_is_bookkept_by_itself(office: Office) -> None:
    released(office, "1250.00")
    office.bank.execute(DAY)
    later(office, hours=1)
    (sent,) = office.bank.orders
    fee = StatementEntry("F1", EntryKind.FEE, dkk("-2.50"), DAY, DAY, sent.end_to_end_id)
    office.bank.lines.append(fee)
    later(office, days=1)
    assert lines_of(office)[-1] == [("bank_fees", "2.50"), ("bank", "-2.50")]


def test_money_that_comes_back_weeks_later_reopens_the_item(office: Office) -> None:
    (order,) = released(office, "1250.00")
    office.bank.execute(DAY)
    later(office, hours=1)
    (sent,) = office.bank.orders
    back_on = DAY + timedelta(days=34)
    office.bank.lines.append(
        StatementEntry(
            "R1", EntryKind.RETURN, dkk("1235.00"), back_on, back_on, sent.end_to_end_id, "AC04"
        )
    )
    later(office, days=35)
    assert office.state(order) is State.RETURNED
    (returned,) = office.told(told.PaymentReturned)
    assert (returned.amount, returned.code) == (dkk("1235.00"), "AC04")
    assert lines_of(office)[-1] == [
        ("bank", "1235.00"),
        ("bank_fees", "15.00"),
        ("supplier", "-1250.00"),
    ]
    again = office.do(
        lambda work: desk.pay_again(work, office.anna, office.payment(order).invoice.invoice_id)
    )
    assert again != order
    assert office.payment(again).attempt == 2
    assert office.payment(again).amount == dkk("1250.00")


def test_a_second_debit_of_the_same_order_is_kept_as_a_fault_and_not_bookkept(
    office: Office,
) -> None:
    released(office, "1250.00")
    office.bank.execute(DAY)
    later(office, hours=1)
    (sent,) = office.bank.orders
    twice = StatementEntry("L9", EntryKind.PAYMENT, -sent.amount, DAY, DAY, sent.end_to_end_id)
    office.bank.lines.append(twice)
    later(office, days=1)
    assert len(office.told(told.PaymentExecuted)) == 1
    faults = office.do(
        lambda work: work.raw.execute("select fault from read.statement_line").fetchall()
    )
    assert ("second_debit",) in faults


@pytest.mark.property_("P19")
def test_another_clients_bank_line_touches_no_order(office: Office) -> None:
    (order,) = released(office, "1250.00")
    (sent,) = office.bank.orders
    letters = sent.end_to_end_id.partition("-")[0]
    for name in (f"{letters}-9", "NOTPROVIDED", ""):
        line = StatementEntry(f"X{name}", EntryKind.PAYMENT, -sent.amount, DAY, DAY, name)
        office.bank.lines.append(line)
    later(office, hours=1)
    assert office.state(order) is State.SUBMITTED


@pytest.mark.case("rails", 18)
def test_a_cancellation_is_asked_for_and_the_debit_wins(office: Office) -> None:
    (order,) = released(office, "1250.00")
    office.do(lambda work: desk.request_cancel(work, office.anna, order))
    office.world.settle()
    assert office.state(order) is State.CANCEL_PENDING
    assert len(office.bank.asked_to_cancel) == 1
    office.bank.execute(DAY)
    later(office, hours=1)
    assert office.state(order) is State.RECONCILED
    assert office.told(told.PaymentCancelled) == []


def test_a_refused_cancellation_leaves_the_order_as_it_was(office: Office) -> None:
    (order,) = released(office, "1250.00")
    office.bank.cancel_answer = CancelAnswer(requested=False, code="TOO_LATE")
    office.do(lambda work: desk.request_cancel(work, office.anna, order))
    office.world.settle()
    assert office.state(order) is State.SUBMITTED
    assert office.events(order)[-2:] == ["CancelRequested", "CancelRefused"]


def test_a_cancellation_stops_a_whole_batch_only_when_that_is_said(office: Office) -> None:
    orders = released(office, "100.00", "200.00")
    with pytest.raises(Rejected) as refused:
        office.do(lambda work: desk.request_cancel(work, office.anna, orders[0]))
    assert refused.value.code == "cancels_whole_batch"
    office.do(lambda work: desk.request_cancel(work, office.anna, orders[0], whole_batch=True))
    for sent in office.bank.orders:
        office.bank.statuses[sent.end_to_end_id] = (BankStatus.CANC, None)
    later(office, minutes=5)
    assert [office.state(order) for order in orders] == [State.CANCELLED] * 2


@pytest.mark.case("rails", 15)
@pytest.mark.capability("F9")
def test_a_voucher_told_three_times_is_noted_once(office: Office) -> None:
    (order,) = released(office, "1250.00")
    office.bank.execute(DAY)
    later(office, hours=1)
    (sought,) = office.told(told.PaymentPostingSought)
    for _ in range(3):
        office.post(sought)
    assert office.events(order).count("PaymentBookkept") == 1


def test_stopping_what_is_paid_already_stops_no_other_order_of_its_message(office: Office) -> None:
    orders = released(office, "100.00", "200.00")
    name = office.payment(orders[0]).end_to_end_ids[0]
    office.bank.lines.append(
        StatementEntry("L1", EntryKind.PAYMENT, dkk("-100.00"), DAY, DAY, name)
    )
    later(office, hours=1)
    with pytest.raises(Rejected) as refused:
        office.do(lambda work: desk.request_cancel(work, office.anna, orders[0]))
    assert refused.value.code == "not_when_reconciled"
    office.world.settle()
    assert [office.state(order) for order in orders] == [State.RECONCILED, State.SUBMITTED]
    assert office.bank.asked_to_cancel == []


def test_asking_twice_to_stop_asks_the_bank_once(office: Office) -> None:
    (order,) = released(office, "100.00")
    office.do(lambda work: desk.request_cancel(work, office.anna, order))
    with pytest.raises(Rejected):
        office.do(lambda work: desk.request_cancel(work, office.anna, order))
    office.world.settle()
    assert len(office.bank.asked_to_cancel) == 1
