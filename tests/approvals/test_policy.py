"""Policies: how many must say yes to an amount, and how a policy changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from services.approvals.commands import BeginPolicy, SetPolicy
from services.approvals.events import PolicySet
from services.approvals.model.policy import ALWAYS, BEGINNING, POLICY, in_force
from shared.contracts.values import PolicyTier
from shared.evidence import approvers_needed
from shared.money import Money
from shared.testing.spec import given
from tests.approvals.facts import BERTIL, SOUGHT_AT

DAY = timedelta(days=1)
TWO_OVER_50_000 = (PolicyTier("DKK", 0, 1), PolicyTier("DKK", 50_000_00, 2))
FIRST = PolicySet(1, BEGINNING, ALWAYS)
NOW = SOUGHT_AT + DAY


def set_to(*tiers: PolicyTier) -> SetPolicy:
    return SetPolicy(tiers, effective_at=NOW, set_by=BERTIL, may_set=True, at=NOW)


@pytest.mark.case("rails", 4)
@pytest.mark.capability("S9")
@pytest.mark.parametrize(
    ("tiers", "amount", "currency", "needed"),
    [
        (TWO_OVER_50_000, "0.01", "DKK", 1),
        (TWO_OVER_50_000, "50000.00", "DKK", 1),
        (TWO_OVER_50_000, "50000.01", "DKK", 2),
        (TWO_OVER_50_000, "999999.99", "DKK", 2),
        # A currency that is not named needs the most that the policy asks anywhere.
        (TWO_OVER_50_000, "10.00", "USD", 2),
        ((PolicyTier("DKK", 0, 0), PolicyTier("SEK", 0, 2)), "10.00", "DKK", 0),
        ((PolicyTier("DKK", 0, 0), PolicyTier("SEK", 0, 2)), "10.00", "SEK", 2),
        ((PolicyTier("DKK", 0, 0),), "10.00", "EUR", 0),
        ((PolicyTier("JPY", 0, 1), PolicyTier("JPY", 50_000, 2)), "50001", "JPY", 2),
        (BEGINNING, "1000000.00", "NOK", 1),
        ((), "10.00", "DKK", 1),
    ],
)
def test_an_amount_needs_as_many_as_the_highest_limit_it_exceeds(
    tiers, amount, currency, needed
) -> None:
    assert approvers_needed(tiers, Money.of(amount, currency)) == needed


@pytest.mark.capability("S20")
def test_every_client_begins_with_one_approver() -> None:
    given(POLICY).when(BeginPolicy()).then(FIRST)
    given(POLICY, FIRST).when(BeginPolicy()).then_nothing()


def test_asking_for_more_takes_effect_at_once() -> None:
    tiers = (*(tier for tier in BEGINNING if tier.currency != "DKK"), *TWO_OVER_50_000)
    in_order = tuple(sorted(tiers, key=lambda tier: (tier.currency, tier.above_minor)))
    given(POLICY, FIRST).when(set_to(*tiers)).then(PolicySet(2, in_order, NOW, BERTIL))


@pytest.mark.property_("P23")
def test_asking_for_fewer_takes_effect_a_day_later() -> None:
    nobody = tuple(replace(tier, approvers=0) for tier in BEGINNING)
    loosened = PolicySet(2, nobody, NOW + DAY, BERTIL)
    given(POLICY, FIRST).when(set_to(*nobody)).then(loosened)
    versions = POLICY.fold([FIRST, loosened])
    assert in_force(versions, NOW + DAY - timedelta(seconds=1)) == FIRST
    assert in_force(versions, NOW + DAY) == loosened


def test_the_latest_word_holds_when_two_changes_have_taken_effect() -> None:
    waits = PolicySet(2, tuple(replace(tier, approvers=0) for tier in BEGINNING), NOW + DAY)
    stricter = PolicySet(3, TWO_OVER_50_000, NOW)
    assert in_force((FIRST, waits, stricter), NOW + 2 * DAY) == stricter


def test_setting_what_is_set_already_changes_nothing() -> None:
    given(POLICY, FIRST).when(set_to(*BEGINNING)).then_nothing()


def test_only_an_administrator_sets_the_policy() -> None:
    command = replace(set_to(*TWO_OVER_50_000), may_set=False)
    given(POLICY, FIRST).when(command).then_rejected("not_an_administrator")


@pytest.mark.parametrize(
    ("tiers", "code"),
    [
        ((), "no_tiers"),
        ((PolicyTier("DKK", 0, 3),), "approvers_out_of_range"),
        ((PolicyTier("DKK", 0, -1),), "approvers_out_of_range"),
        ((PolicyTier("DKK", 100, 1),), "no_base"),
        ((PolicyTier("DKK", 0, 1), PolicyTier("DKK", 0, 2)), "limit_twice"),
        ((PolicyTier("DKK", 0, 2), PolicyTier("DKK", 100, 1)), "fewer_for_more"),
        ((PolicyTier("kroner", 0, 1),), "not_money"),
        ((PolicyTier("DKK", 0, 1), PolicyTier("DKK", 10**16, 2)), "not_money"),
    ],
)
def test_a_policy_that_leaves_something_open_is_refused(tiers, code) -> None:
    given(POLICY, FIRST).when(set_to(*tiers)).then_rejected(code)
