"""Handing a mail to a mail server, and what each failure means."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, message_from_string
from email.policy import default
from typing import Any

import httpx
import pytest

from services.notifications.gateways.mail import (
    Accepted,
    Mailer,
    MailError,
    NotSent,
    OutcomeUnknown,
    Refused,
)
from services.notifications.gateways.smtp import Login, SmtpMailer, SmtpServer
from services.notifications.model.mail import compose
from shared.clock import SettableClock
from simulators.mailbox.app import create
from tests.notifications.examples import DELIVERY, OCCASIONS, REQUESTED
from tests.notifications.scripted_server import HANG_UP, SILENCE, scripted_server
from tests.simulators.serving import serving

NOW = datetime(2026, 3, 2, 8, 40, tzinfo=UTC)
MAIL = compose(DELIVERY, REQUESTED)


def server_at(port: int, **settings: Any) -> SmtpServer:
    return replace(
        SmtpServer(
            host="127.0.0.1",
            port=port,
            sender="bounces@mail.forfald.example",
            sender_name="Forfald, på vegne af Strandgade",
            link_hosts=frozenset({"forfald.example"}),
            starttls=False,
            timeout_seconds=5,
        ),
        **settings,
    )


def mailer_at(port: int, **settings: Any) -> Mailer:
    return SmtpMailer(server_at(port, **settings), SettableClock(NOW))


@contextmanager
def mailbox() -> Iterator[tuple[httpx.Client, Mailer]]:
    app = create(SettableClock(NOW), smtp_port=0)
    with serving(app) as pages:
        yield pages, mailer_at(app.state.smtp_port)


@pytest.mark.capability("S21")
def test_a_mail_arrives_as_it_was_composed() -> None:
    with mailbox() as (pages, mailer):
        mails = [compose(DELIVERY, occasion) for occasion in OCCASIONS]
        answers = [mailer.send(mail) for mail in mails]
        kept = pages.get("/control/mails").json()[::-1]
    assert [answer.message_id for answer in answers] == [mail.message_id for mail in mails]
    assert all(answer.response.startswith("250") for answer in answers)
    for mail, arrived in zip(mails, kept, strict=True):
        assert arrived["recipient"] == mail.to
        assert arrived["subject"] == mail.subject
        assert arrived["message_id"] == mail.message_id
        assert arrived["reply_to"] == mail.reply_to
        assert arrived["text"] == mail.text
        assert arrived["html"] == mail.html
        assert arrived["sender"] == "bounces@mail.forfald.example"


def test_the_date_is_the_clocks_and_machines_are_told_not_to_answer() -> None:
    with mailbox() as (pages, mailer):
        mailer.send(MAIL)
        raw = pages.get("/mails/1/raw").content
    mail = message_from_bytes(raw, policy=default)
    assert mail["Date"] == "Mon, 02 Mar 2026 08:40:00 +0000"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["From"].addresses[0].display_name == "Forfald, på vegne af Strandgade"
    assert max(map(len, raw.splitlines())) <= 998


def test_a_second_attempt_has_the_same_bytes() -> None:
    with mailbox() as (pages, mailer):
        mailer.send(MAIL)
        mailer.send(MAIL)
        assert pages.get("/mails/1/raw").content == pages.get("/mails/2/raw").content


def test_a_line_that_begins_with_a_dot_arrives_whole() -> None:
    mail = replace(MAIL, text=".\n..\n.hidden\n")
    with mailbox() as (pages, mailer):
        mailer.send(mail)
        assert pages.get("/control/mails").json()[0]["text"] == ".\n..\n.hidden\n"


def test_there_is_exactly_one_recipient_and_nobody_is_copied() -> None:
    with scripted_server() as server:
        mailer_at(server.port).send(MAIL)
    recipients = [line for line in server.heard if line.upper().startswith("RCPT")]
    assert recipients == ["rcpt TO:<anne@fjordvig.example>"]
    content = message_from_string(server.heard[-2], policy=default)
    assert not {"cc", "bcc"} & {name.lower() for name in content}


def test_a_mailbox_that_does_not_exist_is_refused_for_good() -> None:
    with mailbox() as (pages, mailer):
        pages.post("/control/faults", json={"kind": "refuse", "recipient": MAIL.to})
        with pytest.raises(Refused, match="No such mailbox") as refused:
            mailer.send(MAIL)
        assert refused.value.code == 550
        assert pages.get("/control/mails").json() == []


def test_a_server_that_asks_to_come_back_has_not_got_the_mail_and_gets_it_later() -> None:
    with mailbox() as (pages, mailer):
        pages.post("/control/faults", json={"kind": "postpone", "times": 1})
        with pytest.raises(NotSent) as not_sent:
            mailer.send(MAIL)
        assert not_sent.value.code == 451
        assert isinstance(mailer.send(MAIL), Accepted)
        assert len(pages.get("/control/mails").json()) == 1


@pytest.mark.parametrize(("kind", "arrived"), [("drop-kept", 1), ("drop-lost", 0)])
def test_without_an_answer_to_the_content_the_outcome_is_unknown(kind: str, arrived: int) -> None:
    with mailbox() as (pages, mailer):
        pages.post("/control/faults", json={"kind": kind})
        with pytest.raises(OutcomeUnknown):
            mailer.send(MAIL)
        assert len(pages.get("/control/mails").json()) == arrived


def test_nobody_listening_means_not_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(NotSent, match="no session"):
        mailer_at(port).send(MAIL)


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ({"greeting": "554 go away"}, NotSent),
        ({"greeting": "421 busy"}, NotSent),
        ({"greeting": HANG_UP}, NotSent),
        ({"greeting": "not a mail server"}, NotSent),
        ({"EHLO": HANG_UP}, NotSent),
        ({"MAIL": "530 5.7.0 sign in first"}, NotSent),
        ({"MAIL": HANG_UP}, NotSent),
        ({"RCPT": "550 5.1.1 no such mailbox"}, Refused),
        ({"RCPT": "421 4.3.2 going down"}, NotSent),
        ({"RCPT": "\x00\x01 nonsense"}, NotSent),
        ({"DATA": "451 not now"}, NotSent),
        ({"DATA": "554 never"}, Refused),
        ({"DATA": HANG_UP}, NotSent),
        ({"content": "452 disk full"}, NotSent),
        ({"content": "554 5.7.1 looks like spam"}, Refused),
        ({"content": HANG_UP}, OutcomeUnknown),
        ({"content": "nonsense"}, OutcomeUnknown),
        ({"content": "2" * 10_000}, OutcomeUnknown),
        ({"content": "354 go on"}, OutcomeUnknown),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "-".join(value),
)
def test_every_answer_is_told_apart(answers: dict[str, str], error: type[MailError]) -> None:
    with scripted_server(**answers) as server, pytest.raises(MailError) as raised:
        mailer_at(server.port).send(MAIL)
    assert raised.type is error


@pytest.mark.parametrize(("step", "error"), [("RCPT", NotSent), ("content", OutcomeUnknown)])
def test_a_server_that_falls_silent_is_given_up(step: str, error: type[MailError]) -> None:
    with scripted_server(**{step: SILENCE}) as server, pytest.raises(error):
        mailer_at(server.port, timeout_seconds=0.2).send(MAIL)


def test_a_lost_goodbye_changes_nothing() -> None:
    with scripted_server(QUIT=HANG_UP) as server:
        assert mailer_at(server.port).send(MAIL).response == "250 kept"


def test_without_encryption_nothing_is_sent_where_it_is_required() -> None:
    with scripted_server() as server, pytest.raises(NotSent, match="STARTTLS"):
        mailer_at(server.port, starttls=True).send(MAIL)
    assert not [line for line in server.heard if line.upper().startswith("MAIL")]


@pytest.mark.parametrize(
    "wrong",
    [
        {"to": "anne@fjordvig.example, thief@evil.example"},
        {"to": "anne@fjordvig.example\r\nRCPT TO:<thief@evil.example>"},
        {"reply_to": "mette@strandgade.example\nBcc: thief@evil.example"},
        {"subject": "Hello\r\nBcc: thief@evil.example"},
        {"message_id": "<1@forfald.example>\r\nBcc: thief@evil.example"},
        {"message_id": "1"},
        {"text": "Pay at https://evil.example/pay"},
        {"text": "Pay at HTTPS://forfald.example@evil.example/pay"},
        {"text": "Pay at https://forfald.example.evil.example/"},
        {"text": "Pay at ftp://forfald.example/"},
        {"subject": "See http://evil.example"},
        {"html": '<a href="https://evil.example/">pay</a>'},
        {"html": "<a href='//evil.example/'>pay</a>"},
        {"html": '<a href="java&#115;cript:alert(1)">pay</a>'},
        {"html": '<img src="https://evil.example/seen.png">'},
        {"html": '<a href="https://[broken/">pay</a>'},
        {"html": "https://evil.example"},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_a_mail_that_must_not_leave_is_refused_before_anybody_is_called(
    wrong: dict[str, Any],
) -> None:
    nobody_listens_here = 1
    with pytest.raises(Refused) as refused:
        mailer_at(nobody_listens_here).send(replace(MAIL, **wrong))
    assert "evil" not in str(refused.value)


def test_a_mail_may_lead_to_each_of_our_hosts() -> None:
    local = replace(MAIL, text="http://127.0.0.1:8000/approvals/a/x https://forfald.example/y")
    with scripted_server() as server:
        hosts = frozenset({"forfald.example", "127.0.0.1:8000"})
        assert mailer_at(server.port, link_hosts=hosts).send(local)


def test_a_password_stands_in_no_representation() -> None:
    server = server_at(25, login=Login("forfald", "hunter2"))
    assert "hunter2" not in repr(server)
