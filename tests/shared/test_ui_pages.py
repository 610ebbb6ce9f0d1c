"""The gallery in Chromium: every part at phone and desktop width, light and dark, and without script."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from shared.clock import SettableClock
from shared.testing.browser import DESKTOP, PHONE, chromium, page_at
from shared.testing.servers import serve
from tests.shared.web_kit import NOW, SESSION, service

pytestmark = pytest.mark.browser
PAGES = ("/gallery", "/approvals", "/problems/refused")


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with serve(service(SettableClock(NOW))) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as launched:
        yield launched


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_every_part_is_sound_by_light_and_in_the_dark(
    site: str, browser: Browser, width: int
) -> None:
    for path in PAGES:
        with page_at(browser, width) as view:
            view.open(site + path)
            view.must_be_sound()
            view.must_be_legible_in_the_dark()


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_the_check_itself_finds_a_bad_page(site: str, browser: Browser, width: int) -> None:
    with page_at(browser, width) as view:
        view.open(site + "/gallery")
        view.page.evaluate(
            """() => { document.querySelector('main').insertAdjacentHTML('beforeend',
            '<button></button><p style="color: red">.</p><hr width="3000">') }"""
        )
        assert any("button-name" in one for one in view.violations())
        assert any("style-src" in one for one in view.blocked())
        assert view.sideways() > 0


def test_the_check_finds_what_cannot_be_read_in_the_dark_alone(site: str, browser: Browser) -> None:
    with page_at(browser, DESKTOP) as view:
        view.open(site + "/gallery")
        view.page.evaluate(
            """() => { const p = document.createElement('p'); p.textContent = 'Black on black';
            p.style.color = 'black'; document.querySelector('main').append(p) }"""
        )
        view.must_be_sound()
        with pytest.raises(AssertionError, match="color-contrast"):
            view.must_be_legible_in_the_dark()


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_pages_are_whole_without_script(site: str, browser: Browser, width: int) -> None:
    with page_at(browser, width, script=False) as view:
        view.open(site + "/gallery")
        assert not view.complaints
        assert view.page.locator(".chip").count() > 40
        assert view.page.get_by_role("button", name="Send 2 payments to approval").is_visible()


def test_a_phone_opens_its_menu_and_the_switcher_without_script(
    site: str, browser: Browser
) -> None:
    with page_at(browser, PHONE, script=False) as view:
        view.open(site + "/gallery")
        entry = view.page.get_by_role("link", name="E-invoices")
        assert not entry.is_visible()
        view.page.get_by_role("button", name="Menu").click()
        assert entry.is_visible()
        view.page.keyboard.press("Escape")
        view.page.get_by_role("button", name="Company: Fjordvig Byg ApS").click()
        assert view.page.get_by_role("link", name="Klinik Sundby I/S nothing").is_visible()


def test_the_menu_of_a_phone_is_sound_while_it_is_open(site: str, browser: Browser) -> None:
    with page_at(browser, PHONE) as view:
        view.open(site + "/gallery")
        view.page.get_by_role("button", name="Menu").click()
        view.must_be_sound()


def test_a_dialog_opens_by_its_button_and_closes_by_its_own(site: str, browser: Browser) -> None:
    with page_at(browser, PHONE) as view:
        view.open(site + "/gallery")
        view.page.get_by_role("button", name="Record the bank’s word").click()
        dialog = view.page.get_by_role("dialog")
        assert dialog.is_visible()
        view.must_be_sound()
        dialog.get_by_role("button", name="Close without recording").click()
        assert not view.page.locator("dialog").is_visible()


def test_every_target_of_an_approver_is_large_enough_for_a_thumb(
    site: str, browser: Browser
) -> None:
    with page_at(browser, PHONE) as view:
        view.open(site + "/approvals#p-1")
        targets = view.page.locator("main :is(a, button, label.tick, textarea):visible, .top a")
        small = [
            box
            for box in (targets.nth(at).bounding_box() for at in range(targets.count()))
            if box is not None and box["height"] < 44
        ]
        assert not small


def test_the_bar_of_a_selection_shows_only_while_something_is_ticked(
    site: str, browser: Browser
) -> None:
    with page_at(browser, DESKTOP, script=False) as view:
        view.open(site + "/gallery")
        bar = view.page.get_by_role("group", name="Selection")
        assert bar.is_visible()
        for box in view.page.get_by_role("checkbox", name="Select").all():
            box.uncheck()
        assert not bar.is_visible()


def test_htmx_swaps_a_problem_into_the_place_of_the_part(site: str, browser: Browser) -> None:
    with page_at(browser, DESKTOP, cookies=[(site, "forfald_session", SESSION)]) as view:
        view.open(site + "/gallery")
        view.page.evaluate(
            "htmx.ajax('GET', '/no-such-part', {target: '#busy', swap: 'outerHTML'})"
        )
        view.page.get_by_role("alert").wait_for()
        assert "There is nothing here" in view.page.get_by_role("alert").inner_text()
        assert not view.blocked()


@pytest.mark.parametrize("language", ["da", "sv", "nb", "fi"])
def test_a_page_speaks_the_browsers_language(site: str, browser: Browser, language: str) -> None:
    with page_at(browser, PHONE, language=language) as view:
        view.open(site + "/gallery")
        assert view.page.locator("html").get_attribute("lang") == language
        view.must_be_sound()
