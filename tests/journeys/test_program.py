"""An approver with an app: told on the device, and answering by programs' doors alone."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from forfald.demo.opening import CLIENTS
from forfald.house import PAYING
from services.tenants.acts.demo import HENRIK
from shared.contracts.approvals import PaymentApproved, PaymentRejected
from shared.postgres import Server
from simulators.push.device import Device
from tests.asking import program
from tests.journeys.crawler import Visitor
from tests.journeys.house import House
from tests.journeys.office import opened

FJORDVIG = CLIENTS[0]
BASE = "/{service}/v1"
OF_THE_CLIENT = f"{BASE}/tenants/{FJORDVIG.tenant_id}"
PDF = b"%PDF-"


@pytest.fixture(scope="module")
def place(postgres_server: Server) -> Iterator[tuple[House, str]]:
    with opened(postgres_server, PAYING) as found:
        yield found


class App:
    """What runs on Henrik's phone: it has bearers, and no session of a browser."""

    def __init__(self, house: House, visitor: Visitor) -> None:
        self._house = house
        self._visitor = visitor
        self.device = Device(house.urls["push_services"])

    def ask(self, method: str, service: str, path: str, **options: Any) -> httpx.Response:
        headers = {**self._visitor._bearer(service), **options.pop("headers", {})}
        url = self._visitor.urls[service] + path.format(service=service)
        with program() as client:
            answer = client.request(method, url, headers=headers, **options)
        assert answer.is_success, answer.text
        self._house.settle()
        return answer

    def told(self) -> list[dict[str, Any]]:
        """What the device shows, oldest first."""
        came = httpx.get(f"{self.device.service}/control/messages", trust_env=False).json()
        bodies = [b64decode(one["body"]) for one in came if one["device"] == self.device.name]
        return [self.device.read(body)["notification"] for body in bodies]


@pytest.mark.capability("S22")
def test_an_approver_is_told_on_the_phone_looks_at_the_invoice_and_answers_by_a_program(
    place: tuple[House, str],
) -> None:
    house, url = place
    with Visitor.to(url, house, HENRIK) as visitor:
        app = App(house, visitor)
        assert app.ask("GET", "notifications", f"{BASE}/push-key").json()["public_key"]
        app.ask("POST", "notifications", f"{OF_THE_CLIENT}/devices", json=app.device.subscription())
        before = {one["payment_id"] for one in awaiting(app)}
        sent = house.opening().send_ready(FJORDVIG)
        house.settle()
        assert sent >= 2
        [shown] = app.told()
        assert shown["navigate"] == f"{url}/approvals/"
        assert str(sent) in shown["title"]
        asked = [one for one in awaiting(app) if one["payment_id"] not in before]
        assert len(asked) == sent
        for one in asked:
            copy = app.ask("GET", "sync", f"{BASE}/copies/{one['copy_of']['sha256']}")
            assert copy.headers["content-type"] == one["copy_of"]["media_type"]
            assert copy.content.startswith(PDF)
        yes = next(one for one in asked if one["needed"] == 1)
        no = next(one for one in asked if one != yes)
        said = answer(app, yes, "yes", [{"payment_id": yes["payment_id"], "digest": yes["digest"]}])
        assert (said["state"], said["refused"]) == ("approved", None)
        said = answer(app, no, "no", [no["payment_id"]], reason="Not ordered by us")
        assert said["state"] == "rejected"
        still = {one["payment_id"] for one in awaiting(app)}
        assert not still & {yes["payment_id"], no["payment_id"]}
        assert yes["payment_id"] in told(house, PaymentApproved)
        assert no["payment_id"] in told(house, PaymentRejected)


def awaiting(app: App) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = app.ask("GET", "approvals", f"{OF_THE_CLIENT}/approvals").json()
    return found


def answer(
    app: App, one: dict[str, Any], word: str, payments: list[Any], **more: str
) -> dict[str, Any]:
    path = f"{OF_THE_CLIENT}/requests/{one['request_id']}/{word}"
    body, headers = {"payments": payments, **more}, {"Idempotency-Key": f"phone {word}"}
    [said] = app.ask("POST", "approvals", path, json=body, headers=headers).json()
    return dict(said)


def told(house: House, contract: type[Any]) -> set[str]:
    """The payments that approvals has told of in this way."""
    with house.runtimes["approvals"].reader.connection() as transaction:
        rows = transaction.raw.execute("select headers, body from outbox").fetchall()
    wanted = f'"{contract.type_name}"'.encode()
    return {
        str(contract.model_validate_json(body).payment_id)
        for headers, body in rows
        if wanted in headers
    }
