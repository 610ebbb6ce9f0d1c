"""`forfald quote`: what a claim may carry, from JSON to JSON, by the same functions as the interface."""

from __future__ import annotations

from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from services.dunning.api.quotes import answer
from shared.decider import Rejected
from shared.web.problem import of_rejection, of_validation


def quoted(request: bytes) -> tuple[bool, str]:
    """Whether it could be answered, and the answer; else the problem (RFC 9457), field by field."""
    try:
        return True, answer(request).model_dump_json(indent=2)
    except ValidationError as error:
        faults = [{**one, "loc": ("body", *one["loc"])} for one in error.errors()]
        problem = of_validation(RequestValidationError(faults))
    except Rejected as rejected:
        problem = of_rejection(rejected)
    return False, problem.details().model_dump_json(indent=2, exclude_none=True)
