"""Answers of the engine: a charge with the rule that allows it, and a charge refused with the rule that does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from services.dunning.model.law.rows import Row
from services.dunning.values import ChargeKind, Span
from shared.money import Money

RULE_MISSING = "RULE_MISSING"


@dataclass(frozen=True, slots=True)
class Priced:
    """A charge that the law allows. `amount` is negative in what corrects or absorbs.

    `law` cites the paragraph; `version` is the row's, so that the charge replays for ever; `unverified`
    says that it rests on a row whose source nobody has checked. `inputs` are what it was computed from,
    in words for a reader; `on` is the day it is charged for.
    """

    kind: ChargeKind
    amount: Money
    rule_id: str
    law: str
    version: str
    on: date
    unverified: bool = False
    spans: tuple[Span, ...] = ()
    inputs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A charge, or a setting, that the law does not allow.

    `code` is stable: RULE_MISSING, ABOVE_CAP, GAP, COUNT, TOO_EARLY, … `field` names the setting at fault.
    """

    code: str
    rule_id: str
    law: str
    text: str
    on: date | None = None
    amount: Money | None = None
    field: str | None = None


@cache
def versions(rows: tuple[Row, ...]) -> str:
    """The versions of the rows that a charge rests on, each once: what it replays from."""
    return " ".join(dict.fromkeys(f"{row.rule_id}@{row.version}" for row in rows))
