"""The HTTP interface: by bearers alone, each hand-over once under its key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from services.collections.values import ClaimState
from shared.postgres import Server
from tests.collections.office_of_dora import dkk
from tests.collections.site import Site, site_in


@pytest.fixture(scope="module")
def site(postgres_server: Server) -> Iterator[Site]:
    with site_in(postgres_server, automatic=False) as one:
        yield one


def post(
    site: Site, path: str, body: Any = None, key: str = "k", by: UUID | None = None
) -> httpx.Response:
    program = site.program(by or site.office.dora)
    return program.post(f"{site.api}{path}", json=body, headers={"Idempotency-Key": key})


@pytest.mark.capability("E84")
def test_the_same_request_twice_hands_over_once(site: Site) -> None:
    office = site.office
    invoice = office.ready(office.debtor(), number="F-1")
    office.settle()
    wanted = {"invoices": [str(invoice)]}
    first, again = post(site, "/transfers", wanted, "a"), post(site, "/transfers", wanted, "a")
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    office.settle()
    case_id = first.json()["cases"][0]
    case = site.program(office.dora).get(f"{site.api}/cases/{case_id}").json()
    assert (case["state"], case["invoices"], case["automatic"]) == ("active", [str(invoice)], False)
    assert case["principal"] == {"minor": 100_000, "currency": "DKK"}
    (listed,) = [
        one
        for one in site.program(office.dora).get(f"{site.api}/cases").json()
        if one["case_id"] == case_id
    ]
    assert listed == case
    history = site.program(office.dora).get(f"{site.api}/cases/{case_id}/history").json()
    assert [one["event"] for one in history] == [
        "collections.CaseSent.v1", "collections.CaseAccepted.v1",
    ]  # fmt: skip
    other = post(site, "/transfers", {"invoices": [str(uuid4())]}, "a")
    assert other.status_code == 409


def test_a_claim_is_stopped_and_let_go_and_says_why_it_waits(site: Site) -> None:
    office = site.office
    invoice = office.ready(office.debtor(), number="F-2")
    office.settle()
    stopped = post(site, f"/claims/{invoice}/stops", key="b")
    assert stopped.json()["holds"] == ["stopped"]
    listed = site.program(office.dora).get(f"{site.api}/claims").json()
    assert {one["invoice_number"]: one["state"] for one in listed}["F-2"] == "held"
    held = post(site, "/transfers", {"invoices": [str(invoice)]}, "c")
    assert held.json() == {"cases": [], "held": [str(invoice)]}
    ended = site.program(office.dora).request("DELETE", f"{site.api}/claims/{invoice}/stops")
    assert ended.status_code == 204
    assert office.claim(invoice).state is ClaimState.READY


def test_a_case_is_asked_back(site: Site) -> None:
    office = site.office
    invoice = office.ready(office.debtor(), number="F-3")
    office.settle()
    (case_id,) = post(site, "/transfers", {"invoices": [str(invoice)]}, "d").json()["cases"]
    too_early = post(site, f"/cases/{case_id}/recalls", {"reason": "Mistake"}, "e")
    assert (too_early.status_code, too_early.json()["code"]) == (409, "not_at_agency")
    office.settle()
    asked = post(site, f"/cases/{case_id}/recalls", {"reason": "Mistake"}, "f")
    assert asked.status_code == 201
    office.settle()
    assert [kind for kind, _, _ in office.agency.said] == ["withdrawal"]


@pytest.mark.capability("E81")
@pytest.mark.capability("E82")
def test_ways_and_agreements_are_set_by_whoever_may(site: Site) -> None:
    office = site.office
    program = site.program(office.dora)
    (agreement,) = program.get(f"{site.api}/agreements").json()
    assert (agreement["agency"], agreement["state"]) == ("debitura", "agreed")
    ways = {"automatic": False, "stop_days": 3, "minimum": {"minor": 5, "currency": "DKK"}}
    assert program.put(f"{site.api}/ways", json=ways).status_code == 204
    wrong = program.put(f"{site.api}/ways", json={"automatic": True, "stop_days": 0})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "stop_days")
    yes = {"key": "k", "email": "dora@example.test"}
    assert program.put(f"{site.api}/agreements/debitura", json=yes).status_code == 204
    office.settle()
    unknown = program.put(f"{site.api}/agreements/nobody", json=yes)
    assert (unknown.status_code, unknown.json()["code"]) == (422, "agency_unknown")
    bookkeeper = site.program(site.person("bookkeeper"))
    refused = bookkeeper.put(f"{site.api}/agreements/debitura", json=yes)
    assert (refused.status_code, refused.json()["code"]) == (409, "role_missing")


def test_what_is_not_there_or_not_ones_own_looks_the_same(site: Site) -> None:
    office = site.office
    stranger = site.program(site.person())
    for path in ("/claims", "/cases", f"/cases/{uuid4()}"):
        assert stranger.get(f"{site.api}{path}").status_code == 404
    program = site.program(office.dora)
    for path in (f"/cases/{uuid4()}", f"/cases/{uuid4()}/history"):
        assert program.get(f"{site.api}{path}").status_code == 404
    assert post(site, f"/claims/{uuid4()}/stops", key="g").json()["code"] == "not_ready"
    approver = site.person("approver")
    assert post(site, "/transfers", {"invoices": [str(uuid4())]}, "h", approver).status_code == 403
    keyless = program.post(f"{site.api}/transfers", json={"invoices": [str(uuid4())]})
    assert keyless.status_code == 422


def test_a_call_without_an_agreement_or_a_signature_is_not_found(site: Site) -> None:
    office = site.office
    for tenant in (office.tenant, uuid4()):
        answer = site.browser(None).post(f"/collections/v1/hooks/{tenant}/debitura", content=b"{}")
        assert answer.status_code == 404
    assert office.claim(office_invoice(site)).principal == dkk("1000.00")


def office_invoice(site: Site) -> UUID:
    invoice = site.office.ready(site.office.debtor())
    site.office.settle()
    return invoice
