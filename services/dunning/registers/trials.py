"""Trials of settings, and what they have come to: kept for a month, then made anew where wanted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec
import psycopg
from psycopg.types.json import Jsonb

from services.dunning.model.tally import Tally
from services.dunning.model.trying import Change

_KEPT: Final = timedelta(days=31)
_MOST: Final = 500
"""Debtors that a page shows; all of them are in the sums."""

_BEGIN = """
    insert into trial (tenant_id, trial_id, change, from_on, through_on, asked_by, asked_at, debtors,
        before, after) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
_CLEAR = "delete from trial where tenant_id = %s and asked_at < %s"
_FIND = """
    select change, from_on, through_on, asked_by, asked_at, debtors, done, before, after, ended_at
    from trial where tenant_id = %s and trial_id = %s
"""
_FOR_UPDATE = f"{_FIND} for update"
_ADVANCE = """
    update trial set done = %s, before = %s, after = %s, ended_at = %s
    where tenant_id = %s and trial_id = %s
"""
_KEEP = """
    insert into trial_debtor (tenant_id, trial_id, debtor_id, before, after)
    values (%s, %s, %s, %s, %s)
"""
_DEBTORS = """
    select debtor_id, before, after from trial_debtor
    where tenant_id = %s and trial_id = %s order by debtor_id limit %s
"""


@dataclass(frozen=True, slots=True)
class Trial:
    """`done` of its `debtors` have been gone through; `ended_at` when it was all of them."""

    trial_id: UUID
    change: Change
    from_on: date
    through_on: date
    asked_by: UUID
    asked_at: datetime
    debtors: int
    done: int
    before: Tally
    after: Tally
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Difference:
    """A debtor to whom the settings make a difference."""

    debtor_id: UUID
    before: Tally
    after: Tally


def begin(
    connection: psycopg.Connection[Any],
    tenant_id: UUID,
    trial_id: UUID,
    change: Change,
    days: tuple[date, date],
    asked_by: UUID,
    now: datetime,
    debtors: int,
) -> None:
    connection.execute(_CLEAR, (tenant_id, now - _KEPT))
    nothing = _json(Tally())
    row = (tenant_id, trial_id, _json(change), *days, asked_by, now, debtors, nothing, nothing)
    connection.execute(_BEGIN, row)


def find(
    connection: psycopg.Connection[Any],
    tenant_id: UUID,
    trial_id: UUID,
    *,
    for_update: bool = False,
) -> Trial | None:
    query = _FOR_UPDATE if for_update else _FIND
    row = connection.execute(query, (tenant_id, trial_id)).fetchone()
    if row is None:
        return None
    change, from_on, through_on, asked_by, asked_at, debtors, done, before, after, ended_at = row
    return Trial(
        trial_id,
        msgspec.convert(change, Change),
        from_on,
        through_on,
        asked_by,
        asked_at,
        debtors,
        done,
        msgspec.convert(before, Tally),
        msgspec.convert(after, Tally),
        ended_at,
    )


def advance(
    connection: psycopg.Connection[Any],
    tenant_id: UUID,
    trial: Trial,
    differences: Iterable[Difference],
    *,
    ended_at: datetime | None,
) -> None:
    """What has been gone through by now, and to which of these debtors it makes a difference."""
    facts = (trial.done, _json(trial.before), _json(trial.after), ended_at)
    connection.execute(_ADVANCE, (*facts, tenant_id, trial.trial_id))
    with connection.cursor() as cursor:
        cursor.executemany(
            _KEEP,
            [
                (tenant_id, trial.trial_id, one.debtor_id, _json(one.before), _json(one.after))
                for one in differences
            ],
        )


def differences(
    connection: psycopg.Connection[Any], tenant_id: UUID, trial_id: UUID
) -> Sequence[Difference]:
    rows = connection.execute(_DEBTORS, (tenant_id, trial_id, _MOST)).fetchall()
    return [
        Difference(debtor_id, msgspec.convert(before, Tally), msgspec.convert(after, Tally))
        for debtor_id, before, after in rows
    ]


def _json(value: Any) -> Jsonb:
    return Jsonb(msgspec.to_builtins(value))
