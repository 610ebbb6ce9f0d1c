"""Errors as answers: which kind, which field, which rule, and nothing that was sent."""

from __future__ import annotations

import pytest

from shared.clock import SettableClock
from shared.testing.site import Site
from shared.web.problem import KINDS
from tests.shared.web_kit import NOW, bearer, service

PAGE = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def site() -> Site:
    return Site(service(SettableClock(NOW)))


def test_a_refusal_by_the_rules_is_a_conflict_with_the_rules_own_code(site: Site) -> None:
    answer = site.post("/payments/v1/refused")
    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {
        "type": "/problems/refused",
        "title": "This cannot be done as things stand",
        "status": 409,
        "code": "account_unverified",
        "detail": "the payee has no verified account",
    }


def test_who_was_overtaken_by_others_each_time_is_asked_to_come_again_soon(site: Site) -> None:
    answer = site.post("/payments/v1/overtaken")
    assert (answer.status_code, answer.json()["code"]) == (503, "overtaken")
    assert answer.headers["retry-after"] == "1"


def test_a_refusal_of_a_field_names_it(site: Site) -> None:
    answer = site.post("/payments/v1/refused?field=payee")
    assert (answer.status_code, answer.json()["code"]) == (422, "account_unverified")
    assert answer.json()["errors"] == [
        {
            "field": "payee",
            "rule": "account_unverified",
            "detail": "the payee has no verified account",
        }
    ]


def test_an_invalid_body_names_each_field_and_rule_and_repeats_no_value(site: Site) -> None:
    body = {"payee": "Lindtoft Tømmerhandel A/S, Herning", "amount_minor": -5}
    answer = site.post("/payments/v1/payments", json=body, headers=bearer())
    assert answer.status_code == 422
    assert {(one["field"], one["rule"]) for one in answer.json()["errors"]} == {
        ("payee", "string_too_long"),
        ("amount_minor", "greater_than"),
    }
    assert "Lindtoft" not in answer.text


def test_a_body_that_is_no_json_is_a_bad_request(site: Site) -> None:
    headers = {**bearer(), "Content-Type": "application/json"}
    answer = site.post("/payments/v1/payments", content=b'{"payee": "Lindt', headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad-request")
    assert "Lindt" not in answer.text


def test_an_unexpected_error_says_nothing_of_the_inside(site: Site) -> None:
    answer = site.get("/payments/v1/broken")
    assert (answer.status_code, answer.json()["code"]) == (500, "unexpected")
    assert "secret" not in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


def test_an_unknown_path_and_a_wrong_method_are_problems_too(site: Site) -> None:
    assert site.get("/payments/v1/nothing").json()["code"] == "not-found"
    wrong = site.request("DELETE", "/payments/v1/payments")
    assert (wrong.status_code, wrong.json()["code"]) == (405, "no-such-method")
    assert wrong.headers["allow"] == "POST"


def test_a_person_gets_the_problem_as_a_page_in_their_language(site: Site) -> None:
    answer = site.get("/nothing", headers={**PAGE, "Accept-Language": "da"})
    assert answer.status_code == 404
    assert '<html lang="da">' in answer.text
    assert "Her er intet" in answer.text


def test_a_part_of_a_page_gets_the_problem_as_a_part(site: Site) -> None:
    answer = site.get("/nothing", headers={"HX-Request": "true"})
    assert answer.status_code == 404
    assert answer.text.lstrip().startswith('<div class="inset stop">')


def test_a_part_for_somebody_who_is_signed_out_sends_the_whole_page_to_sign_in(
    site: Site,
) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "https://forfald.test/today?company=1"}
    answer = site.get("/desk", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["hx-redirect"] == "/sign-in?next=/today%3Fcompany%3D1"


@pytest.mark.parametrize("code", KINDS)
def test_the_type_of_every_problem_leads_to_its_page(site: Site, code: str) -> None:
    answer = site.get(f"/problems/{code}", headers=PAGE)
    assert answer.status_code == 200
    assert KINDS[code].title in answer.text


def test_the_api_document_declares_the_problems_of_every_operation() -> None:
    document = Site(service(SettableClock(NOW))).get("/payments/v1/openapi.json").json()
    schema = {"$ref": "#/components/schemas/ProblemDetails"}
    for path, operations in document["paths"].items():
        assert path.startswith("/payments/v1/")
        for operation in operations.values():
            for status in ("401", "404", "409", "422", "500"):
                content = operation["responses"][status]["content"]
                assert content == {"application/problem+json": {"schema": schema}}
    assert {"ProblemDetails", "FieldError"} <= set(document["components"]["schemas"])
    assert "HTTPValidationError" not in document["components"]["schemas"]
