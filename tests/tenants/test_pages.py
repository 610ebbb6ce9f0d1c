"""The pages in a browser: signing in, the front page with its gaps, what one chooses for oneself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser
from starlette.responses import Response

from services.tenants.acts import demo
from shared.runtime import Runtime
from shared.testing.browser import DESKTOP, PHONE, View, chromium, page_at
from shared.testing.servers import serve
from shared.testing.site import Site
from tests.tenants.conftest import Visitor, app_with
from tests.tenants.test_fragments import answering, html

TO_PAY = """
<section aria-labelledby="pay"><div class="fold"><h2 id="pay">To pay</h2>
<div class="figure"><a href="/payments/all">14<span class="alone"> payments ready</span></a></div>
</div><p class="trend">ready to send to approval</p>
<ul class="todo"><li><a href="/payments/late"><span>Past their due date</span><span class="n">2</span>
<span class="sub">Østjysk Stillads, oldest due Wed 25 Feb</span></a></li></ul></section>
"""
HEALTH = '<div><dt>Payables</dt><dd><a href="/operations">runs</a></dd></div>'


@pytest.fixture(scope="module")
def site(runtime: Runtime) -> Iterator[Site]:
    """Payments shows what is to pay and that it runs, approvals is broken, sync has nothing to show."""
    with ExitStack() as servers:
        urls = {
            f"{name}_url": servers.enter_context(
                serve(answering(responses[""], health=responses.get("health")))
            )
            for name, responses in {
                "payments": {"": html(TO_PAY), "health": html(HEALTH)},
                "approvals": {"": Response("broken", 500)},
                "sync": {"": Response(status_code=204)},
            }.items()
        }
        yield Site(app_with(runtime, **urls))


@pytest.fixture(scope="module")
def address(site: Site) -> Iterator[str]:
    with serve(site._app) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def signed_in_as(view: View, address: str, name: str) -> None:
    view.open(f"{address}/sign-in")
    view.page.get_by_role("button", name=name).click()


def test_the_front_page_shows_what_each_service_shows_and_names_what_is_missing(
    visitor: Visitor,
) -> None:
    visitor.sign_in(demo.METTE.user_id)
    page = visitor.get("/").text
    assert "To pay" in page
    assert "Godkendelser mangler her" in page
    assert "Forbindelser mangler her" not in page, "sync has nothing to show, which is no gap"
    assert "Goddag, Mette." in page
    assert "Man. 2. marts 2026" in page


def test_operations_are_shown_to_those_who_look_after_them(visitor: Visitor) -> None:
    visitor.sign_in(demo.HENRIK.user_id)
    assert visitor.get("/operations").status_code == 403
    visitor.sign_in(demo.METTE.user_id)
    page = visitor.get("/operations")
    assert page.status_code == 200
    assert "To pay" in page.text
    assert "Godkendelser mangler her" in page.text


def test_without_any_other_service_the_front_page_says_that_nothing_waits(
    runtime: Runtime,
) -> None:
    visitor = Visitor(Site(app_with(runtime)))
    visitor.sign_in(demo.INGRID.user_id)
    assert "Ingenting venter på deg" in visitor.get("/").text


def test_somebody_reads_in_the_language_that_they_choose_on_every_service(
    visitor: Visitor,
) -> None:
    visitor.sign_in(demo.OSKAR.user_id)
    assert "Läs på det här språket" in visitor.get("/me").text
    assert visitor.send("/me/language", language="fi").status_code == 303
    assert "Lue tällä kielellä" in visitor.get("/me").text
    assert visitor.send("/me/language", language="tlh").status_code == 422
    visitor.send("/me/language", language="sv")


def test_the_switcher_lists_the_companies_that_one_works_for(visitor: Visitor) -> None:
    visitor.sign_in(demo.METTE.user_id)
    page = visitor.get("/").text
    assert all(f"<span>{client.name}</span>" in page for client in demo.CLIENTS)
    assert "<b>Alle virksomheder</b>" in page
    assert "<span>intet</span>" not in page, "nobody has asked what there is to do at each"
    visitor.sign_in(demo.ELSA.user_id)
    assert demo.FJORDVIG.name not in visitor.get("/").text


@pytest.mark.browser
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_sign_in_today_me_and_operations_are_sound_by_light_and_in_the_dark(
    address: str, browser: Browser, width: int
) -> None:
    with page_at(browser, width) as view:
        view.open(f"{address}/sign-in")
        view.must_be_sound()
        view.must_be_legible_in_the_dark()
        signed_in_as(view, address, "Mette Kjær")
        for path in ("/", "/me", "/operations"):
            view.open(address + path)
            view.must_be_sound()
            view.must_be_legible_in_the_dark()


@pytest.mark.browser
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_a_person_signs_in_reads_and_signs_out_without_script(
    address: str, browser: Browser, width: int
) -> None:
    with page_at(browser, width, script=False) as view:
        view.open(f"{address}/me")
        view.page.get_by_role("button", name="Elsa Lindqvist").click()
        assert view.page.get_by_role("heading", name="Elsa Lindqvist").is_visible()
        view.page.locator("main section").get_by_role("button", name="Logga ut").click()
        assert view.page.get_by_role("button", name="Elsa Lindqvist").is_visible()
        view.open(f"{address}/me")
        assert "/sign-in" in view.page.url
