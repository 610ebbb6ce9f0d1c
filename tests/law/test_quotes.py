"""A quote over HTTP and from the command line: the same answer, and a clear one to what is none."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from typer.testing import CliRunner

from forfald.cli import app as forfald
from services.dunning.api.quotes import quotes_api
from services.dunning.model.facts import HOME
from shared.clock import SettableClock
from shared.testing.site import Site
from shared.web.app import web_app
from shared.web.doorkeeper import Doorkeeper
from tests.law.sheet import Json, ask, refused
from tests.shared import web_kit

CLAIM: Json = {
    "country": "DK",
    "debtor_kind": "consumer",
    "currency": "DKK",
    "principal": "10000.00",
    "due_on": "2025-03-03",
    "notices": [{"kind": "reminder", "sent_on": "2025-03-14"}],
    "on": "2025-04-02",
}
LETTER: Json = {
    "kind": "reminder",
    "sent_on": "2025-03-14",
    "claims": [{"key": "a", **{name: CLAIM[name] for name in list(CLAIM)[:5]}}],
}


@pytest.fixture(scope="module")
def site() -> Site:
    clock = SettableClock(web_kit.NOW)
    keeper = Doorkeeper(
        audience=web_kit.AUDIENCE,
        keys=web_kit.PUBLIC,
        sessions=web_kit.OneSession(clock),
        clock=clock,
    )
    app: FastAPI = web_app("dunning", doorkeeper=keeper, business_clock=clock, api=[quotes_api()])
    return Site(app)


def post(site: Site, path: str, body: object, **headers: str) -> Any:
    sent = {**web_kit.bearer(), **headers}
    return site.post(f"/dunning/v1{path}", json=body, headers=sent)


@pytest.mark.parametrize(("path", "body"), [("/quotes", CLAIM), ("/letter-quotes", LETTER)])
def test_the_interface_answers_what_the_command_line_answers(
    site: Site, path: str, body: Json
) -> None:
    answer = post(site, path, body)
    assert answer.status_code == 200
    assert answer.json() == ask(body)


def test_a_quote_opens_each_charge_to_rule_law_version_inputs_and_days() -> None:
    answer = ask(CLAIM)
    fee, interest = answer["charges"]
    assert (fee["amount"], fee["rule_id"], fee["law"]) == (
        "100.00",
        "dk.fee.reminder",
        "renteloven § 9 b",
    )
    assert fee["inputs"]["sent_on"] == "2025-03-14"
    assert interest["spans"] == [
        {
            "from_on": "2025-03-04",
            "through_on": "2025-04-02",
            "days": 30,
            "base": "10000.00",
            "rate": "10.75",
            "rule_id": "dk.interest.statutory",
        }
    ]
    assert interest["inputs"] == {
        "rates": "10.75 = 2.75 + 8",
        "day_count": "act/365",
        "rounding": "half up, once for each window",
        "windows": "88.36",
    }
    assert interest["version"].split()[1].startswith("dk.interest.reference@2025-01-01/")
    assert answer["policy"]["rounding"] == "half up, once for each window of interest"
    assert len(answer["law_version"]) == 16


def test_whoever_is_not_signed_in_gets_no_answer(site: Site) -> None:
    answer = site.post("/dunning/v1/quotes", json=CLAIM)
    assert (answer.status_code, answer.json()["code"]) == (401, "not-signed-in")


def changed(**fields: object) -> Json:
    return {**CLAIM, **fields}


WRONG: list[tuple[Json, str, str]] = [
    (changed(country="DE"), "country", "literal_error"),
    (changed(principal=10000.00), "principal", "string_type"),
    (changed(principal="ten"), "principal", "string_pattern_mismatch"),
    (changed(principal="-5.00"), "principal", "string_pattern_mismatch"),
    (changed(principal="10.005"), "principal", "bad_amount"),
    (changed(principal="999999999999999999"), "principal", "string_pattern_mismatch"),
    (changed(due_on=None), "due_on", "due_on_missing"),
    (changed(due_on="1999-01-01"), "due_on", "greater_than_equal"),
    (changed(on="2099-01-01"), "on", "less_than_equal"),
    (changed(due_basis="unilateral"), "sent_on", "sent_on_missing"),
    (changed(colour="red"), "colour", "extra_forbidden"),
    (
        changed(notices=[{"kind": "shout", "sent_on": "2025-03-14"}]),
        "notices.0.kind",
        "literal_error",
    ),
    (changed(notices=[{"kind": "reminder", "sent_on": "2025-03-14"}] * 51), "notices", "too_long"),
    (
        changed(movements=[{"kind": "payment", "amount": "0.00", "value_on": "2025-03-10"}]),
        "movements.0.amount",
        "bad_amount",
    ),
    (changed(policy={"interest": "contract"}), "policy.contract_rate", "rate_missing"),
    (changed(policy={"fees": "own"}), "policy.fee_wanted", "fee_missing"),
    (changed(known_at="2025-03-03T10:00:00"), "known_at", "timezone_aware"),
    (changed(known_at="2020-01-01T00:00:00Z"), "on", "RULE_MISSING"),
    ({**LETTER, "claims": []}, "claims", "too_short"),
    ({**LETTER, "claims": LETTER["claims"] * 2}, "body", "key_twice"),
    (
        {
            **LETTER,
            "claims": [*LETTER["claims"], {**LETTER["claims"][0], "key": "b", "country": "SE"}],
        },
        "body",
        "two_debtors",
    ),
]


@pytest.mark.parametrize(("body", "field", "rule"), WRONG, ids=[f"{f}-{r}" for _, f, r in WRONG])
def test_what_is_no_claim_is_refused_by_field_and_rule(body: Json, field: str, rule: str) -> None:
    problem = refused(body)
    assert (problem["status"], problem["title"]) == (422, "Something in the request is not right")
    assert [(one["field"], one["rule"]) for one in problem["errors"]] == [(field, rule)]


def test_the_interface_refuses_in_the_same_words(site: Site) -> None:
    wrong = changed(principal="10.005", policy={"minimum": "1.00"})
    answer = post(site, "/quotes", wrong)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == refused(wrong)


def test_what_is_not_json_is_said_to_be_none(site: Site) -> None:
    answer = site.post("/dunning/v1/quotes", content=b"{", headers=web_kit.bearer())
    assert answer.status_code in {400, 422}


@pytest.fixture
def runner() -> CliRunner:
    return CliRunner()


def test_forfald_quote_reads_a_file_or_its_input(runner: CliRunner, tmp_path: Path) -> None:
    file = tmp_path / "claim.json"
    file.write_text(json.dumps(CLAIM))
    from_file = runner.invoke(forfald, ["quote", str(file)])
    from_input = runner.invoke(forfald, ["quote", "-"], input=json.dumps(CLAIM))
    assert (from_file.exit_code, from_input.exit_code) == (0, 0)
    assert json.loads(from_file.stdout) == json.loads(from_input.stdout) == ask(CLAIM)


def test_forfald_quote_fails_with_a_problem_that_names_the_field(runner: CliRunner) -> None:
    result = runner.invoke(forfald, ["quote", "-"], input=json.dumps(changed(principal="ten")))
    assert result.exit_code == 1
    assert json.loads(result.stdout)["errors"][0]["field"] == "principal"


def test_a_letter_quote_leaves_the_total_open_where_a_rate_is_missing() -> None:
    late = {**LETTER["claims"][0], "due_on": "2026-06-15"}
    (letter,) = ask({**LETTER, "sent_on": "2026-07-20", "claims": [late]})["letters"]
    assert letter["total"] is None
    assert [one["code"] for one in letter["refused"]["a"]] == ["RULE_MISSING"]


def test_a_letter_quote_counts_what_earlier_letters_booked_and_payments_settled() -> None:
    told = {
        **LETTER["claims"][0],
        "notices": [
            {"kind": "reminder", "sent_on": "2025-03-14", "fee": "100.00", "interest": "32.40"}
        ],
        "movements": [{"kind": "payment", "amount": "4000.00", "value_on": "2025-03-20"}],
    }
    (letter,) = ask(
        {
            **LETTER,
            "sent_on": "2025-04-02",
            "claims": [told],
            "policy": {"allocation": "principal_first"},
        }
    )["letters"]
    assert [(one["kind"], one["amount"]) for one in letter["added"]["a"]] == [
        ("fee", "100.00"),
        ("interest", "40.64"),
    ]
    assert letter["total"] == "6273.04"


# ----- the law behind it --------------------------------------------------------------------------


def get(site: Site, path: str) -> Any:
    return site.get(f"/dunning/v1{path}", headers=web_kit.bearer())


def test_each_version_that_a_quote_cites_can_be_read(site: Site) -> None:
    answer = ask(CLAIM)
    law = get(site, "/law/DK").json()
    assert law["version"] == answer["law_version"]
    rows = {f"{row['rule_id']}@{row['version']}": row for row in law["rows"]}
    cited = [rows[one] for charge in answer["charges"] for one in charge["version"].split()]
    assert [(row["law"], row["value"] or row["formula"]) for row in cited] == [
        ("renteloven § 9 b", "10000"),
        ("renteloven § 5", "dk.interest.reference + dk.interest.margin"),
        ("renteloven § 5", "2.75"),
        ("renteloven § 5", "8"),
    ]


def test_what_is_passed_and_not_in_force_can_be_read_and_prices_nothing(site: Site) -> None:
    rows = get(site, "/law/NO").json()["rows"]
    (row,) = [row for row in rows if row["status"] == "adopted_not_in_force"]
    assert (row["rule_id"], row["valid_from"]) == ("no.warning.licensed_only", None)


def test_the_law_as_it_was_known_before_anything_was_recorded_is_empty(site: Site) -> None:
    assert get(site, "/law/DK?known_at=2020-01-01T00:00:00Z").json()["rows"] == []


@pytest.mark.parametrize(
    ("country", "on", "told"),
    [
        ("DK", "2026-05-31", []),
        ("DK", "2026-06-01", [("dk.interest.reference", "2026-07-01", False)]),
        ("DK", "2026-07-01", [("dk.interest.reference", "2026-07-01", True)]),
        ("SE", "2026-12-02", [("se.interest.reference", "2027-01-01", False)]),
        ("EU", "2030-01-01", []),
    ],
)
def test_thirty_days_before_a_rate_ends_a_new_one_is_asked_for(
    site: Site, country: str, on: str, told: list[tuple[str, str, bool]]
) -> None:
    found = get(site, f"/law/{country}/endings?on={on}").json()
    assert [(one["rule_id"], one["missing_from"], one["is_missing"]) for one in found] == told


def test_the_law_is_read_by_whoever_is_signed_in(site: Site) -> None:
    assert site.get("/dunning/v1/law/DK").status_code == 401
    assert get(site, "/law/DE").status_code == 422


# ----- the page about it --------------------------------------------------------------------------

PAGE = (Path(__file__).parents[2] / "docs" / "quotes.md").read_text(encoding="utf-8")


def test_the_example_of_the_documentation_is_answered() -> None:
    answer = ask(json.loads(PAGE.partition("```json\n")[2].partition("```")[0]))
    assert answer["refused"] == []
    assert answer["costs"] == "450.00"
    assert answer["interest"] == "362.35"


def test_the_documentation_names_every_code_that_a_quote_refuses_with() -> None:
    folder = Path(__file__).parents[2] / "services" / "dunning" / "model"
    sources = [
        folder / f"{name}.py"
        for name in ("conditions", "fees", "compensation", "interest", "charge")
    ]
    texts = [source.read_text(encoding="utf-8") for source in sources]
    codes = {code for text in texts for code in re.findall(r'"([A-Z_]{3,})"', text)}
    codes -= set(HOME.values())
    assert {"RULE_MISSING", "GAP", "CONSUMER"} < codes
    assert not [code for code in sorted(codes) if f"`{code}`" not in PAGE]
