"""What mails and pushes tell to whoever reads them, and what nothing but these may hold."""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from psycopg import sql

from services.notifications.gateways.smtp import SmtpMailer
from services.notifications.gateways.web_push import WebPush
from shared.contracts.approvals import PaymentRejected
from shared.contracts.payments import PaymentFailed, PaymentOutcomeUnknown, PaymentReturned
from shared.money import Money
from shared.postgres import Server
from simulators.push.device import Device
from tests.notifications.outside import (
    PUSH_KEY,
    START,
    Town,
    address,
    asked,
    expired,
    reminded,
    town,
)

TOKENS = ["dG9rZW4tb2YtYW5uZS1mb3ItdGhlLXJlcXVlc3Q", "dG9rZW4tb2YtYW5uZS1mb3ItdGhlLXJlbWluZGVy"]
AMOUNT, CODE = Money(8_624_013, "DKK"), "CANARYCODE"


@pytest.fixture
def here(postgres_server: Server) -> Iterator[Town]:
    with town(postgres_server) as here:
        yield here


def everything_happens(here: Town) -> Device:
    """Each occasion, with a link of its own where there is one; gives the approver's device."""
    mette = here.invite("mette", "bookkeeper")
    anne = here.invite("annegrete-holmstrup", "approver", language="da")
    device = here.carries(anne)
    links = [here.seal(anne, f"/approvals/a/{token}") for token in TOKENS]
    request = asked([anne], by=mette, payments=3, links=(links[0],))
    payment, invoice = uuid4(), uuid4()
    here.happen(
        request,
        reminded(request, links=(links[1],)),
        expired(request),
        PaymentRejected(
            request_id=request.request_id,
            payment_id=payment,
            revision=1,
            rejected_by=anne,
            sought_by=mette,
        ),
        PaymentFailed(payment_id=payment, invoice_id=invoice, code=CODE),
        PaymentOutcomeUnknown(payment_id=payment, batch_id=uuid4(), since_at=START),
        PaymentReturned(
            payment_id=payment,
            invoice_id=invoice,
            amount=AMOUNT,
            code=CODE,
            returned_on=date(2026, 3, 2),
        ),
    )
    return device


@pytest.mark.property_("P3")
def test_whoever_holds_every_mail_can_read_no_amount_payee_or_account(here: Town) -> None:
    device = everything_happens(here)
    mails, pushes = here.mails(), here.told(device)
    assert (len(mails), len(pushes)) == (7, 2)
    amounts = ("86240", "86.240", "86,240", "86 240", "86\xa0240", "8624013")
    for mail in mails:
        seen = "\n".join([mail["subject"], mail["text"], mail["html"], *mail["links"]])
        raw = here.pages.get(f"/mails/{mail['number']}/raw").text
        assert "Fjordvig Byg ApS" in seen
        assert not [canary for canary in (*amounts, CODE) if canary in seen or canary in raw]
    for push in pushes:
        seen = str(push["read"])
        assert "Fjordvig Byg ApS" in seen
        assert not [canary for canary in (*amounts, CODE, *TOKENS) if canary in seen]


@pytest.mark.property_("P11")
def test_a_token_is_in_its_mail_and_in_no_topic_table_log_line_or_trace(
    here: Town,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    spans = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    monkeypatch.setattr("shared.telemetry.traces._tracer", provider.get_tracer("test"))
    fail_once_after_opening(monkeypatch, SmtpMailer)
    fail_once_after_opening(monkeypatch, WebPush)
    device = everything_happens(here)
    here.world.clock.advance(minutes=30)
    here.world.settle()
    assert [token for token in TOKENS if token in str(here.mails("annegrete-holmstrup"))] == TOKENS
    traces = "\n".join(span.to_json() for span in spans.get_finished_spans())
    captured = capfd.readouterr()
    # The outside's servers do write down what they hear.
    outside = {"mail.log", "uvicorn.access"}
    ours = [record.getMessage() for record in caplog.records if record.name not in outside]
    logs = "\n".join([*ours, captured.out, captured.err])
    assert len(here.told(device)) == 2
    assert "mail.send" in traces
    assert "push.send" in traces
    assert "performer failed" in logs
    held = list(everything_kept(here))
    request_id = here.rows("select subject_id from read.delivery order by intended_at limit 1")[0][
        0
    ]
    assert any(str(request_id).encode() in value for value in held)
    keys = device.subscription()["keys"].values()
    people = [address("annegrete-holmstrup"), "Annegrete-Holmstrup"]
    secrets = [*TOKENS, *people, device.name, *keys, json.loads(PUSH_KEY)["d"]]
    for secret in secrets:
        assert secret not in traces
        assert secret not in logs
        assert not [value for value in held if holds(value, secret)]


def fail_once_after_opening(monkeypatch: pytest.MonkeyPatch, sender: type[Any]) -> None:
    """A fault of our own at the worst moment, with all there is in its text."""
    send, failed = sender.send, False

    def failing(self: object, message: Any) -> object:
        nonlocal failed
        if not failed:
            failed = True
            raise RuntimeError(f"cannot send {message} {getattr(message, 'message', b'')!r}")
        return send(self, message)

    monkeypatch.setattr(sender, "send", failing)


def everything_kept(here: Town) -> Iterator[bytes]:
    """Every value in every table of every database of the world, the keys included."""
    for service in (*here.world.runtimes, "keys"):
        database = here.world.address.database(service)
        with psycopg.connect(here.world.server.dsn(database)) as connection:
            tables = connection.execute(
                "select schemaname, tablename from pg_tables "
                "where schemaname not in ('pg_catalog', 'information_schema')"
            ).fetchall()
            for schema, table in tables:
                query = sql.SQL("select * from {}").format(sql.Identifier(schema, table))
                for row in connection.execute(query):
                    yield from (
                        value if isinstance(value, bytes) else str(value).encode() for value in row
                    )


def holds(value: bytes, secret: str) -> bool:
    """Plainly, or in the encodings that values travel in."""
    plain = secret.encode()
    forms = (plain, base64.b64encode(plain).rstrip(b"="), plain.hex().encode())
    return any(form in value for form in forms)
