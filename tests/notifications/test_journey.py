"""From others' events to mails in mailboxes, and back from mailboxes to events."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from shared.contracts.approvals import PaymentRejected
from shared.contracts.notifications import AddressFoundInvalid, DeliveryFailed, MessageSent
from shared.contracts.payments import PaymentFailed
from shared.contracts.tenants import RoleRevoked, UserDisabled
from shared.postgres import Server
from tests.notifications.outside import SITE, Town, asked, expired, reminded, town


@pytest.fixture
def here(postgres_server: Server) -> Iterator[Town]:
    with town(postgres_server) as here:
        yield here


class Killed(BaseException):
    """The process dies here."""


def kill_at(monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    """The next time the worker comes by this place; leases end at once, as after a while."""
    alive = True

    def crash_point(name: str) -> None:
        nonlocal alive
        if alive and name == place:
            alive = False
            raise Killed

    monkeypatch.setattr("shared.effects.worker.crash_point", crash_point)
    monkeypatch.setattr("shared.effects.lease.LEASE", timedelta(0))


@pytest.mark.capability("S21")
def test_an_approver_who_is_asked_gets_one_mail(here: Town) -> None:
    mette, anne = here.invite("mette", "bookkeeper"), here.invite("anne", "approver")
    request = asked([anne], by=mette, payments=6)
    here.happen(request)
    [mail] = here.mails()
    assert mail["recipient"] == "anne@fjordvig.example"
    assert mail["subject"] == "6 payments wait for your approval: Fjordvig Byg ApS"
    assert "Mette asks you to approve or reject 6 payments" in mail["text"]
    assert "Thursday 5 March 2026 at 10:30" in mail["text"]
    assert mail["links"] == [f"{SITE}/approvals/"]
    [sent] = here.published(MessageSent)
    assert (sent.recipient_id, sent.subject_id) == (anne, request.request_id)
    assert (sent.channel, sent.occasion) == ("mail", "approval_requested")


@pytest.mark.capability("S6")
def test_each_approvers_mail_leads_to_their_own_page(here: Town) -> None:
    mette, anne, bo = here.invite("mette"), here.invite("anne"), here.invite("bo")
    links = (here.seal(anne, "/approvals/a/annes"), here.seal(bo, "/approvals/a/bos"))
    here.happen(asked([anne, bo], by=mette, links=links))
    assert here.mails("anne")[0]["links"] == [f"{SITE}/approvals/a/annes"]
    assert here.mails("bo")[0]["links"] == [f"{SITE}/approvals/a/bos"]


def test_a_link_that_leads_out_of_the_approvals_is_not_mailed(here: Town) -> None:
    anne = here.invite("anne")
    for link in ("https://evil.example/", "//evil.example/", "/sign-out", "/approvals/\n"):
        here.happen(asked([anne], by=anne, links=(here.seal(anne, link),)))
    assert [mail["links"] for mail in here.mails()] == [[f"{SITE}/approvals/"]] * 4


def test_the_same_event_delivered_twice_is_one_mail(here: Town) -> None:
    anne = here.invite("anne")
    here.hear_twice(asked([anne], by=anne))
    assert len(here.mails()) == 1
    assert here.states() == [("sent", None)]


@pytest.mark.capability("F8")
def test_an_approver_who_is_silent_is_reminded_and_the_asker_told_when_it_is_too_late(
    here: Town,
) -> None:
    mette, anne = here.invite("mette"), here.invite("anne")
    request = asked([anne], by=mette, payments=2)
    here.happen(request)
    here.happen(reminded(request))
    here.happen(expired(request))
    assert "Mette asked you to approve or reject 2 payments" in here.mails("anne")[1]["text"]
    [mail] = here.mails("mette")
    assert mail["subject"] == "Approval expired for 2 payments: Fjordvig Byg ApS"
    assert mail["links"] == [f"{SITE}/payments/{here.client}/payables"]


@pytest.mark.capability("S26")
def test_whoever_asked_learns_who_said_no_and_where_the_reason_stands(here: Town) -> None:
    mette, anne = here.invite("mette"), here.invite("anne")
    payment = uuid4()
    here.happen(
        PaymentRejected(
            request_id=uuid4(), payment_id=payment, revision=1, rejected_by=anne, sought_by=mette
        )
    )
    [mail] = here.mails()
    assert mail["recipient"] == "mette@fjordvig.example"
    assert "Anne rejected 1 payment" in mail["text"]
    assert mail["links"] == [f"{SITE}/payments/{here.client}/payables/{payment}"]


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        ("da", "1 betaling venter på din godkendelse: Fjordvig Byg ApS"),
        ("sv", "1 betalning väntar på din attest: Fjordvig Byg ApS"),
        ("nb", "1 betaling venter på din godkjenning: Fjordvig Byg ApS"),
        ("fi", "1 maksu odottaa hyväksyntääsi: Fjordvig Byg ApS"),
        ("en", "1 payment waits for your approval: Fjordvig Byg ApS"),
        ("nn-NO", "1 betaling venter på din godkjenning: Fjordvig Byg ApS"),
        ("tlh", "1 payment waits for your approval: Fjordvig Byg ApS"),
    ],
)
def test_everybody_is_written_to_in_their_language(here: Town, language: str, subject: str) -> None:
    anne = here.invite("anne", language=language)
    here.happen(asked([anne], by=anne))
    assert [mail["subject"] for mail in here.mails()] == [subject]


def test_whoever_looks_after_payments_now_is_told_of_one_that_failed(here: Town) -> None:
    here.invite("mette", "bookkeeper", "operations")
    here.invite("otto", "operations")
    here.invite("anne", "approver")
    left = here.invite("lone", "bookkeeper")
    gone = here.invite("kaj", "bookkeeper")
    here.tell(RoleRevoked(user_id=left, client_id=here.client, role="bookkeeper"))
    here.happen(UserDisabled(user_id=gone, client_id=here.client))
    here.happen(PaymentFailed(payment_id=uuid4(), invoice_id=uuid4(), code="AC04"))
    told = sorted(mail["recipient"] for mail in here.mails())
    assert told == ["mette@fjordvig.example", "otto@fjordvig.example"]


def test_somebody_who_was_disabled_gets_nothing_even_if_the_mail_was_already_meant_for_them(
    here: Town,
) -> None:
    anne = here.invite("anne")
    here.fault("postpone", times=1)
    here.happen(asked([anne], by=anne))
    here.happen(UserDisabled(user_id=anne, client_id=here.client))
    here.world.clock.advance(hours=1)
    here.happen(asked([anne], by=anne))
    assert here.mails() == []
    assert here.states() == [("refused", "person_disabled")] * 2
    assert {failed.code for failed in here.published(DeliveryFailed)} == {"person_disabled"}


def test_a_mail_to_somebody_we_have_not_been_told_of_waits_until_we_are(here: Town) -> None:
    anne = uuid4()
    here.happen(asked([anne], by=anne))
    assert here.mails() == []
    here.invite("anne", person=anne)
    here.world.clock.advance(minutes=2)
    here.world.settle()
    assert len(here.mails("anne")) == 1


def test_somebody_whose_key_has_been_deleted_gets_nothing(here: Town) -> None:
    anne = here.invite("anne")
    here.world.vault.forget(here.client, anne)
    here.happen(asked([anne], by=anne))
    assert here.mails() == []
    assert here.states() == [("refused", "person_forgotten")]


def test_a_mail_server_that_is_busy_is_asked_again_later(here: Town) -> None:
    anne = here.invite("anne")
    here.fault("postpone", times=3)
    here.happen(asked([anne], by=anne))
    for minutes in (2, 4, 8):
        assert here.mails() == []
        here.world.clock.advance(minutes=minutes)
        here.world.settle()
    assert len(here.mails()) == 1


def test_a_mail_server_that_is_busy_for_most_of_a_day_is_given_up(here: Town) -> None:
    anne = here.invite("anne")
    here.fault("postpone")
    here.happen(asked([anne], by=anne))
    for _ in range(20):
        here.world.clock.advance(hours=1)
        here.world.settle()
    assert here.states() == [("refused", "smtp_451")]
    assert [failed.code for failed in here.published(DeliveryFailed)] == ["smtp_451"]
    assert here.published(AddressFoundInvalid) == []


def test_a_mail_with_an_unknown_outcome_goes_once_more_as_the_same_message(here: Town) -> None:
    anne = here.invite("anne")
    here.fault("drop-kept", times=1)
    here.happen(asked([anne], by=anne))
    assert here.states() == [("unknown", None)]
    here.world.clock.advance(minutes=15)
    here.world.settle()
    first, second = here.mails()
    assert first["message_id"] == second["message_id"]
    assert here.states() == [("sent", None)]
    assert len(here.published(MessageSent)) == 1


def test_a_mail_with_an_unknown_outcome_twice_is_not_sent_again_and_counts_as_failed(
    here: Town,
) -> None:
    anne = here.invite("anne")
    here.fault("drop-kept")
    here.happen(asked([anne], by=anne))
    for _ in range(8):
        here.world.clock.advance(hours=12)
        here.world.settle()
    assert len(here.mails()) == 2
    assert here.states() == [("unknown", None)]
    assert [failed.code for failed in here.published(DeliveryFailed)] == ["outcome_unknown"]


def test_a_process_that_died_between_sending_and_noting_it_sends_the_same_message_again(
    here: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    anne = here.invite("anne")
    here.tell(asked([anne], by=anne))
    kill_at(monkeypatch, "mail.send:after")
    with pytest.raises(Killed):
        here.world.settle()
    assert here.states() == [("intended", None)]
    here.world.settle()
    first, second = here.mails()
    assert first["message_id"] == second["message_id"]
    assert here.states() == [("sent", None)]


def test_a_process_that_died_before_sending_still_sends(
    here: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    anne = here.invite("anne")
    here.tell(asked([anne], by=anne))
    kill_at(monkeypatch, "mail.send:before")
    with pytest.raises(Killed):
        here.world.settle()
    here.world.settle()
    assert len(here.mails()) == 1


def test_a_mail_that_comes_back_fails_and_its_address_is_not_used_until_it_is_told_anew(
    here: Town,
) -> None:
    anne = here.invite("anne")
    here.fault("bounce", times=1, after_minutes=3)
    here.happen(asked([anne], by=anne))
    here.world.clock.advance(minutes=1)
    here.world.settle()
    assert here.states() == [("sent", None)]
    here.world.clock.advance(minutes=4)
    here.world.settle()
    assert here.states() == [("bounced", "5.1.1")]
    assert [failed.code for failed in here.published(DeliveryFailed)] == ["5.1.1"]
    assert [found.recipient_id for found in here.published(AddressFoundInvalid)] == [anne]
    here.happen(asked([anne], by=anne))
    assert here.states()[-1] == ("refused", "address_invalid")
    assert len(here.mails()) == 1
    here.invite("anne.holm", person=anne)
    here.happen(asked([anne], by=anne))
    assert len(here.mails("anne.holm")) == 1
    assert len(here.published(AddressFoundInvalid)) == 1


def test_an_address_that_the_mail_server_refuses_as_unknown_is_not_used_again(here: Town) -> None:
    anne = here.invite("anne")
    here.fault("refuse", times=1)
    here.happen(asked([anne], by=anne))
    here.happen(asked([anne], by=anne))
    assert sorted(here.states()) == [("refused", "5.1.1"), ("refused", "address_invalid")]
    assert [found.recipient_id for found in here.published(AddressFoundInvalid)] == [anne]


@pytest.mark.property_("P22")
def test_a_bomb_of_requests_is_five_mails_and_one_digest(here: Town) -> None:
    mette, anne, bo = here.invite("mette"), here.invite("anne"), here.invite("bo")
    requests = [asked([anne], by=mette, payments=2) for _ in range(20)]
    here.happen(*requests, asked([bo], by=mette))
    assert len(here.mails("anne")) == 5
    assert len(here.mails("bo")) == 1
    here.world.clock.advance(minutes=20)
    here.world.settle()
    *_, digest = here.mails("anne")
    assert len(here.mails("anne")) == 6
    assert digest["subject"] == "30 payments wait for your approval: Fjordvig Byg ApS"
    assert digest["links"] == [f"{SITE}/approvals/"]
    here.world.clock.advance(hours=3)
    here.world.settle()
    assert len(here.mails("anne")) == 6
    assert sorted(state for state, _ in here.states()) == ["joined"] * 15 + ["sent"] * 7


def test_payments_that_fail_together_are_one_mail_and_then_one_for_the_rest(here: Town) -> None:
    here.invite("mette", "bookkeeper")
    here.happen(
        *(
            PaymentFailed(payment_id=UUID(int=number), invoice_id=uuid4(), code="AC04")
            for number in range(1, 5)
        )
    )
    here.world.clock.advance(minutes=5)
    here.world.settle()
    assert [mail["subject"] for mail in here.mails()] == [
        "1 payment refused by the bank: Fjordvig Byg ApS",
        "3 payments refused by the bank: Fjordvig Byg ApS",
    ]
