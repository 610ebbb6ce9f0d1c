"""The approver's page in Chromium: at phone and desktop width, by thumb, without script."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Browser
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.postgres import Server
from shared.testing.browser import DESKTOP, PHONE, View, chromium, page_at
from shared.testing.servers import serve
from shared.web.doorkeeper import SESSION_COOKIE
from tests.approvals.facts import ANNA, BERTIL, CARLA, named
from tests.approvals.outside import TENANT
from tests.approvals.site import Site, site_in

pytestmark = [
    pytest.mark.browser,
    pytest.mark.capability("S6"),
]
HOME = f"/approvals/{TENANT}/"
ROOF = f"{HOME}{named('request')}/{named('roof')}#one"
LONG = "Fjordens Vask & Vinduespolering v/ Jens-Christian Østergaard Mikkelsen"


@pytest.fixture(scope="module")
def site(postgres_server: Server) -> Iterator[Site]:
    """Three payments put forward by Anna, one of them odd; looking changes nothing."""
    with site_in(postgres_server) as site:
        office = site.office
        office.people(BERTIL, CARLA)
        office.role(ANNA, "administrator")
        office.settle()
        name = office.world.vault.seal(TENANT, named("Fjordens"), LONG)
        office.seek(
            office.order("roof", warnings=("account_differs", "amount_unusual")),
            office.order("windows", "4375.00", payee_name=name, payee_id=named("Fjordens")),
            office.order("paper", "3120.00", copy_of=None),
        )
        yield site


@pytest.fixture(scope="module")
def address(site: Site) -> Iterator[str]:
    with serve(beside_sync(site.app)) as address:
        yield address


def beside_sync(app: ASGIApp) -> ASGIApp:
    """The service behind one port with the one that keeps documents: each page of theirs is a dot."""
    dot = BytesIO()
    Image.new("RGB", (1, 1), "white").save(dot, "png")

    async def either(scope: Scope, receive: Receive, send: Send) -> None:
        kept = scope["type"] == "http" and scope["path"].startswith("/sync/")
        answer = Response(dot.getvalue(), media_type="image/png") if kept else app
        await answer(scope, receive, send)

    return either


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as launched:
        yield launched


def signed_in(address: str, person: object) -> list[tuple[str, str, str]]:
    return [(address, SESSION_COOKIE, str(person))]


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_the_pages_are_sound_by_light_and_in_the_dark(
    address: str, browser: Browser, width: int
) -> None:
    cookies = signed_in(address, BERTIL)
    for path in (HOME, ROOF, f"{HOME}?yes=2", f"{HOME}?pick=none&refused=digest_changed"):
        with page_at(browser, width, cookies=cookies) as view:
            view.open(address + path)
            view.must_be_sound()
            view.must_be_legible_in_the_dark()


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_the_rules_are_sound(address: str, browser: Browser, width: int) -> None:
    with page_at(browser, width, cookies=signed_in(address, ANNA)) as view:
        view.open(f"{address}{HOME}policy")
        view.must_be_sound()
        assert view.page.get_by_role("button", name="Set the rules").is_visible()


def test_on_a_phone_one_payment_is_opened_at_a_time_and_its_answer_is_under_the_thumb(
    address: str, browser: Browser
) -> None:
    with page_at(browser, PHONE, script=False, cookies=signed_in(address, BERTIL)) as view:
        view.open(address + HOME)
        assert under_the_thumb(view, "Approve 2 payments")
        view.page.get_by_role("link", name="Kronborg Tagentreprise A/S").first.click()
        assert not view.page.get_by_role("button", name="Approve 2 payments").is_visible()
        assert under_the_thumb(view, "Approve")
        assert under_the_thumb(view, "Reject")
        view.page.get_by_role("link", name="All payments").click()
        assert under_the_thumb(view, "Approve 2 payments")


def test_every_target_is_large_enough_for_a_thumb(address: str, browser: Browser) -> None:
    with page_at(browser, PHONE, cookies=signed_in(address, BERTIL)) as view:
        for path in (HOME, ROOF):
            view.open(address + path)
            targets = view.page.locator("main :is(a, button, label.tick, textarea):visible")
            boxes = [targets.nth(at).bounding_box() for at in range(targets.count())]
            assert boxes
            assert not [box for box in boxes if box is not None and box["height"] < 44]


def under_the_thumb(view: View, name: str) -> bool:
    """Whether a button can be seen without scrolling."""
    box = view.page.get_by_role("button", name=name, exact=True).bounding_box()
    return box is not None and box["y"] + box["height"] <= 800
