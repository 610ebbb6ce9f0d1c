"""The JSON interface of payments, as programs see it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from services.payments.values import State
from shared.contracts.payments import ApprovalSought
from shared.contracts.values import Fault
from shared.postgres import Server
from tests.payments.office_of_anna import DEBTOR, Office, dkk
from tests.payments.site import Site, site_in
from tests.payments.test_pages import elsewhere


@pytest.fixture
def site(postgres_server: Server) -> Iterator[Site]:
    with site_in(postgres_server) as site:
        yield site


@pytest.fixture
def office(site: Site) -> Office:
    return site.office


def base(site: Site) -> str:
    return f"/payments/v1/tenants/{site.office.tenant}"


def post(
    site: Site,
    path: str,
    body: dict[str, Any] | None = None,
    key: str = "k",
    by: UUID | None = None,
) -> httpx.Response:
    program = site.program(by or site.office.anna)
    return program.post(base(site) + path, json=body, headers={"Idempotency-Key": key})


@pytest.mark.capability("S1")
@pytest.mark.capability("S7")
@pytest.mark.capability("S23")
def test_orders_are_listed_with_their_reasons_and_without_names(site: Site, office: Office) -> None:
    fault = Fault("reference_check_digit", "reference", "7")
    order = office.book("A-1", unpayable=True, faults=[fault])
    program = site.program(office.bo)
    (one,) = program.get(f"{base(site)}/payments").json()
    assert one == program.get(f"{base(site)}/payments/{order}").json()
    assert (one["payment_id"], one["state"]) == (str(order), "blocked")
    assert one["amount"] == {"minor": 125000, "currency": "DKK"}
    assert one["reasons"] == [
        {"code": "reference_check_digit", "field": "reference", "expected": "7"}
    ]
    assert "Leverandør" not in str(one)


@pytest.mark.capability("S4")
def test_a_history_names_who_did_what(site: Site, office: Office) -> None:
    order = office.book()
    office.ask(order)
    office.world.settle()
    told = site.program(office.bo).get(f"{base(site)}/payments/{order}/history").json()
    assert [one["event"] for one in told] == [
        "payments.PaymentDrafted.v1",
        "payments.PaymentReady.v1",
        "payments.ApprovalAsked.v1",
    ]
    assert told[-1]["actor"] == f"user:{office.anna}"


@pytest.mark.capability("S17")
@pytest.mark.capability("S18")
def test_a_request_is_made_once_and_answered_the_same_each_time(site: Site, office: Office) -> None:
    orders = [office.book(f"A-{n}", f"{n}00.00", supplier=str(n)) for n in (1,)]
    body = {"payments": [str(order) for order in orders]}
    first = post(site, "/approval-requests", body)
    assert (first.status_code, first.json()["payments"]) == (201, body["payments"])
    assert post(site, "/approval-requests", body).json() == first.json()
    assert post(site, "/approval-requests", {"payments": [str(uuid4())]}).status_code == 409
    (sought,) = office.told(ApprovalSought)
    assert str(sought.request_id) == first.json()["request_id"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/approval-requests", {"payments": ["ORDER"]}),
        ("/payments/ORDER/revisions", {"pay_on": "2026-03-06"}),
        ("/payments/ORDER/withdrawals", None),
    ],
)
def test_whatever_moves_an_order_needs_a_key(
    site: Site, office: Office, path: str, body: dict[str, Any] | None
) -> None:
    order = office.book()
    filled = {
        name: [str(order)] if name == "payments" else value for name, value in (body or {}).items()
    }
    program = site.program(office.anna)
    here = base(site) + path.replace("ORDER", str(order))
    for key in ("", "x" * 201):
        refused = program.post(here, json=filled, headers={"Idempotency-Key": key})
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["field"] == "Idempotency-Key"
    assert office.events(order) == ["PaymentDrafted", "PaymentReady"]
    done = program.post(here, json=filled, headers={"Idempotency-Key": "k"})
    assert done.status_code == 201
    events = office.events(order)
    again = program.post(here, json=filled, headers={"Idempotency-Key": "k"})
    assert (again.status_code, again.json()) == (201, done.json())
    assert office.events(order) == events


@pytest.mark.capability("S30")
def test_a_revision_answers_with_the_order_as_it_is_now(site: Site, office: Office) -> None:
    order = office.book()
    body = {"amount": {"minor": 100000, "currency": "DKK"}, "pay_on": "2026-03-06"}
    revised = post(site, f"/payments/{order}/revisions", body).json()
    assert (revised["revision"], revised["pay_on"]) == (2, "2026-03-06")
    assert office.payment(order).amount == dkk("1000.00")


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/approval-requests", {"payments": []}, "payments"),
        ("/approval-requests", {"payments": ["no id"]}, "payments.0"),
        ("/approval-requests", {}, "payments"),
        ("/payments/ORDER/revisions", {"pay_on": "tomorrow"}, "pay_on"),
        ("/payments/ORDER/revisions", {"pay_on": "2026-03-01"}, "pay_on"),
        ("/payments/ORDER/revisions", {"amount": {"minor": 0, "currency": "DKK"}}, "amount.minor"),
        ("/payments/ORDER/revisions", {"amount": {"minor": 1, "currency": "kr"}},
         "amount.currency"),
        ("/payments/ORDER/revisions", {"amount": {"minor": 1, "currency": "EUR"}}, "amount"),
        ("/payments/ORDER/revisions", {"amount": {"minor": 125001, "currency": "DKK"}}, "amount"),
        ("/payments/no-id/withdrawals", {}, "payment_id"),
    ],
)  # fmt: skip
def test_bad_input_is_answered_with_the_field_at_fault(
    site: Site, office: Office, path: str, body: dict[str, Any], field: str
) -> None:
    order = office.book()
    answer = post(site, path.replace("ORDER", str(order)), body)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert office.payment(order).revision == 1


def test_what_the_rules_refuse_is_a_conflict_with_its_code(site: Site, office: Office) -> None:
    order = office.book("A-1", exported=True)
    answer = post(site, "/approval-requests", {"payments": [str(order)]})
    assert (answer.status_code, answer.json()["code"]) == (409, "not_when_blocked")
    assert office.told(ApprovalSought) == []


@pytest.mark.property_("P9")
def test_another_clients_order_looks_like_one_that_does_not_exist(
    site: Site, office: Office
) -> None:
    mine, theirs = office.book(), elsewhere(office)
    program = site.program(office.anna)
    for unknown in (uuid4(), theirs):
        for path in (f"/payments/{unknown}", f"/payments/{unknown}/history"):
            assert program.get(base(site) + path).status_code == 404
        asked = post(site, "/approval-requests", {"payments": [str(mine), str(unknown)]})
        assert asked.status_code == 404
        for path in ("revisions", "withdrawals"):
            assert post(site, f"/payments/{unknown}/{path}", {}).status_code == 404
    assert office.state(mine) is State.DRAFT
    assert program.get(f"/payments/v1/tenants/{uuid4()}/payments").status_code == 404


@pytest.mark.capability("S7")
@pytest.mark.parametrize("role", ["approver", "operations"])
def test_whoever_may_only_look_sends_nothing(site: Site, office: Office, role: str) -> None:
    order, person = office.book(), site.person(role)
    assert site.program(person).get(f"{base(site)}/payments/{order}").status_code == 200
    for path in ("/approval-requests", f"/payments/{order}/revisions",
                 f"/payments/{order}/withdrawals"):  # fmt: skip
        body = {"payments": [str(order)]}
        assert post(site, path, body, by=person).status_code == 403
    payer = {"debtor_account": DEBTOR}
    assert site.program(person).put(f"{base(site)}/payer", json=payer).status_code == 403
    assert site.browser(office.anna).get(f"{base(site)}/payments").status_code == 401


def test_the_account_that_is_paid_from_is_set_by_whoever_prepares(
    site: Site, office: Office
) -> None:
    program, path = site.program(office.anna), f"{base(site)}/payer"
    assert program.put(path, json={"debtor_account": "DK9520000123456789"}).status_code == 204
    refused = program.put(path, json={"debtor_account": "1"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "debtor_account")


@pytest.mark.parametrize("account", ["DK9520000123456788", "XX00123456789", "KONTO-12345"])
def test_an_account_that_cannot_be_one_is_refused(site: Site, office: Office, account: str) -> None:
    program, path = site.program(office.anna), f"{base(site)}/payer"
    refused = program.put(path, json={"debtor_account": account})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "debtor_account")


@pytest.mark.parametrize("day", ["0001-01-01", "1999-12-31", "2061-01-01", "9999-12-31"])
def test_a_day_that_no_calendar_knows_is_refused_by_its_field(
    site: Site, office: Office, day: str
) -> None:
    refused = post(site, f"/payments/{office.book()}/revisions", {"pay_on": day})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "pay_on")
