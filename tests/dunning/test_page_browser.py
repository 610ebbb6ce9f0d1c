"""The pages of dunning in Chromium: on a phone and a desk, light and dark."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from shared.contracts.notifications import ChannelsResolved
from shared.contracts.values import Fault
from shared.postgres import Server
from shared.testing.browser import DESKTOP, PHONE, chromium, page_at
from shared.testing.servers import serve
from shared.web.doorkeeper import SESSION_COOKIE
from tests.dunning.site import BO, Site, site_in

pytestmark = pytest.mark.browser
LONG = "Tømrer- og Snedkerfirmaet Hvidbjerg & Sønner ApS"


@pytest.fixture(scope="module")
def site(postgres_server: Server) -> Iterator[Site]:
    """One invoice in each place that a page tells of."""
    with site_in(postgres_server) as site:
        here = site.house
        long, alfa, jens = here.debtor(LONG), here.debtor("Alfa"), here.debtor("Jens", "person")
        here.invoice("1001", "10000.00", due=site.day(-9), debtor=alfa)
        here.invoice("1002", "2500.00", due=site.day(-10), debtor=long)
        here.invoice("1003", "700.00", due=site.day(-9), debtor=long)
        here.invoice("1004", "1250.00", due=site.day(20), debtor=jens)
        fault = Fault("bounced", "email")
        here.say(ChannelsResolved(debtor_id=long, channels=("letter",), faults=(fault,)))
        site.morning()
        here.sends("1001", "1002", "1003")
        site.next_letter()
        here.sends("1001")
        here.paid("1001", on=site.day(0), amount="2500.00")
        note = site.path("1001")
        site.send(f"{note}/note", page=note, text="Ulla ringer i morgen.", mention=str(BO))
        site.send(f"{note}/pause", page=note, pause_code="promised", until_on=site.day(9))
        here.pays(alfa, "125.00", on=site.day(0))
        yield site


@pytest.fixture(scope="module")
def address(site: Site) -> Iterator[str]:
    with serve(site.app) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as launched:
        yield launched


@pytest.mark.capability("E35")
@pytest.mark.parametrize(
    ("width", "dark"), [(PHONE, False), (DESKTOP, True)], ids=["phone", "desk, dark"]
)
def test_every_page_is_sound(
    site: Site, address: str, browser: Browser, width: int, dark: bool
) -> None:
    long = site.house.invoices["1002"].debtor_id
    one = site.house.invoices["1002"].invoice_id
    changing = f"/reminders/change?debtor={long}&invoice={one}&refused=in_the_past"
    lists = ["/reminders", "/reminders/why-not", "/debtors"]
    paths = [*lists, changing, site.path("1001"), f"/debtors/{long}"]
    cookies = [(address, SESSION_COOKIE, site.session())]
    with page_at(browser, width, dark=dark, cookies=cookies) as view:
        for path in paths:
            view.open(address + site.home + path)
            view.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
            view.must_be_sound()
        view.open(address + site.home + "/reminders")
        view.page.get_by_role("checkbox").first.check()
        bar = view.page.get_by_role("group", name="Selection")
        bar.get_by_text("1 selected").wait_for()
        bar.get_by_role("button", name="Go on to sending").click()
        view.page.get_by_role("button", name="Send 1 letter").wait_for()
        view.must_be_sound()
