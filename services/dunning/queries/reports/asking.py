"""What can be asked of a report, by an address of a page or of the JSON interface alike."""

from __future__ import annotations

import itertools
from datetime import date, datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

import sqlalchemy as sa
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, field_validator

from services.dunning.queries.reports import viewpoint, zone_of
from services.dunning.queries.reports.viewpoint import BOUNDS, Grain, Viewpoint

_MOMENT = timedelta(microseconds=1)
_MOST_BOUNDS = 8
Day = Annotated[date, Field(ge=date(1990, 1, 1), le=date(2199, 12, 31))]


class Asked(BaseModel):
    """`known_on` is the end of that day where the creditor is; `known_at` an instant. Empty is unsaid."""

    model_config = ConfigDict(extra="ignore")

    as_of: Day | None = None
    known_on: Day | None = None
    known_at: AwareDatetime | None = None
    since: Day | None = None
    currency: str | None = Field(None, pattern="^[A-Z]{3}$")
    debtor: UUID | None = None
    debtor_kind: Literal["consumer", "company"] | None = None
    country: str | None = Field(None, pattern="^[A-Z]{2}$")
    timeline: str | None = Field(None, max_length=80)
    channel: Literal["mail", "letter", "portal"] | None = None
    agency: str | None = Field(None, max_length=80)
    grain: Grain = "month"
    bounds: str = Field(",".join(map(str, BOUNDS)), max_length=60)

    @field_validator("*", mode="before")
    @classmethod
    def _unsaid(cls, value: object, info: object) -> object:
        """A form sends its empty fields too."""
        if value != "":
            return value
        return {"grain": "month", "bounds": ",".join(map(str, BOUNDS))}.get(
            str(getattr(info, "field_name", ""))
        )

    @field_validator("bounds")
    @classmethod
    def _rising(cls, value: str) -> str:
        """Days past due at which a bucket of the aging ends: rising, as `30,60,90`."""
        days = [int(part) for part in value.split(",")]
        rising = all(one < other for one, other in itertools.pairwise(days))
        if days[0] < 1 or not rising or len(days) > _MOST_BOUNDS:
            raise ValueError("bounds are rising numbers of days from one on, at most eight of them")
        return value

    def viewpoint(
        self,
        sql: sa.Connection,
        tenant_id: UUID,
        now: datetime,
        first: int = 0,
        most: int | None = None,
    ) -> Viewpoint:
        known_at = self.known_at
        if known_at is None and self.known_on is not None:
            zone = zone_of(sql, tenant_id)
            after = datetime.combine(self.known_on + timedelta(days=1), datetime.min.time(), zone)
            known_at = min(after - _MOMENT, now)
        return viewpoint(
            sql,
            tenant_id,
            now,
            as_of=self.as_of,
            known_at=known_at,
            since=self.since,
            currency=self.currency,
            debtor_id=self.debtor,
            debtor_kind=self.debtor_kind,
            country=self.country,
            timeline=self.timeline,
            channel=self.channel,
            agency=self.agency,
            grain=self.grain,
            bounds=tuple(int(part) for part in self.bounds.split(",")),
            first=first,
            most=most,
        )
