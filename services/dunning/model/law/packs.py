"""The law packs: one file per country beside this one, read once and checked while it is read.

A file groups the rows of a rule: what stands at the group holds for each of its rows unless the row
says otherwise. `half = "2025-1"` is short for the half-year's days and for a row that is stale after
them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cache
from importlib import resources
from typing import Any, Final

from services.dunning.model.law.book import KINDS, LawBook
from services.dunning.model.law.rows import Confidence, Row, Selector, Source, Status, Tier, Unit

PACKS: Final = ("dk", "se", "no", "fi", "eu")
_FORMS: Final = ("value", "formula", "tiers")


class BadLaw(ValueError):
    """A law pack that says something which cannot be read as law: the text names rule and field."""


@cache
def law_book() -> LawBook:
    """All law packs of the house, as they stand in this version of it."""
    folder = resources.files(__package__)
    texts = ((folder / f"{name}.toml").read_text(encoding="utf-8") for name in PACKS)
    return LawBook(row for text in texts for row in rows_of(text))


def rows_of(text: str) -> Iterator[Row]:
    """The rows of one pack. Raises `BadLaw`."""
    pack = tomllib.loads(text)
    sources = {name: Source(**fields) for name, fields in pack["sources"].items()}
    for group in pack["rules"]:
        shared = {name: value for name, value in group.items() if name != "rows"}
        kinds = shared["debtor_kind"]
        for fields in group["rows"]:
            for kind in [kinds] if isinstance(kinds, str) else kinds:
                told = {**pack_wide(pack), **shared, **fields, "debtor_kind": kind}
                yield _row(told, sources)


def pack_wide(pack: Mapping[str, Any]) -> dict[str, Any]:
    return {"jurisdiction": pack["jurisdiction"], "recorded_at": pack["recorded_at"]}


def _row(told: dict[str, Any], sources: Mapping[str, Source]) -> Row:
    rule_id = told["rule_id"]
    half = told.pop("half", None)
    if half is not None:
        first, end = half_year(half)
        told |= {"valid_from": first, "valid_to": end, "stale_after": end}
    status = Status(told.pop("status", "in_force"))
    start: date | None = told.get("valid_from")
    if start is None and status not in {Status.ADOPTED_NOT_IN_FORCE, Status.PROPOSED}:
        raise BadLaw(f"{rule_id}: valid_from is missing, and the law is said to be {status}")
    if sum(form in told for form in _FORMS) != 1:
        raise BadLaw(f"{rule_id}: a row has exactly one of {', '.join(_FORMS)}")
    if told["debtor_kind"] not in {*KINDS, "any"}:
        raise BadLaw(f"{rule_id}: debtor_kind {told['debtor_kind']!r} is not known")
    if told["unit"] == "minor" and not told.get("currency"):
        raise BadLaw(f"{rule_id}: an amount has a currency")
    return Row(
        rule_id=rule_id,
        jurisdiction=told["jurisdiction"],
        debtor_kind=told["debtor_kind"],
        parameter=told["parameter"],
        kind=told["kind"],
        unit=Unit(told["unit"]),
        selector=Selector(told["selector"]),
        status=status,
        confidence=Confidence(told["confidence"]),
        source=sources[told["source"]],
        recorded_at=_instant(told["recorded_at"]),
        valid_from=start,
        valid_to=told.get("valid_to"),
        value=told.get("value"),
        formula=tuple(told.get("formula", "").split()),
        tiers=tuple(_tier(tier) for tier in told.get("tiers", ())),
        rounding=told.get("rounding"),
        currency=told.get("currency"),
        mandatory=told.get("mandatory", "none"),
        requires=tuple(told.get("requires", ())),
        absorbs=tuple(told.get("absorbs", ())),
        verified_by=tuple(told.get("verified_by", ())),
        supersedes=told.get("supersedes"),
        stale_after=told.get("stale_after"),
        note=told.get("note"),
    )


def _tier(told: Mapping[str, str]) -> Tier:
    through = told.get("through")
    return Tier(None if through is None else int(through), int(told["value"]))


def half_year(name: str) -> tuple[date, date]:
    """The first day of a half-year (2025-1, 2025-2) and the first day after it."""
    year, _, half = name.partition("-")
    first = int(year)
    if half == "1":
        return date(first, 1, 1), date(first, 7, 1)
    if half == "2":
        return date(first, 7, 1), date(first + 1, 1, 1)
    raise BadLaw(f"{name!r} is no half-year")


def _instant(told: datetime) -> datetime:
    if told.tzinfo is None:
        raise BadLaw(f"recorded_at {told} has no time zone")
    return told
