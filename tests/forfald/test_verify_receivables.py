"""The checker of customers' invoices: silent where all is well, and each kind of damage is named."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from hypothesis import given, settings

from forfald.verify import receivables
from forfald.verify.calculator import Paid, most_interest, rate_on
from forfald.verify.facts import Facts, Published, Stored
from services.dunning.events import creditor as c
from services.dunning.events import debtor as d
from services.dunning.events import receivable as e
from services.dunning.model.defaults import TIMELINES
from services.dunning.model.law.book import Days
from services.dunning.model.law.packs import law_book
from services.dunning.values import Contact
from shared.eventstore.events import Event, stored_name
from shared.money import Money
from shared.sealed import Sealed
from tests.dunning.test_histories import DEBTOR, INVOICE, LIVES, Life, lived

TENANT, CREDITOR, CASE = UUID(int=11), UUID(int=12), UUID(int=13)
AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
BESIDE: Sequence[tuple[UUID, Event]] = (
    (CREDITOR, c.CreditorLearnt("DK", "Europe/Copenhagen", "da")),
    (CREDITOR, c.TimelineDefined(TIMELINES["DK"], 1)),
    (DEBTOR, d.DebtorLearnt(Contact("1", Sealed(DEBTOR, ""), "company", "DK", "da"))),
)


def facts(
    events: Sequence[e.ReceivableEvent], told: Sequence[tuple[str, dict[str, Any]]] = ()
) -> Facts:
    """What the checker would read from a store with this invoice in it."""
    stored: list[Stored] = []
    for aggregate, event in [*BESIDE, *((INVOICE, event) for event in events)]:
        version = 1 + sum(one.aggregate_id == aggregate for one in stored)
        meta = msgspec.json.encode({"recorded_at": AT, "actor": "user:x"})
        body = msgspec.json.encode(event)
        stored.append(
            Stored(
                "dunning",
                TENANT,
                aggregate,
                version,
                len(stored) + 1,
                stored_name(event),
                body,
                meta,
                b"",
            )
        )
    published = [
        Published(
            number, "t", 0, msgspec.json.encode(body),
            msgspec.json.encode({"ce_type": f"forfald.collections.{name}.v1"}), uuid4(),
        )
        for number, (name, body) in enumerate(told, start=1)
    ]  # fmt: skip
    return Facts({"dunning": stored}, {"collections": published}, [], {})


def damage_of(number: str, found: Facts) -> tuple[str, ...]:
    answers = [invariant(found) for invariant in receivables.RECEIVABLES]
    (answer,) = [one for one in answers if one.number == number]
    return answer.damage


@settings(max_examples=150)
@given(LIVES)
def test_no_history_that_our_rules_allow_is_damaged(happenings: Any) -> None:
    found = facts(lived(happenings).events)
    assert [one.damage for one in (check(found) for check in receivables.RECEIVABLES)] == [()] * 4


def reminded() -> Life:
    """An invoice after its second letter, which bears a fee and interest."""
    return lived([("passes", 30)])


def test_letters_and_charges_are_counted() -> None:
    found = facts(reminded().events)
    looked_at = {check(found).number: check(found).looked_at for check in receivables.RECEIVABLES}
    assert looked_at == {"I3c": 1, "I8": 2, "I9": 2, "I10": 0}


@pytest.mark.parametrize(
    ("before", "says"),
    [
        (
            e.InvoicePaused("asked", date(2025, 3, 1), None, CASE),
            "was reminded while it was paused",
        ),
        (e.InvoiceDisputed("goods", date(2025, 3, 1), CASE), "was reminded while it was disputed"),
        (e.PrincipalMoved(Money(0, "DKK"), ()), "was reminded when nothing was owed"),
    ],
)
def test_a_letter_to_somebody_who_should_have_none_is_named(before: Any, says: str) -> None:
    events = reminded().events
    letter = next(n for n, event in enumerate(events) if isinstance(event, e.LetterIssued))
    damage = damage_of("I8", facts([*events[:letter], before, *events[letter:]]))
    assert damage[0].endswith(says)


def test_the_same_step_twice_is_named() -> None:
    events = reminded().events
    counted = next(event for event in events if isinstance(event, e.LetterCounted))
    assert damage_of("I8", facts([*events, counted])) == (
        "invoice 1001 has two letters of level 1",
        f"invoice 1001 was sent two letters on {counted.sent_on}",
    )


def charged(kind: str, minor: int) -> list[e.ReceivableEvent]:
    """The same history, with one charge of another amount."""
    return [
        msgspec.structs.replace(
            event, charge=msgspec.structs.replace(event.charge, amount=Money(minor, "DKK"))
        )
        if isinstance(event, e.ChargeAdded) and event.charge.kind == kind
        else event
        for event in reminded().events
    ]


def test_a_fee_above_the_cap_is_named() -> None:
    assert damage_of("I9", facts(charged("fee", 100_01))) == (
        "invoice 1001 bears a fee of 10001, more than 10000",
    )


def test_interest_above_the_law_is_named_to_the_ore() -> None:
    lawful = next(
        event.charge.amount.minor
        for event in reminded().events
        if isinstance(event, e.ChargeAdded) and event.charge.kind == "interest"
    )
    assert damage_of("I9", facts(charged("interest", lawful))) == ()
    assert damage_of("I9", facts(charged("interest", lawful + 1))) == (
        f"invoice 1001 bears {lawful + 1} of {lawful} lawful interest",
    )


def test_what_is_bookkept_of_another_amount_is_named() -> None:
    events = [event for event in reminded().events if not isinstance(event, e.PostingSought)]
    (damage,) = damage_of("I3c", facts(events))
    assert damage.startswith("invoice 1001: 0 bookkept of ")


def with_agency() -> e.HandedOver:
    zero = Money(0, "DKK")
    return e.HandedOver(CASE, "agency", date(2025, 4, 1), zero, zero, zero)


def test_a_letter_about_what_is_with_an_agency_is_named() -> None:
    events = reminded().events
    letter = next(n for n, event in enumerate(events) if isinstance(event, e.LetterIssued))
    damage = damage_of("I10", facts([*events[:letter], with_agency(), *events[letter:]]))
    assert damage[0] == "invoice 1001 was reminded while with an agency"


def test_what_an_agency_has_and_dunning_does_not_know_of_is_named() -> None:
    sent = (
        "CaseSentToCollection",
        {"case_id": str(CASE), "claims": [{"invoice_id": str(INVOICE)}]},
    )
    recalled = ("CaseRecalled", {"case_id": str(CASE), "invoices": [str(INVOICE)]})
    events = reminded().events
    assert damage_of("I10", facts(events, [sent])) == (
        f"invoice {INVOICE} is with an agency and dunning does not know",
    )
    assert damage_of("I10", facts([*events, with_agency()], [sent])) == ()
    assert damage_of("I10", facts(events, [sent, recalled])) == ()


@pytest.mark.parametrize("country", ["DK", "SE", "NO", "FI"])
@pytest.mark.parametrize("kind", ["consumer", "company"])
def test_both_know_the_same_rates(country: str, kind: Any) -> None:
    """The second calculator has its own list: a slip in either shows here."""
    law, rule = law_book(), f"{country.lower()}.interest.statutory"
    for year in range(2022, 2027):
        for day in (date(year, 1, 1), date(year, 7, 1)):
            if (rate := rate_on(country, kind, day)) is None:
                continue
            assert law.find(rule, kind, Days(accrual_day=day, due_date=day)).value == rate


def test_the_second_calculator_counts_the_first_acceptance_case() -> None:
    """DK, 10,000.00 due 2025-03-03, thirty days at 10.75 %: 88.36."""
    due, until = date(2025, 3, 3), date(2025, 4, 2)
    assert most_interest("DK", "consumer", 10_000_00, due, until, [], None) == 88_36
    paid = [Paid(4_000_00, date(2025, 3, 18))]
    assert most_interest("DK", "consumer", 10_000_00, due, until, paid, None) == 70_68
