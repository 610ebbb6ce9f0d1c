"""The rules about whom one may write to."""

from __future__ import annotations

from uuid import UUID

import pytest

from services.notifications.commands import (
    DisablePerson,
    IntroduceClient,
    IntroducePerson,
    LoseRole,
    NoteAddressFailed,
    TakeRole,
)
from services.notifications.events import (
    AddressFailed,
    ClientIntroduced,
    PersonDisabled,
    PersonIntroduced,
    RoleLost,
    RoleTaken,
)
from services.notifications.model.client import CLIENT
from services.notifications.model.person import PERSON, person_stream
from shared.sealed import Sealed
from shared.testing.spec import given

ANNE = UUID(int=1)
NAME, EMAIL, OTHER = Sealed(ANNE, "bmFtZQ"), Sealed(ANNE, "bWFpbA"), Sealed(ANNE, "b3RoZXI")
INTRODUCE = IntroducePerson(ANNE, NAME, EMAIL, "da")
INTRODUCED = PersonIntroduced(ANNE, NAME, EMAIL, "da")
MOVED = PersonIntroduced(ANNE, NAME, OTHER, "da")
FAILED = AddressFailed(ANNE, "5.1.1")


def test_a_person_is_introduced_once_for_the_same_facts() -> None:
    given(PERSON).when(INTRODUCE).then(INTRODUCED)
    given(PERSON, INTRODUCED).when(INTRODUCE).then_nothing()
    given(PERSON, INTRODUCED).when(IntroducePerson(ANNE, NAME, OTHER, "da")).then(MOVED)


def test_a_person_who_works_for_two_clients_has_two_streams() -> None:
    assert person_stream(UUID(int=8), ANNE) != person_stream(UUID(int=9), ANNE)


def test_roles_are_taken_and_lost_before_the_person_is_known() -> None:
    taken, lost = RoleTaken(ANNE, "approver"), RoleLost(ANNE, "approver")
    given(PERSON).when(TakeRole(ANNE, "approver")).then(taken)
    given(PERSON, taken).when(TakeRole(ANNE, "approver")).then_nothing()
    given(PERSON, taken).when(LoseRole(ANNE, "approver")).then(lost)
    given(PERSON, taken, lost).when(LoseRole(ANNE, "approver")).then_nothing()


def test_a_disabled_person_is_back_when_they_are_invited_again() -> None:
    disabled = PersonDisabled(ANNE)
    given(PERSON, INTRODUCED).when(DisablePerson(ANNE)).then(disabled)
    given(PERSON, INTRODUCED, disabled).when(DisablePerson(ANNE)).then_nothing()
    state = given(PERSON, INTRODUCED, disabled).when(INTRODUCE).then(INTRODUCED)
    assert not state.disabled


def test_an_address_fails_once_and_only_the_one_that_was_written_to() -> None:
    failed = NoteAddressFailed(ANNE, EMAIL, "5.1.1")
    given(PERSON, INTRODUCED).when(failed).then(FAILED)
    given(PERSON, INTRODUCED, FAILED).when(failed).then_nothing()
    given(PERSON, INTRODUCED, MOVED).when(failed).then_nothing()


def test_another_address_works_until_it_fails_and_another_name_changes_nothing() -> None:
    moved = given(PERSON, INTRODUCED, FAILED).when(IntroducePerson(ANNE, NAME, OTHER, "da"))
    assert not moved.then(MOVED).address_failed
    renamed = given(PERSON, INTRODUCED, FAILED).when(IntroducePerson(ANNE, OTHER, EMAIL, "da"))
    assert renamed.then(PersonIntroduced(ANNE, OTHER, EMAIL, "da")).address_failed


def test_a_client_is_introduced_once_for_the_same_facts() -> None:
    introduced = ClientIntroduced("Fjordvig Byg ApS", "Europe/Copenhagen")
    command = IntroduceClient("Fjordvig Byg ApS", "Europe/Copenhagen")
    given(CLIENT).when(command).then(introduced)
    given(CLIENT, introduced).when(command).then_nothing()


@pytest.mark.parametrize("zone", ["", "Europe/Atlantis", "../../etc/passwd", "/etc/localtime"])
def test_a_client_without_a_real_time_zone_is_refused(zone: str) -> None:
    given(CLIENT).when(IntroduceClient("Fjordvig", zone)).then_rejected("time_zone_unknown")
