"""What is asked about debtors, texts and letters. Each question is put for one tenant."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
import sqlalchemy as sa

from services.notifications.model.letter import LetterState
from services.notifications.model.letter_texts import LetterTexts
from services.notifications.tables import (
    branding,
    debtor,
    letter,
    letter_delivery,
    person,
    role,
    texts,
)
from services.notifications.values import Branding, Contact, LetterKind
from shared.sealed import Sealed

LIST_READERS = ("bookkeeper", "administrator")
_branding = msgspec.json.Decoder(Branding).decode
_contact = msgspec.json.Decoder(Contact).decode


@dataclass(frozen=True, slots=True)
class DeliveryPlace:
    """Whose delivery an id of ours is."""

    tenant_id: UUID
    notice_id: UUID
    delivery: int


@dataclass(frozen=True, slots=True)
class LetterProgress:
    """How far a delivery has come, how often it was repeated, and whether its letter was called back."""

    state: LetterState
    repeats: int
    recalled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterLogLine:
    """One delivery of one letter; one that no channel could carry has neither channel nor document."""

    notice_id: UUID
    debtor_id: UUID
    kind: str
    language: str
    letter_state: str
    letter_code: str | None
    received_at: datetime
    delivery: int | None
    channel: str | None
    state: str | None
    code: str | None
    sha256: str | None
    pages: int | None
    sent_at: datetime | None


def branding_of(sql: sa.Connection, tenant_id: UUID) -> Branding:
    found = sql.execute(
        sa.select(branding.c.branding).where(branding.c.tenant_id == tenant_id)
    ).scalar()
    return Branding() if found is None else _branding(found)


def contact_of(sql: sa.Connection, tenant_id: UUID, debtor_id: UUID) -> Contact | None:
    found = sql.execute(
        sa.select(debtor.c.contact).where(
            debtor.c.tenant_id == tenant_id, debtor.c.debtor_id == debtor_id
        )
    ).scalar()
    return None if found is None else _contact(found)


def debtor_names(
    sql: sa.Connection, tenant_id: UUID, debtors: Collection[UUID]
) -> dict[UUID, Sealed]:
    query = sa.select(debtor.c.debtor_id, debtor.c.contact).where(
        debtor.c.tenant_id == tenant_id, debtor.c.debtor_id.in_(debtors)
    )
    return {row.debtor_id: _contact(row.contact).name for row in sql.execute(query)}


def own_texts(
    sql: sa.Connection, tenant_id: UUID, kind: LetterKind, language: str
) -> LetterTexts | None:
    """The creditor's own words; none where ours are used."""
    row = sql.execute(
        sa.select(texts.c.title, texts.c.body, texts.c.closing, texts.c.version).where(
            texts.c.tenant_id == tenant_id,
            texts.c.kind == kind.value,
            texts.c.language == language,
        )
    ).one_or_none()
    return None if row is None else LetterTexts(row.title, row.body, row.closing, row.version)


def delivery_place(sql: sa.Connection, delivery_id: UUID) -> DeliveryPlace | None:
    """Asked by the role `reader`, since a bounce does not say whose it is."""
    row = sql.execute(
        sa.select(
            letter_delivery.c.tenant_id, letter_delivery.c.notice_id, letter_delivery.c.delivery
        ).where(letter_delivery.c.delivery_id == delivery_id)
    ).one_or_none()
    return None if row is None else DeliveryPlace(row.tenant_id, row.notice_id, row.delivery)


def letter_progress(
    sql: sa.Connection, tenant_id: UUID, notice_id: UUID, delivery: int
) -> LetterProgress:
    same = sa.and_(
        letter.c.tenant_id == letter_delivery.c.tenant_id,
        letter.c.notice_id == letter_delivery.c.notice_id,
    )
    row = sql.execute(
        sa.select(letter_delivery.c.state, letter_delivery.c.repeats, letter.c.recalled)
        .join_from(letter_delivery, letter, same)
        .where(
            letter_delivery.c.tenant_id == tenant_id,
            letter_delivery.c.notice_id == notice_id,
            letter_delivery.c.delivery == delivery,
        )
    ).one()
    return LetterProgress(LetterState(row.state), row.repeats, row.recalled)


def letter_log(
    sql: sa.Connection, tenant_id: UUID, *, limit: int, after: UUID | None = None
) -> list[LetterLogLine]:
    """The newest letters first, each with its deliveries in order; `after` is the last letter seen."""
    mine = sa.select(letter.c.notice_id).where(letter.c.tenant_id == tenant_id)
    order = sa.tuple_(letter.c.received_at, letter.c.notice_id)
    if after is not None:
        seen = letter.alias()
        place = sa.select(seen.c.received_at, seen.c.notice_id).where(
            seen.c.tenant_id == tenant_id, seen.c.notice_id == after
        )
        mine = mine.where(order < place.scalar_subquery())
    newest = mine.order_by(letter.c.received_at.desc(), letter.c.notice_id.desc()).limit(limit)
    query = (
        sa.select(
            letter.c.notice_id,
            letter.c.debtor_id,
            letter.c.kind,
            letter.c.language,
            letter.c.state.label("letter_state"),
            letter.c.code.label("letter_code"),
            letter.c.received_at,
            letter_delivery.c.delivery,
            letter_delivery.c.channel,
            letter_delivery.c.state,
            letter_delivery.c.code,
            letter_delivery.c.sha256,
            letter_delivery.c.pages,
            letter_delivery.c.sent_at,
        )
        .outerjoin_from(
            letter,
            letter_delivery,
            sa.and_(
                letter_delivery.c.tenant_id == letter.c.tenant_id,
                letter_delivery.c.notice_id == letter.c.notice_id,
            ),
        )
        .where(letter.c.tenant_id == tenant_id, letter.c.notice_id.in_(newest))
        .order_by(
            letter.c.received_at.desc(), letter.c.notice_id.desc(), letter_delivery.c.delivery
        )
    )
    return [LetterLogLine(**row) for row in sql.execute(query).mappings()]


def list_readers(sql: sa.Connection, tenant_id: UUID) -> list[UUID]:
    """Who gets today's list: whoever asked for it, and by their role those who said nothing."""
    by_role = sa.select(role.c.person_id).where(
        role.c.tenant_id == tenant_id, role.c.role.in_(LIST_READERS)
    )
    query = (
        sa.select(person.c.person_id)
        .where(
            person.c.tenant_id == tenant_id,
            person.c.disabled.is_(sa.false()),
            sa.func.coalesce(person.c.wants_list, person.c.person_id.in_(by_role)),
        )
        .order_by(person.c.person_id)
    )
    return list(sql.execute(query).scalars())
