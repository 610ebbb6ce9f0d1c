"""The questions asked of the read tables. Each is one tenant's, by parameter and by row security."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from services.collections import tables
from services.collections.model.agreement import AgreementState
from services.collections.model.item import CREDITS
from services.collections.values import AT_AGENCY, HERE, LIVE, CaseState, ClaimState, Contact
from shared.money import Money
from shared.sealed import Sealed

_claim = tables.claim.c
_case = tables.case.c


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """One overdue invoice as a list shows it; `holds` are codes, the gravest first."""

    invoice_id: UUID
    debtor_id: UUID
    state: ClaimState
    since_at: datetime
    number: str
    principal: Money
    charges: Money
    interest: Money
    blocking: Money | None
    due_on: date | None
    warned_on: date | None
    deadline_on: date | None
    holds: tuple[str, ...]
    until_on: date | None
    transfer_on: date | None
    goes_at: datetime | None
    case_id: UUID | None


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case as a list shows it."""

    case_id: UUID
    debtor_id: UUID
    agency: str
    state: CaseState
    since_at: datetime
    principal: Money
    charges: Money
    interest: Money
    told: Money
    collected: Money
    paid_out: Money
    remaining: Money | None
    invoices: tuple[UUID, ...]
    numbers: tuple[str, ...]
    sent_on: date
    automatic: bool
    agency_case_id: str | None
    agency_reference: str | None
    status: str | None
    agency_code: str | None
    code: str | None
    recall_sought: bool
    untold: int

    @property
    def amount(self) -> Money:
        """All that the agency was asked to recover."""
        return self.principal + self.charges + self.interest


@dataclass(frozen=True, slots=True)
class Moment:
    """One event of a case's life: who, when, and its stored name."""

    version: int
    at: datetime
    actor: str
    event: str


@dataclass(frozen=True, slots=True)
class AgreementRow:
    agency: str
    state: AgreementState
    link: str
    agreed_on: date | None


@dataclass(frozen=True, slots=True)
class Heap:
    """How many are in a state, what they add up to, and how long the oldest has been there."""

    kind: str
    state: str
    currency: str
    count: int
    amount: Money
    oldest: timedelta
    goes_on: date | None


def _claim_row(row: sa.Row[Any]) -> ClaimRow:
    def money(minor: int) -> Money:
        return Money(minor, row.currency)

    return ClaimRow(
        invoice_id=row.invoice_id,
        debtor_id=row.debtor_id,
        state=ClaimState(row.state),
        since_at=row.since_at,
        number=row.number or row.item_number or "",
        principal=money(row.principal_minor),
        charges=money(row.charges_minor),
        interest=money(row.interest_minor),
        blocking=None if row.blocking_minor is None else money(row.blocking_minor),
        due_on=row.due_on,
        warned_on=row.warned_on,
        deadline_on=row.deadline_on,
        holds=tuple(row.holds),
        until_on=row.until_on,
        transfer_on=row.transfer_on,
        goes_at=row.goes_at,
        case_id=row.case_id,
    )


def _claims(tenant_id: UUID) -> sa.Select[Any]:
    """Claims with the number that the ledger gave their invoice, which dunning tells of the ready only."""
    item = tables.item
    of_invoice = sa.and_(item.c.tenant_id == _claim.tenant_id, item.c.entry_id == _claim.invoice_id)
    return (
        sa.select(tables.claim, item.c.number.label("item_number"))
        .select_from(tables.claim.outerjoin(item, of_invoice))
        .where(_claim.tenant_id == tenant_id)
    )


def claims(
    sql: sa.Connection, tenant_id: UUID, states: Collection[ClaimState] = HERE
) -> list[ClaimRow]:
    """Claims in these states, those that go first first."""
    query = (
        _claims(tenant_id)
        .where(_claim.state.in_([state.value for state in states]))
        .order_by(_claim.goes_at.nulls_last(), _claim.due_on.nulls_last(), _claim.invoice_id)
    )
    return [_claim_row(row) for row in sql.execute(query)]


def claim(sql: sa.Connection, tenant_id: UUID, invoice_id: UUID) -> ClaimRow | None:
    row = sql.execute(_claims(tenant_id).where(_claim.invoice_id == invoice_id)).one_or_none()
    return None if row is None else _claim_row(row)


def claims_of(sql: sa.Connection, tenant_id: UUID, debtor_id: UUID) -> list[UUID]:
    """A debtor's invoices that are still the creditor's own."""
    query = (
        sa.select(_claim.invoice_id)
        .where(
            _claim.tenant_id == tenant_id,
            _claim.debtor_id == debtor_id,
            _claim.state.in_([state.value for state in HERE]),
        )
        .order_by(_claim.invoice_id)
    )
    return list(sql.execute(query).scalars())


def due(sql: sa.Connection, tenant_id: UUID, now: datetime) -> list[UUID]:
    """Planned invoices whose hour has come."""
    query = (
        sa.select(_claim.invoice_id)
        .where(
            _claim.tenant_id == tenant_id,
            _claim.state == ClaimState.PLANNED.value,
            _claim.goes_at <= now,
        )
        .order_by(_claim.invoice_id)
    )
    return list(sql.execute(query).scalars())


def _case_row(row: sa.Row[Any]) -> CaseRow:
    def money(minor: int) -> Money:
        return Money(minor, row.currency)

    return CaseRow(
        case_id=row.case_id,
        debtor_id=row.debtor_id,
        agency=row.agency,
        state=CaseState(row.state),
        since_at=row.since_at,
        principal=money(row.principal_minor),
        charges=money(row.charges_minor),
        interest=money(row.interest_minor),
        told=money(row.told_minor),
        collected=money(row.collected_minor),
        paid_out=money(row.paid_out_minor),
        remaining=None if row.remaining_minor is None else money(row.remaining_minor),
        invoices=tuple(map(UUID, row.invoices)),
        numbers=tuple(row.numbers),
        sent_on=row.sent_on,
        automatic=row.automatic,
        agency_case_id=row.agency_case_id,
        agency_reference=row.agency_reference,
        status=row.status,
        agency_code=row.agency_code,
        code=row.code,
        recall_sought=row.recall_sought,
        untold=row.untold,
    )


def cases(sql: sa.Connection, tenant_id: UUID) -> list[CaseRow]:
    """All cases, the last sent first."""
    query = (
        sa.select(tables.case)
        .where(_case.tenant_id == tenant_id)
        .order_by(_case.sent_on.desc(), _case.since_at.desc(), _case.case_id)
    )
    return [_case_row(row) for row in sql.execute(query)]


def case(sql: sa.Connection, tenant_id: UUID, case_id: UUID) -> CaseRow | None:
    query = sa.select(tables.case).where(_case.tenant_id == tenant_id, _case.case_id == case_id)
    row = sql.execute(query).one_or_none()
    return None if row is None else _case_row(row)


def case_known_as(sql: sa.Connection, tenant_id: UUID, agency_case_id: str) -> UUID | None:
    """The case that the agency has under this id."""
    query = sa.select(_case.case_id).where(
        _case.tenant_id == tenant_id, _case.agency_case_id == agency_case_id
    )
    return sql.execute(query).scalar()


def attempts(sql: sa.Connection, tenant_id: UUID, debtor_id: UUID, currency: str) -> int:
    """How many cases of a debtor in a currency there have been."""
    query = sa.select(sa.func.count()).where(
        _case.tenant_id == tenant_id, _case.debtor_id == debtor_id, _case.currency == currency
    )
    return int(sql.execute(query).scalar() or 0)


def case_of_invoice(sql: sa.Connection, tenant_id: UUID, invoice_id: UUID) -> UUID | None:
    """The case that an invoice left in, also when that is over."""
    query = sa.select(_claim.case_id).where(
        _claim.tenant_id == tenant_id, _claim.invoice_id == invoice_id
    )
    return sql.execute(query).scalar()


def is_asked_after(sql: sa.Connection, tenant_id: UUID, case_id: UUID) -> bool:
    """Whether the agency still owes a word on a case."""
    live = [state.value for state in LIVE & AT_AGENCY]
    query = sa.select(
        sa.exists().where(
            _case.tenant_id == tenant_id, _case.case_id == case_id, _case.state.in_(live)
        )
    )
    return bool(sql.execute(query).scalar())


def timeline(sql: sa.Connection, tenant_id: UUID, case_id: UUID) -> list[Moment]:
    """What happened to one case, in order; it follows the log and may be a moment behind."""
    moment = tables.timeline.c
    query = (
        sa.select(moment.version, moment.at, moment.actor, moment.event)
        .where(moment.tenant_id == tenant_id, moment.case_id == case_id)
        .order_by(moment.version)
    )
    return [Moment(*row) for row in sql.execute(query)]


def unmatched(sql: sa.Connection, tenant_id: UUID, debtor_id: UUID, currency: str) -> Money | None:
    """A debtor's payments and credit notes that are set off against nothing, in a currency.

    None where there are none in any currency: one in another currency may be meant for this invoice
    too, and counts as something.
    """
    item = tables.item.c
    query = (
        sa.select(item.currency, sa.func.sum(item.remaining_minor))
        .where(
            item.tenant_id == tenant_id,
            item.debtor_id == debtor_id,
            item.kind.in_(sorted(CREDITS)),
            item.remaining_minor > 0,
        )
        .group_by(item.currency)
    )
    found = {row[0]: Money(int(row[1]), row[0]) for row in sql.execute(query)}
    if not found:
        return None
    return found.get(currency) or next(iter(found.values()))


def remaining(sql: sa.Connection, tenant_id: UUID, invoice_id: UUID) -> Money | None:
    """What the ledger was last heard to leave open of an invoice."""
    item = tables.item.c
    row = sql.execute(
        sa.select(item.remaining_minor, item.currency).where(
            item.tenant_id == tenant_id, item.entry_id == invoice_id
        )
    ).one_or_none()
    return None if row is None else Money(row.remaining_minor, row.currency)


def debtors(sql: sa.Connection, tenant_id: UUID) -> dict[UUID, tuple[str, Sealed]]:
    """Debtors by id: their number in the ledger, and their name, sealed."""
    debtor = tables.debtor.c
    query = sa.select(debtor.debtor_id, debtor.number, debtor.name).where(
        debtor.tenant_id == tenant_id
    )
    return {
        row.debtor_id: (row.number, Sealed(UUID(row.name["subject"]), row.name["sealed"]))
        for row in sql.execute(query)
    }


def agreements(sql: sa.Connection, tenant_id: UUID) -> dict[str, AgreementRow]:
    agreement = tables.agreement.c
    query = sa.select(agreement.agency, agreement.state, agreement.link, agreement.agreed_on).where(
        agreement.tenant_id == tenant_id
    )
    return {
        row.agency: AgreementRow(row.agency, AgreementState(row.state), row.link, row.agreed_on)
        for row in sql.execute(query)
    }


def contact(sql: sa.Connection, tenant_id: UUID, agency: str) -> Contact | None:
    """Who speaks for the creditor at an agency, sealed; None where it was never agreed with."""
    agreement = tables.agreement.c
    query = sa.select(agreement.contact).where(
        agreement.tenant_id == tenant_id, agreement.agency == agency
    )
    found = sql.execute(query).scalar()
    return None if found is None else msgspec.convert(found, Contact)


def heaps(sql: sa.Connection, tenant_id: UUID, now: datetime) -> list[Heap]:
    """Counts, sums and ages of claims and cases per state."""
    claims_ = (
        sa.select(
            sa.literal("claim"),
            _claim.state,
            _claim.currency,
            sa.func.count(),
            sa.func.sum(_claim.principal_minor),
            sa.func.min(_claim.since_at),
            sa.func.min(_claim.transfer_on),
        )
        .where(_claim.tenant_id == tenant_id)
        .group_by(_claim.state, _claim.currency)
    )
    cases_ = (
        sa.select(
            sa.literal("case"),
            _case.state,
            _case.currency,
            sa.func.count(),
            sa.func.sum(_case.principal_minor),
            sa.func.min(_case.since_at),
            sa.null(),
        )
        .where(_case.tenant_id == tenant_id)
        .group_by(_case.state, _case.currency)
    )
    return [
        Heap(kind, state, code, count, Money(int(minor), code), now - since, goes_on)
        for query in (claims_, cases_)
        for kind, state, code, count, minor, since, goes_on in sql.execute(query)
    ]
