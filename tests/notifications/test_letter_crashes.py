"""Killed at any place on its way, a letter is one letter: one document, one sending, on one channel."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from shared.contracts.dunning import ReminderIssued
from shared.contracts.notifications import DocumentRendered
from shared.postgres import Server
from tests.notifications.debtors import Debtor, mails_to
from tests.notifications.outside import Town, town

PLACES = (
    "letter.draw:before",
    "letter.draw:after",
    "letter.mail:before",
    "letter.mail:after",
)
POST_PLACES = (
    "letter.post:before",
    "GET /file-upload:after",
    "POST /organisations/o1/letters:before",
    "POST /organisations/o1/letters:after",
    "PATCH:before",
    "PATCH:after",
    "letter.post:after",
)


class Killed(BaseException):
    """The process dies here."""


@pytest.fixture(scope="module")
def here(postgres_server: Server) -> Iterator[Town]:
    with town(postgres_server) as found:
        yield found


def kill_at(monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    """The next time anybody comes by this place; leases end at once, as after a while."""
    alive = True
    method, _, end = place.partition(":")

    def crash_point(name: str) -> None:
        nonlocal alive
        met = name == place or (name.startswith(f"{method} ") and name.endswith(f":{end}"))
        if alive and met:
            alive = False
            raise Killed

    monkeypatch.setattr("shared.effects.worker.crash_point", crash_point)
    monkeypatch.setattr("shared.http.crash_point", crash_point)
    monkeypatch.setattr("shared.effects.lease.LEASE", timedelta(0))


def is_printed(here: Town, issued: ReminderIssued) -> None:
    here.happen(issued)
    here.looked_through()


def live_through(here: Town) -> None:
    """Begun anew, and a while later: long enough to ask for what nobody knows."""
    here.world.restart("notifications")
    for _ in range(3):
        here.world.settle()
        here.world.clock.advance(minutes=16)
    here.world.settle()


@pytest.mark.parametrize("place", PLACES)
def test_a_letter_by_mail_is_one_message_wherever_the_process_dies(
    here: Town, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    email = f"{place.replace(':', '.')}@aeroe.example"
    debtor = Debtor(here, email=email)
    issued = debtor.reminder()
    kill_at(monkeypatch, place)
    with pytest.raises(Killed):
        here.happen(issued)
    live_through(here)
    # A mail server cannot be asked: what may have left goes once more, recognisable as the same.
    assert len({str(mail["Message-ID"]) for mail in mails_to(here, email)}) == 1
    assert debtor.sent(issued.notice_id) == [("mail", 1)]
    assert (
        len([1 for o in here.published(DocumentRendered) if o.notice_id == issued.notice_id]) == 1
    )


@pytest.mark.parametrize("place", POST_PLACES)
def test_a_letter_by_post_is_printed_once_wherever_the_process_dies(
    here: Town, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    here.printer.delete("/control/letters")
    debtor = Debtor(here, address=True)
    issued = debtor.reminder()
    kill_at(monkeypatch, place)
    with pytest.raises(Killed):
        is_printed(here, issued)
    live_through(here)
    assert [one["status"] for one in here.printed()] == ["sent"]
    assert debtor.sent(issued.notice_id) == [("letter", 1)]
