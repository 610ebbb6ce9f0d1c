"""The push service of the outside world: strict in what it takes, and failing on demand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from services.notifications.gateways.web_push import public_point
from shared.clock import SettableClock, WallClock
from simulators.push.app import create
from tests.simulators.serving import serving

MONDAY = datetime(2026, 3, 2, 8, 40, tzinfo=UTC)
KEY = ECKey.generate_key("P-256")


@pytest.fixture
def service() -> Iterator[httpx.Client]:
    with serving(create(SettableClock(MONDAY))) as client:
        yield client


def headers(service: httpx.Client, **claims: object) -> dict[str, str]:
    now = WallClock().now()
    said = {
        "aud": str(service.base_url).rstrip("/"),
        "exp": int((now + timedelta(hours=1)).timestamp()),
        "sub": "mailto:a@b.example",
        **claims,
    }
    note = jwt.encode({"alg": "ES256"}, said, KEY, algorithms=["ES256"])
    return {
        "authorization": f"vapid t={note}, k={public_point(KEY)}",
        "content-encoding": "aes128gcm",
        "ttl": "60",
        "topic": "a",
    }


def send(service: httpx.Client, given: dict[str, str], body: bytes = b"sealed") -> httpx.Response:
    return service.post("/push/phone", content=body, headers=given)


def test_a_message_is_taken_and_stands_somewhere(service: httpx.Client) -> None:
    answer = send(service, headers(service))
    assert answer.status_code == 201
    assert answer.headers["location"].endswith("/messages/1")
    [came] = service.get("/control/messages").json()
    assert (came["device"], came["ttl"], came["received_at"]) == (
        "phone", 60, "2026-03-02T08:40:00Z",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value", "status"),
    [
        ("ttl", "", 400),
        ("ttl", "soon", 400),
        ("topic", "x" * 33, 400),
        ("topic", "a b", 400),
        ("urgency", "now", 400),
        ("content-encoding", "aesgcm", 415),
        ("authorization", "", 401),
        ("authorization", "vapid t=a.b.c, k=BAAA", 401),
    ],
)
def test_what_a_push_service_does_not_take_is_refused(
    service: httpx.Client, name: str, value: str, status: int
) -> None:
    assert send(service, {**headers(service), name: value}).status_code == status
    assert service.get("/control/messages").json() == []


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "https://another.example"},
        {"exp": 1},
        {"exp": 99_999_999_999},
        {"sub": "somebody"},
    ],
)
def test_a_note_for_another_service_or_too_long_or_of_nobody_is_refused(
    service: httpx.Client, claims: dict[str, object]
) -> None:
    assert send(service, headers(service, **claims)).status_code == 401


def test_a_message_that_is_too_long_is_refused(service: httpx.Client) -> None:
    assert send(service, headers(service), b"x" * 4097).status_code == 413


def test_a_fault_meets_as_many_messages_as_it_is_told_to(service: httpx.Client) -> None:
    service.post("/control/faults", json={"kind": "busy", "times": 1, "retry_after": 9})
    service.post("/control/faults", json={"kind": "gone", "device": "another"})
    busy, taken = send(service, headers(service)), send(service, headers(service))
    assert (busy.status_code, busy.headers["retry-after"]) == (429, "9")
    assert taken.status_code == 201


def test_a_message_can_be_kept_and_the_answer_lost(service: httpx.Client) -> None:
    service.post("/control/faults", json={"kind": "lost-kept"})
    with pytest.raises(httpx.RemoteProtocolError):
        send(service, headers(service))
    assert len(service.get("/control/messages").json()) == 1
    assert service.delete("/control/messages").status_code == 204
    assert send(service, headers(service)).status_code == 201
