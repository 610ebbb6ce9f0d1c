"""The JSON API of approvals."""

from __future__ import annotations

from uuid import UUID

import pytest

from shared.contracts import approvals as told
from tests.approvals.facts import ANNA, BERTIL, CARLA, named
from tests.approvals.outside import TENANT, Outside
from tests.approvals.site import Site

BASE = f"/approvals/v1/tenants/{TENANT}"


@pytest.fixture
def office(site: Site) -> Outside:
    site.office.people(BERTIL, CARLA)
    site.office.settle()
    return site.office


@pytest.fixture
def request_id(office: Outside) -> UUID:
    return office.seek(office.order("roof"))


def yes(digest: str = "digest of roof") -> dict[str, object]:
    return {"payments": [{"payment_id": str(named("roof")), "digest": digest}]}


def test_what_awaits_a_person_is_listed_without_names(site: Site, request_id: UUID) -> None:
    (one,) = site.program(BERTIL).get(f"{BASE}/approvals").json()
    assert (one["request_id"], one["digest"]) == (str(request_id), "digest of roof")
    assert (one["amount_minor"], one["currency"], one["needed"]) == (9450000, "DKK", 1)
    assert "Kronborg" not in str(one)


def test_the_same_yes_sent_twice_is_answered_once(
    site: Site, office: Outside, request_id: UUID
) -> None:
    program, path = site.program(BERTIL), f"{BASE}/requests/{request_id}/yes"
    key = {"Idempotency-Key": "one"}
    first = program.post(path, json=yes(), headers=key)
    assert first.json() == [
        {"payment_id": str(named("roof")), "state": "approved", "refused": None}
    ]
    assert program.post(path, json=yes(), headers=key).json() == first.json()
    assert program.post(path, json=yes("other"), headers=key).status_code == 409
    assert program.post(path, json=yes()).status_code == 422
    office.settle()
    assert len(office.told(told.PaymentApproved)) == 1
    (grant,) = office.told(told.PaymentApproved)[0].evidence
    assert grant.method == "session"


def test_a_yes_that_does_not_count_says_why(site: Site, request_id: UUID) -> None:
    path = f"{BASE}/requests/{request_id}/yes"
    answer = site.program(BERTIL).post(path, json=yes("old"), headers={"Idempotency-Key": "k"})
    assert (answer.status_code, answer.json()[0]["refused"]) == (200, "digest_changed")


def test_a_no_needs_its_reason(site: Site, office: Outside, request_id: UUID) -> None:
    program, path = site.program(BERTIL), f"{BASE}/requests/{request_id}/no"
    body = {"payments": [str(named("roof"))], "reason": ""}
    refused = program.post(path, json=body, headers={"Idempotency-Key": "a"})
    assert (refused.status_code, refused.json()["code"]) == (422, "reason_missing")
    program.post(path, json={**body, "reason": "no"}, headers={"Idempotency-Key": "b"})
    office.settle()
    assert len(office.told(told.PaymentRejected)) == 1


def test_a_history_is_read_by_whoever_works_for_the_client(
    site: Site, office: Outside, request_id: UUID
) -> None:
    office.approve(BERTIL, request_id, "roof")
    found = site.program(ANNA).get(f"{BASE}/requests/{request_id}").json()
    assert [one["what"] for one in found["happened"]] == ["requested", "yes", "approved"]
    assert found["payments"][0]["yes_by"] == [str(BERTIL)]


def test_what_is_not_there_is_not_found(site: Site, office: Outside) -> None:
    nothing = f"{BASE}/requests/{named('nothing')}"
    program = site.program(BERTIL)
    assert program.get(nothing).status_code == 404
    answer = program.post(f"{nothing}/yes", json=yes(), headers={"Idempotency-Key": "k"})
    assert answer.status_code == 404


def test_an_administrator_sets_the_policy(site: Site, office: Outside) -> None:
    office.role(ANNA, "administrator")
    office.settle()
    tiers = [{"currency": "DKK", "above_minor": 0, "approvers": 2}]
    newest, *_ = site.program(ANNA).put(f"{BASE}/policy", json={"tiers": tiers}).json()
    assert (newest["version"], newest["tiers"]) == (2, tiers)
    wrong = [{"currency": "DKK", "above_minor": 100, "approvers": 2}]
    refused = site.program(ANNA).put(f"{BASE}/policy", json={"tiers": wrong})
    assert (refused.status_code, refused.json()["code"]) == (422, "no_base")
    assert site.program(BERTIL).put(f"{BASE}/policy", json={"tiers": tiers}).status_code == 403
