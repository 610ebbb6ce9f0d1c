"""A booked supplier invoice is approved, paid and bookkept: through all services and simulators."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from forfald.follow import follow
from forfald.house import SERVICES
from forfald.verify import facts as checking
from forfald.verify.facts import Facts
from forfald.verify.invariants import INVARIANTS
from shared.postgres import Server
from tests.journeys.house import MONDAY, House, running


@pytest.fixture
def house(postgres_server: Server) -> Iterator[House]:
    with running(postgres_server) as house:
        yield house


def test_the_demonstration_reaches_its_first_morning_and_a_week_passes(house: House) -> None:
    house.opening().play(MONDAY)
    house.days(7)
    found = checking.read(
        house.address,
        SERVICES,
        bank_url=house.urls["bank_url"],
        economic_url=house.urls["economic_url"],
        now=house.clock.now(),
    )
    for invariant in INVARIANTS:
        answer = invariant(found)
        assert answer.damage == (), answer
    assert len(found.bank["debits"]) >= 3
    the_way_of_one_invoice_is_told(found)


def the_way_of_one_invoice_is_told(found: Facts) -> None:
    """Each event after the one that led to it, over all services, and none of another invoice."""
    steps = follow(found, "10044512")
    first = {step.event: number for number, step in reversed([*enumerate(steps, start=1)])}
    led_to = {step.event: step.after for step in reversed(steps)}
    assert led_to["InvoiceSeen"] is None
    for event, before in (
        ("PaymentDrafted", "InvoiceSeen"),
        ("DeliveryIntended", "ApprovalRequested"),
        ("DeliverySent", "DeliveryIntended"),
        ("GrantNoted", "YesGiven"),
        ("PaymentScheduled", "PaymentApproved"),
        ("PaymentSubmitted", "BatchSealed"),
        ("PostingSought", "PaymentExecuted"),
        ("VoucherPosted", "PostingSought"),
        ("PaymentBookkept", "VoucherPosted"),
        ("RemainingChanged", "ItemMatched"),
    ):
        number = led_to[event]
        assert number is not None, event
        assert steps[number - 1].event == before, event
        assert number < first[event]
    assert [step.event for step in steps].count("PaymentDrafted") == 1
    assert {step.service for step in steps} == set(SERVICES) - {"tenants"}
