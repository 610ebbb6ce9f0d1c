"""The JSON interface of dunning, as programs see it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from shared.postgres import Server
from tests.dunning.house import ANNA
from tests.dunning.site import BO, STRANGER, Site, site_in
from tests.dunning.test_pages_reminders import listed


@pytest.fixture(scope="module")
def house_of_all(postgres_server: Server) -> Iterator[Site]:
    with site_in(postgres_server) as site:
        yield site


@pytest.fixture
def site(house_of_all: Site) -> Site:
    site = house_of_all.moves_in()
    listed(site)
    return site


@pytest.fixture(scope="module")
def calm(house_of_all: Site) -> Site:
    """One of which nothing is changed: what is refused leaves no trace."""
    site = house_of_all.moves_in()
    listed(site)
    return site


def get(site: Site, path: str) -> Any:
    answer = site.program().get(site.api + path)
    assert answer.status_code == 200, answer.text
    return answer.json()


def post(site: Site, path: str, body: Any = None, key: str = "k") -> httpx.Response:
    headers = {"Idempotency-Key": key}
    answer = site.program().post(site.api + path, json=body, headers=headers)
    site.house.settle()
    return answer


@pytest.mark.capability("E19")
@pytest.mark.capability("E35")
def test_the_list_has_each_letter_with_its_invoices_charges_and_channels(calm: Site) -> None:
    answer = get(calm, "/reminders")
    assert answer["next"] is None
    (alfa,) = [one for one in answer["letters"] if len(one["lines"]) == 2]
    assert [line["number"] for line in alfa["lines"]] == ["1002", "1001"]
    assert alfa["total"] == {"minor": 1250000, "currency": "DKK"}
    assert alfa["added"] == {"minor": 0, "currency": "DKK"}
    assert (alfa["kind"], alfa["level"], alfa["mode"]) == ("reminder", 1, "ask")
    assert alfa["channels"] == ["mail", "letter"]
    assert "Alfa" not in str(answer)


@pytest.mark.capability("E21")
def test_letters_are_sent_once_under_one_key_and_the_answer_is_the_same(site: Site) -> None:
    letters = [
        {name: one[name] for name in ("debtor_id", "letter_id")}
        for one in get(site, "/reminders")["letters"]
    ]
    first = post(site, "/reminders/letters", {"letters": letters})
    assert (first.status_code, first.json()) == (201, {"sent": 2, "left_out": 0})
    assert len(site.house.seen().told) == 2
    again = post(site, "/reminders/letters", {"letters": letters})
    assert again.json() == first.json()
    other = post(site, "/reminders/letters", {"letters": letters[:1]})
    assert other.status_code == 409
    later = post(site, "/reminders/letters", {"letters": letters}, key="another")
    assert later.json() == {"sent": 0, "left_out": 2}
    site.house.seen().sees()


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/reminders/letters", {"letters": []}),
        ("/receivables/INVOICE/pauses", {"code": "agreed"}),
        ("/receivables/INVOICE/write-offs", {"text": "x"}),
        ("/receivables/INVOICE/comments", {"text": "x"}),
    ],
)
def test_what_sends_gives_up_or_writes_needs_a_key(calm: Site, path: str, body: Any) -> None:
    here = path.replace("INVOICE", str(calm.house.invoices["1003"].invoice_id))
    refused = calm.program().post(calm.api + here, json=body)
    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["errors"][0]["field"] == "Idempotency-Key"


@pytest.mark.capability("E38")
@pytest.mark.capability("E39")
def test_an_invoice_is_paused_answers_why_not_and_is_resumed(site: Site) -> None:
    invoice = f"/receivables/{site.house.invoices['1003'].invoice_id}"
    body = {"code": "promised", "until_on": site.day(5)}
    paused = post(site, f"{invoice}/pauses", body).json()
    assert (paused["paused"], paused["paused_until_on"]) == ("promised", site.day(5))
    assert get(site, invoice)["why_not"] == "paused"
    answer = get(site, "/reminders/why-not?code=paused")
    assert answer["counts"] == {"paused": 1}
    assert [one["receivable"]["number"] for one in answer["invoices"]] == ["1003"]
    resumed = post(site, f"{invoice}/resumptions").json()
    assert resumed["paused"] is None
    assert resumed["listed_on"] == site.house.today_on.isoformat()


@pytest.mark.parametrize(
    ("act", "body", "field", "rule"),
    [
        ("pauses", {"code": "agreed", "until_on": "2020-01-01"}, "until_on", "in_the_past"),
        ("pauses", {"code": "whim"}, "code", "unknown_code"),
        ("disputes", {"code": "whim"}, "code", "unknown_code"),
        ("comments", {"text": " "}, "text", "text_missing"),
        ("comments", {"text": "x", "mentions": [str(STRANGER)]}, "mentions", "unknown_person"),
        ("write-offs", {"text": ""}, "text", "text_missing"),
    ],
)
def test_a_refusal_names_the_field_and_the_rule(
    calm: Site, act: str, body: Any, field: str, rule: str
) -> None:
    invoice = f"/receivables/{calm.house.invoices['1003'].invoice_id}"
    refused = post(calm, f"{invoice}/{act}", body)
    assert refused.status_code == 422, refused.text
    (error,) = refused.json()["errors"]
    assert (error["field"], error["rule"]) == (field, rule)


@pytest.mark.capability("E27")
def test_a_receivable_is_explained_to_the_last_ore_and_its_charges_are_given_up(
    site: Site,
) -> None:
    here = site.house
    here.sends("1003")
    site.next_letter()
    here.sends("1003")
    invoice = f"/receivables/{here.invoices['1003'].invoice_id}"
    told = get(site, invoice)
    fee, interest = sorted(told["charges"], key=lambda one: str(one["charge"]["kind"]))
    assert fee["charge"]["amount"] == {"minor": 10000, "currency": "DKK"}
    assert (fee["charge"]["law"], fee["charge"]["rule_id"]) == (
        "renteloven § 9 b",
        "dk.fee.reminder",
    )
    (span,) = interest["charge"]["spans"]
    assert (span["rate"], span["base"]["minor"]) == ("9.75", 70000)
    charged = fee["open"]["minor"] + interest["open"]["minor"]
    assert told["total"] == {"minor": 70000 + charged, "currency": "DKK"}
    assert [letter["level"] for letter in told["letters"]] == [2, 1]
    body = {"text": "Kulance", "claim_waived": True}
    given = post(site, f"{invoice}/write-offs", body).json()
    assert given["charges"]["minor"] == 0
    assert post(site, f"{invoice}/write-offs", body).json() == given
    after = get(site, invoice)
    assert [one["waived"] for one in after["charges"]] == [True, True]
    (actor,) = [
        one["actor"] for one in after["history"] if one["event"] == "dunning.ChargesWrittenOff.v1"
    ]
    assert actor == f"user:{ANNA}"
    assert "ChargesWrittenOff 1003 manual" in here.seen().told


@pytest.mark.capability("E10")
@pytest.mark.capability("E40")
def test_how_a_debtor_is_treated_is_put_and_the_list_follows_at_once(site: Site) -> None:
    debtor = f"/debtors/{site.house.invoices['1001'].debtor_id}"

    def put(what: str, body: Any) -> httpx.Response:
        return site.program().put(f"{site.api}{debtor}/{what}", json=body)

    assert put("grouping", {"collective": False}).status_code == 204
    letters = get(site, "/reminders")["letters"]
    assert [len(one["lines"]) for one in letters] == [1, 1, 1]
    assert put("timeline", {"timeline": "none of ours"}).json()["errors"][0]["field"] == "timeline"
    assert put("exclusion", {"code": "by_hand"}).status_code == 204
    assert len(get(site, "/reminders")["letters"]) == 1
    told = get(site, debtor)
    assert told["debtor"]["excluded"] == "by_hand"
    assert told["debtor"]["collective"] is False
    assert told["balances"][0]["overdue"] == {"minor": 1250000, "currency": "DKK"}
    removed = site.program().request("DELETE", f"{site.api}{debtor}/exclusion")
    assert removed.status_code == 204
    assert len(get(site, "/reminders")["letters"]) == 3
    assert put("freezing", {"code": "insolvent", "frozen_on": site.day(0)}).status_code == 204
    assert get(site, "/reminders/why-not")["counts"] == {"insolvent": 2}


def test_who_owes_is_listed_with_the_most_overdue_first(calm: Site) -> None:
    found = get(calm, "/debtors?only=overdue")
    assert [one["balances"][0]["overdue"]["minor"] for one in found] == [1250000, 70000]
    assert get(calm, "/debtors?only=address") == []


def test_who_may_only_look_changes_nothing_and_a_stranger_sees_nothing(calm: Site) -> None:
    invoice = f"{calm.api}/receivables/{calm.house.invoices['1003'].invoice_id}"
    headers = {"Idempotency-Key": "k"}
    looking = calm.program(BO)
    assert looking.get(invoice).status_code == 200
    refused = looking.post(f"{invoice}/pauses", json={"code": "agreed"}, headers=headers)
    assert refused.status_code == 403
    assert calm.program(STRANGER).get(invoice).status_code == 404
    other = f"{calm.api}/receivables/00000000-0000-0000-0000-000000000001"
    assert looking.get(other).status_code == 404


def test_of_a_letter_of_which_nobody_knows_a_program_says_once_that_it_never_left(
    site: Site,
) -> None:
    here = site.house
    here.letters_leave = False
    here.sends("1003")
    here.seen()
    outcomes = f"/receivables/{here.invoices['1003'].invoice_id}/letter-outcomes"
    assert post(site, outcomes, {"left": False}).status_code == 409
    here.nobody_knows()
    here.settle()
    said = post(site, outcomes, {"left": False}, key="another")
    assert (said.status_code, said.json()["next"]["step"]) == (201, 0)
    assert post(site, outcomes, {"left": True}, key="a third").status_code == 409
