"""A week of an office in a real browser: from a booked invoice to a payment in the books.

Five services behind one port, the world outside simulated, one clock. At every page: no violation
that axe knows on a phone, nothing blocked, nothing wider than its window, and its answer in the first
screen of a phone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, expect

from services.tenants.acts.demo import ANNE, FJORDVIG, HENRIK, METTE
from shared.postgres import Server
from shared.testing.browser import DESKTOP, PHONE, View, chromium, page_at
from tests.journeys.house import House
from tests.journeys.looking import look, look_without_script, sign_in, somebody
from tests.journeys.office import opened

SHOWN: Final = (
    "S1", "S3", "S4", "S6", "S7", "S10", "S14", "S15", "S18", "S19", "S21", "S23", "S25", "S26",
    "S28",
)  # fmt: skip
pytestmark = [
    pytest.mark.browser,
    *map(pytest.mark.capability, SHOWN),
]
PAYABLES: Final = f"/payments/{FJORDVIG.client_id}/payables"
EINVOICES: Final = f"/sync/{FJORDVIG.client_id}/einvoices"
DOCUMENT: Final = Path(__file__).parents[1] / "sync" / "documents" / "peppol-dk-account.xml"
BANK_SILENT: Final = datetime(2026, 3, 3, 23, 0, tzinfo=UTC)
"""The night before payday: the order left, and the bank said nothing."""
ALL_BOOKKEPT: Final = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)
SMALL, REJECTED, LARGE = "Grønlund & Søn VVS I/S", "Midtjysk Energi Erhverv A/S", "Lindtoft"


@pytest.fixture
def office(postgres_server: Server) -> Iterator[tuple[House, str]]:
    with opened(postgres_server) as office:
        yield office


@pytest.fixture
def browser() -> Iterator[Browser]:
    with chromium() as launched:
        yield launched


def test_a_week_of_an_office(office: tuple[House, str], browser: Browser) -> None:
    house, site = office
    with page_at(browser, DESKTOP) as view:
        view.open(site)
        look(view, "sign-in", view.page.get_by_role("button", name=METTE.name))
    with somebody(browser, site, METTE) as view:
        the_bookkeeper_puts_two_payments_forward(view, site)
    house.settle()
    link = the_mailbox_shows_what_was_mailed(browser, site)
    the_approver_answers_on_a_phone_without_script(browser, site, link)
    the_second_approver_answers(browser, site)
    house.travel(BANK_SILENT)
    with somebody(browser, site, METTE) as view:
        the_bookkeeper_sees_that_one_is_unknown(view, site)
        house.travel(ALL_BOOKKEPT)
        the_bookkeeper_sees_what_was_paid(view, site)
        an_einvoice_is_uploaded_and_booked(view, house, site)


def the_bookkeeper_puts_two_payments_forward(view: View, site: str) -> None:
    page = view.page
    view.open(site)
    look(view, "today", page.get_by_role("link", name="Blocked").first)
    page.get_by_role("link", name=re.compile(f"Ready.*{FJORDVIG.name}")).click()
    look(view, "payables-ready", page.get_by_role("checkbox").first)
    view.open(site + PAYABLES)
    look(view, "payables", page.locator("td.c-state").first)
    assert page.get_by_text("The account is not the one").is_visible()
    page.get_by_role("row", name=SMALL).get_by_role("link", name=SMALL).click()
    look(view, "payment-ready", page.locator("[aria-current=step]"))
    page.get_by_label("Pay on").fill("2026-03-05")
    page.get_by_role("button", name="Change", exact=True).click()
    expect(page.get_by_text("pays Thu 5 Mar").first).to_be_visible()
    view.open(f"{site}{PAYABLES}?state=ready")
    for box in page.get_by_role("checkbox").all():
        box.check()
    expect(page.get_by_text("2 selected")).to_be_visible()
    page.get_by_role("button", name="Go on to approval").click()
    send = page.get_by_role("button", name="Send 2 payments to approval")
    look(view, "send-to-approval", send)
    send.click()
    expect(page.get_by_text("2 payments are with the approvers")).to_be_visible()


def the_mailbox_shows_what_was_mailed(browser: Browser, site: str) -> str:
    """The link that the approver's newest mail leads to."""
    with page_at(browser, DESKTOP) as view:
        page = view.page
        view.open(site)
        page.get_by_role("link", name="Mailbox").click()
        look(view, "mailbox", page.locator("a.subject").first)
        page.get_by_role("link", name=HENRIK.email).first.click()
        page.locator("a.subject").first.click()
        link = page.locator("dd a[href*='/approvals/links/']")
        look(view, "mail", link)
        return str(link.get_attribute("href"))


def the_approver_answers_on_a_phone_without_script(browser: Browser, site: str, link: str) -> None:
    with somebody(browser, site, HENRIK):
        pass  # Other services read in the language that a session began with.
    with page_at(browser, PHONE, script=False) as view:
        page = view.page
        view.open(link)
        assert page.get_by_text("DKK").count() == 0, "who has not signed in is shown nothing"
        sign_in(view, HENRIK)
        view.open(f"{site}/approvals/")
        look_without_script(view, "approvals", page.locator("li.card .m").first)
        page.get_by_role("link", name=SMALL).click()
        one = page.locator("#one")
        look_without_script(view, "approval", one.locator(".amount"))
        for fact in ("7,906.25", "leaves your account Thu 5 Mar", "9712", "First payment"):
            expect(one).to_contain_text(fact)
        one.get_by_role("button", name="Approve").click()
        expect(page.get_by_text("You said yes to 1 payment.")).to_be_visible()
        page.get_by_role("link", name=REJECTED).click()
        page.get_by_label("Reason, if you reject").fill("We have left them in January.")
        page.get_by_role("button", name="Reject").click()
        expect(page.get_by_text("You rejected the payment.")).to_be_visible()


def the_second_approver_answers(browser: Browser, site: str) -> None:
    """Over 50,000 the first yes is not enough."""
    with somebody(browser, site, ANNE, width=PHONE) as view:
        page = view.page
        view.open(f"{site}/approvals/")
        look(view, "approvals-second", page.locator("li.card .m").first)
        page.get_by_role("link", name=LARGE).first.click()
        one = page.locator("#one")
        expect(one).to_contain_text("Henrik Fjordvig (1 of 2)")
        look(view, "approval-second", one.locator(".amount"))
        one.get_by_role("button", name="Approve").click()
        expect(page.get_by_text("You said yes to 1 payment.")).to_be_visible()


def the_bookkeeper_sees_that_one_is_unknown(view: View, site: str) -> None:
    page = view.page
    view.open(site)
    page.get_by_role("link", name=re.compile(f"Outcome unknown.*{FJORDVIG.name}")).click()
    page.get_by_role("link", name=LARGE).click()
    expect(page.get_by_text("It is not sent again").first).to_be_visible()
    look(view, "payment-unknown", page.locator("[aria-current=step]"))
    view.open(f"{site}/operations")
    expect(page.get_by_role("columnheader", name="Unknown", exact=True)).to_be_visible()
    look(view, "operations", page.locator("main h2").first)


def the_bookkeeper_sees_what_was_paid(view: View, site: str) -> None:
    page = view.page
    view.open(f"{site}{PAYABLES}?state=paid")
    look(view, "payables-paid", page.locator("td.c-state").first)
    page.get_by_role("link", name=LARGE).click()
    history = page.locator("ol.events")
    expect(history).to_contain_text("payments.PaymentOutcomeUnknown.v1")
    expect(history).to_contain_text("Anne Fjordvig")
    view.open(f"{site}{PAYABLES}?state=paid")
    page.get_by_role("link", name=SMALL).click()
    expect(page.locator("ol.stations > li")).to_have_count(7)
    expect(page.locator("[aria-current=step]")).to_contain_text("Bookkept")
    for told in ("Henrik Fjordvig", "Mette Kjær · payments.ApprovalAsked.v1",
                 "payments.PaymentExecuted.v1", "payments.PaymentBookkept.v1"):  # fmt: skip
        expect(page.locator("ol.events")).to_contain_text(told)
    look(view, "payment-bookkept", page.locator("[aria-current=step]"))


def an_einvoice_is_uploaded_and_booked(view: View, house: House, site: str) -> None:
    page = view.page
    view.open(site + EINVOICES)
    page.get_by_label(re.compile("OIOUBL")).set_input_files(
        {"name": "invoice.xml", "mimeType": "application/xml", "buffer": of_the_cast()}
    )
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("heading", level=1, name=LARGE)).to_be_visible()
    look(view, "einvoice", page.get_by_role("button", name="Book"))
    view.open(site + EINVOICES)
    look(view, "einvoices", page.locator("td.c-state").first)
    page.get_by_role("button", name="Book", exact=True).click()
    house.settle()
    house.days(1)
    view.open(site + EINVOICES)
    expect(page.get_by_role("cell", name="Voucher")).to_be_visible()
    view.open(site + PAYABLES)
    page.get_by_role("row", name="2048312").get_by_role("link").click()
    expect(page.get_by_text("Konstruktionstræ").first).to_be_visible()
    look(view, "payment-with-invoice", page.locator("[aria-current=step]"))
    view.open(f"{site}/sync/{FJORDVIG.client_id}/connection")
    look(view, "connection", page.locator("main .chip").first)


def of_the_cast() -> bytes:
    """The document as if the demonstration's supplier had sent it, due in time."""
    text = DOCUMENT.read_text().replace("31884209", "31884215")
    return text.replace("2026-03-02", "2026-03-20").encode()
