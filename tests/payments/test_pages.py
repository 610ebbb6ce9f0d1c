"""The list of payables and what is sent from it, as a browser's requests see them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from uuid import UUID, uuid4

import pytest

from services.payments.values import State
from shared.contracts.payments import ApprovalSought
from shared.contracts.values import Fault
from shared.postgres import Server
from shared.testing.visiting import hidden
from tests.payments.office_of_anna import FIK, Office, dkk
from tests.payments.site import Site, site_in


@pytest.fixture
def site(postgres_server: Server) -> Iterator[Site]:
    with site_in(postgres_server) as site:
        yield site


@pytest.fixture
def office(site: Site) -> Office:
    return site.office


def row_of(page: str, payee: str) -> str:
    """The text of a payee's line in the list."""
    rows = re.findall(r"<tr role=.row.>(.*?)</tr>", page, re.DOTALL)
    (row,) = [row for row in rows if payee in row]
    return " ".join(re.sub(r"<[^>]+>", " ", row).split())


def ticks(page: str) -> list[str]:
    return re.findall(r'type="checkbox" name="payment" value="([^"]+)"', page)


@pytest.mark.capability("S1")
@pytest.mark.capability("S12")
@pytest.mark.capability("S16")
@pytest.mark.capability("S23")
@pytest.mark.capability("S29")
def test_a_booked_invoice_stands_in_the_list_with_all_that_is_known_of_it(
    site: Site, office: Office
) -> None:
    office.book("A-100", "1250.00", pays_to=FIK, due_on=date(2026, 3, 10))
    row = row_of(site.read(office.anna), "Leverandør 7 ApS")
    assert "invoice A-100, FIK 71" in row
    assert "1,250.00 DKK" in row
    assert "Tue 10 Mar Fri 6 Mar Ready" in row


@pytest.mark.capability("S13")
def test_what_cannot_be_paid_says_why_in_words_and_has_no_tick_box(
    site: Site, office: Office
) -> None:
    fault = Fault("reference_check_digit", "reference", "7")
    office.book("A-1", unpayable=True, faults=[fault])
    page = site.read(office.anna)
    row = row_of(page, "A-1")
    assert "Blocked The payment reference is misprinted: its check digit should be 7." in row
    assert "no date" in row
    assert ticks(page) == []


@pytest.mark.capability("F10")
def test_an_invoice_that_was_exported_to_a_bank_file_is_blocked_until_a_second_person_looks(
    site: Site, office: Office
) -> None:
    office.book("A-1", exported=True)
    row = row_of(site.read(office.anna), "A-1")
    assert "A second person must confirm that the file was not sent." in row


def test_a_payment_past_its_due_date_says_when_it_leaves(site: Site, office: Office) -> None:
    office.book("A-1", due_on=date(2026, 2, 27))
    row = row_of(site.read(office.anna), "A-1")
    assert "3 days over" in row
    assert "Past due: leaves Mon 2 Mar if approved by today 10:59." in row


@pytest.mark.capability("S7")
def test_tabs_count_what_they_open_into_and_none_is_empty(site: Site, office: Office) -> None:
    office.book("A-1", supplier="1")
    office.ask(office.book("B-2", "20.00", supplier="2", pays_to=FIK))
    office.book("C-3", "30.00", supplier="3", unpayable=True)
    page = site.read(office.anna)
    counts = dict(re.findall(r'href="[^"]*payables(?:\?state=(\w+))?"[^>]*>[^<]*<span>(\d+)', page))
    assert counts == {"": "3", "ready": "1", "blocked": "1", "approval": "1"}
    only = site.read(office.anna, "?state=approval")
    assert "B-2" in only
    assert "A-1" not in only


@pytest.mark.parametrize("wanted", ["rød", "b-2", "1,250", "1250.5"])
def test_a_search_finds_payee_number_and_amount(site: Site, office: Office, wanted: str) -> None:
    office.book("A-1", "10.00", supplier="1")
    office.book("B-2", "1250.50", supplier="Rød", pays_to=FIK)
    page = site.read(office.anna, f"?q={wanted}")
    assert "B-2" in page
    assert "A-1" not in page


def test_a_search_is_written_as_the_reader_writes(site: Site, office: Office) -> None:
    office.book("B-2", "1250.50")
    site.sessions.languages[office.anna] = "da"
    page = site.read(office.anna, "?q=1.250,50")
    assert "B-2" in page
    assert "Klar" in page


def test_an_empty_list_says_what_will_appear(site: Site, office: Office) -> None:
    assert "appear by themselves when they have been booked" in site.read(office.anna)


@pytest.mark.capability("S18")
def test_the_sums_are_shown_before_anything_is_sent(site: Site, office: Office) -> None:
    one = office.book("A-1", "100.00", supplier="1")
    two = office.book("B-2", "250.50", supplier="2", pays_to=FIK)
    blocked = office.book("C-3", "1.00", supplier="3", unpayable=True)
    shown = site.send(office.anna, "", payment=[str(one), str(two), str(blocked)]).text
    assert "350.50" in shown
    assert "Send 2 payments to approval" in shown
    assert "1 of your choice cannot be sent now and is left out." in shown
    bar = site.send(office.anna, "/selection", payment=[str(one)]).text
    assert "1 selected" in bar
    assert "100.00" in bar
    assert office.told(ApprovalSought) == []


@pytest.mark.capability("S17")
@pytest.mark.capability("S18")
def test_what_was_chosen_is_sent_once_however_often_the_form_is(site: Site, office: Office) -> None:
    one = office.book("A-1", "100.00", supplier="1")
    two = office.book("B-2", "250.50", supplier="2", pays_to=FIK)
    chosen = [str(one), str(two)]
    token = hidden(site.send(office.anna, "", payment=chosen).text, "token")
    for _ in range(3):
        answer = site.send(office.anna, "/approval", token=token, payment=chosen)
        assert "2 payments are with the approvers." in answer.text
    (sought,) = office.told(ApprovalSought)
    assert {order.payment_id for order in sought.orders} == {one, two}
    assert sought.sought_by == office.anna


def test_a_later_choice_of_the_same_payments_is_another_request(site: Site, office: Office) -> None:
    order = str(office.book())
    for _ in range(2):
        token = hidden(site.send(office.anna, "", payment=[order]).text, "token")
        site.send(office.anna, "/approval", token=token, payment=[order])
        site.send(office.anna, f"/{order}/change", pay_on="2026-03-06", amount="1,000.00")
        site.send(office.anna, f"/{order}/change", pay_on="2026-03-09", amount="1,250.00")
    assert len({sought.request_id for sought in office.told(ApprovalSought)}) == 2


def test_when_one_cannot_be_sent_none_is(site: Site, office: Office) -> None:
    ready = office.book("A-1", supplier="1")
    blocked = office.book("C-3", "1.00", supplier="3", exported=True, pays_to=FIK)
    form = {"token": str(uuid4()), "payment": [str(ready), str(blocked)]}
    answer = site.send(office.anna, "/approval", **form).text
    assert "Nothing was sent" in answer
    assert "That is not possible while it is “Blocked”." in answer
    assert office.state(ready) is State.DRAFT


def test_nothing_chosen_is_nothing_sent(site: Site, office: Office) -> None:
    office.book()
    assert "Nothing was chosen" in site.send(office.anna, "").text
    answer = site.send(office.anna, "/approval", token=str(uuid4()))
    assert "Choose at least one payment." in answer.text


@pytest.mark.capability("S7")
@pytest.mark.parametrize("role", ["approver", "operations"])
def test_whoever_works_for_the_client_reads_but_only_preparers_send(
    site: Site, office: Office, role: str
) -> None:
    order = office.book()
    person = site.person(role)
    page = site.read(person)
    assert "A-100" in page
    assert ticks(page) == []
    assert "Send to approval" not in site.read(person, f"/{order}")
    for path in ("", "/approval", "/selection", f"/{order}/change", f"/{order}/withdraw"):
        answer = site.send(person, path, token=str(uuid4()), payment=[str(order)])
        assert answer.status_code == 403
    assert office.state(order) is State.DRAFT


def test_a_stranger_signs_in_first_and_another_clients_people_find_nothing(
    site: Site, office: Office
) -> None:
    office.book()
    assert site.browser(None).get(site.home).headers["location"].startswith("/sign-in")
    assert site.browser(uuid4()).get(site.home).status_code == 404


@pytest.mark.property_("P9")
def test_another_clients_payment_looks_like_one_that_does_not_exist(
    site: Site, office: Office
) -> None:
    mine, theirs = office.book(), elsewhere(office)
    for unknown in (uuid4(), theirs):
        assert site.browser(office.anna).get(f"{site.home}/{unknown}").status_code == 404
        form = {"token": str(uuid4()), "payment": [str(mine), str(unknown)], "reason": '{"code":'
                '"already_paid","field":"x"}', "received": "true"}  # fmt: skip
        for act in ("change", "clear", "withdraw", "go-on", "bank-word", "stop", "again"):
            assert site.send(office.anna, f"/{unknown}/{act}", **form).status_code == 404
        assert site.send(office.anna, "/approval", **form).status_code == 404
        assert "1 of your choice cannot be sent" in site.send(office.anna, "", **form).text
    assert office.state(mine) is State.DRAFT


def elsewhere(office: Office) -> UUID:
    """A payment of another client, in the same database."""
    home, office.tenant = office.tenant, uuid4()
    office.suppliers.clear()
    order = office.book("Z-9", "99.00")
    assert office.shown(order).amount == dkk("99.00")
    office.tenant = home
    return order


def test_looking_changes_nothing(site: Site, office: Office) -> None:
    order = office.book()
    before = office.events(order)
    for path in ("", "?state=ready&q=A", f"/{order}", f"/{order}?refused=too_early"):
        site.read(office.anna, path)
    office.world.settle()
    assert office.events(order) == before
