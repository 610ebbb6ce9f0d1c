"""The rules of one message on its way to one person."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import msgspec
import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from services.notifications.commands import (
    DeliveryCommand,
    IntendDelivery,
    IntendPush,
    JoinDigest,
    NoteArrived,
    NoteBounced,
    NoteOutcomeLost,
    NoteRefused,
    NoteSent,
    RepeatDelivery,
)
from services.notifications.events import (
    DeliveryArrived,
    DeliveryBounced,
    DeliveryEvent,
    DeliveryGathered,
    DeliveryIntended,
    DeliveryJoined,
    DeliveryRefused,
    DeliveryRepeated,
    DeliverySent,
    OutcomeLost,
)
from services.notifications.model.delivery import DELIVERY, delivery_id, push_id
from services.notifications.model.following import FIRST_ASK, next_ask
from services.notifications.model.notices import LIST_OF_APPROVALS, path_of
from services.notifications.model.pace import digest
from services.notifications.model.status import address_is_gone
from services.notifications.values import Notice, OccasionName
from shared.sealed import Sealed
from shared.testing.spec import given

AT = datetime(2026, 3, 2, 8, 40, tzinfo=UTC)
ANNE, METTE = UUID(int=1), UUID(int=2)
EMAIL = Sealed(ANNE, "c2VhbGVk")
ASKED = Notice(
    recipient_id=ANNE,
    occasion=OccasionName.APPROVAL_REQUESTED,
    subject_id=UUID(int=3),
    payments=(UUID(int=4),),
    person_id=METTE,
    at=AT,
    link=EMAIL,
)
INTEND = IntendDelivery(ASKED, mails_lately=0, at=AT)
PHONE = UUID(int=5)
PUSH, PUSH_INTENDED = IntendPush(ASKED, PHONE), DeliveryIntended(ASKED, PHONE)
INTENDED, SENT = DeliveryIntended(ASKED), DeliverySent(EMAIL, AT)
UNKNOWN, LOST = OutcomeLost(final=False), OutcomeLost(final=True)
GATHERED = DeliveryGathered(ASKED, datetime(2026, 3, 2, 9, tzinfo=UTC))


def test_a_delivery_is_intended_once() -> None:
    given(DELIVERY).when(INTEND).then(INTENDED)
    given(DELIVERY, INTENDED).when(INTEND).then_nothing()


def test_the_same_event_and_reader_are_the_same_delivery() -> None:
    event = uuid4()
    assert delivery_id(event, ANNE) == delivery_id(event, ANNE)
    assert len({delivery_id(event, ANNE), delivery_id(event, METTE), delivery_id(ANNE, event)}) == 3


def test_a_push_is_intended_once_and_sent_without_an_address() -> None:
    sent = DeliverySent(None, AT)
    given(DELIVERY).when(PUSH).then(PUSH_INTENDED)
    given(DELIVERY, PUSH_INTENDED).when(PUSH).then_nothing()
    given(DELIVERY, PUSH_INTENDED).when(NoteSent(None, AT)).then(sent)
    given(DELIVERY, PUSH_INTENDED, sent).when(NoteSent(None, AT)).then_nothing()


def test_each_device_has_a_push_of_its_own_beside_a_mail() -> None:
    mail = uuid4()
    assert push_id(mail, PHONE) == push_id(mail, PHONE)
    assert len({mail, push_id(mail, PHONE), push_id(mail, ANNE), push_id(ANNE, PHONE)}) == 4


def test_the_sixth_request_within_an_hour_waits_for_its_end() -> None:
    given(DELIVERY).when(replace(INTEND, mails_lately=4)).then(INTENDED)
    given(DELIVERY).when(replace(INTEND, mails_lately=5)).then(GATHERED)


def test_the_second_piece_of_news_within_a_quarter_waits_for_its_end() -> None:
    failed = msgspec.structs.replace(ASKED, occasion=OccasionName.PAYMENTS_FAILED)
    until = datetime(2026, 3, 2, 8, 45, tzinfo=UTC)
    given(DELIVERY).when(IntendDelivery(failed, 1, AT)).then(DeliveryGathered(failed, until))


def test_what_was_held_back_joins_one_digest() -> None:
    digest_id = uuid4()
    joined = DeliveryJoined(digest_id)
    given(DELIVERY, GATHERED).when(JoinDigest(digest_id)).then(joined)
    given(DELIVERY, GATHERED, joined).when(JoinDigest(uuid4())).then_nothing()
    given(DELIVERY, INTENDED).when(JoinDigest(digest_id)).then_nothing()


def test_an_accepted_mail_is_sent_once() -> None:
    given(DELIVERY, INTENDED).when(NoteSent(EMAIL, AT)).then(SENT)
    given(DELIVERY, INTENDED, SENT).when(NoteSent(EMAIL, AT)).then_nothing()


def test_a_mail_without_an_answer_goes_once_more_and_then_no_more() -> None:
    given(DELIVERY, INTENDED).when(NoteOutcomeLost(final=False)).then(UNKNOWN)
    given(DELIVERY, INTENDED, UNKNOWN).when(RepeatDelivery()).then(DeliveryRepeated())
    twice = (INTENDED, UNKNOWN, DeliveryRepeated())
    given(DELIVERY, *twice).when(NoteOutcomeLost(final=True)).then(LOST)
    given(DELIVERY, *twice, LOST).when(RepeatDelivery()).then_nothing()


def test_an_unknown_outcome_is_told_once_and_once_more_when_it_is_final() -> None:
    given(DELIVERY, INTENDED, UNKNOWN).when(NoteOutcomeLost(final=False)).then_nothing()
    given(DELIVERY, INTENDED, UNKNOWN).when(NoteOutcomeLost(final=True)).then(LOST)


def test_a_refused_mail_stays_refused() -> None:
    refused = DeliveryRefused("smtp_554")
    given(DELIVERY, INTENDED).when(NoteRefused("smtp_554")).then(refused)
    for command in (NoteSent(EMAIL, AT), NoteBounced("5.1.1"), NoteArrived(), RepeatDelivery()):
        given(DELIVERY, INTENDED, refused).when(command).then_nothing()


def test_a_report_may_be_quicker_than_our_own_note() -> None:
    bounced = DeliveryBounced("5.1.1")
    given(DELIVERY, INTENDED).when(NoteBounced("5.1.1")).then(bounced)
    given(DELIVERY, INTENDED, bounced).when(NoteSent(EMAIL, AT)).then_nothing()


def test_a_mail_that_arrived_may_still_come_back_and_not_the_other_way_round() -> None:
    arrived, bounced = DeliveryArrived(), DeliveryBounced("5.2.2")
    given(DELIVERY, INTENDED, SENT).when(NoteArrived()).then(arrived)
    given(DELIVERY, INTENDED, SENT, arrived).when(NoteBounced("5.2.2")).then(bounced)
    given(DELIVERY, INTENDED, SENT, bounced).when(NoteArrived()).then_nothing()


def test_nothing_happens_to_a_delivery_that_there_is_not() -> None:
    for command in (NoteSent(EMAIL, AT), NoteBounced("5.1.1"), RepeatDelivery(), NoteArrived()):
        given(DELIVERY).when(command).then_nothing()


COMMANDS: tuple[DeliveryCommand, ...] = (
    INTEND,
    PUSH,
    NoteSent(EMAIL, AT),
    NoteRefused("smtp_554"),
    NoteOutcomeLost(final=False),
    NoteOutcomeLost(final=True),
    RepeatDelivery(),
    NoteArrived(),
    NoteBounced("5.1.1"),
    JoinDigest(ANNE),
)


@for_all(st.lists(st.sampled_from(COMMANDS), max_size=12))
def test_whatever_is_asked_a_message_goes_out_at_most_twice_and_is_told_as_sent_once(
    asked: list[DeliveryCommand],
) -> None:
    history: list[DeliveryEvent] = []
    for command in asked:
        history += DELIVERY.decide(command, DELIVERY.fold(history))
    sendings = sum(isinstance(event, DeliveryIntended | DeliveryRepeated) for event in history)
    assert sendings <= 2
    assert sum(isinstance(event, DeliverySent) for event in history) <= 1


def test_a_digest_of_one_is_that_one_with_its_link() -> None:
    assert digest(uuid4(), [ASKED]) == ASKED


def test_a_digest_counts_each_payment_once_and_answers_by_the_earliest() -> None:
    later = msgspec.structs.replace(
        ASKED, payments=(UUID(int=4), UUID(int=5)), at=AT + timedelta(days=1)
    )
    own_id = uuid4()
    both = digest(own_id, [later, ASKED])
    assert both.payments == (UUID(int=4), UUID(int=5))
    assert (both.at, both.person_id, both.link, both.subject_id) == (AT, METTE, None, own_id)


def test_a_digest_of_several_askers_names_none_of_them() -> None:
    other = msgspec.structs.replace(ASKED, person_id=ANNE)
    assert digest(uuid4(), [ASKED, other]).person_id is None


@pytest.mark.parametrize(
    "link",
    [None, "", "https://evil.example/approvals/", "//evil.example", "/payments/", "/approvals/ "],
)
def test_a_link_that_is_no_path_among_the_approvals_gives_way_to_the_list(link: str | None) -> None:
    assert path_of(uuid4(), ASKED, link) == LIST_OF_APPROVALS
    assert path_of(uuid4(), ASKED, "/approvals/a/t0ken_-") == "/approvals/a/t0ken_-"


@pytest.mark.parametrize("status", ["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"])
def test_some_answers_say_that_the_address_is_gone(status: str) -> None:
    assert address_is_gone(status)


@pytest.mark.parametrize("status", ["", "5.2.2", "5.7.1", "4.1.1", "5.0.0", "5.1.11"])
def test_a_full_mailbox_or_a_refused_content_says_nothing_of_the_address(status: str) -> None:
    assert not address_is_gone(status)


def test_we_ask_for_five_days_ever_more_seldom() -> None:
    waits = [next_ask(asked) for asked in range(1, 12)]
    asked = [wait for wait in waits if wait is not None]
    assert waits[-1] is None
    assert asked == sorted(asked)
    assert timedelta(days=4.5) < FIRST_ASK + sum(asked, timedelta()) < timedelta(days=5.5)
