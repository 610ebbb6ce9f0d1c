"""From a notice to a mail or a push: looks up the reader as known this minute, opens the vault.

The one place where names, addresses, devices and links are in clear. What it answers when a message
cannot be written has codes only.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import psycopg
import sqlalchemy as sa

from services.notifications.intents import PushOf
from services.notifications.model.address import NotOneAddress, parse_address
from services.notifications.model.device import Subscription
from services.notifications.model.mail import Delivery, Mail, compose
from services.notifications.model.notices import language_of, occasion_of, path_of
from services.notifications.model.occasions import Occasion
from services.notifications.model.push import Push, compose_push
from services.notifications.model.texts import Language
from services.notifications.queries import messages as queries
from services.notifications.values import Notice
from shared.eventstore.recorder import SCOPE, scope
from shared.sealed import Erased, Sealed
from shared.vault import CannotOpen, Vault


@dataclass(frozen=True, slots=True)
class Written:
    """`email` is the sealed address that the mail goes to."""

    mail: Mail
    email: Sealed


@dataclass(frozen=True, slots=True)
class CannotWrite:
    """`code` says why. `email` is the sealed address where it is the one at fault."""

    code: str
    email: Sealed | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What is known this minute of a message's client, of its reader, and of whom it speaks."""

    client: queries.ClientFacts
    reader: queries.Addressee
    email: Sealed
    other: queries.Addressee | None

    @property
    def language(self) -> Language:
        return language_of(self.reader.language)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.client.time_zone)


NOT_TOLD_OF: Final = CannotWrite("person_unknown")
"""Others' events may arrive in any order: the reader may still be introduced."""


class Writer:
    def __init__(self, dsn: str, vault: Vault, *, public_url: str, mail_domain: str) -> None:
        """`dsn` reads own tables: each look is short, on a connection that is closed again."""
        self._engine = sa.create_engine(
            "postgresql+psycopg://", creator=lambda: psycopg.connect(dsn), poolclass=sa.NullPool
        )
        self._vault = vault
        self._public_url = public_url.rstrip("/")
        self._mail_domain = mail_domain

    def write(self, tenant_id: UUID, delivery_id: UUID, notice: Notice) -> Written | CannotWrite:
        known = self._known(tenant_id, notice)
        if isinstance(known, CannotWrite):
            return known
        if known.reader.address_failed:
            return CannotWrite("address_invalid")
        try:
            email = self._vault.open(tenant_id, known.email)
            if isinstance(email, Erased):
                return CannotWrite("person_forgotten")
            delivery = Delivery(
                id=delivery_id,
                to=parse_address(email),
                language=known.language,
                zone=known.zone,
                link=self._link(tenant_id, notice),
                mail_domain=self._mail_domain,
            )
            return Written(compose(delivery, self._occasion(tenant_id, notice, known)), known.email)
        except CannotOpen:
            return CannotWrite("cannot_open")
        except NotOneAddress:
            return CannotWrite("address_malformed", known.email)

    def write_push(
        self, tenant_id: UUID, push_id: UUID, about: PushOf, now: datetime
    ) -> Push | CannotWrite:
        notice = about.notice
        known = self._known(tenant_id, notice)
        if isinstance(known, CannotWrite):
            return known
        with self._looking(tenant_id) as sql:
            devices = queries.devices(sql, tenant_id, notice.recipient_id)
        found = [one for one in devices if one.device_id == about.device_id]
        if not found:
            return CannotWrite("device_forgotten")
        try:
            opened = self._vault.open(tenant_id, found[0].subscription)
            if isinstance(opened, Erased):
                return CannotWrite("person_forgotten")
            return compose_push(
                push_id,
                msgspec.json.decode(opened, type=Subscription),
                self._occasion(tenant_id, notice, known),
                notice,
                language=known.language,
                zone=known.zone,
                link=self._link(tenant_id, notice),
                now=now,
            )
        except CannotOpen:
            return CannotWrite("cannot_open")

    def progress(self, tenant_id: UUID, delivery_id: UUID) -> queries.Progress:
        with self._looking(tenant_id) as sql:
            return queries.progress(sql, tenant_id, delivery_id)

    def _known(self, tenant_id: UUID, notice: Notice) -> Known | CannotWrite:
        with self._looking(tenant_id) as sql:
            client = queries.client_facts(sql, tenant_id)
            reader = queries.addressee(sql, tenant_id, notice.recipient_id)
            other = notice.person_id and queries.addressee(sql, tenant_id, notice.person_id)
        if client is None or reader is None:
            return NOT_TOLD_OF
        if reader.disabled:
            return CannotWrite("person_disabled")
        if reader.email is None:
            return NOT_TOLD_OF
        return Known(client, reader, reader.email, other or None)

    def _occasion(self, tenant_id: UUID, notice: Notice, known: Known) -> Occasion:
        """Names whoever asked or said no. Raises CannotOpen."""
        name = self._open(tenant_id, known.other.name) if known.other else None
        person = None if notice.person_id is None else name or ""
        return occasion_of(notice, known.client.name, person)

    def _link(self, tenant_id: UUID, notice: Notice) -> str:
        path = path_of(tenant_id, notice, self._open(tenant_id, notice.link))
        return self._public_url + path

    def _open(self, tenant_id: UUID, value: Sealed | None) -> str | None:
        """The plain value; none where there is none, or not any more."""
        opened = None if value is None else self._vault.open(tenant_id, value)
        return None if isinstance(opened, Erased) else opened

    @contextmanager
    def _looking(self, tenant_id: UUID) -> Iterator[sa.Connection]:
        with self._engine.connect() as sql:
            raw = sql.connection.driver_connection
            assert isinstance(raw, psycopg.Connection)
            raw.execute(SCOPE, scope([tenant_id]))
            yield sql
