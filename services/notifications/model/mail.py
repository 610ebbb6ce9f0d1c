"""A mail as a pure value, composed from the facts of one occasion for one reader.

Composing twice gives the same mail, its Message-ID included: it is derived from the delivery, so a
second attempt is recognised as the same message by whoever receives both.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, fields
from datetime import datetime
from typing import assert_never
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

from services.notifications.model.address import parse_address
from services.notifications.model.layout import Letter, as_html, as_text
from services.notifications.model.occasions import (
    ApprovalExpired,
    ApprovalReminder,
    ApprovalRequested,
    ListGoes,
    ListWaits,
    Occasion,
    PaymentsFailed,
    PaymentsRejected,
    PaymentsReturned,
    PaymentsUnknown,
)
from services.notifications.model.texts import Language, texts_in
from services.notifications.model.wording import Texts, Words, fill, plain

NAME_LENGTH_MAX = 80
MESSAGE_ID = re.compile(r"<[A-Za-z0-9._-]+@[A-Za-z0-9.-]+>")
"""The form of our own, narrower than the standard's."""
LINK = re.compile(r"https?://[A-Za-z0-9.:\[\]-]+/[A-Za-z0-9._~/?&=%-]*")


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that goes with a mail."""

    name: str
    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Mail:
    """One message to one person, complete in its text part and again in its HTML part.

    `sender_name` stands before our address; empty for the installation's own name.
    """

    to: str
    subject: str
    text: str
    html: str
    message_id: str
    reply_to: str | None = None
    sender_name: str = ""
    attached: tuple[Attached, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One mail on its way to one reader."""

    id: UUID
    to: str
    language: Language
    zone: ZoneInfo
    """The reader's: deadlines are told in it."""
    link: str
    mail_domain: str
    """The installation's own, since a Message-ID ends in it."""
    reply_to: str | None = None


def compose(delivery: Delivery, occasion: Occasion) -> Mail:
    """The mail that tells one reader of one occasion.

    Raises ValueError for a reader or a reply address that is not exactly one mail address, and for
    a link that is not a plain web address.
    """
    texts = texts_in(delivery.language)
    words = words_for(occasion, texts)
    facts = facts_in(occasion, texts, delivery.zone)
    count = occasion.payments
    letter = Letter(
        language=texts.language,
        heading=plain(fill(words.heading.of(count), facts)),
        lead=plain(fill(words.lead.of(count), facts)),
        next=fill(words.next.of(count), facts),
        action=words.action.of(count),
        link=plain_link(delivery.link),
        address=texts.address,
        notes=(discretion_of(occasion, texts), plain(fill(words.because, facts))),
    )
    return Mail(
        to=parse_address(delivery.to),
        subject=subject_of(occasion, delivery.language, delivery.zone),
        text=as_text(letter),
        html=as_html(letter),
        message_id=message_id(delivery.id, delivery.mail_domain),
        reply_to=None if delivery.reply_to is None else parse_address(delivery.reply_to),
    )


def subject_of(occasion: Occasion, language: Language, zone: ZoneInfo) -> str:
    """The one line that says what it is about."""
    texts = texts_in(language)
    words = words_for(occasion, texts)
    return plain(fill(words.subject.of(occasion.payments), facts_in(occasion, texts, zone)))


def discretion_of(occasion: Occasion, texts: Texts) -> str:
    """Why the mail says so little."""
    about_list = isinstance(occasion, ListWaits | ListGoes)
    return texts.list_discretion if about_list else texts.discretion


def words_for(occasion: Occasion, texts: Texts) -> Words:
    match occasion:
        case ApprovalRequested():
            return texts.approval_requested
        case ApprovalReminder():
            return texts.approval_reminder
        case ApprovalExpired():
            return texts.approval_expired
        case PaymentsRejected():
            return texts.payments_rejected
        case PaymentsFailed():
            return texts.payments_failed
        case PaymentsUnknown():
            return texts.payments_unknown
        case PaymentsReturned():
            return texts.payments_returned
        case ListWaits():
            return texts.list_waits
        case ListGoes():
            return texts.list_goes
        case _:
            assert_never(occasion)


def facts_in(occasion: Occasion, texts: Texts, zone: ZoneInfo) -> dict[str, str]:
    """The occasion's facts in words, by the names of its fields and in their order."""
    values = {field.name: getattr(occasion, field.name) for field in fields(occasion)}
    return {name: in_words(value, texts, zone) for name, value in values.items()}


def in_words(value: str | int | datetime, texts: Texts, zone: ZoneInfo) -> str:
    match value:
        case str():
            return one_line(value) or texts.nameless
        case int():
            return str(value)
        case datetime():
            return texts.at(value.astimezone(zone))
        case _:
            assert_never(value)


def one_line(name: str) -> str:
    """A name made by others, fit for a subject: no line breaks, no invisible signs, no addresses.

    Control and separator signs become spaces; format signs, which can turn the writing direction or
    hide letters, vanish. A scheme is cut off, since mail programs make a link of whatever has one.
    """
    visible = "".join(visible_sign(sign) for sign in name)
    harmless = re.sub(r"[A-Za-z][A-Za-z0-9+.-]*:/+", "", visible)
    line = " ".join(harmless.split())
    return line if len(line) <= NAME_LENGTH_MAX else line[: NAME_LENGTH_MAX - 1].rstrip() + "…"


def visible_sign(sign: str) -> str:
    category = unicodedata.category(sign)
    if category in {"Cc", "Zl", "Zp", "Zs"}:
        return " "
    return "" if category.startswith("C") else sign


def plain_link(link: str) -> str:
    """A web address without user, fragment, space or quote; its host is judged at the gateway."""
    if not LINK.fullmatch(link) or not urlsplit(link).hostname:
        # Without the link: it may hold a token, and errors are logged.
        raise ValueError("link is not a plain web address")
    return link


def message_id(delivery_id: UUID, mail_domain: str) -> str:
    """The same for every attempt at one delivery (RFC 5322 §3.6.4)."""
    if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)*", mail_domain):
        raise ValueError(f"mail_domain is not a domain: {mail_domain!r}")
    return f"<{delivery_id}@{mail_domain}>"
