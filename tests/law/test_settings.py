"""What a creditor may not set, with the paragraph that forbids it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from services.dunning.model.checking import check_policy, check_timeline
from services.dunning.model.defaults import TIMELINES, default_policy
from services.dunning.model.facts import HOME, LegalKind
from services.dunning.model.law.packs import law_book
from services.dunning.model.policy import Policy
from services.dunning.values import FeeTier, NoticeKind, Step, Timeline
from shared.money import Money

LAW = law_book()
ON = date(2026, 3, 2)
REMINDER, WARNING, STATEMENT = NoticeKind.REMINDER, NoticeKind.WARNING, NoticeKind.STATEMENT
CLAUSE = Policy(fee_clause=True)


def faults(
    country: str,
    steps: list[Step],
    gap_days: int = 20,
    kind: LegalKind = "consumer",
    policy: Policy = CLAUSE,
) -> list[tuple[str, str, str | None]]:
    timeline = Timeline("main", tuple(steps), gap_days)
    found = check_timeline(timeline, policy, country, kind, ON, LAW)
    return [(one.code, one.law, one.field) for one in found]


def charged(after_days: int, kind: NoticeKind = REMINDER) -> Step:
    return Step(kind, after_days, charged=True)


@pytest.mark.capability("E16")
@pytest.mark.parametrize("country", sorted(TIMELINES))
@pytest.mark.parametrize("kind", ["consumer", "company"])
def test_the_timeline_that_a_creditor_begins_with_is_lawful(country: str, kind: LegalKind) -> None:
    policy = default_policy(country, kind, ON, LAW)
    assert check_timeline(TIMELINES[country], policy, country, kind, ON, LAW) == ()
    assert check_policy(policy, country, kind, ON, LAW) == ()


@pytest.mark.capability("E17")
def test_a_danish_timeline_has_no_more_than_three_letters_with_a_fee() -> None:
    steps = [charged(10), charged(30), charged(50), charged(70, WARNING)]
    assert faults("DK", steps) == [("COUNT", "renteloven § 9 b", "steps.3.charged")]
    assert faults("DK", steps[1:]) == []


def test_danish_letters_with_a_fee_have_ten_days_between_them() -> None:
    steps = [Step(REMINDER, 5), charged(20)]
    assert faults("DK", steps, gap_days=9) == [("GAP", "renteloven § 9 b", "gap_days")]
    assert faults("DK", steps, gap_days=10) == []
    # A letter without a fee may follow sooner.
    assert faults("DK", [Step(REMINDER, 5), Step(REMINDER, 10)], gap_days=3) == []


def test_the_first_norwegian_fee_comes_fourteen_days_after_the_due_date() -> None:
    assert faults("NO", [charged(13)]) == [
        ("TOO_EARLY", "inkassoforskriften § 1-2", "steps.0.after_days")
    ]
    assert faults("NO", [charged(14)]) == []


def test_a_second_norwegian_fee_comes_after_the_firsts_deadline() -> None:
    steps = [charged(14), charged(40, WARNING)]
    assert faults("NO", steps, gap_days=14) == [
        ("DEADLINE_RUNS", "inkassoforskriften § 1-2", "gap_days")
    ]
    assert faults("NO", steps, gap_days=15) == []


def test_norway_has_two_fees_before_the_demand() -> None:
    steps = [charged(14), charged(40), charged(70, WARNING)]
    assert [fault[0] for fault in faults("NO", steps)] == ["COUNT"]


@pytest.mark.parametrize(("kind", "codes"), [("consumer", ["TOO_EARLY"]), ("company", [])])
def test_a_finnish_consumer_has_fourteen_days_and_a_company_has_none(
    kind: LegalKind, codes: list[str]
) -> None:
    assert [fault[0] for fault in faults("FI", [charged(13)], kind=kind)] == codes


def test_finnish_consumers_have_fourteen_days_between_reminders_with_a_fee() -> None:
    steps = [charged(14), charged(30)]
    assert [fault[0] for fault in faults("FI", steps, gap_days=13)] == ["GAP"]
    assert faults("FI", steps, gap_days=14) == []


def test_a_swedish_reminder_with_a_fee_needs_a_clause_and_a_demand_does_not() -> None:
    steps = [charged(10), charged(30, WARNING)]
    assert faults("SE", steps, policy=Policy()) == [
        (
            "CONTRACT_CLAUSE",
            "lagen om ersättning för inkassokostnader 3 §",
            "steps.0.charged",
        )
    ]
    assert faults("SE", steps) == []
    assert faults("SE", steps[1:], policy=Policy()) == []
    assert faults("SE", steps, policy=Policy(fees="none")) == []


def test_sweden_has_one_fee_of_a_reminder() -> None:
    assert [fault[0] for fault in faults("SE", [charged(10), charged(30)])] == ["COUNT"]


@pytest.mark.capability("E18")
@pytest.mark.parametrize(
    ("steps", "gap_days", "code", "field"),
    [
        ([], 14, "STEPS", "steps"),
        ([Step(REMINDER, 0)], 14, "DAYS", "steps.0.after_days"),
        ([Step(REMINDER, 20), Step(REMINDER, 20)], 14, "ORDER", "steps.1.after_days"),
        ([Step(WARNING, 20), Step(REMINDER, 40)], 14, "WARNING_LAST", "steps.0.kind"),
        ([Step(REMINDER, 20), Step(STATEMENT, 40)], 14, "STATEMENT", "steps.1.kind"),
        ([Step(REMINDER, 20)], -1, "GAP", "gap_days"),
    ],
)
def test_a_timeline_that_nobody_can_follow_is_refused(
    steps: list[Step], gap_days: int, code: str, field: str
) -> None:
    assert faults("DK", steps, gap_days) == [(code, "", field)]


def test_a_list_is_shown_on_some_weekday() -> None:
    timeline = Timeline("main", (Step(REMINDER, 5),), 14, list_days=())
    found = check_timeline(timeline, CLAUSE, "DK", "consumer", ON, LAW)
    assert [one.code for one in found] == ["LIST_DAYS"]


def test_a_timeline_of_one_statement_asks_the_law_nothing() -> None:
    assert faults("DK", [Step(STATEMENT, 30)]) == []


# ----- fees and rates -----------------------------------------------------------------------------


def wanted(fee: int, currency: str) -> Policy:
    return Policy(fees="own", tiers=(FeeTier(Money(0, currency), Money(fee, currency)),))


@pytest.mark.capability("E23")
@pytest.mark.parametrize(
    ("country", "kind", "cap", "law"),
    [
        ("DK", "consumer", 100_00, "renteloven § 9 b"),
        ("SE", "consumer", 60_00, "lagen om ersättning för inkassokostnader 3 §"),
        ("NO", "consumer", 38_00, "inkassoforskriften § 1-2"),
        ("FI", "consumer", 5_00, "perintälaki 10 a §"),
        ("FI", "company", 12_00, "perintälaki 10 e §"),
    ],
)
def test_a_fee_above_the_cap_is_refused_with_the_paragraph(
    country: str, kind: LegalKind, cap: int, law: str
) -> None:
    home = HOME[country]
    assert check_policy(wanted(cap, home), country, kind, ON, LAW) == ()
    (refusal,) = check_policy(wanted(cap + 1, home), country, kind, ON, LAW)
    assert (refusal.code, refusal.law, refusal.field) == ("ABOVE_CAP", law, "tiers.0.fee")
    assert refusal.amount == Money(1, home)


def test_one_amount_instead_of_tiers_is_held_to_the_same_cap() -> None:
    policy = Policy(fees="own", fee_wanted=Money(150_00, "DKK"))
    (refusal,) = check_policy(policy, "DK", "company", ON, LAW)
    assert (refusal.code, refusal.field) == ("ABOVE_CAP", "fee_wanted")


@pytest.mark.capability("E22")
@pytest.mark.parametrize("country", sorted(HOME))
def test_a_consumers_rate_above_the_law_is_refused_and_a_companys_is_not(country: str) -> None:
    policy = Policy(interest="contract", contract_rate=Decimal("14.00"))
    (refusal,) = check_policy(policy, country, "consumer", ON, LAW)
    assert (refusal.code, refusal.field) == ("RATE_ABOVE_LEGAL", "rate")
    assert refusal.law
    assert check_policy(policy, country, "company", ON, LAW) == ()


def test_a_rate_that_is_exactly_the_laws_is_a_consumers_too() -> None:
    policy = Policy(interest="contract", contract_rate=Decimal("9.75"))
    assert check_policy(policy, "DK", "consumer", ON, LAW) == ()


def test_where_no_rate_is_known_a_consumers_cannot_be_set() -> None:
    policy = Policy(interest="contract", contract_rate=Decimal("1.00"))
    (refusal,) = check_policy(policy, "DK", "consumer", date(2026, 7, 1), LAW)
    assert (refusal.code, refusal.rule_id) == ("RULE_MISSING", "dk.interest.reference")


@pytest.mark.parametrize(
    ("policy", "kind", "codes"),
    [
        (wanted(10_00, "EUR"), "consumer", ["FOREIGN_CURRENCY"]),
        (wanted(-1, "DKK"), "consumer", ["NEGATIVE"]),
        (Policy(interest="contract", contract_rate=Decimal(-1)), "company", ["NEGATIVE"]),
        (Policy(compensation=True), "consumer", ["CONSUMER"]),
        (Policy(compensation=True), "company", []),
        (Policy(interest="none", fees="none"), "consumer", []),
    ],
)
def test_other_settings_that_make_no_sense_are_refused(
    policy: Policy, kind: LegalKind, codes: list[str]
) -> None:
    assert [one.code for one in check_policy(policy, "DK", kind, ON, LAW)] == codes
