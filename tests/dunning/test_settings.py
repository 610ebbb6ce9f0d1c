"""What a creditor sets over HTTP, and what the law of its country has against it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from shared.postgres import Server
from tests.dunning.house import ANNA, House, moves_in
from tests.dunning.office import Office, office

SOFT: dict[str, Any] = {"kind": "reminder", "after_days": 5}


@pytest.fixture(scope="module")
def desk(postgres_server: Server) -> Iterator[Office]:
    with office(postgres_server) as desk:
        yield desk


def creditor(desk: Office, country: str = "DK") -> House:
    here = moves_in(desk.house, country)
    desk.tenants.append(here.tenant)
    return here


def timeline(*steps: dict[str, Any], gap: int = 30) -> dict[str, Any]:
    return {"steps": list(steps), "gap_days": gap}


def charged(after_days: int, kind: str = "reminder") -> dict[str, Any]:
    return {"kind": kind, "after_days": after_days, "charged": True}


def tier(fee: str, currency: str, above: str = "0.00") -> dict[str, Any]:
    return {
        "from_principal": {"amount": above, "currency": currency},
        "fee": {"amount": fee, "currency": currency},
    }


@pytest.mark.capability("E1")
@pytest.mark.parametrize("country", ["DK", "SE", "NO", "FI"])
def test_every_creditor_begins_with_lawful_defaults_that_name_their_law(
    desk: Office, country: str
) -> None:
    here = creditor(desk, country)
    told = desk.get(here.tenant, "/settings")
    assert (told["country"], told["main"]) == (country, "main")
    main = told["timelines"]["main"]
    unchanged = {name: main[name] for name in ("steps", "gap_days", "list_days", "mode")}
    # What stands is lawful: setting it again is no change and no refusal.
    assert desk.put(here.tenant, "/settings/timelines/main", unchanged).status_code == 204
    assert desk.put(here.tenant, "/settings/charges", told["charges"]).status_code == 204
    assert all(one["law"] for step in main["basis"] for one in step)
    assert any(one["what"] == "rate" for one in main["basis"][-1]) or country == "FI"


@pytest.mark.capability("E16")
@pytest.mark.capability("E17")
@pytest.mark.capability("E18")
@pytest.mark.parametrize(
    ("country", "wanted", "field", "rule", "law"),
    [
        ("DK", timeline(SOFT, charged(20), gap=9), "gap_days", "GAP", "renteloven"),
        (
            "DK",
            timeline(*(charged(20 + 30 * n) for n in range(4))),
            "steps.3.charged",
            "COUNT",
            "renteloven",
        ),
        (
            "SE",
            timeline(SOFT, charged(20)),
            "steps.1.charged",
            "CONTRACT_CLAUSE",
            "lagen om ersättning för inkassokostnader 3 §",
        ),
        (
            "NO",
            timeline(charged(10)),
            "steps.0.after_days",
            "TOO_EARLY",
            "inkassoforskriften",
        ),
        ("NO", timeline(SOFT, charged(20), charged(30), gap=8), "gap_days", "DEADLINE_RUNS", ""),
        ("FI", timeline(charged(10)), "steps.0.after_days", "TOO_EARLY", "perintälaki"),
    ],
)
def test_a_timeline_that_breaks_the_law_of_its_country_is_refused_with_the_paragraph(
    desk: Office, country: str, wanted: dict[str, Any], field: str, rule: str, law: str
) -> None:
    here = creditor(desk, country)
    before = desk.get(here.tenant, "/settings")
    answer = desk.put(here.tenant, "/settings/timelines/main", wanted)
    assert answer.status_code == 422, answer.text
    faults = {one["field"]: one for one in answer.json()["errors"]}
    assert faults[field]["rule"] == rule, answer.text
    assert law in faults[field]["detail"], answer.text
    assert desk.get(here.tenant, "/settings") == before


@pytest.mark.capability("E22")
@pytest.mark.capability("E23")
@pytest.mark.capability("E26")
@pytest.mark.parametrize(
    ("country", "wanted", "field", "rule"),
    [
        ("DK", {"fees": "own", "tiers": [tier("100.01", "DKK")]}, "tiers.0.fee", "ABOVE_CAP"),
        (
            "DK",
            {
                "fees": "own",
                "tiers": [tier("50.00", "DKK"), tier("250.00", "DKK", "500.00")],
            },
            "tiers.1.fee",
            "ABOVE_CAP",
        ),
        ("SE", {"fees": "own", "tiers": [tier("60.01", "SEK")]}, "tiers.0.fee", "ABOVE_CAP"),
        ("FI", {"fees": "own", "tiers": [tier("5.01", "EUR")]}, "tiers.0.fee", "ABOVE_CAP"),
        ("NO", {"interest": "own", "rate": "30"}, "rate", "RATE_ABOVE_LEGAL"),
        ("FI", {"interest": "own", "rate": "24.5"}, "rate", "RATE_ABOVE_LEGAL"),
        ("DK", {"interest": "own", "rate": "much"}, "rate", "RATE"),
        ("DK", {"fees": "own", "tiers": [tier("4.00", "EUR")]}, "tiers.0.fee", "FOREIGN_CURRENCY"),
        ("DK", {"fees": "own", "tiers": [tier("1.234", "DKK")]}, "tiers.0.fee", "NOT_AN_AMOUNT"),
        ("DK", {"fees": "own"}, "tiers", "TIERS"),
    ],
)
def test_a_fee_or_rate_above_the_law_is_refused(
    desk: Office, country: str, wanted: dict[str, Any], field: str, rule: str
) -> None:
    here = creditor(desk, country)
    answer = desk.put(here.tenant, "/settings/charges", wanted)
    assert answer.status_code == 422, answer.text
    assert [one["rule"] for one in answer.json()["errors"] if one["field"] == field] == [rule]
    if rule in {"ABOVE_CAP", "RATE_ABOVE_LEGAL"}:
        assert "(" in answer.json()["detail"], "the paragraph stands behind the sentence"


@pytest.mark.capability("E24")
@pytest.mark.capability("E25")
@pytest.mark.capability("E28")
@pytest.mark.capability("E29")
@pytest.mark.capability("E30")
def test_lower_rates_minimums_and_write_offs_are_set_and_each_version_is_kept(
    desk: Office,
) -> None:
    here = creditor(desk)
    own = {"interest": "own", "rate": "5.5", "fees": "own", "tiers": [tier("50.00", "DKK")]}
    assert desk.put(here.tenant, "/settings/charges", own).status_code == 204
    none = {"interest": "none", "fees": "none"}
    assert desk.put(here.tenant, "/settings/charges", none).status_code == 204
    minimum = {"minimum": [{"amount": "250.00", "currency": "DKK"}], "collective": False}
    assert desk.put(here.tenant, "/settings/reminders", minimum).status_code == 204
    never = {"principal_paid": False, "months": None, "days_after_hand_over": 60}
    assert desk.put(here.tenant, "/settings/write-offs", never).status_code == 204
    told = desk.get(here.tenant, "/settings")
    assert (told["charges"]["interest"], told["charges"]["fees"]) == ("none", "none")
    assert told["reminders"]["minimum"] == [{"amount": "250.00", "currency": "DKK"}]
    assert told["write_offs"] == never
    versions = desk.get(here.tenant, "/settings/versions")
    charges = [one for one in versions if one["what"] == "charges"]
    assert [one["version"] for one in charges] == [3, 2, 1]
    assert [one["set_by"] for one in charges] == [str(ANNA), str(ANNA), None]
    assert charges[1]["value"]["rate"] == "5.5"
    refused = desk.put(here.tenant, "/settings/write-offs", {"months": 0})
    assert refused.json()["errors"][0]["field"] == "months"


@pytest.mark.capability("E16")
def test_several_timelines_have_names_and_one_of_them_is_the_main_one(desk: Office) -> None:
    here = creditor(desk)
    wanted = timeline(SOFT, charged(25, "warning"))
    assert desk.put(here.tenant, "/settings/timelines/Short", wanted).status_code == 204
    unknown = desk.put(here.tenant, "/settings/main-timeline", {"name": "Long"})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown_timeline")
    assert desk.put(here.tenant, "/settings/main-timeline", {"name": "Short"}).status_code == 204
    told = desk.get(here.tenant, "/settings")
    assert (told["main"], sorted(told["timelines"])) == ("Short", ["Short", "main"])


def test_giving_up_the_fee_clause_names_the_timeline_that_rests_on_it(desk: Office) -> None:
    here = creditor(desk, "SE")
    assert desk.put(here.tenant, "/settings/charges", {"fee_clause": True}).status_code == 204
    wanted = timeline(SOFT, charged(20))
    assert desk.put(here.tenant, "/settings/timelines/main", wanted).status_code == 204
    answer = desk.put(here.tenant, "/settings/charges", {"fee_clause": False})
    assert answer.json()["errors"][0]["field"] == "timelines.main.steps.1.charged"


def test_only_who_follows_up_for_the_creditor_sets_anything(desk: Office) -> None:
    here = creditor(desk)
    visitor = desk.program(uuid4())
    path = f"/dunning/v1/tenants/{here.tenant}/settings/charges"
    assert visitor.put(path, json={}).status_code == 403
    assert desk.put(uuid4(), "/settings/charges", {}).status_code == 404
