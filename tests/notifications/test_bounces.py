"""What mail servers report about mails that did not arrive."""

from __future__ import annotations

from dataclasses import replace
from email.message import EmailMessage

import pytest
from fastapi import FastAPI, Response
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notifications.gateways.bounces import Action, Bounce, parse_bounce
from services.notifications.gateways.reports import MailboxReports, NoAnswer
from services.notifications.model.mail import compose
from shared.http import Limits, Transport
from shared.testing.servers import serve
from tests.notifications.examples import DELIVERY, REQUESTED

OURS = compose(DELIVERY, REQUESTED).message_id

# As RFC 3464, appendix E, with the mail that came back in full.
REPORT = f"""\
Date: Mon, 2 Mar 2026 09:00:00 +0100
From: Mail Delivery Subsystem <MAILER-DAEMON@mx.fjordvig.example>
To: bounces@mail.forfald.example
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1

The following address had permanent fatal errors.

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.fjordvig.example
Arrival-Date: Mon, 2 Mar 2026 08:40:02 +0100

Original-Recipient: rfc822;anne@fjordvig.example
Final-Recipient: RFC822; anne.holm@fjordvig.example
Action: failed
Status: 5.1.1 (bad destination mailbox)
Remote-MTA: dns; inner.fjordvig.example
Diagnostic-Code: smtp; 550 5.1.1
 <anne.holm@fjordvig.example>... User unknown

--b1
Content-Type: message/rfc822

Message-ID: {OURS}
From: Forfald <bounces@mail.forfald.example>
To: anne@fjordvig.example
Subject: 6 payments wait for your approval

...
--b1--
"""

BOUNCE = Bounce(
    message_id=OURS,
    recipient="anne.holm@fjordvig.example",
    action=Action.FAILED,
    status="5.1.1",
    diagnostic="550 5.1.1 <anne.holm@fjordvig.example>... User unknown",
)


def parsed(report: str) -> Bounce | None:
    return parse_bounce(report.encode())


def test_a_report_names_the_mail_the_recipient_and_the_reason() -> None:
    assert parsed(REPORT) == BOUNCE


def test_line_ends_of_the_internet_are_read_as_well() -> None:
    assert parsed(REPORT.replace("\n", "\r\n")) == BOUNCE


def test_a_report_that_returns_only_the_headers_is_enough() -> None:
    assert parsed(REPORT.replace("message/rfc822", "text/rfc822-headers")) == BOUNCE


def test_a_failure_is_final_and_a_delay_is_not() -> None:
    delayed = parsed(
        REPORT.replace("Action: failed", "Action: delayed").replace("5.1.1 (", "4.4.1 (")
    )
    assert delayed == replace(BOUNCE, action=Action.DELAYED, status="4.4.1")
    assert not delayed.final
    assert BOUNCE.final


@pytest.mark.parametrize(
    "left_out",
    [
        "multipart/report",
        "message/delivery-status",
        "Final-Recipient",
        "Action: failed",
        "Status: 5.1.1",
        OURS,
    ],
)
def test_a_report_that_lacks_what_counts_is_left_to_a_person(left_out: str) -> None:
    assert parsed(REPORT.replace(left_out, "x/x")) is None


def test_an_answer_by_a_person_is_no_bounce() -> None:
    answer = EmailMessage()
    answer["In-Reply-To"] = OURS
    answer.set_content("I am on holiday until Monday.")
    assert parse_bounce(answer.as_bytes()) is None


def test_a_report_of_unlikely_size_is_not_read() -> None:
    assert parsed(REPORT + "x" * 1_000_000) is None


@pytest.mark.parametrize(
    "hostile", ["<.@>", "<a@", "<@>", "<a@b", "=?x-none?B?!!?=", "\x00", '"', "(((", "<\xff@x>"]
)
def test_no_message_id_brings_the_reader_down(hostile: str) -> None:
    assert parsed(REPORT.replace(OURS, hostile)) is None


@settings(derandomize=True, deadline=None)
@given(st.binary(max_size=200), st.integers(0, len(REPORT)))
def test_no_garbage_brings_the_reader_down(garbage: bytes, at: int) -> None:
    raw = REPORT.encode()
    found = parse_bounce(raw[:at] + garbage + raw[at:])
    assert found is None or isinstance(found, Bounce)


def mailbox_that_answers(status: int, body: bytes) -> FastAPI:
    app = FastAPI()

    @app.get("/{path:path}")
    def anything(path: str) -> Response:
        return Response(body, status)

    return app


@pytest.mark.parametrize(
    ("status", "body"),
    [(500, b"[]"), (200, b"<html>"), (200, b'[{"number": "one"}]'), (200, b"\xff")],
)
def test_a_mailbox_that_answers_nonsense_is_asked_again_later(status: int, body: bytes) -> None:
    with (
        serve(mailbox_that_answers(status, body)) as url,
        Transport(url) as transport,
        pytest.raises(NoAnswer),
    ):
        MailboxReports(transport).fetch("bounces@mail.forfald.example")


def test_a_mailbox_that_is_not_there_is_asked_again_later() -> None:
    limits = Limits(attempts=1)
    with serve(FastAPI()) as url:
        pass
    with Transport(url, limits=limits) as transport, pytest.raises(NoAnswer):
        MailboxReports(transport).fetch("bounces@mail.forfald.example")
