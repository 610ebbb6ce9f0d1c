"""From a notice to a mail: looks up the reader as known this minute, opens the vault, composes.

The one place where names, addresses and links of mails are in clear. What it answers when a mail
cannot be written has codes only.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg
import sqlalchemy as sa

from services.notifications import queries
from services.notifications.model.address import NotOneAddress, parse_address
from services.notifications.model.mail import Delivery, Mail, compose
from services.notifications.model.notices import language_of, occasion_of, path_of
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
        if reader.address_failed:
            return CannotWrite("address_invalid")
        try:
            email = self._vault.open(tenant_id, reader.email)
            if isinstance(email, Erased):
                return CannotWrite("person_forgotten")
            delivery = Delivery(
                id=delivery_id,
                to=parse_address(email),
                language=language_of(reader.language),
                zone=ZoneInfo(client.time_zone),
                link=self._public_url
                + path_of(tenant_id, notice, self._open(tenant_id, notice.link)),
                mail_domain=self._mail_domain,
            )
            name = self._open(tenant_id, other.name) if other else None
        except CannotOpen:
            return CannotWrite("cannot_open")
        except NotOneAddress:
            return CannotWrite("address_malformed", reader.email)
        person = None if notice.person_id is None else name or ""
        return Written(compose(delivery, occasion_of(notice, client.name, person)), reader.email)

    def progress(self, tenant_id: UUID, delivery_id: UUID) -> queries.Progress:
        with self._looking(tenant_id) as sql:
            return queries.progress(sql, tenant_id, delivery_id)

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
