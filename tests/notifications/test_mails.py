"""What mails say, and what they never say."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from html.parser import HTMLParser
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from services.notifications.model.mail import Delivery, Mail, compose
from services.notifications.model.occasions import ListGoes, ListWaits, Occasion, PaymentsFailed
from services.notifications.model.texts import Language, texts_in
from services.notifications.model.wording import UnknownGap, check
from shared.money import Money
from tests.notifications.examples import (
    CLIENT,
    DELIVERY,
    LINK,
    MORNING,
    OCCASIONS,
    ONE_AND_SEVERAL,
    REQUESTED,
)

every_language = pytest.mark.parametrize("language", list(Language))
every_occasion = pytest.mark.parametrize(
    "occasion",
    ONE_AND_SEVERAL,
    ids=[f"{type(each).__name__}-{each.payments}" for each in ONE_AND_SEVERAL],
)

HOSTILE_NAMES = (
    "Byg\r\nBcc: thief@evil.example",
    "Byg\nSubject: pay now",
    "Byg\u2028\u0085\x0bBcc: thief@evil.example",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<a href='https://evil.example/pay'>Byg</a>",
    "https://evil.example/pay Byg",
    "hhttps://ttps://evil.example",
    "javascript:alert(1)//https://evil.example",
    "{client} {answer_by} {0.__class__}",
    "Byg \u202e\u2066gro.live\u2069",
    "\ud800 Byg",
    "B\x00yg",
    "Byg" * 500,
    "   ",
    "\u200b\u200d",
)


class Reader(HTMLParser):
    """What a person sees of an HTML part, and where it leads."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: set[str] = set()
        self._unseen = 0
        self._seen: list[str] = []
        self.feed(html)
        self.close()
        self.words = " ".join(" ".join(self._seen).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._unseen += tag == "style"
        self.links |= {value or "" for name, value in attrs if name in {"href", "src"}}

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag == "style"

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self._seen.append(data)


def mail_of(occasion: Occasion, language: Language) -> Mail:
    return compose(replace(DELIVERY, language=language), occasion)


@pytest.mark.capability("S21")
@every_language
@every_occasion
def test_a_mail_says_for_whom_it_is_how_many_payments_and_where(
    language: Language, occasion: Occasion
) -> None:
    mail = mail_of(occasion, language)
    html = Reader(mail.html)
    assert CLIENT in mail.subject
    assert str(occasion.payments) in mail.subject
    assert CLIENT in mail.text
    assert LINK in mail.text.splitlines()
    assert html.links == {LINK}
    assert f'lang="{language}"' in mail.html


@every_language
@every_occasion
def test_the_text_part_says_all_that_the_html_part_says(
    language: Language, occasion: Occasion
) -> None:
    mail = mail_of(occasion, language)
    said = words_in(mail.text)
    only_in_html = words_in(texts_in(language).address)
    assert words_in(Reader(mail.html).words) - said <= only_in_html


def words_in(text: str) -> set[str]:
    return set(re.findall(r"\w+", text))


@every_language
def test_one_payment_and_several_are_told_in_different_words(language: Language) -> None:
    for occasion in OCCASIONS:
        one = mail_of(replace(occasion, payments=1), language)
        several = mail_of(occasion, language)
        assert one.text.replace("1", "6") != several.text


@pytest.mark.capability("S6")
@pytest.mark.parametrize(
    ("language", "deadline"),
    [
        (Language.DANISH, "torsdag den 5. marts 2026 kl. 10.30"),
        (Language.SWEDISH, "torsdag 5 mars 2026 kl. 10.30"),
        (Language.NORWEGIAN, "torsdag 5. mars 2026 kl. 10.30"),
        (Language.FINNISH, "torstaina 5. maaliskuuta 2026 klo 10.30"),
        (Language.ENGLISH, "Thursday 5 March 2026 at 10:30"),
    ],
)
def test_an_approver_reads_the_deadline_with_its_weekday_in_the_clients_time(
    language: Language, deadline: str
) -> None:
    mail = mail_of(REQUESTED, language)
    assert deadline in mail.text
    assert deadline in Reader(mail.html).words


def test_the_readers_time_zone_makes_the_hour() -> None:
    mail = compose(replace(DELIVERY, zone=ZoneInfo("Europe/Helsinki")), REQUESTED)
    assert "Thursday 5 March 2026 at 11:30" in mail.text


@pytest.mark.property_("P3")
@every_language
@every_occasion
def test_no_figure_stands_in_a_mail_but_a_count_and_a_deadline(
    language: Language, occasion: Occasion
) -> None:
    mail = mail_of(occasion, language)
    words = f"{mail.subject} {mail.text} {Reader(mail.html).words}".replace(LINK, "")
    deadline = {"5", "2026", "10", "30"} if has_a_deadline(occasion) else set()
    debtors = {str(occasion.debtors)} if isinstance(occasion, ListWaits | ListGoes) else set()
    counts = {str(occasion.payments)} | debtors
    assert set(re.findall(r"\d+", words)) <= counts | deadline


def has_a_deadline(occasion: Occasion) -> bool:
    return any(field.name.endswith(("_at", "answer_by")) for field in fields(occasion))


@pytest.mark.property_("P3")
def test_who_holds_every_mail_learns_no_payee_amount_account_or_reason() -> None:
    # All that a caller knows of a payment, under the names it goes by in the house: an occasion
    # that begins to take one of the secrets, and a text that begins to tell it, fail here.
    secrets: dict[str, Any] = {
        "payee": "Lindtoft Tømmerhandel",
        "account": "DK5000400440116243",
        "amount": Money(8624000, "DKK"),
        "reference": "RF18539007547034",
        "invoice_number": "LT-20-1184",
        "reason": "the account is not theirs",
    }
    known = secrets | {
        "client": CLIENT,
        "payments": 6,
        "asked_by": "Mette Kjær",
        "rejected_by": "Anne Holm",
        "answer_by": MORNING,
        "expired_at": MORNING,
        "debtors": 4,
        "goes_at": MORNING,
    }
    mails = [
        mail_of(type(each)(**{field.name: known[field.name] for field in fields(each)}), language)
        for each in OCCASIONS
        for language in Language
    ]
    everything = "\n".join(f"{mail.subject}\n{mail.text}\n{mail.html}" for mail in mails)
    assert not [name for name, secret in secrets.items() if str(secret) in everything]


@pytest.mark.parametrize("name", HOSTILE_NAMES, ids=range(len(HOSTILE_NAMES)))
@every_language
def test_a_hostile_name_stays_a_name(language: Language, name: str) -> None:
    harmless = mail_of(REQUESTED, language)
    mail = mail_of(replace(REQUESTED, client=name, asked_by=name), language)
    html = Reader(mail.html)
    assert mail.subject.isprintable()
    assert len(mail.subject) < 200
    assert html.tags == Reader(harmless.html).tags
    assert html.links == {LINK}
    assert not re.search(r"\w+://(?!forfald\.example/)", mail.subject + mail.text + html.words)
    mail.html.encode()
    mail.text.encode()


def test_a_name_that_is_empty_is_said_to_be_so() -> None:
    mail = compose(DELIVERY, replace(REQUESTED, asked_by="\r\n"))
    assert "(no name) asks you" in mail.text


def test_a_name_with_markup_reads_as_it_was_written() -> None:
    mail = compose(DELIVERY, PaymentsFailed(client="Holm & <Søn>", payments=2))
    assert "Holm &amp; &lt;Søn&gt;" in mail.html
    assert "Holm & <Søn>" in mail.text


def test_a_name_is_never_read_as_a_text_with_gaps() -> None:
    mail = compose(DELIVERY, replace(REQUESTED, client="{answer_by}"))
    assert "payments wait for your approval: {answer_by}" in mail.subject


def test_composing_again_gives_the_same_mail() -> None:
    assert compose(DELIVERY, REQUESTED) == compose(DELIVERY, REQUESTED)


def test_the_message_id_is_that_of_the_delivery_whatever_the_mail_says() -> None:
    ids = {
        mail_of(occasion, language).message_id for occasion in OCCASIONS for language in Language
    }
    assert ids == {"<0c0ffee0-0000-4000-8000-000000000007@mail.forfald.example>"}
    other = replace(DELIVERY, id=UUID(int=8))
    assert compose(other, REQUESTED).message_id not in ids


@pytest.mark.parametrize(
    "wrong",
    [
        {"link": "javascript:alert(1)"},
        {"link": "https://forfald.example@evil.example/a"},
        {"link": 'https://forfald.example/a" onclick="x'},
        {"link": "https://forfald.example/a\nBcc: x"},
        {"link": "https://forfald.example"},
        {"to": "anne@fjordvig.example, thief@evil.example"},
        {"reply_to": "mette@strandgade.example\nBcc: thief@evil.example"},
        {"mail_domain": "forfald.example>\n"},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_a_delivery_with_a_hostile_field_is_not_composed(wrong: dict[str, str]) -> None:
    facts = {field.name: getattr(DELIVERY, field.name) for field in fields(DELIVERY)} | wrong
    with pytest.raises(ValueError, match=r"address|@|link|mail_domain"):
        compose(Delivery(**facts), REQUESTED)


def test_a_mail_about_no_payment_cannot_be_asked_for() -> None:
    with pytest.raises(AssertionError, match="at least one payment"):
        PaymentsFailed(client=CLIENT, payments=0)


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("Pay {amount} now", 5),
        ("{client.name}", 1),
        ("{client!r}", 1),
        ("{client:>1000000}", 1),
        ("{client} and {", 14),
        ("{{client}}", 1),
        ("{}", 1),
    ],
)
def test_a_text_with_a_gap_that_its_occasion_cannot_fill_is_refused_with_its_column(
    text: str, column: int
) -> None:
    with pytest.raises(UnknownGap, match=f"^column {column}:"):
        check(text, frozenset({"client", "payments"}))
