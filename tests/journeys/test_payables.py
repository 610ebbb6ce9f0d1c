"""A booked supplier invoice is approved, paid and bookkept: through all services and simulators.

One journey on two feeds: the outboxes read directly, and Apache Kafka with a relay per service.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

import pytest

from forfald.demo.opening import CLIENTS
from forfald.demo.quiet import Onlooker
from forfald.events_document.contracts import contracts
from forfald.follow import follow
from forfald.house import PAYING
from forfald.verify import facts as checking
from forfald.verify.check import check
from forfald.verify.facts import Facts
from shared.postgres import Server
from shared.stream.broker import EMBEDDED
from shared.stream.topics import topics_of
from shared.testing.kafka import KafkaBroker, emptied
from tests.journeys.house import MONDAY, House, running

APPROVED = datetime(2026, 3, 2, 20, tzinfo=UTC)
BANK_SILENT = datetime(2026, 3, 3, 23, tzinfo=UTC)
ALL_BOOKKEPT = datetime(2026, 3, 4, 9, tzinfo=UTC)
RECEIVABLES_ONLY = ["I1b", "I1c", "I3c", "I8", "I9", "I10"]
PAID_BY_THEN = 6
"""Three before the curtain rises, one on Tuesday, and the two whose answer the bank swallowed."""


@pytest.fixture(params=[EMBEDDED, pytest.param("kafka", marks=pytest.mark.kafka)])
def broker(request: pytest.FixtureRequest) -> Iterator[str]:
    if request.param == EMBEDDED:
        yield EMBEDDED
    else:
        kafka: KafkaBroker = request.getfixturevalue("kafka_broker")
        with emptied(kafka, topics_of(contracts())) as servers:
            yield f"kafka://{servers}"


@pytest.fixture
def house(postgres_server: Server, broker: str) -> Iterator[House]:
    with running(postgres_server, services=PAYING, broker=broker) as house:
        yield house


def test_what_is_booked_is_approved_paid_and_bookkept_once_though_everybody_restarts(
    house: House,
) -> None:
    opening = house.opening()
    opening.play(MONDAY)
    for client in CLIENTS:
        opening.approve_all(client)
    for moment in (APPROVED, BANK_SILENT):
        house.travel(moment)
        for service in PAYING:
            house.restart(service)
    house.travel(ALL_BOOKKEPT)
    found = facts_of(house)
    executed = streams_with(found, "payments.PaymentExecuted.v1")
    assert sorted(executed.values()) == [1] * PAID_BY_THEN
    assert streams_with(found, "payments.PaymentBookkept.v1") == executed
    assert sorted(debits(found).values()) == [1] * PAID_BY_THEN
    the_way_of_one_invoice_is_told(found)
    assert everybody_has_heard_everything(house)
    surroundings = house.runtimes["payments"].surroundings
    answers = check(surroundings, shadow=True, services=PAYING)
    assert [damage for answer in answers for damage in answer.damage] == []
    assert [answer.number for answer in answers if not answer.looked_at] == RECEIVABLES_ONLY


def facts_of(house: House) -> Facts:
    return checking.read(
        house.address,
        PAYING,
        bank_url=house.urls["bank_url"],
        economic_url=house.urls["economic_url"],
        now=house.clock.now(),
    )


def streams_with(found: Facts, name: str) -> Counter[object]:
    """How many events of that name each payment has."""
    return Counter(event.aggregate_id for event in found.named(name))


def debits(found: Facts) -> Counter[str]:
    """How often each order was paid, by the bank's own book."""
    return Counter(debit["end_to_end_id"] for debit in found.bank["debits"])


def everybody_has_heard_everything(house: House) -> bool:
    services = {name: runtime.service for name, runtime in house.runtimes.items()}
    with closing(Onlooker(house.address, services)) as onlooker:
        return onlooker.is_quiet(house.clock.now())


def the_way_of_one_invoice_is_told(found: Facts) -> None:
    """Each event after the one that led to it, over all services, and none of another invoice."""
    steps = follow(found, "LK-5521")
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
    assert {step.service for step in steps} == set(PAYING) - {"tenants"}
