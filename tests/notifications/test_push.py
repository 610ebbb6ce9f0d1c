"""From an approver who is asked to a message on each of their devices, and what becomes of it."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest

from services.notifications.acts.devices import register
from services.notifications.model.device import subscription_of
from shared.contracts.notifications import DeliveryFailed, MessageSent, PushFailed, PushSent
from shared.contracts.payments import PaymentFailed
from shared.contracts.tenants import UserDisabled
from shared.postgres import Server
from simulators.push.device import Device
from tests.notifications.outside import SENDER, SITE, Town, asked, expired, reminded, town
from tests.notifications.test_journey import Killed, kill_at
from tests.notifications.test_web import LOG, post, report, site, someone


@pytest.fixture
def here(postgres_server: Server) -> Iterator[Town]:
    with town(postgres_server) as here:
        yield here


def titles(here: Town, device: Device) -> list[str]:
    return [one["read"]["notification"]["title"] for one in here.told(device)]


@pytest.mark.capability("S22")
def test_an_approver_who_is_asked_is_told_on_each_device_beside_the_mail(here: Town) -> None:
    mette, anne = here.invite("mette", "bookkeeper"), here.invite("anne", "approver", language="da")
    phone, desk = here.carries(anne), here.carries(anne)
    request = asked([anne], by=mette, payments=6)
    here.happen(request)
    [mail] = here.mails()
    for device in (phone, desk):
        [push] = here.told(device)
        shown = push["read"]["notification"]
        assert shown["title"] == mail["subject"]
        assert shown["title"] == "6 betalinger venter på din godkendelse: Fjordvig Byg ApS"
        assert shown["lang"] == "da"
        assert [shown["navigate"]] == mail["links"]
        assert (push["urgency"], push["sender"]) == ("normal", f"mailto:{SENDER}")
        assert push["topic"] == shown["tag"]
        # Until the answer would be too late, 73 hours on.
        assert push["ttl"] == 72 * 3600 + 50 * 60
    assert here.states_by("push") == [("sent", None)] * 2
    first, second = here.published(PushSent)
    assert first.device_id != second.device_id
    assert (first.recipient_id, first.subject_id) == (anne, request.request_id)
    assert len(here.published(MessageSent)) == 1


def test_the_log_shows_pushes_beside_mails_and_what_became_of_each(here: Town) -> None:
    anne = here.invite("anne")
    kept, gone = here.carries(anne), here.carries(anne)
    here.push_fault("gone", device=gone.name)
    here.happen(asked([anne], by=anne))
    headers = someone(here.client, "bookkeeper")
    lines = site(here).get(LOG.format(here.client), headers=headers).json()
    assert sorted((line["channel"], line["state"], line["code"]) for line in lines) == [
        ("mail", "sent", None), ("push", "refused", "device_gone"), ("push", "sent", None),
    ]  # fmt: skip
    page = site(here).get(f"/notifications/{here.client}/messages", headers=headers).text
    assert page.count("by push message") == 2
    assert page.count("by mail") == 1
    assert "The device takes no messages any more and is forgotten." in page
    assert kept.name not in page


def test_a_push_leads_to_the_page_and_carries_no_token_of_the_mail(here: Town) -> None:
    anne = here.invite("anne")
    device = here.carries(anne)
    here.happen(asked([anne], by=anne, links=(here.seal(anne, "/approvals/a/annes"),)))
    assert here.mails()[0]["links"] == [f"{SITE}/approvals/a/annes"]
    [push] = here.told(device)
    assert push["read"]["notification"]["navigate"] == f"{SITE}/approvals/"
    assert "annes" not in str(push)


def test_approvers_are_reminded_on_their_devices_and_others_read_mails(here: Town) -> None:
    mette, anne = here.invite("mette", "bookkeeper"), here.invite("anne")
    device, other = here.carries(anne), here.carries(mette)
    request = asked([anne], by=mette, payments=2)
    here.happen(request)
    here.happen(reminded(request))
    here.happen(expired(request))
    here.happen(PaymentFailed(payment_id=uuid4(), invoice_id=uuid4(), code="AC04"))
    assert [push["urgency"] for push in here.told(device)] == ["normal", "high"]
    assert titles(here, device)[1] == "2 payments still wait for your approval: Fjordvig Byg ApS"
    assert here.told(other) == []
    assert len(here.mails("mette")) == 2


def test_the_same_event_delivered_twice_is_one_push(here: Town) -> None:
    anne = here.invite("anne")
    device = here.carries(anne)
    here.hear_twice(asked([anne], by=anne))
    assert len(here.told(device)) == 1


@pytest.mark.property_("P22")
def test_a_bomb_of_requests_is_no_more_pushes_than_mails(here: Town) -> None:
    anne = here.invite("anne")
    device = here.carries(anne)
    here.happen(*(asked([anne], by=anne, payments=2) for _ in range(20)))
    assert len(here.told(device)) == len(here.mails()) == 5
    here.world.clock.advance(minutes=20)
    here.world.settle()
    assert len(here.told(device)) == len(here.mails()) == 6
    assert titles(here, device)[-1] == "30 payments wait for your approval: Fjordvig Byg ApS"


def test_somebody_who_was_disabled_is_told_nothing_and_their_devices_are_forgotten(
    here: Town,
) -> None:
    anne = here.invite("anne")
    device = here.carries(anne)
    here.push_fault("busy", times=1)
    here.happen(asked([anne], by=anne))
    here.happen(UserDisabled(user_id=anne, client_id=here.client))
    assert here.rows("select * from read.device") == []
    here.world.clock.advance(hours=1)
    here.happen(asked([anne], by=anne))
    assert here.told(device) == []
    assert here.states_by("push") == [("refused", "person_disabled")]
    here.invite("anne", person=anne)
    here.happen(asked([anne], by=anne))
    assert here.told(device) == []


def test_somebody_whose_key_has_been_deleted_is_told_nothing(here: Town) -> None:
    anne = here.invite("anne")
    device = here.carries(anne)
    here.world.vault.forget(here.client, anne)
    here.happen(asked([anne], by=anne))
    assert here.told(device) == []
    assert here.states_by("push") == [("refused", "person_forgotten")]


def test_a_device_that_is_gone_is_forgotten_and_the_others_are_told(here: Town) -> None:
    anne = here.invite("anne")
    gone, kept = here.carries(anne), here.carries(anne)
    here.push_fault("gone", device=gone.name, times=1)
    here.happen(asked([anne], by=anne))
    here.happen(asked([anne], by=anne))
    assert here.told(gone) == []
    assert len(here.told(kept)) == 2
    assert sorted(here.states_by("push")) == [
        ("refused", "device_gone"), ("sent", None), ("sent", None),
    ]  # fmt: skip
    assert [failed.code for failed in here.published(PushFailed)] == ["device_gone"]
    assert here.published(DeliveryFailed) == []


def test_a_push_service_that_is_busy_is_asked_again_when_it_says(here: Town) -> None:
    anne = here.invite("anne")
    device = here.carries(anne)
    here.push_fault("busy", times=1, retry_after=600)
    here.happen(asked([anne], by=anne))
    here.world.clock.advance(minutes=9)
    here.world.settle()
    assert here.told(device) == []
    here.world.clock.advance(minutes=1)
    here.world.settle()
    assert len(here.told(device)) == 1


def test_a_push_service_that_is_broken_for_most_of_a_day_is_given_up(here: Town) -> None:
    anne = here.invite("anne")
    here.carries(anne)
    here.push_fault("broken")
    here.happen(asked([anne], by=anne))
    for _ in range(20):
        here.world.clock.advance(hours=1)
        here.world.settle()
    [(state, code)] = here.states_by("push")
    assert state == "refused"
    assert code in {"push_500", "push_unreached"}  # left alone for a while after many a 500
    assert here.states() == [("sent", None)]


def test_a_push_that_is_refused_is_not_sent_again_and_the_device_is_kept(here: Town) -> None:
    anne = here.invite("anne")
    device = here.carries(anne)
    here.push_fault("forbidden", times=1)
    here.happen(asked([anne], by=anne))
    here.world.clock.advance(hours=12)
    here.world.settle()
    assert here.told(device) == []
    assert here.states_by("push") == [("refused", "push_403")]
    here.happen(asked([anne], by=anne))
    assert len(here.told(device)) == 1


def test_a_push_with_an_unknown_outcome_goes_once_more_under_the_same_topic(here: Town) -> None:
    anne = here.invite("anne")
    device = here.carries(anne)
    here.push_fault("lost-kept", times=1)
    here.happen(asked([anne], by=anne))
    assert here.states_by("push") == [("unknown", None)]
    here.world.clock.advance(minutes=15)
    here.world.settle()
    first, second = here.told(device)
    assert first["topic"] == second["topic"]
    assert first["body"] != second["body"]
    assert here.states_by("push") == [("sent", None)]
    assert len(here.published(PushSent)) == 1


def test_a_push_with_an_unknown_outcome_twice_is_not_sent_again_and_counts_as_failed(
    here: Town,
) -> None:
    anne = here.invite("anne")
    device = here.carries(anne)
    here.push_fault("lost-kept")
    here.happen(asked([anne], by=anne))
    for _ in range(8):
        here.world.clock.advance(hours=12)
        here.world.settle()
    assert len(here.told(device)) == 2
    assert here.states_by("push") == [("unknown", None)]
    assert [failed.code for failed in here.published(PushFailed)] == ["outcome_unknown"]


def test_a_process_that_died_between_sending_and_noting_it_sends_the_same_push_again(
    here: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    anne = here.invite("anne")
    device = here.carries(anne)
    here.tell(asked([anne], by=anne))
    kill_at(monkeypatch, "push.send:after")
    with pytest.raises(Killed):
        here.world.settle()
    here.world.settle()
    first, second = here.told(device)
    assert first["topic"] == second["topic"]
    assert here.states_by("push") == [("sent", None)]


def test_a_mail_servers_report_says_nothing_about_a_push(here: Town) -> None:
    anne = here.invite("anne")
    here.carries(anne)
    here.happen(asked([anne], by=anne))
    [sent] = here.published(PushSent)
    assert post(here, report(sent.delivery_id)) == 202
    assert here.states_by("push") == here.states() == [("sent", None)]
    assert here.published(PushFailed) == []


def test_a_push_service_that_is_not_named_any_more_is_not_called(here: Town) -> None:
    anne = here.invite("anne")
    device = Device("http://127.0.0.1:9")
    given = device.subscription()
    found = subscription_of(
        given["endpoint"], given["keys"]["p256dh"], given["keys"]["auth"], [device.service]
    )
    here.world.work(
        "notifications", here.client, lambda work: register(work, here.world.vault, anne, found)
    )
    here.happen(asked([anne], by=anne))
    assert here.states_by("push") == [("refused", "push_service_unknown")]
