"""How invoices, debtors and letters stand now."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.dunning.model.arrears import Overdue
from services.dunning.model.notice import State as NoticeState
from services.dunning.model.receivable import State
from services.dunning.tables import standing as tables
from services.dunning.values import NoticeKind
from shared.contracts.values import Copy, Fault
from shared.money import Money
from shared.sealed import Sealed

_receivable, _credit = tables.receivable, tables.credit
_debtor, _notice = tables.debtor, tables.notice


@dataclass(frozen=True, slots=True)
class Row:
    """One invoice as a list shows it. `skipped`, `held`, `paused` and `disputed` are codes."""

    invoice_id: UUID
    debtor_id: UUID
    number: str
    issued_on: date
    due_on: date
    gross: Money
    principal: Money
    charges: Money
    state: State
    followed: bool
    step: int | None
    kind: NoticeKind | None
    charged: bool
    planned_on: date | None
    because: str | None
    listed_on: date | None
    skipped: str | None
    notice_id: UUID | None
    last_kind: NoticeKind | None
    last_sent_on: date | None
    deadline_on: date | None
    paused: str | None
    paused_until_on: date | None
    disputed: str | None
    taken_back: str | None
    ready_on: date | None
    held: str | None
    case_id: UUID | None

    @property
    def is_waited_for(self) -> bool:
        """Whether a change at its debtor may change what comes next."""
        return self.planned_on is not None or self.ready_on is not None or self.held is not None


@dataclass(frozen=True, slots=True)
class DebtorRow:
    debtor_id: UUID
    number: str
    name: Sealed | None
    kind: str
    country: str | None
    language: str | None
    timeline: str | None
    collective: bool | None
    excluded: str | None
    excluded_until_on: date | None
    frozen: str | None
    channels: tuple[str, ...]
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class NoticeRow:
    notice_id: UUID
    debtor_id: UUID
    kind: NoticeKind
    level: int
    state: NoticeState
    issued_on: date
    pay_by_on: date | None
    total: Money
    invoices: tuple[UUID, ...]
    channel: str | None
    sent_at: datetime | None
    copy_of: Copy | None
    pages: int | None
    code: str | None


@dataclass(frozen=True, slots=True)
class CreditRow:
    item_id: UUID
    debtor_id: UUID
    kind: str
    number: str
    dated_on: date
    remaining: Money


@dataclass(frozen=True, slots=True)
class ChargeEntry:
    """Which charge an entry of the ledger is."""

    invoice_id: UUID
    charge_id: UUID


def _row(row: sa.Row[Any]) -> Row:
    def money(minor: int) -> Money:
        return Money(minor, row.currency)

    return Row(
        invoice_id=row.invoice_id,
        debtor_id=row.debtor_id,
        number=row.number,
        issued_on=row.issued_on,
        due_on=row.due_on,
        gross=money(row.gross_minor),
        principal=money(row.principal_minor),
        charges=money(row.charges_minor),
        state=State(row.state),
        followed=row.followed,
        step=row.step,
        kind=NoticeKind(row.kind) if row.kind else None,
        charged=bool(row.charged),
        planned_on=row.planned_on,
        because=row.because,
        listed_on=row.listed_on,
        skipped=row.skipped,
        notice_id=row.notice_id,
        last_kind=NoticeKind(row.last_kind) if row.last_kind else None,
        last_sent_on=row.last_sent_on,
        deadline_on=row.deadline_on,
        paused=row.paused,
        paused_until_on=row.paused_until_on,
        disputed=row.disputed,
        taken_back=row.taken_back,
        ready_on=row.ready_on,
        held=row.held,
        case_id=row.case_id,
    )


def receivable(sql: sa.Connection, tenant_id: UUID, invoice_id: UUID) -> Row | None:
    found = sql.execute(
        sa.select(_receivable).where(
            _receivable.c.tenant_id == tenant_id, _receivable.c.invoice_id == invoice_id
        )
    ).first()
    return None if found is None else _row(found)


@dataclass(frozen=True, slots=True)
class DueStep:
    invoice_id: UUID
    debtor_id: UUID
    currency: str


def due_steps(
    sql: sa.Connection, tenant_id: UUID, today: date, after: UUID, most: int
) -> Sequence[DueStep]:
    """Invoices whose step has come, debtor by debtor after a given one, of about `most` invoices.

    All of a debtor's stand in one answer. What is not due costs nothing: the index holds planned days.
    """
    columns = (_receivable.c.invoice_id, _receivable.c.debtor_id, _receivable.c.currency)
    due = sa.and_(
        _receivable.c.tenant_id == tenant_id,
        _receivable.c.planned_on <= today,
        _receivable.c.planned_on.is_not(None),
        _receivable.c.notice_id.is_(None),
        _receivable.c.debtor_id > after,
    )
    first = sa.select(*columns).where(due).order_by(_receivable.c.debtor_id).limit(most)
    rows = sql.execute(first).all()
    if len(rows) < most:
        return [DueStep(*row) for row in rows]
    whole = sa.select(*columns).where(due, _receivable.c.debtor_id <= rows[-1].debtor_id)
    return [DueStep(*row) for row in sql.execute(whole.order_by(_receivable.c.debtor_id))]


def overdue_of(
    sql: sa.Connection, tenant_id: UUID, debtors: Collection[UUID], today: date
) -> Mapping[tuple[UUID, str], Money]:
    """Each debtor's overdue principal per currency, less its unmatched credits."""
    open_ = (
        sa.select(
            _receivable.c.debtor_id,
            _receivable.c.currency,
            sa.func.sum(_receivable.c.principal_minor).label("minor"),
        )
        .where(
            _receivable.c.tenant_id == tenant_id,
            _receivable.c.debtor_id.in_(debtors),
            _receivable.c.state == State.OPEN.value,
            _receivable.c.due_on < today,
        )
        .group_by(_receivable.c.debtor_id, _receivable.c.currency)
    )
    owed = {(r.debtor_id, r.currency): int(r.minor) for r in sql.execute(open_)}
    for row in sql.execute(
        sa.select(
            _credit.c.debtor_id,
            _credit.c.currency,
            sa.func.sum(_credit.c.remaining_minor).label("minor"),
        )
        .where(_credit.c.tenant_id == tenant_id, _credit.c.debtor_id.in_(debtors))
        .group_by(_credit.c.debtor_id, _credit.c.currency)
    ):
        place = (row.debtor_id, row.currency)
        if place in owed:
            owed[place] -= int(row.minor)
    return {place: Money(minor, place[1]) for place, minor in owed.items()}


def listed(sql: sa.Connection, tenant_id: UUID, debtor_id: UUID | None = None) -> Sequence[Row]:
    """What stands on the list, debtor by debtor, the oldest invoice first."""
    where = [_receivable.c.tenant_id == tenant_id, _receivable.c.listed_on.is_not(None)]
    if debtor_id is not None:
        where.append(_receivable.c.debtor_id == debtor_id)
    order = (_receivable.c.debtor_id, _receivable.c.due_on, _receivable.c.number)
    return [_row(row) for row in sql.execute(sa.select(_receivable).where(*where).order_by(*order))]


def listed_debtors(sql: sa.Connection, tenant_id: UUID, after: UUID, most: int) -> Sequence[UUID]:
    """Debtors with something on the list, after a given one."""
    query = (
        sa.select(_receivable.c.debtor_id)
        .where(
            _receivable.c.tenant_id == tenant_id,
            _receivable.c.listed_on.is_not(None),
            _receivable.c.debtor_id > after,
        )
        .group_by(_receivable.c.debtor_id)
        .order_by(_receivable.c.debtor_id)
        .limit(most)
    )
    return list(sql.scalars(query))


def of_debtor(
    sql: sa.Connection, tenant_id: UUID, debtor_id: UUID, states: Collection[State] = ()
) -> Sequence[Row]:
    """A debtor's invoices, the oldest due first; of the given states, or all."""
    where = [_receivable.c.tenant_id == tenant_id, _receivable.c.debtor_id == debtor_id]
    if states:
        where.append(_receivable.c.state.in_([state.value for state in states]))
    order = (_receivable.c.due_on, _receivable.c.number)
    return [_row(row) for row in sql.execute(sa.select(_receivable).where(*where).order_by(*order))]


def all_of(sql: sa.Connection, tenant_id: UUID) -> Sequence[Row]:
    """Every invoice of a creditor, by number."""
    query = sa.select(_receivable).where(_receivable.c.tenant_id == tenant_id)
    return [_row(row) for row in sql.execute(query.order_by(_receivable.c.number))]


def open_invoices(
    sql: sa.Connection, tenant_id: UUID, after: UUID, most: int
) -> Sequence[tuple[UUID, UUID]]:
    """Invoices that have not been settled, as (invoice, debtor), after a given invoice."""
    query = (
        sa.select(_receivable.c.invoice_id, _receivable.c.debtor_id)
        .where(
            _receivable.c.tenant_id == tenant_id,
            _receivable.c.state == State.OPEN.value,
            _receivable.c.invoice_id > after,
        )
        .order_by(_receivable.c.invoice_id)
        .limit(most)
    )
    return [(row.invoice_id, row.debtor_id) for row in sql.execute(query)]


def times_overdue(sql: sa.Connection, tenant_id: UUID, debtor_id: UUID) -> Sequence[Overdue]:
    """When each of a debtor's invoices was in arrears."""
    query = sa.select(_receivable.c.due_on, _receivable.c.settled_on).where(
        _receivable.c.tenant_id == tenant_id,
        _receivable.c.debtor_id == debtor_id,
        sa.or_(
            _receivable.c.settled_on > _receivable.c.due_on,
            _receivable.c.state.in_([State.OPEN.value, State.AT_AGENCY.value]),
        ),
    )
    return [Overdue(row.due_on, row.settled_on) for row in sql.execute(query)]


def compensated_since(
    sql: sa.Connection, tenant_id: UUID, debtor_id: UUID, day: date
) -> frozenset[UUID]:
    """A debtor's invoices on which a flat compensation of a day or later stands."""
    charge = tables.charge.c
    query = (
        sa.select(charge.invoice_id)
        .join(
            _receivable,
            sa.and_(
                _receivable.c.tenant_id == charge.tenant_id,
                _receivable.c.invoice_id == charge.invoice_id,
            ),
        )
        .where(
            charge.tenant_id == tenant_id,
            _receivable.c.debtor_id == debtor_id,
            charge.kind == "compensation",
            charge.charged_on >= day,
            charge.amount_minor > charge.reversed_minor,
        )
    )
    return frozenset(sql.scalars(query))


def charge_entry(sql: sa.Connection, tenant_id: UUID, entry_id: UUID) -> ChargeEntry | None:
    charge = tables.charge.c
    found = sql.execute(
        sa.select(charge.invoice_id, charge.charge_id).where(
            charge.tenant_id == tenant_id, charge.entry_id == entry_id
        )
    ).first()
    return None if found is None else ChargeEntry(*found)


def credit_debtor(sql: sa.Connection, tenant_id: UUID, item_id: UUID) -> UUID | None:
    """Whose credit an entry of the ledger is."""
    found: UUID | None = sql.scalar(
        sa.select(_credit.c.debtor_id).where(
            _credit.c.tenant_id == tenant_id, _credit.c.item_id == item_id
        )
    )
    return found


def credits_of(sql: sa.Connection, tenant_id: UUID, debtor_id: UUID) -> Sequence[CreditRow]:
    query = (
        sa.select(_credit)
        .where(
            _credit.c.tenant_id == tenant_id,
            _credit.c.debtor_id == debtor_id,
            _credit.c.remaining_minor != 0,
        )
        .order_by(_credit.c.dated_on, _credit.c.number)
    )
    return [
        CreditRow(
            row.item_id,
            row.debtor_id,
            row.kind,
            row.number,
            row.dated_on,
            Money(row.remaining_minor, row.currency),
        )
        for row in sql.execute(query)
    ]


def debtors(
    sql: sa.Connection, tenant_id: UUID, debtor_ids: Collection[UUID]
) -> Mapping[UUID, DebtorRow]:
    query = sa.select(_debtor).where(
        _debtor.c.tenant_id == tenant_id, _debtor.c.debtor_id.in_(debtor_ids)
    )
    return {row.debtor_id: _debtor_row(row) for row in sql.execute(query)}


def _debtor_row(row: sa.Row[Any]) -> DebtorRow:
    name = row.name
    return DebtorRow(
        debtor_id=row.debtor_id,
        number=row.number or "",
        name=Sealed(UUID(name["subject"]), name["sealed"]) if name else None,
        kind=row.kind or "consumer",
        country=row.country,
        language=row.language,
        timeline=row.timeline,
        collective=row.collective,
        excluded=row.excluded,
        excluded_until_on=row.excluded_until_on,
        frozen=row.frozen,
        channels=tuple(row.channels),
        faults=tuple(Fault(**fault) for fault in row.faults),
    )


def notices_of(sql: sa.Connection, tenant_id: UUID, debtor_id: UUID) -> Sequence[NoticeRow]:
    """A debtor's letters, the latest first."""
    query = (
        sa.select(_notice)
        .where(_notice.c.tenant_id == tenant_id, _notice.c.debtor_id == debtor_id)
        .order_by(_notice.c.issued_on.desc(), _notice.c.notice_id)
    )
    return [_notice_row(row) for row in sql.execute(query)]


def _notice_row(row: sa.Row[Any]) -> NoticeRow:
    copy_of = Copy(row.document, row.media_type, 0) if row.document else None
    return NoticeRow(
        notice_id=row.notice_id,
        debtor_id=row.debtor_id,
        kind=NoticeKind(row.kind),
        level=row.level,
        state=NoticeState(row.state),
        issued_on=row.issued_on,
        pay_by_on=row.pay_by_on,
        total=Money(row.total_minor, row.currency),
        invoices=tuple(map(UUID, row.invoices)),
        channel=row.channel,
        sent_at=row.sent_at,
        copy_of=copy_of,
        pages=row.pages,
        code=row.code,
    )


def mirror_at(sql: sa.Connection, tenant_id: UUID) -> datetime | None:
    """When the last run began that has read the whole ledger."""
    mirror = tables.mirror.c
    found: datetime | None = sql.scalar(
        sa.select(mirror.as_of_at).where(mirror.tenant_id == tenant_id)
    )
    return found
