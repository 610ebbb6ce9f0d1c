"""An invoice from the ledger to the bank and back into the books, through every door of the service."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from services.payments import queries
from services.payments.values import State
from shared.contracts import payments as told
from shared.postgres import Server
from tests.payments.office_of_anna import Office, dkk, office_on


@pytest.fixture
def office(postgres_server: Server) -> Iterator[Office]:
    with office_on(postgres_server) as office:
        yield office


@pytest.mark.capability("S1")
@pytest.mark.capability("S2")
@pytest.mark.capability("S4")
@pytest.mark.capability("S16")
@pytest.mark.capability("S28")
@pytest.mark.capability("S29")
@pytest.mark.case("rails", 15)
def test_a_booked_invoice_is_approved_paid_on_time_and_bookkept(office: Office) -> None:
    order = office.book(amount="1250.00", due_on=date(2026, 3, 10))
    assert office.state(order) is State.DRAFT
    ready = office.told(told.PaymentReady)[0]
    assert (ready.amount, ready.pay_on) == (dkk("1250.00"), date(2026, 3, 9))

    office.approve(order)
    assert office.state(order) is State.SCHEDULED
    assert office.told(told.PaymentScheduled)[0].execute_on == date(2026, 3, 9)
    assert office.bank.sent == []

    office.until(datetime(2026, 3, 9, 9, 30, tzinfo=UTC))
    assert office.state(order) is State.SUBMITTED
    (submitted,) = office.told(told.PaymentSubmitted)
    assert [sent.end_to_end_id for sent in office.bank.orders] == [submitted.end_to_end_id]

    office.bank.execute(date(2026, 3, 9), fee=dkk("2.50"))
    office.until(datetime(2026, 3, 9, 11, tzinfo=UTC))
    assert office.state(order) is State.RECONCILED
    (executed,) = office.told(told.PaymentExecuted)
    assert (executed.amount, executed.fee) == (dkk("1250.00"), dkk("2.50"))

    (sought,) = office.told(told.PaymentPostingSought)
    assert [(line.account, line.amount) for line in sought.lines] == [
        ("supplier", dkk("1250.00")),
        ("bank", dkk("-1250.00")),
        ("bank_fees", dkk("2.50")),
        ("bank", dkk("-2.50")),
    ]
    office.post(sought, "V9")
    assert office.shown(order).voucher == "V9"
    assert office.events(order) == [
        "PaymentDrafted",
        "PaymentReady",
        "ApprovalAsked",
        "PaymentApproved",
        "PaymentScheduled",
        "PaymentReleased",
        "PaymentSubmitted",
        "PaymentExecuted",
        "PaymentReconciled",
        "PaymentBookkept",
    ]
    moments = office.do(lambda work: queries.timeline(work.sql, office.tenant, order))
    assert [moment.event.split(".")[1] for moment in moments] == office.events(order)
