"""The pages of sync in a browser, at the width of a phone and of a desk."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from shared.testing.browser import DESKTOP, PHONE, chromium, page_at
from shared.testing.servers import serve
from shared.web.doorkeeper import SESSION_COOKIE
from tests.sync.economic_world import FIK, MARCH
from tests.sync.house import SHOP
from tests.sync.site import SESSION, site_in

DOCUMENTS = Path(__file__).parent / "documents"
NAMES = ("peppol-dk-fik71", "oioubl-fik71-wrong-digit", "peppol-no-kid", "sums-that-do-not-add-up")


@pytest.fixture(scope="module")
def pages(postgres_server):
    """Paths by name, of a shop with some of everything."""
    with site_in(postgres_server) as site, serve(site.app) as address:
        site.house.vendor.invoice("F-1", "100.00", payment=FIK)
        site.house.consent()
        documents = [site.house.receive((DOCUMENTS / f"{name}.xml").read_bytes()) for name in NAMES]
        site.house.book(documents[0])
        site.house.vendor.does("drift", amount="-0.05", bookedOn=str(MARCH))
        site.house.sync_now()
        run = site.api("GET", f"/tenants/{SHOP}/connection").json()["runs"][0]["run_id"]
        home = f"{address}/sync/{SHOP}"
        yield {
            "inbox": f"{home}/einvoices",
            "booked": f"{home}/einvoices/{documents[0]}",
            "doubted": f"{home}/einvoices/{documents[1]}",
            "unknown": f"{home}/einvoices/{documents[2]}",
            "connection": f"{home}/connection",
            "run": f"{home}/connection/runs/{run}",
        }


@pytest.mark.browser
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_every_page_is_sound_at_every_width(pages, width):
    (address,) = {page.split("/sync/")[0] for page in pages.values()}
    with (
        chromium() as browser,
        page_at(browser, width, cookies=[(address, SESSION_COOKIE, SESSION)]) as view,
    ):
        for name, page in pages.items():
            view.open(page)
            if shots := os.environ.get("FORFALD_SHOTS"):
                view.page.screenshot(path=f"{shots}/sync-{name}-{width}.png", full_page=True)
            view.must_be_sound()
