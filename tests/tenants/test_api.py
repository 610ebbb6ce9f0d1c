"""The JSON API: who may ask what, and that nobody learns of others by asking."""

from __future__ import annotations

from itertools import product
from uuid import UUID, uuid4

import httpx
import pytest

from services.tenants.acts import demo
from shared.clock import WallClock
from shared.runtime import Runtime
from shared.testing.site import Site
from shared.testing.visiting import KEY
from shared.web.identity import Grant, Identity, sign
from tests.tenants.conftest import app_with, bearer

OFFICE = demo.STRANDGADE.agency_id
SOREN, METTE, HENRIK = demo.SOREN.user_id, demo.METTE.user_id, demo.HENRIK.user_id
FJORDVIG, NORDLYS = demo.FJORDVIG.client_id, demo.NORDLYS.client_id
API = "/tenants/v1"
NEW_USER = {"name": "Anna Holm", "email": "anna@fjordvig.example", "language": "da"}
NEW_CLIENT = {
    "name": "Sundby I/S",
    "country": "DK",
    "time_zone": "Europe/Copenhagen",
    "language": "da",
}
NEW_AGENCY = {
    "name": "Havnegade Revision",
    "administrator": {"name": "Bo Havn", "email": "bo@havnegade.example", "language": "da"},
}


def headers(user_id: UUID, agency_id: UUID = OFFICE) -> dict[str, str]:
    """The assertion says who; what they may do is looked up, so no grants are in it."""
    return bearer(Identity(user_id, "whoever", "da", (), agency_id))


@pytest.fixture(scope="module")
def elsewhere(site: Site) -> tuple[dict[str, str], str, str]:
    """Another office with a client: its administrator, the client's id, the administrator's id."""
    secret = {"Authorization": "Bearer only in tests"}
    made = site.post(f"{API}/agencies", json=NEW_AGENCY, headers=secret).json()
    administrator = headers(UUID(made["administrator_id"]), UUID(made["agency_id"]))
    clients = f"{API}/agencies/{made['agency_id']}/clients"
    client = site.post(clients, json=NEW_CLIENT, headers=administrator).json()["client_id"]
    return administrator, client, made["administrator_id"]


def code(answer: httpx.Response) -> str:
    return str(answer.json()["code"])


def test_the_operator_registers_an_office_whose_administrator_attaches_a_client(
    site: Site, elsewhere
) -> None:
    administrator, client, user_id = elsewhere
    shown = site.get(f"{API}/clients", headers=administrator).json()
    assert shown == [{"client_id": client, **NEW_CLIENT, "roles": ["administrator"]}]
    users = site.get(f"{API}/clients/{client}/users", headers=administrator).json()
    assert [(user["user_id"], user["name"], user["email"]) for user in users] == [
        (user_id, "Bo Havn", "bo@havnegade.example")
    ]


@pytest.mark.parametrize("sent", ["", "Bearer ", "Bearer wrong", "only in tests", "Bearer ø"])
def test_nobody_but_the_operator_registers_an_office(site: Site, sent: str) -> None:
    answer = site.post(f"{API}/agencies", json=NEW_AGENCY, headers={"Authorization": sent.encode()})
    assert answer.status_code == 401


def test_where_no_secret_is_set_nobody_registers_an_office(runtime: Runtime) -> None:
    site = Site(app_with(runtime, registration_secret=None))
    for sent in ("Bearer only in tests", "Bearer "):
        answer = site.post(f"{API}/agencies", json=NEW_AGENCY, headers={"Authorization": sent})
        assert answer.status_code == 404


@pytest.mark.capability("E76")
def test_an_administrator_invites_grants_and_revokes(site: Site) -> None:
    users = f"{API}/clients/{FJORDVIG}/users"
    user_id = site.post(users, json=NEW_USER, headers=headers(SOREN)).json()["user_id"]
    for role in ("approver", "bookkeeper"):
        answer = site.request("PUT", f"{users}/{user_id}/roles/{role}", headers=headers(SOREN))
        assert answer.status_code == 204
    site.request("DELETE", f"{users}/{user_id}/roles/approver", headers=headers(SOREN))
    shown = {user["user_id"]: user for user in site.get(users, headers=headers(SOREN)).json()}
    assert shown[user_id] == {
        "user_id": user_id,
        **NEW_USER,
        "roles": ["bookkeeper"],
        "disabled": False,
    }
    assert site.post(f"{users}/{user_id}/disable", headers=headers(SOREN)).status_code == 204
    shown = {user["user_id"]: user for user in site.get(users, headers=headers(SOREN)).json()}
    assert (shown[user_id]["disabled"], shown[user_id]["roles"]) == (True, [])


def test_an_office_attaches_a_client_and_lets_it_go(site: Site) -> None:
    clients = f"{API}/agencies/{OFFICE}/clients"
    client = site.post(clients, json=NEW_CLIENT, headers=headers(SOREN)).json()["client_id"]
    assert client in {one["client_id"] for one in site.get(clients, headers=headers(SOREN)).json()}
    assert site.request("DELETE", f"{clients}/{client}", headers=headers(SOREN)).status_code == 204
    assert client not in {
        one["client_id"] for one in site.get(clients, headers=headers(SOREN)).json()
    }
    assert site.request("DELETE", f"{clients}/{client}", headers=headers(SOREN)).status_code == 404


def asked(site: Site, agency: object, client: object, user: object, who: dict[str, str]):
    """Every request that names a tenant or a person."""
    users = f"{API}/clients/{client}/users"
    clients = f"{API}/agencies/{agency}/clients"
    return {
        "list users": site.get(users, headers=who),
        "invite": site.post(users, json=NEW_USER, headers=who),
        "grant": site.request("PUT", f"{users}/{user}/roles/approver", headers=who),
        "revoke": site.request("DELETE", f"{users}/{user}/roles/approver", headers=who),
        "disable": site.post(f"{users}/{user}/disable", headers=who),
        "list clients": site.get(clients, headers=who),
        "attach": site.post(clients, json=NEW_CLIENT, headers=who),
        "detach": site.request("DELETE", f"{clients}/{client}", headers=who),
    }


@pytest.mark.property_("P9")
@pytest.mark.property_("P14")
def test_another_tenants_ids_look_like_ids_that_do_not_exist(site: Site, elsewhere) -> None:
    stranger, _, _ = elsewhere
    existing = asked(site, OFFICE, FJORDVIG, HENRIK, stranger)
    nonexistent = asked(site, uuid4(), uuid4(), uuid4(), stranger)
    no_ids = asked(site, "x", "x", "x", stranger)
    for request, answer in existing.items():
        assert answer.status_code == 404, request
        assert answer.content == nonexistent[request].content == no_ids[request].content, request
        assert "Fjordvig" not in answer.text


@pytest.mark.property_("P9")
def test_a_person_of_another_tenant_looks_like_one_who_does_not_exist(
    site: Site, elsewhere
) -> None:
    _, _, theirs = elsewhere
    for user_id in (theirs, str(demo.INGRID.user_id), str(uuid4()), "x"):
        person = f"{API}/clients/{FJORDVIG}/users/{user_id}"
        answers = [
            site.request("PUT", f"{person}/roles/approver", headers=headers(SOREN)),
            site.request("DELETE", f"{person}/roles/approver", headers=headers(SOREN)),
            site.post(f"{person}/disable", headers=headers(SOREN)),
        ]
        assert [(one.status_code, code(one)) for one in answers] == [(404, "not-found")] * 3


def test_whoever_has_a_role_but_administers_nothing_is_told_so(site: Site) -> None:
    users = f"{API}/clients/{FJORDVIG}/users"
    for who in (METTE, HENRIK):
        for answer in (
            site.get(users, headers=headers(who)),
            site.post(users, json=NEW_USER, headers=headers(who)),
        ):
            assert (answer.status_code, code(answer)) == (403, "not-allowed")
    clients = f"{API}/agencies/{OFFICE}/clients"
    assert site.post(clients, json=NEW_CLIENT, headers=headers(METTE)).status_code == 403


def test_an_administrator_of_one_company_administers_no_other(site: Site) -> None:
    users = f"{API}/clients/{NORDLYS}/users"
    made = site.post(
        users, json={**NEW_USER, "email": "chief@nordlys.example"}, headers=headers(SOREN)
    ).json()["user_id"]
    site.request("PUT", f"{users}/{made}/roles/administrator", headers=headers(SOREN))
    chief = headers(UUID(made))
    assert site.get(users, headers=chief).status_code == 200
    assert site.get(f"{API}/clients/{FJORDVIG}/users", headers=chief).status_code == 404
    mette = site.post(f"{users}/{METTE}/disable", headers=chief)
    assert (mette.status_code, code(mette)) == (409, "works_elsewhere")


def test_a_refused_value_is_named_and_not_repeated(site: Site) -> None:
    users = f"{API}/clients/{FJORDVIG}/users"
    wrong = {"name": "", "email": "nobody at nowhere", "language": "klingon"}
    for field, value in wrong.items():
        answer = site.post(
            users,
            json={**NEW_USER, "email": f"{uuid4()}@x.example", field: value},
            headers=headers(SOREN),
        )
        assert answer.status_code == 422
        assert [error["field"] for error in answer.json()["errors"]] == [field]
        assert not value or value not in answer.text
    zone = {**NEW_CLIENT, "time_zone": "Europe/Atlantis"}
    answer = site.post(f"{API}/agencies/{OFFICE}/clients", json=zone, headers=headers(SOREN))
    assert [error["field"] for error in answer.json()["errors"]] == ["time_zone"]
    role = site.request("PUT", f"{users}/{HENRIK}/roles/emperor", headers=headers(SOREN))
    assert (role.status_code, code(role)) == (422, "unknown_role")


def test_a_session_cookie_opens_nothing_of_the_api(site: Site, runtime: Runtime) -> None:
    cookie = app_with(runtime).state.desk.sessions.open(OFFICE, SOREN)
    answer = site.get(f"{API}/clients", headers={"Cookie": f"forfald_session={cookie}"})
    assert answer.status_code == 401


def test_an_assertion_for_another_service_or_from_long_ago_or_of_nobody_opens_nothing(
    site: Site,
) -> None:
    soren = Identity(SOREN, "Søren", "da", (), OFFICE)
    stranger = Identity(
        uuid4(), "Søren", "da", (Grant(FJORDVIG, frozenset({"administrator"})),), OFFICE
    )
    homeless = Identity(SOREN, "Søren", "da", (), None)
    long_ago = sign(
        soren,
        KEY,
        audience="tenants",
        now=WallClock().now().replace(year=2020),
    )
    for refused, path in product(
        (
            bearer(soren, "payments"),
            bearer(stranger),
            bearer(homeless),
            {"Authorization": f"Bearer {long_ago}"},
        ),
        (f"{API}/clients", f"{API}/clients/{FJORDVIG}/users"),
    ):
        assert site.get(path, headers=refused).status_code == 401
