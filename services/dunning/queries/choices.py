"""What a creditor has set now, and all that it had set before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from services.dunning.model.creditor import Creditor
from services.dunning.tables import choices as tables
from services.dunning.values import ChargePolicy, ReminderRules, Timeline, WriteOffRules

_TIMELINE = "timeline:"


@dataclass(frozen=True, slots=True)
class Version:
    """`what` is main, charges, reminders, write_offs, or `timeline:` and its name."""

    what: str
    number: int
    body: Any
    set_by: UUID | None
    set_at: datetime


def creditor(sql: sa.Connection, tenant_id: UUID) -> Creditor:
    """The creditor as it stands, without what its ledger says."""
    found = Creditor()
    for one in reversed(versions(sql, tenant_id)):
        found = _with(found, one)
    return found


def versions(sql: sa.Connection, tenant_id: UUID) -> Sequence[Version]:
    """All that was ever set, the latest first."""
    choice = tables.choice.c
    query = (
        sa.select(tables.choice)
        .where(choice.tenant_id == tenant_id)
        .order_by(choice.set_at.desc(), choice.version.desc(), choice.what)
    )
    return [
        Version(row.what, row.version, row.body, row.set_by, row.set_at)
        for row in sql.execute(query)
    ]


def value_of(version: Version) -> Timeline | ChargePolicy | ReminderRules | WriteOffRules | str:
    """What was set, in its own type; the name of a timeline where the main one was chosen."""
    what = "timeline" if version.what.startswith(_TIMELINE) else version.what
    kind: Any = {
        "timeline": Timeline,
        "charges": ChargePolicy,
        "reminders": ReminderRules,
        "write_offs": WriteOffRules,
    }.get(what, str)
    converted: Timeline | ChargePolicy | ReminderRules | WriteOffRules | str = msgspec.convert(
        version.body, kind
    )
    return converted


def _with(found: Creditor, one: Version) -> Creditor:
    numbered = {**found.versions, one.what: max(one.number, found.versions.get(one.what, 0))}
    found = replace(found, versions=numbered)
    if one.what == "home":
        return replace(found, **one.body)
    value = value_of(one)
    match value:
        case Timeline():
            return replace(found, timelines={**found.timelines, value.name: value})
        case ChargePolicy():
            return replace(found, policy=value)
        case ReminderRules():
            return replace(found, rules=value)
        case WriteOffRules():
            return replace(found, write_offs=value)
        case str():
            return replace(found, main=value)
