"""The mail server of the outside world, and the pages that show what it got."""

from __future__ import annotations

import re
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import httpx
import pytest

from services.notifications.gateways.bounces import Bounce, parse_bounce
from shared.clock import SettableClock
from simulators.mailbox.app import create
from tests.simulators.serving import serving

MONDAY = datetime(2026, 3, 2, 8, 40, tzinfo=UTC)
ANNE, BO = "anne@fjordvig.example", "bo@havbris.example"
PLATFORM = "bounces@mail.forfald.example"


@dataclass
class Mailbox:
    pages: httpx.Client
    smtp_port: int
    clock: SettableClock

    def send(self, to: str = ANNE, subject: str = "Hello", html: str | None = None) -> None:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = PLATFORM, to, subject
        mail["Message-ID"] = f"<{subject.encode().hex()}@mail.forfald.example>"
        mail.set_content("See http://127.0.0.1:8000/payments/1 or leave it.\n")
        if html is not None:
            mail.add_alternative(html, subtype="html")
        with smtplib.SMTP("127.0.0.1", self.smtp_port, "sender.example", timeout=5) as smtp:
            smtp.sendmail(PLATFORM, [to], mail.as_bytes())

    def fault(self, **fault: object) -> None:
        assert self.pages.post("/control/faults", json=fault).status_code == 201

    def subjects(self, to: str | None = None) -> list[str]:
        answer = self.pages.get("/control/mails", params={"to": to} if to else {})
        return [mail["subject"] for mail in answer.json()]


@contextmanager
def running(state_file: Path | None = None) -> Iterator[Mailbox]:
    clock = SettableClock(MONDAY)
    app = create(clock, smtp_port=0, state_file=state_file)
    with serving(app) as pages:
        yield Mailbox(pages, app.state.smtp_port, clock)


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with running() as mailbox:
        yield mailbox


def test_mails_are_listed_newest_first_for_all_readers_and_for_one(mailbox: Mailbox) -> None:
    mailbox.send(ANNE, "first")
    mailbox.send(BO, "second")
    mailbox.send(ANNE, "third")
    assert mailbox.subjects() == ["third", "second", "first"]
    assert mailbox.subjects(to=ANNE) == ["third", "first"]
    page = mailbox.pages.get("/", params={"to": ANNE}).text
    assert re.findall(r'class="subject"[^>]*>([^<]*)<', page) == ["third", "first"]


def test_an_empty_mailbox_says_what_will_appear(mailbox: Mailbox) -> None:
    assert "It appears here as soon as" in mailbox.pages.get("/").text


@pytest.mark.capability("S21")
def test_one_mail_shows_its_text_its_html_apart_and_where_it_leads(mailbox: Mailbox) -> None:
    mailbox.send(html='<p>Open <a href="https://forfald.example/a">it</a></p>')
    page = mailbox.pages.get("/mails/1").text
    assert "or leave it." in page
    assert 'src="/mails/1/html"' in page
    assert 'href="https://forfald.example/a"' in page
    assert 'href="http://127.0.0.1:8000/payments/1"' in page
    assert '<base target="_blank"><p>Open' in mailbox.pages.get("/mails/1/html").text


def test_a_mail_says_nothing_to_the_page_around_it(mailbox: Mailbox) -> None:
    mailbox.send(
        subject="<script>subject()</script>",
        html='<script>body()</script><a href="javascript:link()">x</a>',
    )
    for path in ("/", "/mails/1"):
        page = mailbox.pages.get(path)
        assert "<script" not in page.text
        assert "javascript:" not in page.text
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        assert "script-src" not in page.headers["Content-Security-Policy"]
        assert page.headers["Referrer-Policy"] == "no-referrer"
    part = mailbox.pages.get("/mails/1/html").headers["Content-Security-Policy"]
    assert part.startswith("sandbox ")
    assert "default-src 'none'" in part
    assert "allow-scripts" not in part
    assert "allow-same-origin" not in part


def test_what_is_not_there_is_said_to_be_missing(mailbox: Mailbox) -> None:
    for path in ("/mails/1", "/mails/1/html", "/mails/1/raw"):
        answer = mailbox.pages.get(path)
        assert answer.status_code == 404
        assert answer.json() == {"detail": "there is no mail 1"}


def test_a_page_elsewhere_that_points_its_name_here_gets_nothing(mailbox: Mailbox) -> None:
    mailbox.send()
    answer = mailbox.pages.get("/control/mails", headers={"Host": "evil.example"})
    assert answer.status_code == 400


def test_a_fault_meets_its_recipient_as_often_as_it_says(mailbox: Mailbox) -> None:
    mailbox.fault(kind="refuse", recipient=ANNE, times=2)
    mailbox.send(BO, "to Bo")
    for _ in range(2):
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            mailbox.send(ANNE)
    assert mailbox.pages.get("/control/faults").json() == []
    mailbox.send(ANNE, "to Anne")
    assert mailbox.subjects() == ["to Anne", "to Bo"]


def test_faults_can_be_taken_back(mailbox: Mailbox) -> None:
    mailbox.fault(kind="postpone")
    assert mailbox.pages.delete("/control/faults").status_code == 204
    mailbox.send()
    assert mailbox.subjects() == ["Hello"]


@pytest.mark.parametrize(
    "fault", [{}, {"kind": "sing"}, {"kind": "refuse", "times": 0}, {"kind": "refuse", "x": 1}]
)
def test_a_fault_that_makes_no_sense_is_refused(mailbox: Mailbox, fault: dict[str, object]) -> None:
    assert mailbox.pages.post("/control/faults", json=fault).status_code == 422
    assert mailbox.pages.get("/control/faults").json() == []


def test_a_mail_that_bounces_is_reported_to_its_sender_when_the_time_has_come(
    mailbox: Mailbox,
) -> None:
    mailbox.fault(kind="bounce", recipient=ANNE, times=1, after_minutes=5)
    mailbox.send(ANNE, "Hello")
    mailbox.clock.advance(minutes=4)
    assert mailbox.subjects(to=PLATFORM) == []
    mailbox.clock.advance(minutes=1)
    assert mailbox.subjects(to=PLATFORM) == ["Undelivered Mail Returned to Sender"]
    bounce = parse_bounce(mailbox.pages.get("/mails/2/raw").content)
    assert isinstance(bounce, Bounce)
    assert bounce.message_id == "<48656c6c6f@mail.forfald.example>"
    assert bounce.recipient == ANNE
    assert bounce.status == "5.1.1"
    assert bounce.final
    assert "no such mailbox" in mailbox.pages.get("/mails/2").text


def test_a_state_file_brings_mails_faults_and_bounces_back(tmp_path: Path) -> None:
    file = tmp_path / "mailbox.json"
    with running(file) as mailbox:
        mailbox.fault(kind="bounce", times=1)
        mailbox.send(ANNE, "før")
        mailbox.fault(kind="refuse", recipient=BO)
        raw = mailbox.pages.get("/mails/1/raw").content
    with running(file) as mailbox:
        assert mailbox.pages.get("/mails/1/raw").content == raw
        assert len(mailbox.pages.get("/control/faults").json()) == 1
        assert mailbox.subjects() == ["Undelivered Mail Returned to Sender", "før"]
        mailbox.send(ANNE, "efter")
        assert mailbox.subjects()[0] == "efter"
    assert list(tmp_path.iterdir()) == [file]


def test_a_state_file_that_holds_something_else_is_named(tmp_path: Path) -> None:
    file = tmp_path / "mailbox.json"
    file.write_text('{"mails": [1]}')
    with pytest.raises(ValueError, match=r"mailbox\.json does not hold the mailbox's state"):
        create(SettableClock(MONDAY), state_file=file)


def test_emptied_mailboxes_are_empty_and_numbers_go_on(mailbox: Mailbox) -> None:
    mailbox.send()
    assert mailbox.pages.delete("/control/mails").status_code == 204
    assert mailbox.subjects() == []
    mailbox.send()
    assert mailbox.pages.get("/control/mails").json()[0]["number"] == 2


def test_a_mail_of_bytes_that_nobody_can_read_is_still_shown(mailbox: Mailbox) -> None:
    raw = (
        b"Subject: =?x-none?B?!!?=\r\nMessage-ID: <.@\r\nFrom: <\xff\r\n"
        b"Content-Type: text/plain; charset=x-none\r\n\r\nleft: \xff\xfe\r\n"
    )
    with smtplib.SMTP("127.0.0.1", mailbox.smtp_port, "sender.example", timeout=5) as smtp:
        smtp.sendmail(PLATFORM, [ANNE], raw)
    assert mailbox.pages.get("/").status_code == 200
    assert "left: " in mailbox.pages.get("/mails/1").text
    assert mailbox.pages.get("/control/mails").json()[0]["message_id"] == "<.@"
