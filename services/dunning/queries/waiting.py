"""Every open invoice that is not on today's list, by the rule that keeps it off.

The order of the rules is that of `model/gates.py`, which has the last word about each invoice; here they
are asked of all invoices at once, so that counting and filtering cost one reading of the table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from services.dunning.model.creditor import Creditor
from services.dunning.model.receivable import State
from services.dunning.tables import standing as tables

_r, _d, _c = tables.receivable.c, tables.debtor.c, tables.credit.c
NOT_FOLLOWED: Final = "not_followed"
"""Booked before the ledger was connected, or reminded by somebody else: told apart by its history."""
NEXT_LIST: Final = "next_list"
"""Nothing stands in its way: it stands on the list that is made next."""
WAITS_FOR_LAW: Final = ("rule_missing", "rule_unverified")


@dataclass(frozen=True, slots=True)
class Waiting:
    invoice_id: UUID
    code: str


def counts(
    sql: sa.Connection, tenant_id: UUID, creditor: Creditor, today: date
) -> Mapping[str, int]:
    """How many wait, by rule."""
    found = _waiting(tenant_id, creditor, today)
    query = sa.select(found.c.code, sa.func.count()).group_by(found.c.code)
    return {code: int(count) for code, count in sql.execute(query)}


def page(
    sql: sa.Connection,
    tenant_id: UUID,
    creditor: Creditor,
    today: date,
    *,
    code: str = "",
    offset: int = 0,
    limit: int,
) -> Sequence[Waiting]:
    """What people may have to mend first, the oldest due date first; what is not due comes last."""
    found = _waiting(tenant_id, creditor, today)
    query = sa.select(found.c.invoice_id, found.c.code)
    if code:
        query = query.where(found.c.code == code)
    order = (found.c.code == "not_due_yet", found.c.due_on, found.c.invoice_id)
    rows = sql.execute(query.order_by(*order).offset(offset).limit(limit))
    return [Waiting(row.invoice_id, row.code) for row in rows]


def _waiting(tenant_id: UUID, creditor: Creditor, today: date) -> sa.Subquery:
    return (
        sa.select(_r.invoice_id, _r.due_on, _code(tenant_id, creditor, today).label("code"))
        .select_from(
            tables.receivable.outerjoin(
                tables.debtor,
                sa.and_(_d.tenant_id == _r.tenant_id, _d.debtor_id == _r.debtor_id),
            )
        )
        .where(
            _r.tenant_id == tenant_id,
            _r.state.in_([State.OPEN.value, State.AT_AGENCY.value]),
            _r.listed_on.is_(None),
        )
        .subquery()
    )


def _code(tenant_id: UUID, creditor: Creditor, today: date) -> sa.ColumnElement[str]:
    known = list(creditor.timelines)
    timeline = sa.case((_d.timeline.in_(known), _d.timeline), else_=creditor.main)
    off = [name for name, one in creditor.timelines.items() if one.mode == "off"]
    statements = [name for name, one in creditor.timelines.items() if one.is_statement]
    abroad = sa.and_(
        _r.currency != creditor.home_currency,
        _d.channels.is_not(None),
        sa.not_(_d.channels.cast(JSONB).contains(["mail"])),
    )
    rules: list[tuple[sa.ColumnElement[bool], Any]] = [
        (_r.state == State.AT_AGENCY.value, "at_agency"),
        (sa.not_(_r.followed), NOT_FOLLOWED),
        (_r.disputed.is_not(None), "disputed"),
        (_r.taken_back.is_not(None), "taken_back"),
        (_r.paused.is_not(None), "paused"),
        (_d.frozen.is_not(None), _d.frozen),
        (_d.excluded.is_not(None), "excluded"),
        (sa.func.jsonb_array_length(_d.channels) == 0, "no_address"),
        (abroad, "no_mail"),
        (sa.literal(creditor.drift), "ledger_drifts"),
        (sa.or_(timeline.in_(off), timeline.not_in(known)), "timeline_off"),
        (timeline.in_(statements), "statement_debtor"),
        (_r.notice_id.is_not(None), "letter_under_way"),
        (_r.planned_on.is_(None), "no_step_left"),
        (_r.planned_on > today, "not_due_yet"),
        *_of_the_amounts(tenant_id, creditor, today),
        (_r.skipped.in_(WAITS_FOR_LAW), _r.skipped),
    ]
    return sa.case(*rules, else_=NEXT_LIST)


def _of_the_amounts(
    tenant_id: UUID, creditor: Creditor, today: date
) -> list[tuple[sa.ColumnElement[bool], Any]]:
    """Asked only of what is due: these read the debtor's other rows."""
    theirs = tables.receivable.alias("theirs").c
    same = (theirs.tenant_id == tenant_id, theirs.debtor_id == _r.debtor_id,
            theirs.currency == _r.currency)  # fmt: skip
    due = (
        sa.select(sa.func.coalesce(sa.func.sum(theirs.principal_minor), 0))
        .where(*same, theirs.state == State.OPEN.value, theirs.due_on < today)
        .correlate(tables.receivable)
        .scalar_subquery()
    )
    of_debtor = (
        _c.tenant_id == tenant_id,
        _c.debtor_id == _r.debtor_id,
        _c.currency == _r.currency,
    )
    credit = (
        sa.select(sa.func.coalesce(sa.func.sum(_c.remaining_minor), 0))
        .where(*of_debtor)
        .correlate(tables.receivable)
        .scalar_subquery()
    )
    unmatched = sa.exists().where(*of_debtor, _c.remaining_minor > 0).correlate(tables.receivable)
    rules: list[tuple[sa.ColumnElement[bool], Any]] = []
    if creditor.rules.open_items == "hold":
        rules.append((unmatched, "open_items"))
    rules.append((due - credit <= 0, "nothing_overdue"))
    rules += [
        (sa.and_(_r.currency == least.currency, due - credit < least.minor), "below_minimum")
        for least in creditor.rules.minimum
    ]
    return rules
