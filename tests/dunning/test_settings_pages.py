"""The settings as a browser's requests see them: drawn, tried, set, and refused beside the field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.postgres import Server
from shared.testing.visiting import hidden
from tests.dunning.house import House, moves_in
from tests.dunning.office import Office, office


@pytest.fixture(scope="module")
def desk(postgres_server: Server) -> Iterator[Office]:
    with office(postgres_server) as desk:
        yield desk


@pytest.fixture
def here(desk: Office) -> House:
    here = moves_in(desk.house)
    desk.tenants.append(here.tenant)
    return here


def home(tenant: UUID) -> str:
    return f"/dunning/{tenant}/settings"


STEPS = {
    "kind-0": "reminder", "days-0": "4",
    "kind-1": "charged", "days-1": "18",
    "kind-2": "warning", "days-2": "40",
    "kind-3": "reminder", "days-3": "",
    "gap_days": "12", "list_days": ["0", "2"], "mode": "automatic",
}  # fmt: skip


def send(desk: Office, path: str, fields: dict[str, Any]) -> Any:
    visitor = desk.browser()
    token = hidden(visitor.get(path).text, "form_token")
    return visitor.post(path, data={"form_token": token, **fields})


@pytest.mark.capability("E16")
@pytest.mark.capability("E18")
def test_a_timeline_is_drawn_with_the_law_that_each_step_rests_on(
    desk: Office, here: House
) -> None:
    page = desk.browser().get(home(here.tenant)).text
    assert "<svg" in page
    assert "day 20" in page
    assert "fee of at most 100.00" in page
    assert "renteloven" in page
    assert "version 1" in page
    assert "the lawful default of the country" in page


@pytest.mark.capability("E16")
@pytest.mark.capability("E17")
def test_a_timeline_is_changed_in_its_form(desk: Office, here: House) -> None:
    path = f"{home(here.tenant)}?timeline=main"
    answer = send(desk, path, {**STEPS, "do": "set"})
    assert answer.status_code == 200, answer.text
    assert "This is set" in answer.text
    main = desk.get(here.tenant, "/settings")["timelines"]["main"]
    assert [one["after_days"] for one in main["steps"]] == [4, 18, 40]
    assert [one["charged"] for one in main["steps"]] == [False, True, True]
    assert (main["list_days"], main["gap_days"], main["mode"]) == ([0, 2], 12, "automatic")


def test_another_timeline_gets_a_name_and_becomes_the_main_one(desk: Office, here: House) -> None:
    path = f"{home(here.tenant)}?timeline=new"
    visitor = desk.browser()
    token = hidden(visitor.get(path).text, "form_token")
    fields = {**STEPS, "name": "Good customers", "do": "set", "form_token": token}
    assert "Good customers" in visitor.post(home(here.tenant), data=fields).text
    chosen = {"name": "Good customers", "do": "set", "form_token": token}
    page = visitor.post(f"{home(here.tenant)}/main", data=chosen).text
    assert "This is the main timeline now" in page
    assert desk.get(here.tenant, "/settings")["main"] == "Good customers"


@pytest.mark.capability("E22")
@pytest.mark.capability("E23")
def test_what_the_law_forbids_stands_beside_the_field_with_its_paragraph(
    desk: Office, here: House
) -> None:
    path = f"{home(here.tenant)}?timeline=main"
    answer = send(desk, path, {**STEPS, "gap_days": "3", "do": "set"})
    assert answer.status_code == 422
    assert "Nothing was set" in answer.text
    assert "The days between two letters are too few. (renteloven" in answer.text
    charges = f"{home(here.tenant)}/charges"
    high = {"interest": "legal", "fees": "own", "from-0": "0", "fee-0": "250.00", "do": "try"}
    answer = send(desk, charges, high)
    assert answer.status_code == 422
    assert "The fee is higher than the law allows. (renteloven" in answer.text
    assert 'value="250.00"' in answer.text, "what was written is not lost"
    answer = send(desk, charges, {**high, "fee-0": "much"})
    assert "Write a number." in answer.text


@pytest.mark.capability("E25")
@pytest.mark.capability("E26")
@pytest.mark.capability("E28")
@pytest.mark.capability("E29")
@pytest.mark.capability("E30")
def test_charges_minimums_and_write_offs_are_set_in_their_forms(desk: Office, here: House) -> None:
    base = home(here.tenant)
    own = {
        "interest": "own", "rate": "5.5", "fees": "own",
        "from-0": "0", "fee-0": "25", "from-1": "1,000.00", "fee-1": "100.00", "do": "set",
    }  # fmt: skip
    assert "This is set" in send(desk, f"{base}/charges", own).text
    minimum = {"minimum-DKK": "250.00", "collective": "one", "copies": "page_two", "do": "set"}
    assert "This is set" in send(desk, f"{base}/reminders", minimum).text
    never = {"months": "", "days_after_hand_over": "45", "do": "set"}
    assert "This is set" in send(desk, f"{base}/write-offs", never).text
    told = desk.get(here.tenant, "/settings")
    assert [one["fee"]["amount"] for one in told["charges"]["tiers"]] == ["25.00", "100.00"]
    assert told["charges"]["rate"] == "5.5"
    assert told["reminders"]["collective"] is False
    assert told["write_offs"]["months"] is None
    assert told["write_offs"]["days_after_hand_over"] == 45


@pytest.mark.capability("E16")
def test_a_change_is_tried_and_then_set_from_what_the_trial_shows(
    desk: Office, here: House
) -> None:
    here.invoice("1001", "1000.00", due=here.today_on.isoformat(), debtor=here.debtor("Alfa"))
    path = f"{home(here.tenant)}?timeline=main"
    running = send(desk, path, {**STEPS, "do": "try"})
    assert "0 of 1 debtors have been gone through" in running.text
    assert running.headers["Refresh"] == "2"
    here.settle()
    visitor = desk.browser()
    trial = running.url.path
    page = visitor.get(trial).text
    assert "as many letters, the same charges" in page
    assert "No debtor would have noticed" in page
    token = hidden(page, "form_token")
    assert "This is set" in visitor.post(trial, data={"form_token": token}).text
    assert desk.get(here.tenant, "/settings")["timelines"]["main"]["gap_days"] == 12


def test_who_only_approves_sees_no_form_and_no_other_company(desk: Office, here: House) -> None:
    assert desk.browser(uuid4()).get(home(here.tenant)).status_code == 403
    assert desk.browser().get(home(uuid4())).status_code == 404
