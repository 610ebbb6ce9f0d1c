"""The rules of agency, client and membership."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from services.tenants.commands import (
    AppointAdministrator,
    AttachClient,
    DetachClient,
    DisableUser,
    DismissAdministrator,
    GrantRole,
    InviteUser,
    LetGoClient,
    RegisterAgency,
    RevokeRole,
    TakeOnClient,
)
from services.tenants.events import (
    AdministratorAppointed,
    AdministratorDismissed,
    AgencyRegistered,
    ClientAttached,
    ClientDetached,
    ClientLetGo,
    ClientTakenOn,
    RoleGranted,
    RoleRevoked,
    UserDisabled,
    UserInvited,
)
from services.tenants.model.agency import AGENCY
from services.tenants.model.client import CLIENT
from services.tenants.model.membership import MEMBERSHIP, may_disable
from shared.decider import Rejected
from shared.sealed import Sealed
from shared.testing.spec import given

SOREN, METTE, CLIENT_A, CLIENT_B, OFFICE = uuid4(), uuid4(), uuid4(), uuid4(), uuid4()
REGISTERED = AgencyRegistered("Strandgade Regnskab")
APPOINTED = AdministratorAppointed(SOREN)
ATTACHED = ClientAttached(OFFICE, "Fjordvig Byg ApS", "DK", "Europe/Copenhagen", "da")
ATTACH = AttachClient(OFFICE, "Fjordvig Byg ApS", "DK", "Europe/Copenhagen", "da")
INVITED = UserInvited(METTE, Sealed(METTE, "name"), Sealed(METTE, "email"), "da")
INVITE = InviteUser(METTE, Sealed(METTE, "name"), Sealed(METTE, "email"), "da")


def test_an_agency_is_registered_under_its_name_without_the_space_around_it() -> None:
    given(AGENCY).when(RegisterAgency(" Strandgade Regnskab ")).then(REGISTERED)


def test_registering_an_agency_again_changes_nothing() -> None:
    given(AGENCY, REGISTERED).when(RegisterAgency("Strandgade Regnskab")).then_nothing()


def test_an_agency_does_not_take_another_name_by_registering_again() -> None:
    given(AGENCY, REGISTERED).when(RegisterAgency("Somebody Else")).then_rejected("registered")


@pytest.mark.parametrize("name", ["", "  ", "two\nlines", "x" * 201])
def test_a_name_that_nobody_can_read_is_refused(name) -> None:
    given(AGENCY).when(RegisterAgency(name)).then_rejected("name")


def test_nobody_administers_an_agency_that_is_not_there() -> None:
    given(AGENCY).when(AppointAdministrator(SOREN)).then_rejected("unknown_agency")


def test_an_administrator_is_appointed_once_and_dismissed_once() -> None:
    given(AGENCY, REGISTERED).when(AppointAdministrator(SOREN)).then(APPOINTED)
    given(AGENCY, REGISTERED, APPOINTED).when(AppointAdministrator(SOREN)).then_nothing()
    dismissed = AdministratorDismissed(SOREN)
    given(AGENCY, REGISTERED, APPOINTED).when(DismissAdministrator(SOREN)).then(dismissed)
    given(AGENCY, REGISTERED, APPOINTED, dismissed).when(DismissAdministrator(SOREN)).then_nothing()


def test_only_an_administrator_takes_on_a_client() -> None:
    office = given(AGENCY, REGISTERED, APPOINTED)
    office.when(TakeOnClient(CLIENT_A, asked_by=SOREN)).then(ClientTakenOn(CLIENT_A))
    office.when(TakeOnClient(CLIENT_A, asked_by=METTE)).then_rejected("not_administrator")


def test_only_an_administrator_lets_a_client_go() -> None:
    office = given(AGENCY, REGISTERED, APPOINTED, ClientTakenOn(CLIENT_A))
    office.when(LetGoClient(CLIENT_A, asked_by=SOREN)).then(ClientLetGo(CLIENT_A))
    office.when(LetGoClient(CLIENT_A, asked_by=METTE)).then_rejected("not_administrator")


def test_a_dismissed_administrator_takes_on_nobody() -> None:
    office = given(AGENCY, REGISTERED, APPOINTED, AdministratorDismissed(SOREN))
    office.when(TakeOnClient(CLIENT_A, asked_by=SOREN)).then_rejected("not_administrator")


def test_taking_on_a_client_again_and_letting_go_another_change_nothing() -> None:
    office = given(AGENCY, REGISTERED, APPOINTED, ClientTakenOn(CLIENT_A))
    office.when(TakeOnClient(CLIENT_A, asked_by=SOREN)).then_nothing()
    office.when(LetGoClient(CLIENT_B, asked_by=SOREN)).then_nothing()


def test_a_client_is_attached_once() -> None:
    given(CLIENT).when(ATTACH).then(ATTACHED)
    given(CLIENT, ATTACHED).when(ATTACH).then_nothing()


def test_a_client_is_never_taken_over_by_another_agency_under_its_old_id() -> None:
    elsewhere = AttachClient(uuid4(), "Fjordvig Byg ApS", "DK", "Europe/Copenhagen", "da")
    given(CLIENT, ATTACHED).when(elsewhere).then_rejected("taken")
    given(CLIENT, ATTACHED, ClientDetached(OFFICE)).when(elsewhere).then_rejected("taken")


def test_a_client_of_an_unknown_country_or_language_is_refused_with_the_field() -> None:
    for country, language, field in (("DE", "da", "country"), ("DK", "de", "language")):
        command = AttachClient(OFFICE, "Byg", country, "Europe/Copenhagen", language)
        assert given(CLIENT).when(command).then_rejected(f"unknown_{field}").field == field


def test_a_client_is_detached_once() -> None:
    given(CLIENT, ATTACHED).when(DetachClient()).then(ClientDetached(OFFICE))
    given(CLIENT, ATTACHED, ClientDetached(OFFICE)).when(DetachClient()).then_nothing()
    given(CLIENT).when(DetachClient()).then_nothing()


def test_a_person_is_invited_once() -> None:
    given(MEMBERSHIP).when(INVITE).then(INVITED)
    given(MEMBERSHIP, INVITED).when(INVITE).then_nothing()


def test_a_role_is_granted_and_revoked_once() -> None:
    granted, revoked = RoleGranted(METTE, "bookkeeper"), RoleRevoked(METTE, "bookkeeper")
    given(MEMBERSHIP, INVITED).when(GrantRole("bookkeeper")).then(granted)
    given(MEMBERSHIP, INVITED, granted).when(GrantRole("bookkeeper")).then_nothing()
    given(MEMBERSHIP, INVITED, granted).when(RevokeRole("bookkeeper")).then(revoked)
    given(MEMBERSHIP, INVITED, granted, revoked).when(RevokeRole("bookkeeper")).then_nothing()


def test_a_role_that_does_not_exist_is_refused_with_the_ones_that_do() -> None:
    rejected = given(MEMBERSHIP, INVITED).when(GrantRole("emperor")).then_rejected("unknown_role")
    assert "administrator, approver, bookkeeper, operations" in str(rejected)


@pytest.mark.parametrize("command", [GrantRole("approver"), RevokeRole("approver"), DisableUser()])
def test_nothing_is_done_to_somebody_who_was_never_invited(command) -> None:
    given(MEMBERSHIP).when(command).then_rejected("unknown_user")


def test_a_disabled_person_has_no_role_and_gets_none() -> None:
    active = given(MEMBERSHIP, INVITED, RoleGranted(METTE, "approver"))
    state = active.when(DisableUser()).then(UserDisabled(METTE))
    assert state.roles == frozenset()
    disabled = given(MEMBERSHIP, INVITED, UserDisabled(METTE))
    disabled.when(GrantRole("approver")).then_rejected("disabled")
    disabled.when(INVITE).then_rejected("disabled")
    disabled.when(DisableUser()).then_nothing()


def test_nobody_disables_a_person_who_also_works_where_they_administer_nothing() -> None:
    may_disable([CLIENT_A], [CLIENT_A, CLIENT_B])
    may_disable(list[UUID](), [CLIENT_A])
    with pytest.raises(Rejected, match="companies that you do not administer"):
        may_disable([CLIENT_A, CLIENT_B], [CLIENT_A])
