"""The pages of operations in a real browser."""

from __future__ import annotations

from uuid import uuid4

import pytest
from playwright.sync_api import Browser

from shared.effects.worker import Refused
from shared.testing.browser import DESKTOP, PHONE, chromium, page_at
from shared.testing.servers import serve
from shared.testing.world import World
from shared.web.doorkeeper import SESSION_COOKIE
from tests.shared.operations.desk import EFFECTS, PARKED, SESSION, Visitor, fill, park, place, stick
from tests.shared.toy import Mint


@pytest.mark.browser
def test_the_pages_of_operations_are_sound_on_a_phone_and_at_a_desk(
    world: World, teller: Visitor, purse: Visitor, mint: Mint
) -> None:
    park(world, behind=2)
    park(world)
    asked = stick(world, mint)
    mint.answers = [Refused("no_metal", "come again")]
    fill(world, 1, uuid4())
    world.settle()
    purse.post(f"{asked}/ask", reason="the bank says that it knows of it")
    with serve(teller.app) as telling, serve(purse.app) as purses, chromium() as browser:
        paths = [telling + PARKED, telling + place(world), f"{telling}{place(world)}?failed=1",
                 f"{telling}{PARKED}?replayed=1", purses + EFFECTS, purses + asked]  # fmt: skip
        for width, dark in ((PHONE, True), (DESKTOP, False)):
            _look(browser, width, dark, paths)


def _look(browser: Browser, width: int, dark: bool, paths: list[str]) -> None:
    cookies = [(path, SESSION_COOKIE, SESSION) for path in paths]
    with page_at(browser, width, dark=dark, cookies=cookies) as view:
        for path in paths:
            view.open(path)
            assert view.page.locator("h1").inner_text()
            for details in view.page.locator("details > summary").all():
                details.click()
            view.must_be_sound()
