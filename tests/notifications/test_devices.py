"""Devices: registered, listed and forgotten by whoever holds them, and kept from everybody else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from services.notifications.app import services_of, web
from services.notifications.commands import DisablePerson, ForgetDevice, RegisterDevice
from services.notifications.events import DeviceForgotten, DeviceRegistered, PersonDisabled
from services.notifications.model.device import BROWSERS_OWN, Subscription, is_at, subscription_of
from services.notifications.model.person import DEVICES_MAX, PERSON
from shared.contracts.tenants import UserDisabled
from shared.decider import Rejected
from shared.postgres import Server
from shared.sealed import Sealed
from shared.settings import BadSetting, Settings
from shared.testing.site import Site
from shared.testing.spec import given
from shared.testing.visiting import Visitor, assertion_of, program
from shared.web.identity import Grant, Identity
from simulators.push.device import Device
from tests.notifications.outside import START, Town, asked, town

ANNE, PHONE, TABLET = UUID(int=1), UUID(int=2), UUID(int=3)
SEALED = Sealed(ANNE, "c2VhbGVk")
REGISTER = RegisterDevice(ANNE, PHONE, SEALED, "mark", START)
REGISTERED = DeviceRegistered(ANNE, PHONE, SEALED, "mark", START)


def test_a_device_told_again_is_the_same_device() -> None:
    given(PERSON).when(REGISTER).then(REGISTERED)
    given(PERSON, REGISTERED).when(REGISTER).then_nothing()


def test_a_device_with_new_keys_replaces_what_was_known() -> None:
    anew = RegisterDevice(ANNE, PHONE, SEALED, "other mark", START)
    told = DeviceRegistered(ANNE, PHONE, SEALED, "other mark", START)
    given(PERSON, REGISTERED).when(anew).then(told)


def test_a_device_is_forgotten_once() -> None:
    gone = DeviceForgotten(ANNE, PHONE)
    given(PERSON, REGISTERED).when(ForgetDevice(ANNE, PHONE)).then(gone)
    given(PERSON, REGISTERED, gone).when(ForgetDevice(ANNE, PHONE)).then_nothing()
    given(PERSON, REGISTERED).when(ForgetDevice(ANNE, TABLET)).then_nothing()


def test_who_is_disabled_has_no_devices_and_registers_none() -> None:
    disabled = PersonDisabled(ANNE)
    given(PERSON, REGISTERED).when(DisablePerson(ANNE)).then(disabled)
    given(PERSON, REGISTERED, disabled).when(ForgetDevice(ANNE, PHONE)).then_nothing()
    given(PERSON, disabled).when(REGISTER).then_rejected("person_disabled")


def test_one_device_more_than_many_is_refused_until_one_is_forgotten() -> None:
    many = [
        DeviceRegistered(ANNE, UUID(int=100 + number), SEALED, "mark", START)
        for number in range(DEVICES_MAX)
    ]
    given(PERSON, *many).when(REGISTER).then_rejected("too_many_devices")
    given(PERSON, *many, DeviceForgotten(ANNE, UUID(int=100))).when(REGISTER).then(REGISTERED)


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/x",
        "https://updates.push.services.mozilla.com/wpush/v2/x",
        "https://web.push.apple.com/x",
        "https://wns2-par02p.notify.windows.com/w/?token=x",
    ],
)
def test_the_browsers_own_push_services_are_named_from_the_beginning(endpoint: str) -> None:
    assert is_at(endpoint, BROWSERS_OWN)


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/x",
        "https://fcm.googleapis.com:8443/x",
        "https://fcm.googleapis.com.evil.example/x",
        "https://evil.example/fcm.googleapis.com",
        "https://fcm.googleapis.com@evil.example/x",
        "https://notify.windows.com/x",
        "https://evilnotify.windows.com/x",
        "https://127.0.0.1/x",
        "https://169.254.169.254/latest/meta-data",
    ],
)
def test_no_other_place_is_called(endpoint: str) -> None:
    assert not is_at(endpoint, BROWSERS_OWN)


@pytest.mark.parametrize(
    "text", ["", "fcm.googleapis.com", "https://*", "ftp://a.example", "https://a/b"]
)
def test_what_names_no_push_services_is_refused_by_the_setting(text: str) -> None:
    with pytest.raises(BadSetting, match="FORFALD_PUSH_SERVICES should be origins"):
        services_of(Settings({"push_services": text}))


def read(given: dict[str, Any]) -> Subscription:
    keys = given["keys"]
    return subscription_of(given["endpoint"], keys["p256dh"], keys["auth"], BROWSERS_OWN)


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("endpoint", "", "not_an_endpoint"),
        ("endpoint", "phone", "not_an_endpoint"),
        ("endpoint", "https://fcm.googleapis.com", "not_an_endpoint"),
        ("endpoint", "https://user@fcm.googleapis.com/x", "not_an_endpoint"),
        ("endpoint", "https://fcm.googleapis.com/x#y", "not_an_endpoint"),
        ("endpoint", "https://fcm.googleapis.com/x\r\nHost: a.example", "not_an_endpoint"),
        ("endpoint", "https://fcm.googleapis.com/" + "x" * 2000, "not_an_endpoint"),
        ("endpoint", "https://push.example/x", "unknown_push_service"),
        ("endpoint", "http://127.0.0.1/push/x", "unknown_push_service"),
        ("keys.p256dh", "", "not_a_key"),
        ("keys.p256dh", "BBBB", "not_a_key"),
        ("keys.p256dh", "B" + "A" * 86, "not_a_key"),
        ("keys.p256dh", "ø", "not_a_key"),
        ("keys.auth", "AAAA", "not_a_secret"),
        ("keys.auth", "!" * 22, "not_a_secret"),
        ("keys.auth", "ø", "not_a_secret"),
    ],
)
def test_what_is_no_subscription_is_refused_by_the_name_of_its_field(
    field: str, value: str, rule: str
) -> None:
    given = Device(BROWSERS_OWN[0]).subscription()
    assert read(given).endpoint == given["endpoint"]
    place = given["keys"] if field.startswith("keys.") else given
    place[field.removeprefix("keys.")] = value
    with pytest.raises(Rejected) as caught:
        read(given)
    assert (caught.value.field, caught.value.code) == (field, rule)
    assert not value or value not in str(caught.value)


def test_keys_are_read_with_padding_and_without() -> None:
    device = Device(BROWSERS_OWN[0])
    given = device.subscription()
    padded = {name: f"{text}{'=' * (-len(text) % 4)}" for name, text in given["keys"].items()}
    found = read(given | {"keys": padded})
    assert (found.p256dh, found.auth) == (device.public, device.auth)


@dataclass
class Office:
    """The town, and programs that act for its people."""

    here: Town

    def program(self, person: UUID, tenant_id: UUID | None = None, *roles: str) -> Visitor:
        grant = Grant(tenant_id or self.here.client, frozenset(roles or ("approver",)), "Fjordvig")
        identity = Identity(person, "Anne", "en", (grant,))
        app = web(self.here.world.runtimes["notifications"])
        return program(app, assertion_of(identity, "notifications"))

    @property
    def path(self) -> str:
        return f"/notifications/v1/tenants/{self.here.client}/devices"

    def register(self, person: UUID, given: dict[str, Any]) -> httpx.Response:
        answer = self.program(person).post(self.path, json=given)
        self.here.world.settle()
        return answer


@pytest.fixture
def office(postgres_server: Server) -> Iterator[Office]:
    with town(postgres_server) as here:
        yield Office(here)


@pytest.mark.capability("S22")
def test_a_device_is_registered_listed_told_and_forgotten(office: Office) -> None:
    anne = office.here.invite("anne", "approver")
    device, program = office.here.device(), office.program(anne)
    answer = office.register(anne, device.subscription())
    assert answer.status_code == 201
    assert office.register(anne, device.subscription()).json() == answer.json()
    [line] = program.get(office.path).json()
    assert line["device_id"] == answer.json()["device_id"]
    assert device.service.endswith(line["push_service"])
    assert line["registered_at"].startswith("2026-03-02T08:40")
    assert device.name not in str(line)
    office.here.happen(asked([anne], by=anne))
    assert len(office.here.told(device)) == 1
    for _ in range(2):
        forgotten = program.request("DELETE", f"{office.path}/{line['device_id']}")
        assert forgotten.status_code == 204
    assert program.get(office.path).json() == []
    office.here.happen(asked([anne], by=anne))
    assert len(office.here.told(device)) == 1


def test_a_push_that_is_on_its_way_to_a_device_that_is_forgotten_does_not_leave(
    office: Office,
) -> None:
    anne, device = office.here.invite("anne"), office.here.device()
    device_id = office.register(anne, device.subscription()).json()["device_id"]
    office.here.push_fault("busy", times=1)
    office.here.happen(asked([anne], by=anne))
    office.program(anne).request("DELETE", f"{office.path}/{device_id}")
    office.here.world.clock.advance(hours=1)
    office.here.world.settle()
    assert office.here.told(device) == []
    assert office.here.states_by("push") == [("refused", "device_forgotten")]


def test_a_browser_with_new_keys_is_told_under_the_new_ones(office: Office) -> None:
    anne, old = office.here.invite("anne"), office.here.device()
    renewed = Device(old.service, old.name)
    first = office.register(anne, old.subscription()).json()
    assert office.register(anne, renewed.subscription()).json() == first
    office.here.happen(asked([anne], by=anne))
    assert len(office.here.told(renewed)) == 1


def test_a_browser_in_which_somebody_else_signs_in_is_theirs(office: Office) -> None:
    anne, bo, device = office.here.invite("anne"), office.here.invite("bo"), office.here.device()
    for person in (anne, bo):
        office.register(person, device.subscription())
    assert office.program(anne).get(office.path).json() == []
    assert len(office.program(bo).get(office.path).json()) == 1
    office.here.happen(asked([anne], by=bo))
    assert office.here.told(device) == []
    office.here.happen(asked([bo], by=anne))
    assert len(office.here.told(device)) == 1
    office.register(anne, device.subscription())
    assert office.program(bo).get(office.path).json() == []
    office.here.happen(asked([anne, bo], by=bo))
    assert len(office.here.told(device)) == 2


@pytest.mark.property_("P9")
def test_another_persons_device_is_not_there(office: Office) -> None:
    anne, bo, device = office.here.invite("anne"), office.here.invite("bo"), office.here.device()
    device_id = office.register(anne, device.subscription()).json()["device_id"]
    theirs, nowhere = f"{office.path}/{device_id}", f"{office.path}/{uuid4()}"
    answers = [office.program(bo).request("DELETE", path) for path in (theirs, nowhere)]
    assert {(one.status_code, one.text) for one in answers} == {(204, "")}
    stranger = office.program(anne, uuid4())
    assert stranger.get(office.path).status_code == 404
    assert stranger.post(office.path, json=device.subscription()).status_code == 404
    assert len(office.program(anne).get(office.path).json()) == 1


def test_a_bad_subscription_is_answered_with_its_field_and_nothing_is_kept(office: Office) -> None:
    anne, right = uuid4(), office.here.device().subscription()
    wrong = {
        "endpoint": right | {"endpoint": "https://evil.example/x"},
        "keys.auth": right | {"keys": right["keys"] | {"auth": "x" * 300}},
        "keys.p256dh": right | {"keys": {"auth": right["keys"]["auth"]}},
        "keys": {"endpoint": right["endpoint"]},
    }
    for field, body in wrong.items():
        answer = office.register(anne, body)
        assert answer.status_code == 422
        assert answer.headers["content-type"] == "application/problem+json"
        assert [error["field"] for error in answer.json()["errors"]] == [field]
        assert "evil" not in answer.text
    assert office.program(anne).get(office.path).json() == []


def test_whoever_was_disabled_a_moment_ago_registers_nothing(office: Office) -> None:
    anne = office.here.invite("anne")
    office.here.happen(UserDisabled(user_id=anne, client_id=office.here.client))
    answer = office.register(anne, office.here.device().subscription())
    assert (answer.status_code, answer.json()["code"]) == (409, "person_disabled")


def test_whoever_has_been_forgotten_registers_nothing(office: Office) -> None:
    anne = office.here.invite("anne")
    office.here.world.vault.forget(office.here.client, anne)
    answer = office.register(anne, office.here.device().subscription())
    assert (answer.status_code, answer.json()["code"]) == (409, "person_forgotten")


def test_a_browser_is_told_the_key_to_subscribe_with_and_nobody_who_is_not_signed_in(
    office: Office,
) -> None:
    path = "/notifications/v1/push-key"
    key = office.program(uuid4()).get(path).json()["public_key"]
    assert len(key) == 87
    assert key.startswith("B")
    app = web(office.here.world.runtimes["notifications"])
    assert Site(app).get(path).status_code == 401
