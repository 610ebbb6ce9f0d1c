"""Tenants: nobody learns whose client a company is."""

from __future__ import annotations

import pytest

from shared.clock import SettableClock
from shared.testing.site import Site
from shared.web.identity import Grant, Identity
from tests.shared.web_kit import FOREIGN, METTE, NOW, TENANT, bearer, service

RANDOM = "7d0f1b7e-93f6-4a7b-8a3e-0c3c0f4b2a11"


@pytest.fixture
def site() -> Site:
    return Site(service(SettableClock(NOW)))


def test_a_person_acts_for_a_tenant_that_granted_it(site: Site) -> None:
    answer = site.get(f"/payments/v1/tenants/{TENANT}/payments", headers=bearer())
    assert answer.json() == {"tenant": str(TENANT)}


@pytest.mark.parametrize("tenant", [str(FOREIGN), RANDOM, "no-id", "%00", "1" * 5000])
@pytest.mark.parametrize("what", ["payments", "roles"])
def test_a_foreign_tenant_a_missing_one_and_no_id_at_all_look_the_same(
    site: Site, tenant: str, what: str
) -> None:
    missing = site.get(f"/payments/v1/tenants/{RANDOM}/payments", headers=bearer())
    answer = site.get(f"/payments/v1/tenants/{tenant}/{what}", headers=bearer())
    assert (answer.status_code, answer.content) == (404, missing.content)
    assert answer.headers == missing.headers
    assert answer.json()["type"] == "/problems/not-found"


def test_a_path_that_no_route_has_looks_the_same_too(site: Site) -> None:
    missing = site.get(f"/payments/v1/tenants/{RANDOM}/payments", headers=bearer())
    assert site.get("/payments/v1/nothing", headers=bearer()).content == missing.content


def test_a_role_that_is_not_held_is_said_to_be_lacking(site: Site) -> None:
    answer = site.get(f"/payments/v1/tenants/{TENANT}/roles", headers=bearer())
    assert (answer.status_code, answer.json()["code"]) == (403, "not-allowed")


def test_a_tenant_is_asked_for_only_after_signing_in(site: Site) -> None:
    assert site.get(f"/payments/v1/tenants/{TENANT}/payments").status_code == 401


def test_an_office_sees_the_tenants_for_which_it_holds_a_role() -> None:
    office = Identity(
        METTE.user_id,
        METTE.name,
        "da",
        (Grant(TENANT, frozenset({"bookkeeper"})), Grant(FOREIGN, frozenset({"reader"}))),
    )
    assert office.tenants_with("bookkeeper") == (TENANT,)
    assert office.tenants_with() == (TENANT, FOREIGN)
