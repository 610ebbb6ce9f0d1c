"""The payment pages in Chromium: on a phone and a desk, light and dark, with script and without."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser

from services.payments.acts import by_hand as desk
from services.payments.gateways.bank import OutcomeUnknown
from services.payments.values import State
from shared.contracts.values import Copy, Fault
from shared.postgres import Server
from shared.references.instruction import InstructionKind, PaymentInstruction
from shared.testing.browser import DESKTOP, PHONE, View, chromium, page_at
from shared.testing.servers import serve
from shared.web.doorkeeper import SESSION_COOKIE
from tests.payments.office_of_anna import FIK, dkk
from tests.payments.site import Site, site_in

pytestmark = pytest.mark.browser
LONG = "Fjordens Vask & Vinduespolering v/ Jens-Christian Østergaard Mikkelsen"
COPY = Copy("c" * 64, "application/pdf", 8400)
RELEASE_AT = datetime(2026, 3, 9, 9, 30, tzinfo=UTC)


def busy_office(site: Site) -> dict[str, UUID]:
    """One payment in each place that a page tells of."""
    office, late = site.office, date(2026, 3, 20)

    def book(number: str, amount: str, supplier: str, **facts: Any) -> UUID:
        account = f"3409{int(number):010}"
        to = PaymentInstruction(InstructionKind.DK_ACCOUNT, account, number)
        return office.book(number, amount, supplier=supplier, **{"pays_to": to, **facts})

    unknown = book("2048311", "86240.00", "Lindtoft")
    office.approve(unknown)
    office.bank.failures = [OutcomeUnknown("no answer")]
    office.until(RELEASE_AT)
    office.do(
        lambda work: desk.report_bank_word(work, office.bo, unknown, received=False), office.bo
    )
    paid = book("4417", "4250.00", "Bergen", due_on=date(2026, 3, 10))
    office.approve(paid)
    office.until(RELEASE_AT + timedelta(days=1))
    booked = {order.amount for order in office.bank.orders}
    assert booked == {dkk("4250.00")}
    office.bank.execute(date(2026, 3, 10))
    office.until(RELEASE_AT + timedelta(days=1, hours=2))
    held = book("7719", "2268.00", "Truck", due_on=late)
    office.approve(held)
    office.say(office.credit_note(supplier="Truck"))
    asked = book("318", "4375.00", LONG, due_on=late)
    office.ask(asked)
    blocked = book("50731", "12400.00", "Kontor", due_on=late, exported=True)
    fault = Fault("reference_check_digit", "reference", "7")
    book("882041", "7906.25", "Grønlund & Søn", pays_to=FIK, faults=[fault])
    ready = book("10044512", "42318.75", "Østjysk Stillads", due_on=date(2026, 3, 9))
    book("50688", "3120.00", "Skånska", due_on=late, copy_of=COPY)
    return {"unknown": unknown, "paid": paid, "held": held, "asked": asked, "blocked": blocked,
            "ready": ready}  # fmt: skip


@pytest.fixture(scope="module")
def site(postgres_server: Server) -> Iterator[Site]:
    with site_in(postgres_server) as site:
        yield site


@pytest.fixture(scope="module")
def orders(site: Site) -> dict[str, UUID]:
    return busy_office(site)


@pytest.fixture(scope="module")
def address(site: Site, orders: dict[str, UUID]) -> Iterator[str]:
    with serve(site.app) as address:
        yield address + site.home


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as launched:
        yield launched


def signed_in(address: str, person: UUID) -> list[tuple[str, str, str]]:
    return [(address, SESSION_COOKIE, str(person))]


@pytest.mark.capability("S7")
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_every_page_is_sound_by_light_and_in_the_dark(
    site: Site, orders: dict[str, UUID], address: str, browser: Browser, width: int
) -> None:
    paths = ["", "?state=paid&q=none", "?refused=digest_changed", "?sent=2"]
    paths += [f"/{order}" for order in orders.values()]
    cookies = signed_in(address, site.office.anna)
    with page_at(browser, width, cookies=cookies) as view:
        for path in paths:
            view.open(address + path)
            view.must_be_sound()
            view.must_be_legible_in_the_dark()
        view.open(address)
        view.page.get_by_role("checkbox").first.check()
        view.page.get_by_role("button", name="Go on to approval").click()
        view.page.get_by_role("button", name="Send 1 payment to approval").wait_for()
        view.must_be_sound()
        view.must_be_legible_in_the_dark()


def test_the_bar_shows_the_sum_of_what_is_ticked(
    site: Site, address: str, browser: Browser
) -> None:
    with page_at(browser, DESKTOP, cookies=signed_in(address, site.office.anna)) as view:
        view.open(address)
        bar = view.page.get_by_role("group", name="Selection")
        assert not bar.is_visible()
        first, second = view.page.get_by_role("checkbox").all()
        first.check()
        bar.get_by_text("1 selected").wait_for()
        second.check()
        bar.get_by_text("2 selected").wait_for()
        assert "45,438.75" in bar.inner_text()
        view.must_be_sound()


def test_on_a_phone_what_is_wrong_and_what_can_be_done_come_before_the_history(
    site: Site, orders: dict[str, UUID], address: str, browser: Browser
) -> None:
    with page_at(browser, PHONE, cookies=signed_in(address, site.office.anna)) as view:
        view.open(f"{address}/{orders['unknown']}")
        titles = [
            "Outcome unknown",
            "What can be done now",
            "Payee",
            "The invoice",
            "What happened",
        ]
        tops = [top_of(view, title) for title in titles]
        assert tops == sorted(tops)
        assert tops[0] < 400


def top_of(view: View, title: str) -> float:
    box = view.page.get_by_role("heading", name=title, exact=True).bounding_box()
    assert box is not None
    return box["y"]


def test_an_invoice_that_cannot_be_fetched_stays_a_link(
    site: Site, address: str, browser: Browser
) -> None:
    with page_at(browser, DESKTOP, cookies=signed_in(address, site.office.anna)) as view:
        view.open(address)
        view.page.get_by_role("link", name="Leverandør Skånska ApS").click()
        view.page.wait_for_load_state("networkidle")
        link = view.page.get_by_role("link", name="Open the invoice")
        assert link.get_attribute("href") == (
            f"/sync/{site.office.tenant}/copies/{COPY.sha256}/view"
        )
        assert view.sideways() <= 0


@pytest.mark.capability("S17")
@pytest.mark.capability("S18")
def test_without_script_payments_are_chosen_seen_with_their_sums_and_sent(
    postgres_server: Server, browser: Browser
) -> None:
    with site_in(postgres_server) as site:
        office = site.office
        one = office.book("A-1", "100.00", supplier="1")
        two = office.book("A-2", "250.50", supplier="1", issued_on=date(2025, 12, 1))
        with (
            serve(site.app) as address,
            page_at(browser, PHONE, script=False, cookies=signed_in(address, office.anna)) as view,
        ):
            view.open(address + site.home)
            for box in view.page.get_by_role("checkbox").all():
                box.check()
            view.page.get_by_role("button", name="Go on to approval").click()
            assert "350.50" in view.page.locator(".total").inner_text()
            assert office.state(one) is State.DRAFT
            view.page.get_by_role("button", name="Send 2 payments to approval").click()
            view.page.get_by_text("2 payments are with the approvers.").wait_for()
        assert {office.state(order) for order in (one, two)} == {State.AWAITING_APPROVAL}
