"""From a letter's figures to its document: looks up everybody as known this minute, opens the vault.

With `acts/writing.py` the one place where names, addresses and references are in clear. What it answers
when a letter cannot be written has codes only.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import psycopg
import sqlalchemy as sa

from services.notifications.acts.writing import CannotWrite
from services.notifications.gateways.typesetting import (
    MEDIA_TYPE,
    Attachment,
    CannotTypeset,
    Typeset,
    typeset,
    with_pages_of,
)
from services.notifications.intents import DrawOf, LetterOf
from services.notifications.model.document import Addressed, Document, compose_document
from services.notifications.model.example import example_addressed, example_facts
from services.notifications.model.letter import delivery_id
from services.notifications.model.letter_mail import compose_letter_mail
from services.notifications.model.letter_texts import LetterTexts
from services.notifications.model.letters import letters_in
from services.notifications.model.mail import Mail
from services.notifications.model.notices import language_of
from services.notifications.model.texts import Language
from services.notifications.queries import letters as asked
from services.notifications.queries import messages as queries
from services.notifications.registers import documents, turns
from services.notifications.values import (
    Branding,
    Channel,
    Contact,
    Drawn,
    Kept,
    LetterFacts,
    LetterKind,
)
from shared.copies import Copies
from shared.eventstore.recorder import SCOPE, scope
from shared.references.instruction import PaymentInstruction
from shared.sealed import Erased, Sealed
from shared.vault import CannotOpen, Vault

NOT_TOLD_OF: Final = CannotWrite("debtor_unknown")
"""Others' events may arrive in any order: the debtor, or the creditor, may still be introduced."""
_instruction = msgspec.json.Decoder(PaymentInstruction).decode


class PostalAddress(msgspec.Struct, frozen=True):
    """As sync seals it."""

    street: str = ""
    postal_code: str = ""
    city: str = ""
    country: str = ""

    def lines(self, home: str) -> tuple[str, ...]:
        town = f"{self.postal_code} {self.city}".strip()
        abroad = self.country if self.country not in {"", home} else ""
        return tuple(line for line in (*self.street.splitlines(), town, abroad) if line)


@dataclass(frozen=True, slots=True)
class Known:
    client: queries.ClientFacts
    branding: Branding
    contact: Contact
    texts: LetterTexts


@dataclass(frozen=True, slots=True)
class LetterMade:
    drawn: Drawn
    content: bytes


@dataclass(frozen=True, slots=True)
class LetterMailed:
    """`email` is the sealed address that the mail goes to."""

    mail: Mail
    email: Sealed


class Letterer:
    def __init__(
        self, dsn: str, vault: Vault, copies: Copies, *, public_url: str, mail_domain: str
    ) -> None:
        """`dsn` reads own tables: each look is short, on a connection that is closed again."""
        self._engine = sa.create_engine(
            "postgresql+psycopg://", creator=lambda: psycopg.connect(dsn), poolclass=sa.NullPool
        )
        self._vault = vault
        self._copies = copies
        self._public_url = public_url.rstrip("/")
        self._mail_domain = mail_domain

    def draw(self, tenant_id: UUID, about: DrawOf) -> LetterMade | CannotWrite:
        """Raises NoAnswer where a copy could not be had just now."""
        known = self._known(tenant_id, about.facts)
        if isinstance(known, CannotWrite):
            return known
        try:
            document = self._document(tenant_id, about.facts, known)
            made = self._set(tenant_id, document, about, known.branding)
        except CannotOpen:
            return CannotWrite("cannot_open")
        except CannotTypeset:
            return CannotWrite("cannot_typeset")
        kept = documents.kept_as(made.content, MEDIA_TYPE)
        drawn = Drawn(
            document=kept,
            pages=made.pages,
            language=document.language,
            template_version=document.version,
        )
        return LetterMade(drawn, made.content)

    def preview(
        self, tenant_id: UUID, kind: LetterKind, language: Language, texts: LetterTexts, today: date
    ) -> bytes:
        """A letter about nobody, with the creditor's own look. Raises CannotTypeset."""
        with self._looking(tenant_id) as sql:
            client = queries.client_facts(sql, tenant_id)
            branding = asked.branding_of(sql, tenant_id)
        name, country = (client.name, client.country) if client else ("", "")
        facts = example_facts(kind, language, country, today)
        to = example_addressed(name, branding, country, language)
        return typeset(compose_document(facts, texts, language, to), branding.logo).content

    def mail(self, tenant_id: UUID, notice_id: UUID, about: LetterOf) -> LetterMailed | CannotWrite:
        """The letter as it was drawn, in a mail to the debtor's present address."""
        known = self._known(tenant_id, about.facts)
        if isinstance(known, CannotWrite):
            return known
        if known.contact.email is None:
            return CannotWrite("address_missing")
        own_id = delivery_id(notice_id, about.delivery)
        try:
            to = self._vault.open(tenant_id, known.contact.email)
            if isinstance(to, Erased):
                return CannotWrite("person_forgotten")
            mail = compose_letter_mail(
                self._document(tenant_id, about.facts, known),
                own_id,
                to=to,
                mail_domain=self._mail_domain,
                reply_to=known.branding.email or None,
                letter=self.bytes_of(tenant_id, about.document),
                has_copy=about.facts.copies != "none"
                and any(line.copy_of for line in about.facts.lines),
            )
        except CannotOpen:
            return CannotWrite("cannot_open")
        except ValueError:
            return CannotWrite("address_malformed", known.contact.email)
        return LetterMailed(mail, known.contact.email)

    def address_of(self, tenant_id: UUID, debtor_id: UUID) -> Sealed | None:
        with self._looking(tenant_id) as sql:
            contact = asked.contact_of(sql, tenant_id, debtor_id)
        return None if contact is None else contact.address

    def bytes_of(self, tenant_id: UUID, kept: Kept) -> bytes:
        """A letter's bytes as they were kept. Raises DocumentDamaged."""
        with self._connected(tenant_id) as raw:
            found = documents.fetch(raw, tenant_id, kept.sha256)
        assert found is not None, "a letter that was drawn is kept"
        return found[0]

    def local_day(self, tenant_id: UUID, now: datetime) -> date:
        """The creditor's own day."""
        with self._looking(tenant_id) as sql:
            client = queries.client_facts(sql, tenant_id)
        return now.astimezone(ZoneInfo(client.time_zone if client else "UTC")).date()

    def progress(self, tenant_id: UUID, notice_id: UUID, delivery: int) -> asked.LetterProgress:
        with self._looking(tenant_id) as sql:
            return asked.letter_progress(sql, tenant_id, notice_id, delivery)

    def begins(self, tenant_id: UUID, own_id: UUID) -> bool:
        """Take the turn to send, for good unless it is given back; false where it was called back."""
        with self._connected(tenant_id) as raw:
            return turns.take(raw, tenant_id, own_id, turns.SENDER) == turns.SENDER

    def _known(self, tenant_id: UUID, facts: LetterFacts) -> Known | CannotWrite:
        language = language_of(facts.language)
        with self._looking(tenant_id) as sql:
            client = queries.client_facts(sql, tenant_id)
            contact = asked.contact_of(sql, tenant_id, facts.debtor_id)
            own = asked.own_texts(sql, tenant_id, facts.kind, language.value)
            branding = asked.branding_of(sql, tenant_id)
        if client is None or contact is None:
            return NOT_TOLD_OF
        texts = own or letters_in(language).texts[facts.kind]
        return Known(client, branding, contact, texts)

    def _document(self, tenant_id: UUID, facts: LetterFacts, known: Known) -> Document:
        """Raises CannotOpen."""
        contact = known.contact
        address = self._open(tenant_id, contact.address)
        postal = msgspec.json.decode(address, type=PostalAddress) if address else PostalAddress()
        path = self._open(tenant_id, facts.portal)
        accounts = {
            line.invoice_id: _instruction(opened)
            for line in facts.lines
            if (opened := self._open(tenant_id, line.account))
        }
        references = {
            line.invoice_id: [
                (one.kind, value)
                for one in line.references
                if (value := self._open(tenant_id, one.value))
            ]
            for line in facts.lines
        }
        to = Addressed(
            creditor=known.client.name,
            branding=known.branding,
            country=known.client.country,
            debtor_name=self._open(tenant_id, contact.name) or "",
            customer_number=contact.number,
            address=postal.lines(known.client.country),
            accounts=accounts,
            references=references,
            portal=self._public_url + path if path else "",
        )
        return compose_document(facts, known.texts, language_of(facts.language), to)

    def _set(
        self, tenant_id: UUID, document: Document, about: DrawOf, branding: Branding
    ) -> Typeset:
        facts = about.facts
        by_post = about.channel is Channel.LETTER
        found = [] if facts.copies == "none" else self._copies_of(tenant_id, facts)
        behind = [one.content for one in found if one.media_type == MEDIA_TYPE]
        if behind and (by_post or facts.copies == "page_two"):
            try:
                return with_pages_of(typeset(document, branding.logo).content, behind)
            except CannotTypeset:
                # A copy that cannot be read stops no letter: what it says of the debt is complete.
                return typeset(document, branding.logo)
        return typeset(document, branding.logo, () if by_post else found)

    def _copies_of(self, tenant_id: UUID, facts: LetterFacts) -> list[Attachment]:
        found = []
        for number, line in enumerate(facts.lines, start=1):
            if line.copy_of is None:
                continue
            content = self._copies.fetch(tenant_id, line.copy_of.sha256)
            if content is not None:
                kind = line.copy_of.media_type
                name = f"invoice-{number}.{'pdf' if kind == MEDIA_TYPE else 'xml'}"
                found.append(Attachment(name, content, kind, line.number))
        return found

    def _open(self, tenant_id: UUID, value: Sealed | None) -> str | None:
        """The plain value; none where there is none, or not any more. Raises CannotOpen."""
        opened = None if value is None else self._vault.open(tenant_id, value)
        return None if isinstance(opened, Erased) else opened

    @contextmanager
    def _looking(self, tenant_id: UUID) -> Iterator[sa.Connection]:
        with self._engine.connect() as sql:
            raw = sql.connection.driver_connection
            assert isinstance(raw, psycopg.Connection)
            raw.execute(SCOPE, scope([tenant_id]))
            yield sql

    @contextmanager
    def _connected(self, tenant_id: UUID) -> Iterator[psycopg.Connection]:
        """A short transaction of its own, committed at the end."""
        with self._looking(tenant_id) as sql:
            raw = sql.connection.driver_connection
            assert isinstance(raw, psycopg.Connection)
            yield raw
            raw.commit()
