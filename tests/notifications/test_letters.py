"""A letter is drawn, kept, and mailed to a debtor, once."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

import pytest

from shared.contracts.notifications import DocumentRendered
from shared.postgres import Server
from tests.notifications.debtors import Debtor, letter_in, mails_to, opened
from tests.notifications.outside import Town, town


@pytest.fixture(scope="module")
def here(postgres_server: Server) -> Iterator[Town]:
    with town(postgres_server) as found:
        yield found


@pytest.mark.capability("E2")
@pytest.mark.capability("E47")
@pytest.mark.capability("E13")
def test_a_reminder_is_drawn_kept_and_mailed_with_the_letter_attached(here: Town) -> None:
    debtor = Debtor(here, email="soren@aeroe.example")
    issued = debtor.reminder()
    here.happen(issued)
    [mail] = mails_to(here, "soren@aeroe.example")
    letter = letter_in(mail)
    [drawn] = [one for one in here.published(DocumentRendered) if one.notice_id == issued.notice_id]
    assert drawn.copy_of.sha256 == sha256(letter).hexdigest()
    assert opened(letter).Root.Lang == "da"
    assert debtor.sent(issued.notice_id) == [("mail", 1)]
