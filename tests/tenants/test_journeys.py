"""An office with its clients and people: what is recorded, what others are told, what is refused."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import UUID, uuid4

import msgspec
import pytest

from services.tenants.acts import demo
from services.tenants.acts.administering import Administration, CompanyFacts, Invitation
from services.tenants.queries import Directory
from services.tenants.registers.sessions import SessionBook
from shared.clock import WallClock
from shared.decider import Rejected
from shared.runtime import Runtime
from shared.testing.world import World

OFFICE = demo.STRANDGADE.agency_id
FJORDVIG, NORDLYS, HAVBLIK = (client.client_id for client in demo.CLIENTS[:3])
METTE, HENRIK, SOREN = (one.user_id for one in (demo.METTE, demo.HENRIK, demo.SOREN))
ANNA = Invitation("Anna Holm", "Anna.Holm@fjordvig.example", "da")


@pytest.fixture
def runtime(own_world: World) -> Runtime:
    return own_world.runtimes["tenants"]


@pytest.fixture
def directory(runtime: Runtime) -> Directory:
    return Directory(runtime.app, runtime.surroundings.opened())


@pytest.fixture
def administration(runtime: Runtime, directory: Directory) -> Administration:
    vault = runtime.surroundings.opened()
    return Administration(runtime, vault, directory, SessionBook(runtime.app, WallClock()))


def told(runtime: Runtime, tenant: UUID) -> list[tuple[str, str]]:
    """Type and body of every contract about a tenant, in order."""
    with runtime.app.transaction([tenant]) as transaction:
        rows = transaction.raw.execute(
            "select headers, convert_from(body, 'utf8') from outbox order by position"
        ).fetchall()
    return [(msgspec.json.decode(headers)["ce_type"], body) for headers, body in rows]


def kinds(runtime: Runtime, tenant: UUID) -> list[str]:
    return [name.split(".")[2] for name, _ in told(runtime, tenant)]


def roles(directory: Directory, user_id: UUID) -> dict[UUID, set[str]]:
    person = directory.person(OFFICE, user_id)
    assert person is not None
    return {client: set(held) for client, held in directory.standing(person).roles.items()}


def refused(code: str, doing: Callable[[], object]) -> None:
    with pytest.raises(Rejected) as caught:
        doing()
    assert caught.value.code == code


@pytest.mark.capability("F5")
def test_a_bookkeeper_of_the_office_works_for_all_its_companies(directory: Directory) -> None:
    person = directory.person(OFFICE, METTE)
    assert person is not None
    standing = directory.standing(person)
    assert (standing.name, standing.office) == ("Mette Kjær", "Strandgade Regnskab")
    assert [company.name for company in standing.companies] == [
        "Fjelltopp Sport AS",
        "Fjordvig Byg ApS",
        "Havblik Handel A/S",
        "Nordlys Design ApS",
        "Södermalms Möbler AB",
    ]
    assert set(standing.roles.values()) == {frozenset({"bookkeeper", "operations"})}


def test_sowing_the_cast_twice_changes_nothing(runtime: Runtime) -> None:
    tenants = [OFFICE, FJORDVIG, NORDLYS, HAVBLIK]
    before = [told(runtime, tenant) for tenant in tenants]
    demo.seed(runtime)
    assert [told(runtime, tenant) for tenant in tenants] == before


def test_somebody_of_the_cast_who_was_disabled_does_not_come_back(
    runtime: Runtime, administration: Administration, directory: Directory
) -> None:
    soren = directory.person(OFFICE, SOREN)
    assert soren is not None
    administration.disable(OFFICE, FJORDVIG, soren, HENRIK)
    demo.seed(runtime)
    assert roles(directory, HENRIK) == {}


def test_others_are_told_of_a_client_and_its_people_in_the_clients_own_tenant(
    runtime: Runtime,
) -> None:
    assert kinds(runtime, HAVBLIK) == [
        "ClientAttached",
        "UserInvited",  # Søren, who attached it
        "RoleGranted",
        "UserInvited",  # Mette, with two roles
        "RoleGranted",
        "RoleGranted",
        "UserInvited",  # Ingrid
        "RoleGranted",
        "UserInvited",  # Lars
        "RoleGranted",
    ]


def test_no_name_and_no_address_stands_in_what_others_are_told(runtime: Runtime) -> None:
    everything = " ".join(
        body for client in (OFFICE, FJORDVIG) for _, body in told(runtime, client)
    )
    assert "Fjordvig Byg ApS" in everything, "the company's name is not personal"
    assert not [word for word in ("Henrik", "henrik@", "Mette", "mette@") if word in everything]


@pytest.mark.capability("E76")
def test_an_invited_person_has_the_roles_they_were_granted_until_these_are_revoked(
    administration: Administration, directory: Directory
) -> None:
    anna = administration.invite(OFFICE, FJORDVIG, SOREN, ANNA)
    assert roles(directory, anna) == {}
    administration.grant(FJORDVIG, SOREN, anna, "approver")
    administration.grant(FJORDVIG, SOREN, anna, "bookkeeper")
    administration.revoke(FJORDVIG, SOREN, anna, "approver")
    assert roles(directory, anna) == {FJORDVIG: {"bookkeeper"}}


@pytest.mark.capability("E64")
def test_a_company_has_as_many_users_as_it_likes(
    administration: Administration, directory: Directory
) -> None:
    for number in range(12):
        administration.invite(
            OFFICE, NORDLYS, SOREN, Invitation(f"No {number}", f"{number}@n.example", "sv")
        )
    assert len(directory.members(NORDLYS)) == 16


def test_one_mail_address_is_one_person_at_all_companies_of_an_office(
    administration: Administration, directory: Directory
) -> None:
    anna = administration.invite(OFFICE, FJORDVIG, SOREN, ANNA)
    same = administration.invite(
        OFFICE, NORDLYS, SOREN, Invitation("A. Holm", " anna.holm@FJORDVIG.example", "sv")
    )
    assert same == anna
    assert [m.name for m in directory.members(NORDLYS) if m.user_id == anna] == ["Anna Holm"]


def test_another_offices_person_of_the_same_address_is_another_person(
    administration: Administration,
) -> None:
    agency, administrator = administration.register_agency("Havnegade Revision", ANNA)
    assert administrator != administration.invite(OFFICE, FJORDVIG, SOREN, ANNA)
    assert agency != OFFICE


@pytest.mark.property_("P12")
def test_disabling_ends_everything_that_a_person_may_do_at_every_client(
    runtime: Runtime, administration: Administration, directory: Directory
) -> None:
    soren = directory.person(OFFICE, SOREN)
    assert soren is not None
    administration.disable(OFFICE, FJORDVIG, soren, METTE)
    assert roles(directory, METTE) == {}
    assert [kinds(runtime, client)[-1] for client in (FJORDVIG, NORDLYS, HAVBLIK)] == [
        "UserDisabled"
    ] * 3
    refused("disabled", lambda: administration.grant(NORDLYS, SOREN, METTE, "bookkeeper"))


def test_somebody_who_comes_back_after_being_disabled_is_a_new_person(
    administration: Administration, directory: Directory
) -> None:
    soren = directory.person(OFFICE, SOREN)
    assert soren is not None
    first = administration.invite(OFFICE, FJORDVIG, SOREN, ANNA)
    administration.disable(OFFICE, FJORDVIG, soren, first)
    second = administration.invite(OFFICE, FJORDVIG, SOREN, ANNA)
    assert second != first
    assert [m.disabled for m in directory.members(FJORDVIG) if m.name == "Anna Holm"] in (
        [True, False],
        [False, True],
    )


def test_whoever_administers_one_company_cannot_disable_somebody_who_also_works_for_another(
    administration: Administration, directory: Directory
) -> None:
    administration.grant(FJORDVIG, SOREN, HENRIK, "administrator")
    henrik = directory.person(OFFICE, HENRIK)
    assert henrik is not None
    refused("works_elsewhere", lambda: administration.disable(OFFICE, FJORDVIG, henrik, METTE))
    assert METTE in {m.user_id for m in directory.members(NORDLYS) if not m.disabled}
    anna = administration.invite(OFFICE, FJORDVIG, HENRIK, ANNA)
    administration.disable(OFFICE, FJORDVIG, henrik, anna)


def test_somebody_who_is_invited_elsewhere_at_that_moment_is_not_disabled_by_half(
    administration: Administration, directory: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    soren, before = (directory.person(OFFICE, user_id) for user_id in (SOREN, HENRIK))
    assert soren is not None
    again = Invitation(demo.HENRIK.name, demo.HENRIK.email, "da")
    assert administration.invite(OFFICE, NORDLYS, SOREN, again) == HENRIK
    monkeypatch.setattr(directory, "person", lambda *_: before)
    refused("just_invited", lambda: administration.disable(OFFICE, FJORDVIG, soren, HENRIK))
    monkeypatch.undo()
    assert roles(directory, HENRIK) == {FJORDVIG: {"approver"}}
    administration.disable(OFFICE, FJORDVIG, soren, HENRIK)
    assert [m.disabled for m in directory.members(NORDLYS) if m.user_id == HENRIK] == [True]


def test_a_company_that_was_let_go_is_nobodys_any_more(
    runtime: Runtime, administration: Administration, directory: Directory
) -> None:
    administration.detach_client(OFFICE, SOREN, NORDLYS)
    assert NORDLYS not in roles(directory, METTE)
    assert NORDLYS not in {company.client_id for company in directory.companies(OFFICE)}
    assert kinds(runtime, NORDLYS)[-1] == "ClientDetached"


def test_only_an_administrator_of_the_office_attaches_a_company(
    administration: Administration,
) -> None:
    facts = CompanyFacts("Sundby I/S", "DK", "Europe/Copenhagen", "da")
    refused("not_administrator", lambda: administration.attach_client(OFFICE, METTE, facts))
    agency, administrator = administration.register_agency("Havnegade Revision", ANNA)
    refused("not_administrator", lambda: administration.attach_client(OFFICE, administrator, facts))
    refused("not_administrator", lambda: administration.attach_client(agency, SOREN, facts))


@pytest.mark.property_("P9")
def test_a_user_id_of_another_tenant_is_refused_like_one_that_does_not_exist(
    administration: Administration,
) -> None:
    ingrid = demo.INGRID.user_id  # of Havblik only
    for user_id in (ingrid, uuid4()):
        for ask in (administration.grant, administration.revoke):
            refused("unknown_user", partial(ask, FJORDVIG, SOREN, user_id, "approver"))
