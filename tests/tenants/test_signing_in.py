"""The doors of the service: sign-in as a persona, sign-out, assertions for the other services."""

from __future__ import annotations

import json
from dataclasses import replace
from uuid import uuid4

import pytest
from joserfc.jwk import OKPKey

from services.tenants.acts import demo
from services.tenants.acts.administering import Invitation
from services.tenants.acts.identifying import signing_key
from services.tenants.pages.signing_in import way_back
from shared.runtime import Runtime
from shared.settings import BadSetting
from shared.testing.site import Site
from shared.testing.visiting import JWKS, KEY
from shared.testing.world import World
from shared.web.doors import verifying_keys
from tests.tenants.conftest import SETTINGS, Visitor, app_with, bearer, opened

METTE, HENRIK, SOREN = demo.METTE, demo.HENRIK, demo.SOREN
ASSERTIONS = "/tenants/internal/assertions"


def assertion(site: Site, session: str, audience: str = "payments"):
    return site.post(ASSERTIONS, json={"session": session, "audience": audience})


def test_in_the_demonstration_the_sign_in_page_lists_the_cast(visitor: Visitor) -> None:
    page = visitor.get("/sign-in").text
    assert all(persona.name in page for persona in demo.PEOPLE)
    assert "Approver · Fjordvig Byg ApS" in page


def test_a_persona_signs_in_and_is_led_to_where_they_wanted_to_go(visitor: Visitor) -> None:
    answer = visitor.sign_in(METTE.user_id, "/me?of=today")
    assert (answer.status_code, answer.headers["location"]) == (303, "/me?of=today")
    cookie = answer.headers["set-cookie"]
    assert all(word in cookie for word in ("HttpOnly", "SameSite=lax", "Path=/"))
    assert "Mette Kjær" in visitor.get("/me").text


def test_a_page_sends_a_visitor_to_sign_in_and_back(visitor: Visitor) -> None:
    answer = visitor.get("/me")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/me")


@pytest.mark.parametrize("setting", ["", "On", "yes"])
def test_what_is_nearly_demonstration_mode_opens_no_door_at_all(
    runtime: Runtime, setting: str
) -> None:
    with pytest.raises(BadSetting, match="FORFALD_DEMO should be on or off"):
        app_with(runtime, demo=setting)


def test_without_demonstration_mode_nobody_is_listed_and_nobody_signs_in_as_a_persona(
    runtime: Runtime,
) -> None:
    for setting in (None, "off"):
        visitor = Visitor(Site(app_with(runtime, demo=setting)))
        page = visitor.get("/sign-in")
        assert page.status_code == 200
        assert not [one for one in demo.PEOPLE if one.name in page.text]
        for persona in demo.PEOPLE:
            assert visitor.sign_in(persona.user_id).status_code == 404
        assert not visitor.cookie


def test_nobody_signs_in_as_somebody_outside_of_the_cast(
    runtime: Runtime, visitor: Visitor
) -> None:
    administration = app_with(runtime).state.desk.administration
    _, stranger = administration.register_agency(
        "Havnegade Revision", Invitation("Anna Holm", "anna@havnegade.example", "da")
    )
    colleague = administration.invite(
        demo.STRANDGADE.agency_id,
        demo.FJORDVIG.client_id,
        SOREN.user_id,
        Invitation("Bo Holm", "bo@fjordvig.example", "da"),
    )
    for user_id in (stranger, colleague, uuid4(), "' or true"):
        assert visitor.send("/sign-in", user_id=str(user_id)).status_code == 404
    assert not visitor.cookie


@pytest.mark.parametrize(
    "target",
    [
        "https://elsewhere.test/",
        "//elsewhere.test",
        "/\\elsewhere.test",
        "\\\\elsewhere.test",
        "javascript:alert(1)",
        "/\t/elsewhere.test",
        "/ø",
        "/a\r\nSet-Cookie: x=y",
        "",
    ],
)
def test_nobody_is_led_away_from_this_site_after_signing_in(target) -> None:
    assert way_back(target) == "/"


def test_signing_in_as_somebody_else_ends_the_session_from_before(visitor: Visitor) -> None:
    visitor.sign_in(METTE.user_id)
    first = visitor.cookie
    visitor.sign_in(HENRIK.user_id)
    assert visitor.cookie != first
    assert assertion(visitor.site, first).status_code == 401


def test_signing_out_ends_the_session_for_every_service(visitor: Visitor) -> None:
    visitor.sign_in(METTE.user_id)
    cookie = visitor.cookie
    answer = visitor.send("/sign-out")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert assertion(visitor.site, cookie).status_code == 401
    assert Visitor(visitor.site, cookie).get("/me").status_code == 303


def test_a_form_of_another_site_signs_nobody_in_or_out(visitor: Visitor) -> None:
    foreign = Visitor(visitor.site, extra={"Origin": "https://elsewhere.test"})
    assert foreign.sign_in(METTE.user_id).status_code == 403
    visitor.sign_in(METTE.user_id)
    assert Visitor(visitor.site, visitor.cookie, foreign.extra).send("/sign-out").status_code == 403
    assert assertion(visitor.site, visitor.cookie).status_code == 200


def test_a_service_gets_an_assertion_for_a_session_that_says_who_and_what(
    visitor: Visitor,
) -> None:
    visitor.sign_in(METTE.user_id)
    identity = opened(assertion(visitor.site, visitor.cookie).json()["assertion"], "payments")
    assert (identity.user_id, identity.name, identity.language) == (
        METTE.user_id,
        "Mette Kjær",
        "da",
    )
    assert identity.agency_id == demo.STRANDGADE.agency_id
    assert {(grant.tenant_id, grant.company, grant.roles) for grant in identity.grants} == {
        (client.client_id, client.name, frozenset({"bookkeeper", "operations"}))
        for client in demo.CLIENTS
    }


def test_an_approver_of_one_company_is_known_for_no_other(visitor: Visitor) -> None:
    visitor.sign_in(HENRIK.user_id)
    identity = opened(assertion(visitor.site, visitor.cookie).json()["assertion"], "payments")
    assert identity.roles_for(demo.FJORDVIG.client_id) == {"approver"}
    assert identity.roles_for(demo.NORDLYS.client_id) == frozenset()


def test_there_is_no_assertion_for_a_session_that_does_not_exist(site: Site) -> None:
    assert assertion(site, "A" * 43).status_code == 401
    assert assertion(site, "").status_code == 401


@pytest.mark.parametrize("audience", ["", "Payments", "a b", "x" * 33])
def test_an_assertion_is_for_a_service_by_name(visitor: Visitor, audience: str) -> None:
    visitor.sign_in(METTE.user_id)
    assert assertion(visitor.site, visitor.cookie, audience).status_code == 422


def test_only_services_of_the_mesh_find_the_door_for_assertions(
    runtime: Runtime, visitor: Visitor
) -> None:
    visitor.sign_in(METTE.user_id)
    elsewhere = Site(app_with(runtime, mesh="10.1.0.0/16"))
    assert assertion(elsewhere, visitor.cookie).status_code == 404


@pytest.mark.property_("P12")
def test_a_disabled_person_is_refused_at_once_by_session_and_by_an_assertion_they_still_hold(
    own_world: World,
) -> None:
    visitor = Visitor(Site(app_with(own_world.runtimes["tenants"])))
    visitor.sign_in(HENRIK.user_id)
    held = opened(assertion(visitor.site, visitor.cookie).json()["assertion"], "payments")
    assert visitor.site.get("/tenants/v1/clients", headers=bearer(held)).status_code == 200
    soren = Visitor(visitor.site)
    soren.sign_in(SOREN.user_id)
    by_soren = bearer(opened(assertion(soren.site, soren.cookie).json()["assertion"], "payments"))
    client = demo.FJORDVIG.client_id
    disabled = visitor.site.post(
        f"/tenants/v1/clients/{client}/users/{HENRIK.user_id}/disable", headers=by_soren
    )
    assert disabled.status_code == 204
    assert assertion(visitor.site, visitor.cookie).status_code == 401
    assert visitor.get("/me").status_code == 303
    assert visitor.site.get("/tenants/v1/clients", headers=bearer(held)).status_code == 401
    assert visitor.sign_in(HENRIK.user_id).status_code == 404
    assert HENRIK.name not in Visitor(visitor.site).get("/sign-in").text


def test_roles_in_an_old_assertion_do_not_count_here(visitor: Visitor) -> None:
    visitor.sign_in(HENRIK.user_id)
    held = opened(assertion(visitor.site, visitor.cookie).json()["assertion"], "payments")
    grown = replace(
        held, grants=tuple(replace(g, roles=frozenset({"administrator"})) for g in held.grants)
    )
    users = f"/tenants/v1/clients/{demo.FJORDVIG.client_id}/users"
    assert visitor.site.get(users, headers=bearer(grown)).status_code == 403


def test_the_public_keys_are_published_without_their_private_half(site: Site) -> None:
    keys = site.get("/tenants/v1/keys").json()
    assert [key["kid"] for key in keys["keys"]] == ["test"]
    assert "d" not in keys["keys"][0]


def test_a_signing_key_that_nobody_could_verify_is_refused() -> None:
    published = verifying_keys(JWKS)
    assert signing_key(SETTINGS["assertion_private_key"], published).key_id == "test"
    another = OKPKey.generate_key("Ed25519", {"kid": "test"}).as_dict(private=True)
    unnamed = {**KEY.key.as_dict(private=True), "kid": "another"}
    for document in (another, unnamed, KEY.key.as_dict(private=False)):
        with pytest.raises(ValueError, match="public half"):
            signing_key(json.dumps(document), published)
