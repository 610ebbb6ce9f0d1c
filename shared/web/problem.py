"""Errors as an answer: RFC 9457 problem details for machines, a page with the same words for people.

A problem says what is wrong and, where there is one, which field and rule; never what was sent,
since that may be personal. Its `type` leads to `/problems/<code>` on the same site, and `code` is
stable.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from shared.decider import Rejected

MEDIA_TYPE: Final = "application/problem+json"
TYPES: Final = "/problems/"
_CHALLENGE: Final = {"WWW-Authenticate": "Bearer"}


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem: its meaning is the same wherever it is met."""

    code: str
    status: int
    title: str
    meaning: str
    """What to do about it; stands on the page of the kind, and where a problem has no detail."""


BAD_REQUEST: Final = Kind(
    "bad-request", 400, "The request could not be read", "Its body is not of the kind it says."
)
NOT_SIGNED_IN: Final = Kind(
    "not-signed-in", 401, "You are not signed in", "Sign in, then do it again."
)
NOT_ALLOWED: Final = Kind(
    "not-allowed",
    403,
    "Your role does not allow this",
    "Somebody who administers the company can give you the role.",
)
FOREIGN_FORM: Final = Kind(
    "foreign-form",
    403,
    "The form does not come from this site",
    "Open the page again and send the form from there. Nothing has been done.",
)
NOT_FOUND: Final = Kind(
    "not-found",
    404,
    "There is nothing here",
    "It does not exist, or it is not yours to see.",
)
NO_SUCH_METHOD: Final = Kind(
    "no-such-method", 405, "This cannot be done here", "The address is right, the method is not."
)
CONFLICT: Final = Kind(
    "refused",
    409,
    "This cannot be done as things stand",
    "The rules refuse it now. Nothing has been done.",
)
TOO_LARGE: Final = Kind(
    "too-large", 413, "What was sent is too large", "Send less at a time. Nothing has been done."
)
INVALID: Final = Kind(
    "invalid",
    422,
    "Something in the request is not right",
    "The fields at fault are named. Nothing has been done.",
)
UNEXPECTED: Final = Kind(
    "unexpected",
    500,
    "Something went wrong on our side",
    "It has been noted. Look whether it was done before you do it again.",
)
OVERTAKEN: Final = Kind(
    "overtaken",
    503,
    "Others were quicker",
    "Many changed the same thing at once. Nothing has been done; do it again.",
)
NOT_READY: Final = Kind(
    "not-ready",
    503,
    "This part is just coming back",
    "It was away for a moment. This page tries again by itself.",
)

KINDS: Final = {
    kind.code: kind
    for kind in (
        BAD_REQUEST,
        NOT_SIGNED_IN,
        NOT_ALLOWED,
        FOREIGN_FORM,
        NOT_FOUND,
        NO_SUCH_METHOD,
        CONFLICT,
        TOO_LARGE,
        INVALID,
        UNEXPECTED,
        OVERTAKEN,
        NOT_READY,
    )
}
_BY_STATUS: Final = {
    kind.status: kind for kind in KINDS.values() if kind not in {FOREIGN_FORM, OVERTAKEN}
}


class FieldError(BaseModel):
    """`field` is the path to the value in the request, dots between; `rule` is stable."""

    field: str
    rule: str
    detail: str


class ProblemDetails(BaseModel):
    """The body of every error answer (RFC 9457)."""

    type: str
    title: str
    status: int
    code: str
    detail: str | None = None
    errors: list[FieldError] | None = None


@dataclass(eq=False)
class Problem(Exception):
    """An answer of this kind. `code` is more exact than the kind's where a rule has named one."""

    kind: Kind
    detail: str | None = None
    code: str | None = None
    errors: Sequence[FieldError] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    def details(self) -> ProblemDetails:
        return ProblemDetails(
            type=TYPES + self.kind.code,
            title=self.kind.title,
            status=self.kind.status,
            code=self.code or self.kind.code,
            detail=self.detail,
            errors=list(self.errors) or None,
        )


def not_found() -> Problem:
    """The one answer for what is not there and for what is not theirs to see."""
    return Problem(NOT_FOUND)


def not_signed_in() -> Problem:
    """Without a reason: whoever tries tokens learns nothing from the answer (RFC 6750 §3)."""
    return Problem(NOT_SIGNED_IN, headers=_CHALLENGE)


def of_rejection(rejected: Rejected) -> Problem:
    """A refusal by the rules: 422 when a field of the request is at fault, else 409."""
    if rejected.field is None:
        return Problem(CONFLICT, str(rejected), rejected.code)
    error = FieldError(field=rejected.field, rule=rejected.code, detail=str(rejected))
    return Problem(INVALID, str(rejected), rejected.code, [error])


def of_validation(error: RequestValidationError) -> Problem:
    """Names field and rule of each fault; the values stay out of the answer."""
    found = error.errors()
    if any(one["type"] == "json_invalid" for one in found):
        return Problem(BAD_REQUEST, "The body is not JSON.")
    return Problem(INVALID, errors=[_field_error(one) for one in found])


def _field_error(error: Mapping[str, Any]) -> FieldError:
    # The first part of the place says body, path or query, which the reader of the answer knows.
    where = [str(part) for part in error["loc"]]
    path = ".".join(where[1:] if len(where) > 1 else where)
    rule = str(error["type"])
    # A rule of our own writes its text from what was sent; pydantic's texts do not.
    own = rule in {"value_error", "assertion_error"}
    return FieldError(
        field=path, rule=rule, detail="This value is not allowed." if own else str(error["msg"])
    )


def of_http(error: HTTPException) -> Problem:
    """What the framework itself answers with: no such path, method, body too large."""
    kind = _BY_STATUS.get(error.status_code)
    if kind is None:
        phrase = HTTPStatus(error.status_code).phrase
        kind = Kind(phrase.lower().replace(" ", "-"), error.status_code, phrase, "")
    allowed = {
        name: value for name, value in (error.headers or {}).items() if name.lower() == "allow"
    }
    return Problem(kind, headers=allowed)


def json_answer(problem: Problem) -> JSONResponse:
    return JSONResponse(
        problem.details().model_dump(exclude_none=True),
        status_code=problem.kind.status,
        headers=dict(problem.headers),
        media_type=MEDIA_TYPE,
    )
