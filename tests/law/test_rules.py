"""The law packs: what must be true of their rows, and what a look-up answers."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from importlib import metadata, resources
from itertools import pairwise

import pytest

from services.dunning.model.facts import LegalKind
from services.dunning.model.fees import RULES
from services.dunning.model.law.book import KINDS, Days, LawBook, RuleMissing
from services.dunning.model.law.packs import PACKS, BadLaw, law_book, rows_of
from services.dunning.model.law.rows import Confidence, Row, Selector, Status, Unit
from shared.money import Money

LAW = law_book()
PRICING = [row for row in LAW.rows if row.is_law]
EARLIER = datetime(2026, 11, 27, tzinfo=UTC)


def domains() -> dict[tuple[str, str], list[Row]]:
    """The rows of each rule for each kind of debtor, in time."""
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in PRICING:
        for kind in KINDS if row.debtor_kind == "any" else [row.debtor_kind]:
            found[row.rule_id, kind].append(row)
    return {key: sorted(rows, key=lambda row: str(row.valid_from)) for key, rows in found.items()}


DOMAINS = domains()


def test_on_each_day_a_rule_says_one_thing() -> None:
    for key, rows in DOMAINS.items():
        for before, after in pairwise(rows):
            assert before.valid_to is not None, (key, before.version)
            assert after.valid_from is not None
            assert before.valid_to <= after.valid_from, (key, before.version, after.version)


def test_a_rule_has_one_selector_and_one_unit() -> None:
    for key, rows in DOMAINS.items():
        assert len({(row.selector, row.unit, row.currency) for row in rows}) == 1, key


@pytest.mark.parametrize("country", ["dk", "se", "no", "fi"])
def test_half_years_of_a_rate_follow_each_other_without_a_gap(country: str) -> None:
    rule = f"{country}.interest." + ("statutory" if country == "no" else "reference")
    rows = DOMAINS[rule, "consumer"]
    assert [row.valid_to for row in rows[:-1]] == [row.valid_from for row in rows[1:]]
    assert rows[0].valid_from == date(2019, 1, 1)
    last = date(2026, 7, 1) if country == "dk" else date(2027, 1, 1)
    assert rows[-1].valid_to == last


def test_a_half_yearly_row_is_stale_on_the_next_first_of_january_or_july() -> None:
    stale = [row for row in LAW.rows if row.stale_after]
    assert stale
    for row in stale:
        assert row.stale_after == row.valid_to, row.version
        assert row.stale_after
        assert (row.stale_after.month, row.stale_after.day) in {(1, 1), (7, 1)}


def test_only_what_is_not_in_force_may_begin_on_an_unknown_day() -> None:
    open_ended = {row.rule_id: row.status for row in LAW.rows if row.valid_from is None}
    assert open_ended == {
        "no.warning.licensed_only": Status.ADOPTED_NOT_IN_FORCE,
        "eu.compensation.proposed": Status.PROPOSED,
    }


def test_what_is_proposed_or_not_yet_in_force_is_never_found() -> None:
    for rule_id in ("no.warning.licensed_only", "eu.compensation.proposed"):
        assert not LAW.governs(rule_id, "company")
        with pytest.raises(RuleMissing):
            LAW.row(rule_id, "company", date(2050, 1, 1))


def test_nobody_is_said_to_have_verified_a_row_alone() -> None:
    """Until two lawyers have signed, `verified_by` is empty rather than a pretence."""
    assert all(not row.verified_by or row.is_signed for row in LAW.rows)


def test_what_is_remembered_only_says_so() -> None:
    by_memory = [row for row in LAW.rows if row.source.publisher == "memory"]
    allowed = {Confidence.UNVERIFIED, Confidence.DERIVED}
    assert by_memory
    assert {row.confidence for row in by_memory} <= allowed


def test_each_row_cites_a_paragraph_and_each_amount_its_currency() -> None:
    for row in LAW.rows:
        assert row.source.statute
        assert row.source.section
        assert row.source.publisher
        assert (row.currency is not None) == (row.unit is Unit.MINOR), row.rule_id


def test_versions_are_unique_in_a_rule() -> None:
    seen = [(row.rule_id, row.debtor_kind, row.version) for row in LAW.rows]
    assert len(seen) == len(set(seen))


def test_what_a_row_requires_or_absorbs_exists() -> None:
    words = {"contract_clause", "missed_deadline", "prior_warning"}
    rules = {row.rule_id for row in LAW.rows}
    for row in LAW.rows:
        assert set(row.requires) <= rules | words, row.rule_id
        assert set(row.absorbs) <= rules, row.rule_id


def test_each_letter_that_may_bear_a_fee_has_a_rule() -> None:
    for country, by_kind in RULES.items():
        for rule_id in by_kind.values():
            assert rule_id.startswith(country.lower())
            assert LAW.governs(rule_id, "consumer")


def test_a_pack_per_country_is_shipped_with_the_program() -> None:
    folder = resources.files("services.dunning.model.law")
    assert all((folder / f"{name}.toml").is_file() for name in PACKS)
    assert {row.jurisdiction for row in LAW.rows} == {name.upper() for name in PACKS}
    assert metadata.version("forfald")


# ----- what a look-up answers ---------------------------------------------------------------------


def rate(
    country: str, on: date, due_on: date = date(2025, 1, 1), kind: LegalKind = "consumer"
) -> str:
    days = Days(accrual_day=on, due_date=due_on)
    found = LAW.find(f"{country}.interest.statutory", kind, days)
    return f"{found.value.numerator / found.value.denominator:.2f}"


def test_a_danish_claim_due_before_march_2013_bears_seven_points_and_not_eight() -> None:
    on = date(2025, 1, 1)
    assert rate("dk", on, due_on=date(2013, 2, 28)) == "9.75"
    assert rate("dk", on, due_on=date(2013, 3, 1)) == "10.75"


def test_a_finnish_consumer_is_asked_for_a_point_less_than_a_company() -> None:
    on = date(2026, 3, 1)
    assert [rate("fi", on, kind=kind) for kind in KINDS] == ["9.50", "10.50", "10.50"]


def test_a_norwegian_fee_is_a_part_of_the_collection_rate_in_whole_kroner() -> None:
    def fees(sent_on: date, due_on: date = date(2025, 11, 1)) -> list[Money]:
        days = Days(notice_sent=sent_on, due_date=due_on)
        rules = ("no.fee.reminder", "no.fee.warning", "no.fee.demand")
        return [LAW.find(rule, "consumer", days).money for rule in rules]

    assert [fee.minor for fee in fees(date(2025, 12, 31))] == [35_00, 35_00, 105_00]
    assert [fee.minor for fee in fees(date(2026, 1, 1))] == [38_00, 38_00, 113_00]


def test_a_norwegian_claim_due_before_october_2020_has_the_old_reminder_fee_and_no_other() -> None:
    days = Days(notice_sent=date(2020, 10, 20), due_date=date(2020, 9, 30))
    assert LAW.find("no.fee.reminder", "consumer", days).money == Money(70_00, "NOK")
    with pytest.raises(RuleMissing) as missing:
        LAW.find("no.fee.warning", "consumer", days)
    assert (missing.value.rule_id, missing.value.on) == ("no.fee.warning", date(2020, 9, 30))


@pytest.mark.parametrize(
    ("principal", "kind", "fee"),
    [
        (10_000, "consumer", 14_00),
        (10_001, "consumer", 24_00),
        (100_000, "consumer", 24_00),
        (100_001, "consumer", 50_00),
        (50_000, "company", 50_00),
        (50_001, "company", 70_00),
        (1_000_000, "company", 90_00),
        (1_000_001, "authority", 110_00),
    ],
)
def test_a_finnish_demand_goes_by_the_principal_and_a_tiers_end_belongs_to_it(
    principal: int, kind: LegalKind, fee: int
) -> None:
    days = Days(notice_sent=date(2026, 3, 1), due_date=date(2026, 1, 1))
    found = LAW.find("fi.fee.demand", kind, days, Money(principal, "EUR"))
    assert found.money.minor == fee


def test_a_missing_rate_names_rule_day_and_paragraph() -> None:
    with pytest.raises(RuleMissing) as missing:
        rate("dk", date(2026, 7, 1))
    assert missing.value.code == "RULE_MISSING"
    assert missing.value.rule_id == "dk.interest.reference"
    assert missing.value.on == date(2026, 7, 1)
    assert missing.value.law == "renteloven § 5"


def test_a_norwegian_half_year_without_a_compensation_row_is_missing() -> None:
    assert LAW.row("no.compensation", "company", date(2026, 6, 30)).value == "46000"
    with pytest.raises(RuleMissing):
        LAW.row("no.compensation", "company", date(2025, 7, 1))


# ----- what was known when ------------------------------------------------------------------------

CORRECTED = """
jurisdiction = "SE"
recorded_at = 2012-06-29T10:00:00Z

[sources.rate]
statute = "räntelagen"
section = "9 §"
publisher = "Riksbanken"

[[rules]]
rule_id = "se.interest.reference"
debtor_kind = "any"
parameter = "reference_rate"
kind = "exact"
unit = "percent"
selector = "accrual_day"
source = "rate"
rows = [
  { half = "2012-2", value = "1.50", confidence = "primary" },
  { half = "2012-2", value = "2.00", confidence = "primary", recorded_at = 2012-07-02T09:00:00Z, supersedes = "2012-07-01/2012-06-29T10:00" },
]
"""


def test_a_rate_that_was_corrected_is_found_as_it_was_known() -> None:
    book = LawBook(rows_of(CORRECTED))
    on = Days(accrual_day=date(2012, 7, 1))

    def known(at: datetime | None) -> Fraction:
        return book.as_known(at).find("se.interest.reference", "company", on).value

    assert known(datetime(2012, 6, 30, tzinfo=UTC)) == Fraction("1.5")
    assert known(datetime(2012, 7, 2, 9, tzinfo=UTC)) == Fraction(2)
    assert known(None) == Fraction(2)
    with pytest.raises(RuleMissing):
        known(datetime(2012, 6, 1, tzinfo=UTC))


def test_the_version_of_the_book_changes_with_any_row_and_with_nothing_else() -> None:
    again = LawBook(reversed(LAW.rows))
    assert again.version == LAW.version
    assert LawBook(LAW.rows[1:]).version != LAW.version


def test_a_book_of_earlier_is_empty_and_one_of_later_is_the_same() -> None:
    assert LAW.as_known(EARLIER).rows == ()
    assert LAW.as_known(EARLIER) is LAW.as_known(EARLIER - timedelta(days=1))
    assert LAW.as_known(datetime(2030, 1, 1, tzinfo=UTC)) is LAW


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ('value = "1.50"', 'value = "1.50", formula = "a + b"', "exactly one of"),
        ('"any"', '"cat"', "debtor_kind"),
        ('half = "2012-2", value = "1.50"', 'value = "1.50"', "valid_from is missing"),
        ('half = "2012-2", value = "1.50"', 'half = "2012-3", value = "1.50"', "no half-year"),
        ('"percent"', '"minor"', "has a currency"),
        ("2012-06-29T10:00:00Z", "2012-06-29T10:00:00", "no time zone"),
    ],
)
def test_a_row_that_cannot_be_read_as_law_is_refused(right: str, wrong: str, said: str) -> None:
    with pytest.raises(BadLaw, match=said):
        list(rows_of(CORRECTED.replace(right, wrong, 1)))


def test_every_selector_that_a_rule_uses_is_one_of_a_claims_days() -> None:
    assert {row.selector for row in LAW.rows} <= set(Selector)
    days = Days(accrual_day=date(2025, 1, 1))
    with pytest.raises(ValueError, match="due_date"):
        days.by(Selector.DUE_DATE)
