"""The rules of letters: which channel, what becomes of a delivery, and which texts are refused."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import msgspec
import pytest

from services.notifications.commands import (
    ChangeTexts,
    IntroduceDebtor,
    NoteDebtorAddressFailed,
    NoteDrawn,
    NoteLetterOutcomeLost,
    NoteLetterRefused,
    NoteLetterReturned,
    NoteLetterSent,
    Reach,
    RecallLetter,
    ReceiveLetter,
    RepeatLetter,
    RestoreTexts,
    WithholdLetter,
)
from services.notifications.events import (
    DebtorAddressFailed,
    DebtorIntroduced,
    DebtorReachChanged,
    LetterDrawn,
    LetterEvent,
    LetterFailed,
    LetterOutcomeLost,
    LetterRecalled,
    LetterReceived,
    LetterRefused,
    LetterRepeated,
    LetterReturned,
    LetterRouted,
    LetterSent,
    LetterWithheld,
    TextsChanged,
    TextsRestored,
)
from services.notifications.model.channels import next_channel
from services.notifications.model.debtor import DEBTOR
from services.notifications.model.letter import LETTER
from services.notifications.model.own_texts import TEXTS
from services.notifications.model.texts import Language
from services.notifications.values import (
    AddressFault,
    Channel,
    Contact,
    Drawn,
    Kept,
    LetterFacts,
    LetterKind,
)
from shared.sealed import Sealed
from shared.testing.spec import given
from tests.notifications.letters import facts_of

AT = datetime(2026, 3, 9, 8, 40, tzinfo=UTC)
WHO = UUID(int=1)
EMAIL, STREET = Sealed(WHO, "ZW1haWw="), Sealed(WHO, "c3RyZWV0")
MAIL, POST = Channel.MAIL, Channel.LETTER
BOTH, BY_POST, NONE = Reach((MAIL, POST)), Reach((POST,)), Reach(())
FACTS = facts_of(LetterKind.CHARGED, Language.DANISH)
DRAWN = Drawn(
    document=Kept("0" * 64, "application/pdf", 1), pages=1, language="da", template_version="1"
)
RECEIVED, ROUTED = LetterReceived(FACTS), LetterRouted(1, MAIL)
ON_ITS_WAY: tuple[LetterEvent, ...] = (RECEIVED, ROUTED, LetterDrawn(1, DRAWN))
SENT = LetterSent(1, MAIL, AT, EMAIL)


def letter(kind: LetterKind, *channels: str) -> LetterFacts:
    return msgspec.structs.replace(FACTS, kind=kind, channels=channels)


@pytest.mark.capability("E35")
@pytest.mark.capability("E2")
@pytest.mark.parametrize(
    ("kind", "allowed", "reach", "chosen"),
    [
        (LetterKind.REMINDER, ("mail", "letter"), BOTH, MAIL),
        (LetterKind.REMINDER, ("letter", "mail"), BOTH, POST),
        (LetterKind.REMINDER, ("mail", "letter"), BY_POST, POST),
        (LetterKind.REMINDER, ("mail",), BY_POST, None),
        (LetterKind.REMINDER, ("mail", "letter"), NONE, None),
        (LetterKind.REMINDER, ("portal",), BOTH, None),
        (LetterKind.WARNING, ("mail", "letter"), Reach((MAIL, POST), "DK", is_person=True), MAIL),
        (LetterKind.WARNING, ("mail", "letter"), Reach((MAIL, POST), "NO", is_person=True), POST),
        (LetterKind.WARNING, ("mail", "letter"), Reach((MAIL, POST), "NO"), MAIL),
        (LetterKind.CHARGED, ("mail", "letter"), Reach((MAIL, POST), "NO", is_person=True), MAIL),
        (LetterKind.WARNING, ("mail",), Reach((MAIL, POST), "NO", is_person=True), None),
    ],
)
def test_a_letter_goes_by_the_first_channel_that_may_carry_it(
    kind: LetterKind, allowed: tuple[str, ...], reach: Reach, chosen: Channel | None
) -> None:
    assert next_channel(letter(kind, *allowed), reach) is chosen


def test_no_channel_is_tried_twice() -> None:
    assert next_channel(FACTS, BOTH, [MAIL]) is POST
    assert next_channel(FACTS, BOTH, [MAIL, POST]) is None


def test_a_letter_is_received_once_and_routed() -> None:
    given(LETTER).when(ReceiveLetter(FACTS, BOTH)).then(RECEIVED, ROUTED)
    given(LETTER, RECEIVED, ROUTED).when(ReceiveLetter(FACTS, BOTH)).then_nothing()
    given(LETTER).when(ReceiveLetter(FACTS, NONE)).then(RECEIVED, LetterFailed("no_channel", False))


def test_a_letter_is_drawn_and_sent_once() -> None:
    given(LETTER, RECEIVED, ROUTED).when(NoteDrawn(1, DRAWN)).then(LetterDrawn(1, DRAWN))
    given(LETTER, *ON_ITS_WAY).when(NoteDrawn(1, DRAWN)).then_nothing()
    given(LETTER, *ON_ITS_WAY).when(NoteLetterSent(1, AT, EMAIL)).then(SENT)
    given(LETTER, *ON_ITS_WAY, SENT).when(NoteLetterSent(1, AT, EMAIL)).then_nothing()


def test_a_refused_letter_goes_by_the_next_channel_and_then_fails() -> None:
    refused = LetterRefused(1, MAIL, "smtp_550")
    after = LetterRouted(2, POST)
    given(LETTER, *ON_ITS_WAY).when(NoteLetterRefused(1, "smtp_550", BY_POST)).then(refused, after)
    second = (*ON_ITS_WAY, refused, after, LetterDrawn(2, DRAWN))
    given(LETTER, *second).when(NoteLetterRefused(2, "post_422", NONE)).then(
        LetterRefused(2, POST, "post_422"), LetterFailed("post_422", was_sent=False)
    )


def test_a_letter_past_its_last_day_is_tried_by_no_other_channel() -> None:
    given(LETTER, *ON_ITS_WAY).when(NoteLetterRefused(1, "stale", BOTH, final=True)).then(
        LetterRefused(1, MAIL, "stale"), LetterFailed("stale", was_sent=False)
    )


def test_a_letter_that_came_back_is_delivered_once_more_or_fails_having_been_sent() -> None:
    returned = LetterReturned(1, MAIL, "5.1.1")
    sent = (*ON_ITS_WAY, SENT)
    given(LETTER, *sent).when(NoteLetterReturned(1, "5.1.1", BY_POST)).then(
        returned, LetterRouted(2, POST)
    )
    given(LETTER, *sent).when(NoteLetterReturned(1, "5.1.1", NONE)).then(
        returned, LetterFailed("5.1.1", was_sent=True)
    )


def test_a_report_about_a_delivery_that_another_has_followed_changes_nothing() -> None:
    history = (*ON_ITS_WAY, SENT, LetterReturned(1, MAIL, "5.1.1"), LetterRouted(2, POST))
    given(LETTER, *history).when(NoteLetterReturned(1, "5.1.1", BOTH)).then_nothing()


def test_a_mail_without_an_answer_goes_once_more_as_the_same_and_then_no_more() -> None:
    unknown = LetterOutcomeLost(1, final=False)
    given(LETTER, *ON_ITS_WAY).when(NoteLetterOutcomeLost(1, final=False)).then(unknown)
    given(LETTER, *ON_ITS_WAY, unknown).when(RepeatLetter(1)).then(LetterRepeated(1))
    again = (*ON_ITS_WAY, unknown, LetterRepeated(1))
    given(LETTER, *again).when(RepeatLetter(1)).then_nothing()


def test_a_letter_is_withheld_only_where_nothing_of_it_has_left() -> None:
    in_time, too_late = RecallLetter(under_way=False), RecallLetter(under_way=True)
    recalled, withheld = LetterRecalled(), LetterWithheld()
    given(LETTER, *ON_ITS_WAY).when(in_time).then(recalled, withheld)
    given(LETTER, *ON_ITS_WAY).when(too_late).then(recalled)
    given(LETTER, *ON_ITS_WAY, recalled).when(WithholdLetter()).then(withheld)
    given(LETTER, *ON_ITS_WAY, SENT).when(in_time).then(recalled)
    given(LETTER, *ON_ITS_WAY, SENT, recalled).when(WithholdLetter()).then_nothing()


def test_a_letter_called_back_between_two_channels_has_been_sent() -> None:
    history = (*ON_ITS_WAY, SENT, LetterReturned(1, MAIL, "5.1.1"), LetterRouted(2, POST))
    given(LETTER, *history).when(RecallLetter(under_way=False)).then(
        LetterRecalled(), LetterFailed("recalled", was_sent=True)
    )


def contact(*, email: Sealed | None = EMAIL, address: Sealed | None = STREET) -> Contact:
    return Contact(number="1", name=Sealed(WHO, "bmFtZQ=="), email=email, address=address)


@pytest.mark.capability("E36")
def test_how_a_debtor_can_be_reached_is_told_when_it_changes() -> None:
    known = DebtorIntroduced(WHO, contact())
    reach = DebtorReachChanged(WHO, (MAIL, POST), ())
    given(DEBTOR).when(IntroduceDebtor(WHO, contact())).then(known, reach)
    given(DEBTOR, known, reach).when(IntroduceDebtor(WHO, contact())).then_nothing()
    failed = DebtorAddressFailed(WHO, MAIL, "5.1.1")
    fewer = DebtorReachChanged(WHO, (POST,), (AddressFault("5.1.1", "email"),))
    note = NoteDebtorAddressFailed(WHO, MAIL, EMAIL, "5.1.1")
    given(DEBTOR, known, reach).when(note).then(failed, fewer)
    given(DEBTOR, known, reach, failed, fewer).when(note).then_nothing()


def test_a_new_address_is_tried_again_and_an_old_report_says_nothing_about_it() -> None:
    known, reach = DebtorIntroduced(WHO, contact()), DebtorReachChanged(WHO, (MAIL, POST), ())
    failed = DebtorAddressFailed(WHO, MAIL, "5.1.1")
    fewer = DebtorReachChanged(WHO, (POST,), (AddressFault("5.1.1", "email"),))
    other = contact(email=Sealed(WHO, "b3RoZXI="))
    given(DEBTOR, known, reach, failed, fewer).when(IntroduceDebtor(WHO, other)).then(
        DebtorIntroduced(WHO, other), DebtorReachChanged(WHO, (MAIL, POST), ())
    )
    given(DEBTOR, DebtorIntroduced(WHO, other), reach).when(
        NoteDebtorAddressFailed(WHO, MAIL, EMAIL, "5.1.1")
    ).then_nothing()


BODY = "Hej.\n\n{payment_demand}\n\n{charges_notice}"


def change(kind: LetterKind = LetterKind.CHARGED, **texts: str) -> ChangeTexts:
    whole = {"title": "Rykker", "body": BODY, "closing": "", **texts}
    return ChangeTexts(kind, "da", **whole)


@pytest.mark.capability("E14")
def test_a_creditors_texts_are_kept_in_versions() -> None:
    first = TextsChanged(LetterKind.CHARGED, "da", 1, "Rykker", BODY, "")
    given(TEXTS).when(change()).then(first)
    given(TEXTS, first).when(change()).then_nothing()
    restored = TextsRestored(LetterKind.CHARGED, "da", 2)
    given(TEXTS, first).when(RestoreTexts(LetterKind.CHARGED, "da")).then(restored)
    given(TEXTS, first, restored).when(change()).then(
        TextsChanged(LetterKind.CHARGED, "da", 3, "Rykker", BODY, "")
    )
    given(TEXTS).when(RestoreTexts(LetterKind.CHARGED, "da")).then_nothing()


@pytest.mark.capability("E14")
@pytest.mark.parametrize(
    ("command", "code", "field"),
    [
        (change(title=""), "empty", "title"),
        (change(title="x" * 81), "too_long", "title"),
        (change(title="Rykker\u202e"), "control_signs", "title"),
        (change(title="{amount}"), "placeholder_unknown", "title"),
        (change(title="{payment_demand}"), "placeholder_unknown", "title"),
        (change(closing="{total:>9}"), "placeholder_unknown", "closing"),
        (change(closing="{{total}}"), "placeholder_unknown", "closing"),
        (change(closing="Se https://evil.example"), "web_address", "closing"),
        (change(body="Hej.\n\n{payment_demand}"), "clause_missing", "body"),
        (change(body="{charges_notice}\n\nBetal {payment_demand}"), "clause_not_alone", "body"),
        (change(body=BODY + "\n\n{payment_demand}"), "clause_twice", "body"),
        (change(LetterKind.WARNING), "clause_missing", "body"),
        (change(LetterKind.REMINDER, body="Hej {debtor_name}"), "clause_missing", "body"),
    ],
)
def test_a_text_that_breaks_the_grammar_or_the_law_is_refused_with_its_field(
    command: ChangeTexts, code: str, field: str
) -> None:
    assert given(TEXTS).when(command).then_rejected(code).field == field


def test_a_language_that_no_letter_is_written_in_has_no_texts() -> None:
    french = ChangeTexts(LetterKind.CHARGED, "fr", "Rappel", BODY, "")
    assert given(TEXTS).when(french).then_rejected("language_unknown").field == "language"
