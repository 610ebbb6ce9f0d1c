"""Forms: only our own pages can make a browser change something."""

from __future__ import annotations

from itertools import product

import pytest

from shared.clock import SettableClock
from shared.testing.site import Site
from shared.web.csrf import form_token
from tests.shared.web_kit import NOW, SESSION, bearer, service

COOKIE = {"Cookie": f"forfald_session={SESSION}"}
OWN = "http://forfald.test"
TOKENS = {"right": form_token(SESSION), "wrong": form_token("another"), "none": None}
# Every way in which a browser says where a request comes from; only the first three are ours.
ORIGINS: dict[str, dict[str, str]] = {
    "own by both": {"Origin": OWN, "Sec-Fetch-Site": "same-origin"},
    "own by fetch site": {"Sec-Fetch-Site": "same-origin"},
    "own by origin": {"Origin": OWN},
    "silent": {},
    "opaque": {"Origin": "null"},
    "foreign": {"Origin": "https://elsewhere.test", "Sec-Fetch-Site": "cross-site"},
    "foreign by origin": {"Origin": "https://elsewhere.test"},
    "sister site": {"Origin": "http://evil.forfald.test", "Sec-Fetch-Site": "same-site"},
    "typed in": {"Sec-Fetch-Site": "none"},
    "contradiction": {"Origin": "https://elsewhere.test", "Sec-Fetch-Site": "same-origin"},
    "own name inside": {"Origin": "http://forfald.test.elsewhere.test"},
    "other port": {"Origin": "http://forfald.test:8080"},
}


@pytest.fixture(scope="module")
def site() -> Site:
    return Site(service(SettableClock(NOW)))


@pytest.mark.parametrize(("origin", "token"), list(product(ORIGINS, TOKENS)))
def test_a_form_counts_only_from_our_own_page_and_session(
    site: Site, origin: str, token: str
) -> None:
    form = {"note": "call them"}
    if (sent := TOKENS[token]) is not None:
        form["form_token"] = sent
    answer = site.post("/desk", data=form, headers={**COOKIE, **ORIGINS[origin]})
    if origin.startswith("own by") and token == "right":
        assert answer.text == "Mette Kjær noted call them"
    else:
        assert (answer.status_code, answer.json()["code"]) == (403, "foreign-form")


@pytest.mark.parametrize("token", TOKENS)
def test_a_script_of_ours_sends_the_token_in_a_header(site: Site, token: str) -> None:
    sent = TOKENS[token]
    headers = {**COOKIE, "Origin": OWN, **({"X-Form-Token": sent} if sent else {})}
    answer = site.post("/desk", data={"note": "x"}, headers=headers)
    assert answer.status_code == (200 if token == "right" else 403)


def test_a_form_with_a_file_carries_the_token_too(site: Site) -> None:
    answer = site.post(
        "/desk",
        data={"note": "x", "form_token": form_token(SESSION)},
        files={"paper": b"bytes"},
        headers={**COOKIE, "Origin": OWN},
    )
    assert answer.status_code == 200


def test_a_file_in_the_tokens_place_is_no_token(site: Site) -> None:
    files = {"form_token": form_token(SESSION).encode()}
    headers = {**COOKIE, "Origin": OWN}
    assert site.post("/desk", data={"note": "x"}, files=files, headers=headers).status_code == 403


@pytest.mark.parametrize(("origin", "status"), [("own by origin", 200), ("foreign", 403)])
def test_signing_in_needs_no_token_but_comes_from_this_site(
    site: Site, origin: str, status: int
) -> None:
    answer = site.post("/sign-in", data={"name": "Mette"}, headers=ORIGINS[origin])
    assert answer.status_code == status


def test_reading_is_free(site: Site) -> None:
    assert site.get("/desk", headers={**COOKIE, **ORIGINS["foreign"]}).status_code == 200


def test_a_bearer_needs_no_token_since_no_browser_sends_it_on_its_own(site: Site) -> None:
    assert site.post("/desk", data={"note": "x"}, headers=bearer()).status_code == 200
    body = {"payee": "Lindtoft", "amount_minor": 1}
    foreign = {**bearer(), **ORIGINS["foreign"]}
    assert site.post("/payments/v1/payments", json=body, headers=foreign).status_code == 200


def test_a_bearer_beside_a_cookie_does_not_lift_the_guard(site: Site) -> None:
    headers = {**COOKIE, **bearer(), **ORIGINS["foreign"]}
    assert site.post("/desk", data={"note": "x"}, headers=headers).status_code == 403


def test_a_foreign_form_leaves_the_json_api_closed_since_its_cookie_opens_nothing(
    site: Site,
) -> None:
    headers = {**COOKIE, **ORIGINS["foreign"]}
    answer = site.post("/payments/v1/payments", json={}, headers=headers)
    assert answer.status_code in {401, 422}
    assert "Lindtoft" not in answer.text


def test_the_token_differs_for_each_session_and_does_not_hold_it() -> None:
    assert form_token("one") != form_token("two")
    assert SESSION[:8] not in form_token(SESSION)
