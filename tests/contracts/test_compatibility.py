"""A schema that readers rely on does not change under them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

import pytest
from pydantic import BaseModel, Field

from forfald.events_document.compatibility import broken, withdrawn
from forfald.events_document.contracts import contracts
from forfald.events_document.files import committed
from forfald.events_document.schemas import schemas


@dataclass(frozen=True)
class Line:
    account: str
    minor: int


@dataclass(frozen=True)
class LineWithText:
    account: str
    minor: int
    text: str | None = None


@dataclass(frozen=True)
class LineInFull:
    account: str
    minor: int
    cost_centre: str


@dataclass(frozen=True)
class LineInWords:
    account: str
    minor: str


class Posted(BaseModel):
    posting_id: UUID
    posted_on: date
    side: Literal["debit", "credit"]
    lines: tuple[Line, ...]
    reason: str | None = Field(default=None, max_length=50)


class Documented(Posted):
    """The same fields, and a description of them."""

    posted_on: date = Field(description="The day in the books.")


class Extended(Posted):
    lines: tuple[LineWithText, ...]  # type: ignore[assignment]  # another value, on purpose
    rate: str | None = None


class WithoutDay(BaseModel):
    posting_id: UUID
    side: Literal["debit", "credit"]
    lines: tuple[Line, ...]
    reason: str | None = Field(default=None, max_length=50)


class Renamed(WithoutDay):
    booked_on: date


class WithNumber(Posted):
    posted_on: int  # type: ignore[assignment]  # retyped, on purpose


class WithText(Posted):
    posted_on: str  # type: ignore[assignment]  # retyped


class ThirdSide(Posted):
    side: Literal["debit", "credit", "both"]  # type: ignore[assignment]  # retyped


class MustSayWhy(Posted):
    reason: str = Field(max_length=50)


class MayLackTheDay(Posted):
    posted_on: date = date(2026, 1, 1)


class NullableDay(Posted):
    posted_on: date | None  # type: ignore[assignment]  # retyped


class LongerReason(Posted):
    reason: str | None = Field(default=None, max_length=500)


class AnotherDefault(Posted):
    reason: str | None = Field(default="none given", max_length=50)


class OneLine(Posted):
    lines: Line  # type: ignore[assignment]  # retyped


class LinesInFull(Posted):
    lines: tuple[LineInFull, ...]  # type: ignore[assignment]  # retyped


class LinesInWords(Posted):
    lines: tuple[LineInWords, ...]  # type: ignore[assignment]  # retyped


BEFORE = Posted.model_json_schema()
WRONG = [
    (WithoutDay, "posted_on is removed"),
    (Renamed, "posted_on is removed"),
    (Renamed, "booked_on is newly required: events of before do not have it"),
    (WithNumber, "posted_on is retyped: type was 'string' and is 'integer'"),
    (WithText, "posted_on is retyped: format was 'date' and is None"),
    (ThirdSide, "side is retyped: enum was ['debit', 'credit'] and is ['debit', 'credit', 'both']"),
    (MustSayWhy, "reason is newly required: events of before do not have it"),
    (MayLackTheDay, "posted_on is no longer promised"),
    (NullableDay, "posted_on is retyped: type was 'string' and is None"),
    (LongerReason, "reason is retyped: maxLength was 50 and is 500"),
    (AnotherDefault, "reason is retyped: default was None and is 'none given'"),
    (OneLine, "lines is retyped: type was 'array' and is 'object'"),
    (LinesInFull, "lines.cost_centre is newly required: events of before do not have it"),
    (LinesInWords, "lines.minor is retyped: type was 'integer' and is 'string'"),
]


def test_every_committed_schema_can_still_be_read() -> None:
    assert withdrawn(committed(), schemas(contracts())) == []


@pytest.mark.parametrize("after", [Posted, Documented, Extended])
def test_descriptions_and_fields_that_can_be_absent_may_be_added(after: type[BaseModel]) -> None:
    assert broken(BEFORE, after.model_json_schema()) == []


@pytest.mark.parametrize(("after", "sentence"), WRONG)
def test_what_breaks_a_reader_is_named(after: type[BaseModel], sentence: str) -> None:
    assert sentence in broken(BEFORE, after.model_json_schema())


def test_a_field_that_may_be_absent_cannot_be_taken_back() -> None:
    assert broken(Extended.model_json_schema(), BEFORE) == [
        "rate is removed",
        "lines.text is removed",
    ]


def test_an_event_that_is_gone_is_named() -> None:
    assert withdrawn({"forfald.a.B.v1": BEFORE}, {}) == ["forfald.a.B.v1: the event is gone"]
