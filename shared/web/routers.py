"""Routers of a service's API and of its pages, whose routes are complete when they are written.

An app takes them as they are (`web_app`). Including a router would have FastAPI analyse each of its
endpoints again for what the inclusion adds: half of the time in which a service begins.
"""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from shared.web import problem
from shared.web.csrf import own_form

_DECLARED: Final = (
    problem.BAD_REQUEST,
    problem.NOT_SIGNED_IN,
    problem.NOT_ALLOWED,
    problem.NOT_FOUND,
    problem.CONFLICT,
    problem.TOO_LARGE,
    problem.INVALID,
    problem.UNEXPECTED,
)


def api_prefix(service: str) -> str:
    """Below which all of a service's API stands."""
    return f"/{service}/v1"


def api_router(service: str, prefix: str = "") -> APIRouter:
    """Of a service's API, below its prefix; every answer that a problem gives is declared."""
    return APIRouter(prefix=api_prefix(service) + prefix, responses=_problem_responses())


def page_router(prefix: str = "") -> APIRouter:
    """Of pages: drawn as HTML, closed to forms of other sites, and in no API's description."""
    return APIRouter(
        prefix=prefix,
        default_response_class=HTMLResponse,
        dependencies=[Depends(own_form)],
        include_in_schema=False,
    )


def _problem_responses() -> dict[int | str, dict[str, Any]]:
    schema = {"$ref": "#/components/schemas/ProblemDetails"}
    return {
        kind.status: {
            "description": kind.title,
            "content": {problem.MEDIA_TYPE: {"schema": schema}},
        }
        for kind in _DECLARED
    }
