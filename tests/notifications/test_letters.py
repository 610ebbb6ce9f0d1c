"""A letter to a debtor goes by the first channel that may carry it, and by each channel once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256

import pytest

from services.notifications.gateways.typesetting import typeset
from services.notifications.model.texts import Language
from services.notifications.values import LetterKind
from shared.contracts.notifications import (
    ChannelsResolved,
    DocumentRendered,
    NoticeOutcomeUnknown,
    NoticeWithheld,
)
from shared.contracts.values import Copy, Fault
from shared.money import Money
from shared.postgres import Server
from tests.notifications.debtors import FIK, Debtor, kept_by_sync, letter_in, mails_to, opened
from tests.notifications.letters import document_of
from tests.notifications.outside import Town, town


@pytest.fixture(scope="module")
def here(postgres_server: Server) -> Iterator[Town]:
    with town(postgres_server) as found:
        yield found


def reach(town: Town, debtor: Debtor) -> ChannelsResolved:
    """As last told."""
    found: ChannelsResolved = [
        one for one in town.published(ChannelsResolved) if one.debtor_id == debtor.id
    ][-1]
    return found


def printed_for(town: Town, notice_id: object) -> list[str]:
    """The states of this letter's printed deliveries, told by their documents."""
    drawn = [one for one in town.published(DocumentRendered) if one.notice_id == notice_id]
    names = {f"{one.document_id}.pdf" for one in drawn}
    return [one["status"] for one in town.printed() if one["name"] in names]


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
    assert drawn.template_version == "2026.1/charged/da/0"
    assert opened(letter).Root.Lang == "da"
    assert debtor.sent(issued.notice_id) == [("mail", 1)]


def test_a_mail_to_a_debtor_names_the_creditor_and_no_debt_in_its_subject(here: Town) -> None:
    debtor = Debtor(here, email="subject@aeroe.example")
    here.happen(debtor.warning(), debtor.statement())
    subjects = [str(mail["Subject"]) for mail in mails_to(here, "subject@aeroe.example")]
    assert subjects == ["Vigtigt brev fra Fjordvig Byg ApS", "Kontoudtog fra Fjordvig Byg ApS"]


def test_a_letter_told_twice_is_one_letter(here: Town) -> None:
    debtor = Debtor(here, email="twice@aeroe.example")
    issued = debtor.reminder()
    here.hear_twice(issued)
    assert len(mails_to(here, "twice@aeroe.example")) == 1
    assert debtor.sent(issued.notice_id) == [("mail", 1)]


@pytest.mark.capability("E48")
def test_a_debtor_without_a_mail_address_gets_the_letter_by_post(here: Town) -> None:
    debtor = Debtor(here, address=True)
    issued = debtor.reminder()
    here.happen(issued)
    assert printed_for(here, issued.notice_id) == ["validating"]
    here.looked_through()
    assert printed_for(here, issued.notice_id) == ["sent"]
    assert debtor.sent(issued.notice_id) == [("letter", 1)]


def test_a_letter_that_the_print_partner_finds_unfit_has_not_left(here: Town) -> None:
    debtor = Debtor(here, address=True)
    here.print_fault("unfit", times=1)
    issued = debtor.reminder()
    here.happen(issued)
    here.looked_through()
    assert printed_for(here, issued.notice_id) == ["action_required"]
    assert debtor.failed(issued.notice_id) == [("post_refused", False)]


@pytest.mark.capability("E35")
@pytest.mark.capability("E36")
def test_what_is_wrong_with_an_address_is_told_and_its_channel_not_used(here: Town) -> None:
    wrong = Fault("malformed", "email")
    debtor = Debtor(here, email="not one", address=True, faults=(wrong,))
    told = reach(here, debtor)
    assert (told.channels, told.faults) == (("letter",), (wrong,))
    debtor.told(email="soren@aeroe.example", address=True)
    assert reach(here, debtor).channels == ("mail", "letter")


def test_a_letter_that_no_channel_can_carry_fails_at_once(here: Town) -> None:
    debtor = Debtor(here)
    issued = debtor.reminder()
    here.happen(issued)
    assert debtor.failed(issued.notice_id) == [("no_channel", False)]


@pytest.mark.capability("E36")
@pytest.mark.capability("E47")
def test_a_mail_that_comes_back_goes_by_post_as_the_same_letter_delivered_once_more(
    here: Town,
) -> None:
    debtor = Debtor(here, email="gone@aeroe.example", address=True)
    here.fault("bounce", recipient="gone@aeroe.example", after_minutes=1)
    issued = debtor.reminder()
    here.happen(issued)
    here.world.clock.advance(minutes=2)
    here.world.settle()
    here.looked_through()
    assert debtor.sent(issued.notice_id) == [("mail", 1), ("letter", 2)]
    told = reach(here, debtor)
    assert told.channels == ("letter",)
    assert [fault.field for fault in told.faults] == ["email"]


@pytest.mark.capability("E48")
def test_a_printed_letter_that_comes_back_after_days_fails_having_been_sent(here: Town) -> None:
    debtor = Debtor(here, address=True)
    here.print_fault("undeliverable", after_days=4, times=1)
    issued = debtor.reminder()
    here.happen(issued)
    here.looked_through()
    for _ in range(6):
        here.world.clock.advance(days=1)
        here.world.settle()
    assert debtor.failed(issued.notice_id) == [("undeliverable", True)]
    assert reach(here, debtor).channels == ()


def test_a_letter_is_not_sent_after_its_last_day(here: Town) -> None:
    debtor = Debtor(here, email="late@aeroe.example", address=True)
    yesterday = debtor.today - timedelta(days=1)
    issued = debtor.reminder(valid_through_on=yesterday)
    here.happen(issued)
    assert mails_to(here, "late@aeroe.example") == []
    assert debtor.failed(issued.notice_id) == [("stale", False)]


def test_a_letter_that_may_have_left_on_its_last_day_is_not_said_to_have_stayed(here: Town) -> None:
    debtor = Debtor(here, email="silent@aeroe.example", address=True)
    here.fault("drop-kept", recipient="silent@aeroe.example", times=1)
    issued = debtor.reminder()
    here.happen(issued)
    here.world.clock.advance(days=1)
    here.world.settle()
    assert len(mails_to(here, "silent@aeroe.example")) == 1
    assert (debtor.sent(issued.notice_id), debtor.failed(issued.notice_id)) == ([], [])
    (unknown,) = here.published(NoticeOutcomeUnknown)
    assert (unknown.notice_id, unknown.channel, unknown.delivery) == (issued.notice_id, "mail", 1)
    assert printed_for(here, issued.notice_id) == []


def test_a_letter_that_may_have_left_and_is_then_refused_is_not_said_to_have_stayed(
    here: Town,
) -> None:
    debtor = Debtor(here, email="moved@aeroe.example", address=True)
    here.fault("drop-kept", recipient="moved@aeroe.example", times=1)
    issued = debtor.reminder()
    here.happen(issued)
    here.fault("refuse", recipient="moved@aeroe.example", times=1)
    here.world.clock.advance(minutes=16)
    here.world.settle()
    assert len(mails_to(here, "moved@aeroe.example")) == 1
    assert (debtor.sent(issued.notice_id), debtor.failed(issued.notice_id)) == ([], [])
    assert printed_for(here, issued.notice_id) == []


def test_a_letter_that_may_have_left_and_is_then_called_back_is_not_repeated(here: Town) -> None:
    debtor = Debtor(here, email="unsure@aeroe.example", address=True)
    here.fault("drop-kept", recipient="unsure@aeroe.example", times=1)
    issued = debtor.reminder()
    here.happen(issued)
    here.happen(debtor.recalls(issued.notice_id))
    here.world.clock.advance(hours=2)
    here.world.settle()
    assert len(mails_to(here, "unsure@aeroe.example")) == 1
    assert issued.notice_id not in [one.notice_id for one in here.published(NoticeWithheld)]


@pytest.mark.parametrize("fault", ["lost-created", "broken"])
def test_a_letter_called_back_while_the_print_partner_does_not_answer_is_never_printed(
    here: Town, fault: str
) -> None:
    debtor = Debtor(here, address=True)
    here.print_fault(fault, times=1)
    issued = debtor.reminder()
    here.happen(issued)
    here.happen(debtor.recalls(issued.notice_id))
    for _ in range(4):
        here.world.clock.advance(minutes=31)
        here.world.settle()
    assert "sent" not in printed_for(here, issued.notice_id)
    assert issued.notice_id in [one.notice_id for one in here.published(NoticeWithheld)]


def test_a_letter_that_is_called_back_before_it_leaves_is_withheld(here: Town) -> None:
    debtor = Debtor(here, email="recall@aeroe.example")
    issued = debtor.reminder()
    here.happen(issued, debtor.recalls(issued.notice_id))
    assert mails_to(here, "recall@aeroe.example") == []
    withheld = [one.notice_id for one in here.published(NoticeWithheld)]
    assert issued.notice_id in withheld
    assert debtor.sent(issued.notice_id) == []


def test_a_letter_that_is_called_back_after_it_left_was_sent_and_goes_by_no_other_channel(
    here: Town,
) -> None:
    debtor = Debtor(here, email="toolate@aeroe.example", address=True)
    here.fault("bounce", recipient="toolate@aeroe.example", after_minutes=1)
    issued = debtor.reminder()
    here.happen(issued)
    here.happen(debtor.recalls(issued.notice_id))
    here.world.clock.advance(minutes=2)
    here.world.settle()
    assert debtor.sent(issued.notice_id) == [("mail", 1)]
    assert printed_for(here, issued.notice_id) == []


def test_a_letter_called_back_while_the_mail_server_is_busy_is_withheld(here: Town) -> None:
    debtor = Debtor(here, email="busy@aeroe.example", address=True)
    here.fault("postpone", recipient="busy@aeroe.example", times=1)
    issued = debtor.reminder()
    here.happen(issued)
    assert debtor.sent(issued.notice_id) == []
    here.happen(debtor.recalls(issued.notice_id))
    here.world.clock.advance(minutes=30)
    here.world.settle()
    assert debtor.sent(issued.notice_id) == []
    assert issued.notice_id in [one.notice_id for one in here.published(NoticeWithheld)]


@pytest.mark.capability("E101")
@pytest.mark.capability("E99")
def test_a_letter_in_a_foreign_currency_goes_by_mail_or_not_at_all(here: Town) -> None:
    debtor = Debtor(here, address=True)
    euros = Money(0, "EUR")
    issued = debtor.reminder(
        language="en", currency="EUR", channels=("mail",), lines=(), charges=(), total=euros
    )
    here.happen(issued)
    assert debtor.failed(issued.notice_id) == [("no_channel", False)]
    assert printed_for(here, issued.notice_id) == []


INVOICE = typeset(document_of(LetterKind.STATEMENT, Language.DANISH), b"").content


@pytest.mark.capability("E52")
def test_an_invoice_copy_travels_inside_the_mailed_letter_and_behind_the_printed_one(
    here: Town,
) -> None:
    copy = kept_by_sync(here, INVOICE)
    mailed, printed = Debtor(here, email="copy@aeroe.example"), Debtor(here, address=True)
    by_mail, by_post = mailed.reminder(copy_of=copy), printed.reminder(copy_of=copy)
    here.happen(by_mail, by_post)
    [mail] = mails_to(here, "copy@aeroe.example")
    with opened(letter_in(mail)) as letter:
        assert letter.attachments["invoice-1.pdf"].get_file().read_bytes() == INVOICE
    pages = {one.notice_id: one.pages for one in here.published(DocumentRendered)}
    assert (pages[by_mail.notice_id], pages[by_post.notice_id]) == (1, 2)


def test_a_letter_goes_without_a_copy_that_is_not_there_or_cannot_be_read(here: Town) -> None:
    gone, damaged = Copy("0" * 64, "application/pdf", 1), kept_by_sync(here, b"%PDF-broken")
    debtor = Debtor(here, address=True)
    letters = [debtor.reminder(copy_of=one) for one in (gone, damaged)]
    here.happen(*letters)
    here.looked_through()
    assert [debtor.sent(one.notice_id) for one in letters] == [[("letter", 1)]] * 2


@pytest.mark.parametrize("fault", ["lost-created", "lost-sent"])
def test_an_answer_of_the_print_partner_that_never_came_is_asked_after_and_one_letter_printed(
    here: Town, fault: str
) -> None:
    debtor = Debtor(here, address=True)
    here.print_fault(fault, times=1)
    today = debtor.today
    issued = debtor.reminder(valid_through_on=today)
    here.happen(issued)
    assert debtor.sent(issued.notice_id) == []
    here.world.clock.advance(minutes=31)
    here.world.settle()
    here.world.clock.advance(minutes=31)
    here.world.settle()
    assert printed_for(here, issued.notice_id) == ["sent"]
    assert debtor.sent(issued.notice_id) == [("letter", 1)]


def test_no_debtors_name_or_address_stands_in_clear_but_in_the_letter_itself(here: Town) -> None:
    here.happen(Debtor(here, email="clear@aeroe.example", address=True).reminder())
    for table, column in (
        ("event", "body"),
        ("outbox", "body"),
        ("effect", "body"),
        ("read.debtor", "contact"),
    ):
        rows = [bytes(value) for (value,) in here.rows(f"select {column} from {table}")]
        assert rows
        for secret in ("Kjærgaard", "clear@aeroe.example", "Strandvejen", FIK.account):
            assert not [one for one in rows if secret.encode() in one], (table, secret)
