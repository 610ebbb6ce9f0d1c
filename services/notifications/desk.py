"""What the HTTP side of the service works with: its runtime, the vault, the intake's secret, and
what pushes are sent by.
"""

from __future__ import annotations

import hmac
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Final
from urllib.parse import urlsplit
from uuid import UUID

import msgspec
from fastapi import Depends, Request

from services.notifications.acts.devices import forget, register
from services.notifications.acts.intake import delivery_of, note_letter_report, note_report
from services.notifications.acts.lettering import Letterer
from services.notifications.commands import (
    ChangeTexts,
    RestoreTexts,
    SubscribeToList,
    UnsubscribeFromList,
)
from services.notifications.gateways.bounces import Bounce
from services.notifications.model.delivery import State
from services.notifications.model.device import Subscription
from services.notifications.model.letter_texts import LetterTexts, checked
from services.notifications.model.letters import letters_in
from services.notifications.model.own_texts import TEXTS, texts_stream
from services.notifications.model.person import PERSON, person_stream
from services.notifications.model.texts import Language
from services.notifications.queries import letters as asked
from services.notifications.queries import messages as queries
from services.notifications.queries.letters import LetterLogLine
from services.notifications.registers import documents
from services.notifications.values import LetterKind
from shared.sealed import Erased
from shared.vault import Vault
from shared.web import desk
from shared.web.frame import ADMINISTRATOR, BOOKKEEPER, OPERATIONS
from shared.web.scope import TenantScope

READERS: Final = (BOOKKEEPER, OPERATIONS, ADMINISTRATOR)
WRITERS: Final = (BOOKKEEPER, ADMINISTRATOR)
"""Who changes what letters say."""
PAGE_LINES: Final = 50
LATELY: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Message:
    """A line of the log, with the reader's name where it is still known."""

    line: queries.LogLine
    name: str | None


@dataclass(frozen=True, slots=True)
class SentLetter:
    """A line of the letters' log, with the debtor's name where it is still known."""

    line: LetterLogLine
    name: str | None


@dataclass(frozen=True, slots=True)
class OwnDevice:
    """As its owner is shown it. `push_service` is a host; empty once their data have been erased."""

    device_id: UUID
    push_service: str
    registered_at: datetime


@dataclass(frozen=True, slots=True)
class Desk(desk.Desk):
    vault: Vault
    mail_domain: str
    bounce_token: str
    push_key: str
    """What browsers subscribe with; empty where this installation sends no pushes."""
    push_services: Collection[str]
    letterer: Letterer

    def takes(self, token: str) -> bool:
        """Whether this is the mail server's bearer; without one set nobody's is."""
        return bool(self.bounce_token) and hmac.compare_digest(
            token.encode(), self.bounce_token.encode()
        )

    def take(self, bounce: Bounce) -> None:
        """Note a report where it is about a delivery of ours; otherwise nothing happens."""
        delivery_id = delivery_of(bounce, self.mail_domain)
        if delivery_id is None:
            return
        # The report does not say whose delivery it is: the one question that is asked of all.
        with self.runtime.reader.connection() as transaction:
            tenant_id = queries.tenant_of(transaction.sql, delivery_id)
            place = asked.delivery_place(transaction.sql, delivery_id)
        if tenant_id is not None:
            self.runtime.work(
                tenant_id,
                "service:notifications",
                lambda work: note_report(bounce, delivery_id, work),
            )
        elif place is not None:
            self.runtime.work(
                place.tenant_id,
                "service:notifications",
                lambda work: note_letter_report(bounce, place.notice_id, place.delivery, work),
            )

    def log(
        self, tenant_id: UUID, *, limit: int = PAGE_LINES, after: UUID | None = None
    ) -> list[queries.LogLine]:
        with self.reading(tenant_id) as sql:
            return queries.delivery_log(sql, tenant_id, limit=limit, after=after)

    def messages(self, tenant_id: UUID, after: UUID | None) -> list[Message]:
        """A page of the log, for people."""
        with self.reading(tenant_id) as sql:
            lines = queries.delivery_log(sql, tenant_id, limit=PAGE_LINES, after=after)
            people = {line.recipient_id for line in lines}
            sealed = queries.names_of(sql, tenant_id, people)
        opened = {one: self.vault.open(tenant_id, name) for one, name in sealed.items()}
        names = {one: name for one, name in opened.items() if not isinstance(name, Erased)}
        return [Message(line, names.get(line.recipient_id)) for line in lines]

    def devices(self, scope: TenantScope) -> list[OwnDevice]:
        """Those of whoever asks."""
        with self.reading(scope.tenant_id) as sql:
            found = queries.devices(sql, scope.tenant_id, scope.identity.user_id)
        return [
            OwnDevice(one.device_id, self._service(scope.tenant_id, one), one.registered_at)
            for one in found
        ]

    def _service(self, tenant_id: UUID, device: queries.Device) -> str:
        opened = self.vault.open(tenant_id, device.subscription)
        if isinstance(opened, Erased):
            return ""
        return urlsplit(msgspec.json.decode(opened, type=Subscription).endpoint).netloc

    def register(self, scope: TenantScope, subscription: Subscription) -> UUID:
        """Raises Rejected."""
        person_id = scope.identity.user_id
        return self.work(scope, lambda work: register(work, self.vault, person_id, subscription))

    def forget(self, scope: TenantScope, device_id: UUID) -> None:
        self.work(scope, lambda work: forget(work, scope.identity.user_id, device_id))

    def counts(self, tenants: Sequence[UUID]) -> dict[State, int]:
        """How the last week's deliveries stand."""
        since = self.now() - LATELY
        with self.reading(*tenants) as sql:
            return queries.counts_by_state(sql, tenants, since)

    def letter_log(
        self, tenant_id: UUID, *, limit: int = PAGE_LINES, after: UUID | None = None
    ) -> list[LetterLogLine]:
        with self.reading(tenant_id) as sql:
            return asked.letter_log(sql, tenant_id, limit=limit, after=after)

    def letters(self, tenant_id: UUID, after: UUID | None) -> list[SentLetter]:
        """A page of the letters' log, for people."""
        with self.reading(tenant_id) as sql:
            lines = asked.letter_log(sql, tenant_id, limit=PAGE_LINES, after=after)
            sealed = asked.debtor_names(sql, tenant_id, {line.debtor_id for line in lines})
        opened = {one: self.vault.open(tenant_id, name) for one, name in sealed.items()}
        names = {one: name for one, name in opened.items() if not isinstance(name, Erased)}
        return [SentLetter(line, names.get(line.debtor_id)) for line in lines]

    def document(self, tenant_id: UUID, sha: str) -> tuple[bytes, str] | None:
        with self.runtime.app.transaction([tenant_id]) as transaction:
            return documents.fetch(transaction.raw, tenant_id, sha)

    def texts(self, tenant_id: UUID, kind: LetterKind, language: Language) -> LetterTexts:
        """The creditor's own, or ours."""
        with self.reading(tenant_id) as sql:
            own = asked.own_texts(sql, tenant_id, kind, language.value)
        return own or letters_in(language).texts[kind]

    def change_texts(
        self, scope: TenantScope, kind: LetterKind, language: Language, texts: LetterTexts
    ) -> None:
        """Raises Rejected, which names the field."""
        stream = texts_stream(scope.tenant_id, kind, language.value)
        command = ChangeTexts(kind, language.value, texts.title, texts.body, texts.closing)
        self.work(scope, lambda work: work.execute(TEXTS, stream, command))

    def restore_texts(self, scope: TenantScope, kind: LetterKind, language: Language) -> None:
        stream = texts_stream(scope.tenant_id, kind, language.value)
        command = RestoreTexts(kind, language.value)
        self.work(scope, lambda work: work.execute(TEXTS, stream, command))

    def preview(
        self, tenant_id: UUID, kind: LetterKind, language: Language, texts: LetterTexts
    ) -> bytes:
        """The letter that these words would make, as PDF. Raises Rejected."""
        today = self.letterer.local_day(tenant_id, self.now())
        return self.letterer.preview(tenant_id, kind, language, checked(kind, texts), today)

    def gets_list(self, scope: TenantScope) -> bool:
        with self.reading(scope.tenant_id) as sql:
            return scope.identity.user_id in asked.list_readers(sql, scope.tenant_id)

    def subscribe(self, scope: TenantScope, *, wanted: bool) -> None:
        """To today's list by mail, for whoever asks."""
        person_id = scope.identity.user_id
        command = SubscribeToList(person_id) if wanted else UnsubscribeFromList(person_id)
        stream = person_stream(scope.tenant_id, person_id)
        self.work(scope, lambda work: work.execute(PERSON, stream, command))


def desk_of(request: Request) -> Desk:
    desk = request.app.state.desk
    assert isinstance(desk, Desk)
    return desk


Here = Annotated[Desk, Depends(desk_of)]
