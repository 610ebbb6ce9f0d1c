"""The approver's page, the link that leads to it, and the rules, as a browser's requests see them."""

from __future__ import annotations

import re
from uuid import UUID

import pytest

from shared.contracts import approvals as told
from shared.contracts.values import PolicyTier
from shared.testing.visiting import Visitor, hidden
from tests.approvals.facts import ANNA, BERTIL, CARLA, LATEST_AT, named
from tests.approvals.outside import COPY, TENANT, Outside
from tests.approvals.site import NAMES, Site

HOME = f"/approvals/{TENANT}/"


@pytest.fixture
def office(site: Site) -> Outside:
    site.office.people(BERTIL, CARLA)
    site.office.settle()
    return site.office


@pytest.fixture
def request_id(office: Outside) -> UUID:
    return office.seek(
        office.order("roof", warnings=("account_differs", "amount_unusual")),
        office.order("pipes", "7906.25"),
        office.order("paper", "3120.00"),
    )


def ticked(page: str) -> list[str]:
    return re.findall(r'name="payment" value="([^"]+)" checked', page)


def approve(browser: Visitor, page: str, payments: list[str]) -> str:
    form = {"form_token": hidden(page, "form_token"), "selection": hidden(page, "selection")}
    return browser.post(HOME, data={**form, "payment": payments}).text


@pytest.mark.capability("S23")
def test_the_list_shows_odd_payments_first_and_ticks_the_others(
    site: Site, request_id: UUID
) -> None:
    page = site.browser(BERTIL).get(HOME).text
    assert "3 payments ask for your yes" in page
    assert page.index("Read these first") < page.index("Account differs from last time")
    assert len(ticked(page)) == 2
    assert "11,026.25" in page
    assert "Approve 2 payments" in page


@pytest.mark.capability("S25")
def test_what_is_ticked_is_approved_at_once(site: Site, office: Outside, request_id: UUID) -> None:
    browser = site.browser(BERTIL)
    page = browser.get(HOME).text
    after = approve(browser, page, ticked(page))
    assert "You said yes to 2 payments." in after
    office.settle()
    assert {one.payment_id for one in office.told(told.PaymentApproved)} == {
        named("pipes"),
        named("paper"),
    }


def test_a_changed_selection_is_shown_with_its_sum_before_it_is_approved(
    site: Site, office: Outside, request_id: UUID
) -> None:
    browser = site.browser(BERTIL)
    page = browser.get(HOME).text
    one = [value for value in ticked(page) if str(named("pipes")) in value]
    again = approve(browser, page, one)
    assert "Nothing has been approved yet" in again
    assert "Approve 1 payment" in again
    assert ticked(again) == one
    approve(browser, again, one)
    office.settle()
    assert [one.payment_id for one in office.told(told.PaymentApproved)] == [named("pipes")]


@pytest.mark.capability("S24")
def test_the_opened_payment_shows_what_is_signed_and_the_invoice_beside_it(
    site: Site, request_id: UUID
) -> None:
    page = site.browser(BERTIL).get(f"{HOME}{request_id}/{named('roof')}").text
    assert "Kronborg Tagentreprise A/S" in page
    assert "+71&lt;026840149965328 +80882939&lt;" in page
    assert "94,500.00" in page
    assert hidden(page, "digest") == "digest of roof"
    assert f"/sync/{TENANT}/copies/{COPY.sha256}" in page


@pytest.mark.capability("S26")
def test_a_payment_is_rejected_with_a_reason_and_not_without(
    site: Site, office: Outside, request_id: UUID
) -> None:
    browser = site.browser(BERTIL)
    here = f"{HOME}{request_id}/{named('roof')}"
    page = browser.get(here).text
    form = {name: hidden(page, name) for name in ("form_token", "digest")}
    assert "so that it can be mended" in browser.post(here, data={**form, "answer": "no"}).text
    after = browser.post(here, data={**form, "answer": "no", "reason": "Not our roof"}).text
    assert "You rejected the payment" in after
    office.settle()
    (rejected,) = office.told(told.PaymentRejected)
    assert rejected.payment_id == named("roof")
    assert "Not our roof" in browser.get(here).text


@pytest.mark.property_("P4")
def test_an_answer_to_another_digest_than_the_payment_has_does_not_count(
    site: Site, office: Outside, request_id: UUID
) -> None:
    browser = site.browser(BERTIL)
    here = f"{HOME}{request_id}/{named('roof')}"
    token = hidden(browser.get(here).text, "form_token")
    form = {"form_token": token, "digest": "what stood there before", "answer": "yes"}
    assert "It has changed since you saw it" in browser.post(here, data=form).text
    office.settle()
    assert office.told(told.PaymentApproved) == []


@pytest.mark.case("rails", 5)
def test_whoever_put_it_forward_is_told_that_somebody_else_must_approve(
    site: Site, office: Outside, request_id: UUID
) -> None:
    office.role(ANNA, "approver")
    office.settle()
    browser = site.browser(ANNA)
    page = browser.get(HOME).text
    assert "put forward by you" in page
    assert ticked(page) == []
    here = f"{HOME}{request_id}/{named('roof')}"
    form = {
        "form_token": hidden(page, "form_token"),
        "digest": "digest of roof",
        "answer": "yes",
    }
    assert "You put it forward yourself" in browser.post(here, data=form).text
    office.settle()
    assert ("yes_refused", "self_approval") in office.history(request_id)


@pytest.mark.case("rails", 6)
@pytest.mark.property_("P2")
@pytest.mark.property_("P3")
def test_a_mailed_link_shows_nothing_and_does_nothing_until_its_approver_has_signed_in(
    site: Site, office: Outside, request_id: UUID
) -> None:
    token = office.link_of(office.told(told.ApprovalRequested)[0], BERTIL)
    link = f"/approvals/links/{token}"
    stranger = site.browser(None)
    for _ in range(50):
        answer = stranger.get(link)
        assert answer.headers["location"].startswith("/sign-in?next=/approvals/links")
        assert token not in answer.headers["location"]
        assert "Kronborg" not in answer.text
    assert stranger.request("HEAD", link).status_code == 405
    assert stranger.post(link).status_code == 405
    bertil = site.browser(BERTIL)
    assert all("3 payments ask for your yes" in bertil.get(link).text for _ in range(2))
    carla = site.browser(CARLA).get(link)
    assert "used or is too old" in carla.text
    assert [one.yes_by for one in office.inbox(BERTIL)] == [()] * 3
    office.approve(BERTIL, request_id, "pipes")
    assert "used or is too old" in bertil.get(link).text


@pytest.mark.property_("P2")
def test_looking_at_any_page_changes_nothing(site: Site, office: Outside, request_id: UUID) -> None:
    browser = site.browser(BERTIL)
    before = office.events()
    for path in (
        "/approvals/",
        HOME,
        f"{HOME}?yes=3",
        f"{HOME}{request_id}/{named('roof')}",
        f"{HOME}policy",
    ):
        assert browser.get(path).status_code == 200
        browser.request("HEAD", path)
    office.settle()
    assert office.events() == before


@pytest.mark.property_("P9")
def test_another_clients_payment_is_not_there(
    site: Site, office: Outside, request_id: UUID
) -> None:
    here = f"{HOME}{request_id}/{named('roof')}"
    other = here.replace(str(TENANT), str(named("elsewhere")))
    browser = site.browser(BERTIL)
    assert browser.get(other).status_code == 404
    assert browser.get(f"{HOME}{request_id}/{named('no such')}").status_code == 404


def test_a_person_without_the_role_gets_no_list(site: Site, office: Outside) -> None:
    assert site.browser(ANNA).get(HOME).status_code == 403
    assert site.browser(None).get(HOME).headers["location"].startswith("/sign-in")


@pytest.mark.capability("F8")
def test_a_late_payment_is_shown_with_the_day_it_moves_to(
    site: Site, office: Outside, request_id: UUID
) -> None:
    office.world.clock.move_to(LATEST_AT.replace(day=11))
    page = site.browser(BERTIL).get(f"{HOME}{request_id}/{named('pipes')}").text
    assert "It was to leave Mon 9 March 2026. Approved now, it leaves Wed 11 March 2026." in page


def test_an_empty_list_says_what_will_appear(site: Site, office: Outside) -> None:
    page = site.browser(BERTIL).get(HOME).text
    assert "Nothing asks for your yes" in page


@pytest.mark.capability("S9")
@pytest.mark.capability("S20")
def test_an_administrator_sets_the_rules_and_others_read_them(site: Site, office: Outside) -> None:
    office.role(ANNA, "administrator")
    office.settle()
    browser, path = site.browser(ANNA), f"{HOME}policy"
    page = browser.get(path).text
    form = {
        "form_token": hidden(page, "form_token"),
        "one-DKK": "0", "two-DKK": "50,000.00",
        "one-EUR": "0.00", "two-EUR": "", "one-SEK": "0", "two-SEK": "0",
    }  # fmt: skip
    after = browser.post(path, data=form)
    assert after.status_code == 200
    assert "The rules have been set" in after.text
    assert "one must approve up to 50,000.00 DKK, two what is above" in after.text.replace(
        "\N{NO-BREAK SPACE}", " "
    )
    office.settle()
    assert office.told(told.ApprovalPolicyChanged)[-1].tiers == (
        PolicyTier("DKK", 0, 1),
        PolicyTier("DKK", 50_000_00, 2),
        PolicyTier("EUR", 0, 1),
        PolicyTier("SEK", 0, 2),
    )
    reader = site.browser(BERTIL).get(path)
    assert "Set the rules" not in reader.text
    assert NAMES[ANNA] in reader.text


@pytest.mark.parametrize(
    ("field", "value", "answer"),
    [
        ("two-DKK", "a lot", "Write an amount of this currency"),
        ("one-DKK", "1.005", "Write an amount of this currency"),
        ("one-DKK", "-1", "Write an amount of this currency"),
        ("one-dkk", "0", "The rules were not set"),
    ],
)
def test_rules_that_cannot_be_read_are_answered_with_what_is_wrong(
    site: Site, office: Outside, field: str, value: str, answer: str
) -> None:
    office.role(ANNA, "administrator")
    office.settle()
    browser, path = site.browser(ANNA), f"{HOME}policy"
    form = {
        "form_token": hidden(browser.get(path).text, "form_token"),
        "one-DKK": "0",
        field: value,
    }
    refused = browser.post(path, data=form)
    assert refused.status_code == 422
    assert answer in refused.text
    office.settle()
    assert len(office.told(told.ApprovalPolicyChanged)) == 1


def test_only_an_administrator_sets_the_rules(site: Site, office: Outside) -> None:
    browser = site.browser(BERTIL)
    token = hidden(browser.get(f"{HOME}policy").text, "form_token")
    answer = browser.post(f"{HOME}policy", data={"form_token": token, "one-DKK": "0"})
    assert answer.status_code == 403
