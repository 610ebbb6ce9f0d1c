"""The law that charges rest on, to be read: what a charge's `rule_id` and `version` lead to.

GET /dunning/v1/law/{country}            all rows of a country, in order of rule and time
GET /dunning/v1/law/{country}/endings    series of rows that have ended, or soon will
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel

from services.dunning.model.law.packs import law_book
from services.dunning.model.law.rows import Row
from services.dunning.model.law.staleness import endings
from shared.web.routers import api_router
from shared.web.scope import SignedIn

Jurisdiction = Literal["DK", "SE", "NO", "FI", "EU"]


class TierOfRow(BaseModel):
    """What holds for a principal of at most `through` minor units; null has no end."""

    through: int | None
    value: int


class RowOfLaw(BaseModel):
    """One value of one rule, with the paragraph and how sure we are of it.

    `value` is in the row's unit: minor units, percent a year, days, a count, years or a name.
    """

    rule_id: str
    version: str
    debtor_kind: str
    parameter: str
    kind: str
    value: str | None
    formula: str | None
    tiers: list[TierOfRow]
    unit: str
    currency: str | None
    selector: str
    valid_from: date | None
    valid_to: date | None
    status: str
    confidence: str
    mandatory: str
    requires: list[str]
    absorbs: list[str]
    law: str
    publisher: str
    document: str | None
    verified_by: list[str]
    recorded_at: AwareDatetime
    supersedes: str | None
    stale_after: date | None
    note: str | None

    @classmethod
    def of(cls, row: Row) -> Self:
        return cls(
            rule_id=row.rule_id,
            version=row.version,
            debtor_kind=row.debtor_kind,
            parameter=row.parameter,
            kind=row.kind,
            value=row.value,
            formula=" ".join(row.formula) or None,
            tiers=[TierOfRow(through=one.through, value=one.value) for one in row.tiers],
            unit=row.unit,
            currency=row.currency,
            selector=row.selector,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            status=row.status,
            confidence=row.confidence,
            mandatory=row.mandatory,
            requires=list(row.requires),
            absorbs=list(row.absorbs),
            law=row.law,
            publisher=row.source.publisher,
            document=row.source.document,
            verified_by=list(row.verified_by),
            recorded_at=row.recorded_at,
            supersedes=row.supersedes,
            stale_after=row.stale_after,
            note=row.note,
        )


class LawOfCountry(BaseModel):
    """`version` is what charges and quotes cite as `law_version`."""

    version: str
    rows: list[RowOfLaw]


class EndingOfSeries(BaseModel):
    """From `missing_from` on charges by this rule are refused, unless a row is added."""

    rule_id: str
    debtor_kind: str
    missing_from: date
    is_missing: bool
    law: str


def law_api() -> APIRouter:
    api = api_router("dunning", "/law/{country}")

    @api.get("")
    def law(
        _: SignedIn,
        country: Jurisdiction,
        known_at: Annotated[AwareDatetime | None, Query()] = None,
    ) -> LawOfCountry:
        """What is known, or was at an instant: also what is not in force yet."""
        book = law_book().as_known(known_at)
        rows = [row for row in book.rows if row.jurisdiction == country]
        rows.sort(key=lambda row: (row.rule_id, row.debtor_kind, row.valid_from or date.max))
        return LawOfCountry(version=book.version, rows=[RowOfLaw.of(row) for row in rows])

    @api.get("/endings")
    def ends(_: SignedIn, country: Jurisdiction, on: date) -> list[EndingOfSeries]:
        """What somebody has to look up: series of rows that end within thirty days of a day."""
        return [
            EndingOfSeries(
                rule_id=one.row.rule_id,
                debtor_kind=one.row.debtor_kind,
                missing_from=one.missing_from,
                is_missing=one.is_missing(on),
                law=one.row.law,
            )
            for one in endings(law_book(), on)
            if one.row.jurisdiction == country
        ]

    return api
