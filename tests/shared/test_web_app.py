"""What every service's HTTP side does by itself: headers, limits, probes, static files."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from shared.clock import SettableClock
from shared.testing.site import Site
from shared.ui.assets import asset_href, assets
from shared.web.limits import BODY_LIMIT
from tests.shared.web_kit import NOW, bearer, service

EVERY_KIND_OF_ANSWER = [
    "/gallery",
    "/healthz",
    "/nothing",
    "/payments/v1/me",
    "/payments/v1/broken",
    asset_href("forfald.css"),
]


@pytest.fixture(scope="module")
def site() -> Site:
    return Site(service(SettableClock(NOW)))


@pytest.mark.parametrize("path", EVERY_KIND_OF_ANSWER)
def test_every_answer_carries_the_security_headers(site: Site, path: str) -> None:
    headers = site.get(path).headers
    assert headers["content-security-policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "form-action 'self'; connect-src 'self'; font-src 'self'; frame-ancestors 'none'; "
        "base-uri 'none'; manifest-src 'self'"
    )
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "strict-transport-security" not in headers


def test_behind_tls_browsers_are_told_to_stay_there() -> None:
    secure = Site(service(SettableClock(NOW), https=True))
    assert secure.get("/healthz").headers["strict-transport-security"].startswith("max-age=")


def test_nothing_with_data_is_kept_by_a_cache(site: Site) -> None:
    assert site.get("/gallery").headers["cache-control"] == "no-store"
    assert site.get("/payments/v1/me", headers=bearer()).headers["cache-control"] == "no-store"


@pytest.mark.parametrize("name", ["forfald.css", "htmx.min.js", "mark.svg"])
def test_a_static_file_is_kept_for_ever_under_the_name_of_its_content(
    site: Site, name: str
) -> None:
    answer = site.get(asset_href(name))
    assert answer.content == assets()[name].body
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize(
    "path",
    ["/static/forfald.css", "/static/forfald.0000.css", "/static/VENDORED.md", "/static/%2e%2e/x"],
)
def test_no_other_file_can_be_had(site: Site, path: str) -> None:
    assert site.get(path).status_code == 404


async def in_chunks(size: int) -> AsyncIterator[bytes]:
    for _ in range(size // 65_536):
        yield b" " * 65_536


def test_a_body_that_is_announced_too_large_is_refused_before_it_is_read(site: Site) -> None:
    headers = {**bearer(), "Content-Length": str(BODY_LIMIT + 1)}
    answer = site.post("/payments/v1/payments", content=in_chunks(0), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


@pytest.mark.parametrize("path", ["/payments/v1/payments", "/sign-in"])
def test_a_body_that_grows_too_large_is_refused_when_it_is(site: Site, path: str) -> None:
    kind = "application/json" if "v1" in path else "application/x-www-form-urlencoded"
    headers = {**bearer(), "Content-Type": kind}
    answer = site.post(path, content=in_chunks(BODY_LIMIT * 2), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


def test_a_path_that_takes_documents_has_its_own_limit() -> None:
    roomy = Site(service(SettableClock(NOW), body_limits={"/payments/v1/pay": 3 * BODY_LIMIT}))
    headers = {**bearer(), "Content-Type": "application/json"}
    body = in_chunks(BODY_LIMIT * 2)
    answer = roomy.post("/payments/v1/payments", content=body, headers=headers)
    assert answer.json()["code"] == "bad-request"


def test_alive_asks_nothing_and_ready_asks_everything() -> None:
    def broken() -> None:
        raise OSError("no database")

    unready = Site(service(SettableClock(NOW), ready={"database": broken, "log": lambda: None}))
    assert unready.get("/healthz").status_code == 200
    answer = unready.get("/readyz")
    assert (answer.status_code, answer.json()["lacking"]) == (503, ["database"])
    assert "no database" not in answer.text


def test_a_service_with_everything_it_needs_is_ready(site: Site) -> None:
    assert site.get("/readyz").json() == {"status": "ready"}
