"""How a push leaves: encrypted for one device, signed for one push service, judged by one status."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
from joserfc.jwk import ECKey

from services.notifications.gateways.push import Gone, NoPushes, NotSent, OutcomeUnknown, Refused
from services.notifications.gateways.push_encryption import RECORD_SIZE, encrypted, sealed_record
from services.notifications.gateways.web_push import A_P256_KEY, WebPush, public_point, push_key
from services.notifications.model.device import Subscription
from services.notifications.model.push import KEPT_AT_LEAST, KEPT_AT_MOST, Push, kept
from shared.clock import WallClock
from shared.processes import free_port
from shared.settings import BadSetting, Settings
from simulators.push.app import create
from simulators.push.device import Device
from tests.notifications.outside import PUSH_KEY, SENDER, START
from tests.simulators.serving import serving


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_the_standards_own_example_is_encrypted_to_the_letter() -> None:
    """RFC 8291 §5 and appendix A."""
    own = decoded("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")
    to = Subscription(
        "https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV",
        decoded(
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
        ),
        decoded("BTBZMqHH6r4Tts7J_aSIgg"),
    )
    body = sealed_record(
        b"When I grow up, I want to be a watermelon\x02",
        to,
        derive_private_key(int.from_bytes(own), SECP256R1()),
        decoded("DGv6ra1nlYgDCS1FRnbzlw"),
    )
    assert body == decoded(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml"
        "mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
        "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


def subscription(device: Device) -> Subscription:
    endpoint = device.subscription()["endpoint"]
    return Subscription(endpoint, device.public, device.auth)


def test_a_device_alone_reads_what_was_encrypted_for_it() -> None:
    device, other = Device("https://push.example"), Device("https://push.example")
    body = encrypted(b'{"a": 1}', subscription(device))
    assert device.read(body) == {"a": 1}
    with pytest.raises(InvalidTag):
        other.read(body)


def test_messages_of_different_length_look_alike_and_no_two_bodies_are_the_same() -> None:
    to = subscription(Device("https://push.example"))
    bodies = [encrypted(message, to) for message in (b"1", b"1", b'"' + b"x" * 300 + b'"')]
    assert len({len(body) for body in bodies}) == 1
    assert len(set(bodies)) == 3


def test_a_message_longer_than_push_services_carry_is_refused() -> None:
    to = subscription(Device("https://push.example"))
    assert len(encrypted(b"x" * 3993, to)) == RECORD_SIZE
    with pytest.raises(ValueError, match="longer than"):
        encrypted(b"x" * 3994, to)


@pytest.fixture
def service() -> Iterator[httpx.Client]:
    with serving(create(WallClock())) as client:
        yield client


def base(service: httpx.Client) -> str:
    return str(service.base_url).rstrip("/")


def web_push(*services: str) -> WebPush:
    return WebPush(
        push_key(PUSH_KEY), contact=f"mailto:{SENDER}", services=services, wall=WallClock()
    )


def push_to(device: Device) -> Push:
    return Push(
        to=subscription(device),
        message=b'{"web_push": 8030}',
        topic="t" * 22,
        keep_for=timedelta(minutes=90),
        urgent=True,
    )


def test_a_push_says_for_how_long_how_urgent_and_as_which_message(service: httpx.Client) -> None:
    device = Device(base(service))
    web_push(device.service).send(push_to(device))
    [came] = service.get("/control/messages").json()
    assert (came["device"], came["topic"], came["ttl"]) == (device.name, "t" * 22, 5400)
    assert (came["urgency"], came["sender"]) == ("high", f"mailto:{SENDER}")
    assert device.read(base64.b64decode(came["body"])) == {"web_push": 8030}


@pytest.mark.parametrize(
    ("fault", "error", "code"),
    [
        ("gone", Gone, "device_gone"),
        ("forbidden", Refused, "push_403"),
        ("busy", NotSent, "push_429"),
        ("broken", NotSent, "push_500"),
        ("lost-kept", OutcomeUnknown, "no_answer"),
    ],
)
def test_each_answer_says_how_to_go_on(
    service: httpx.Client, fault: str, error: type[Exception], code: str
) -> None:
    device = Device(base(service))
    service.post("/control/faults", json={"kind": fault, "retry_after": 7})
    with pytest.raises(error, match=code) as caught:
        web_push(device.service).send(push_to(device))
    if isinstance(caught.value, NotSent):
        assert caught.value.wait == timedelta(seconds=7)


def test_a_push_service_that_cannot_be_reached_has_taken_nothing() -> None:
    device = Device(f"http://127.0.0.1:{free_port()}")
    with pytest.raises(NotSent, match="push_unreached"):
        web_push(device.service).send(push_to(device))


def test_a_device_at_a_service_that_is_not_named_is_never_called(service: httpx.Client) -> None:
    device = Device(base(service))
    with pytest.raises(Refused, match="push_service_unknown"):
        web_push("https://push.example").send(push_to(device))
    assert service.get("/control/messages").json() == []


def test_the_log_says_which_service_was_called_and_not_which_device(service: httpx.Client) -> None:
    device = Device(base(service))
    with structlog.testing.capture_logs() as logs:
        web_push(device.service).send(push_to(device))
    [line] = logs
    assert (line["method"], line["host"], line["status"]) == ("POST", "127.0.0.1", 201)
    assert device.name[-4:] not in str(line)


def test_an_address_of_a_device_is_not_shown_by_accident() -> None:
    device = Device("https://push.example")
    assert device.name not in repr(push_to(device))
    assert device.name not in repr(subscription(device))


def test_browsers_are_given_the_point_of_the_key_that_signs() -> None:
    key = push_key(PUSH_KEY)
    point = decoded(public_point(key))
    assert (len(point), point[0]) == (65, 4)
    public: dict[str, Any] = dict(key.as_dict(private=False))
    assert point[1:33] == decoded(public["x"])


@pytest.mark.parametrize(
    "text",
    [
        "nonsense",
        json.dumps(ECKey.generate_key("P-384").as_dict(private=True)),
        json.dumps(ECKey.generate_key("P-256").as_dict(private=False)),
    ],
    ids=["nonsense", "on another curve", "the public half alone"],
)
def test_a_setting_that_is_no_such_key_is_refused_and_not_shown(text: str) -> None:
    settings = Settings({"push_private_key": text})
    with pytest.raises(BadSetting, match="should be a private key on P-256") as caught:
        settings.read("push_private_key", push_key, A_P256_KEY)
    assert text not in str(caught.value)


def test_without_a_key_nothing_leaves() -> None:
    with pytest.raises(Refused, match="push_off"):
        NoPushes().send(push_to(Device("https://push.example")))


@pytest.mark.parametrize(
    ("until", "for_so_long"),
    [
        (None, KEPT_AT_LEAST),
        (START, KEPT_AT_LEAST),
        (START + timedelta(hours=5), timedelta(hours=5)),
        (START + timedelta(days=90), KEPT_AT_MOST),
    ],
)
def test_a_device_that_is_off_is_told_until_the_answer_would_be_too_late(
    until: Any, for_so_long: timedelta
) -> None:
    assert kept(until, START) == for_so_long
